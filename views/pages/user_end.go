package pages

import (
	"guestlist/db/chat"
	"guestlist/views/layouts"
)

// EndUserView asks before a user is deleted or erased.
type EndUserView struct {
	Frame         layouts.Page
	App           string
	User          chat.User
	Conversations int64 // whose list they are on
	Messages      int64 // that they wrote, counted to MessagesCounted
	Typed         string
	Password      bool
	Errors        map[string]string
}

func (v EndUserView) id() string   { return string(v.User.ID) }
func (v EndUserView) name() string { return or(v.User.Name, v.id()) }

// goes is what deleting takes away till the user is restored.
func (v EndUserView) goes() []string {
	return []string{"their place in " + counted(v.Conversations, "conversation", "conversations"), "the user with all their fields, and every open session"}
}

// erased is what erasing takes away for good.
func (v EndUserView) erased() []string {
	return []string{
		"name, e-mail, phone, photo, role, language and custom fields",
		counted(v.Conversations, "place on a list", "places on lists"),
		counted(int64(len(v.User.PushTokens)), "push token", "push tokens"),
		"their name, ID, address and old values in the audit log",
	}
}

// stays is what they wrote, under this name.
func (v EndUserView) stays(as string) string {
	return staying(v.Messages) + " in the conversations, by “" + as + "”."
}
