package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/words"
)

// EndUserView asks before a user is deleted or erased.
type EndUserView struct {
	Frame         layouts.Page
	App           string
	User          chat.User
	Conversations int64 // whose list they are on
	Messages      int64 // that they wrote, counted to MessagesCounted
	Results       int64 // of the app's exports
	Typed         string
	Password      bool
	Errors        map[string]string
}

func (v EndUserView) id() string   { return string(v.User.ID) }
func (v EndUserView) name() string { return or(v.User.Name, v.id()) }

// goes is what deleting takes away till the user is restored.
func (v EndUserView) goes(ctx context.Context) []string {
	return []string{words.T(ctx, "their place in %s", words.N(ctx, v.Conversations, "%d conversation", "%d conversations")), words.T(ctx, "the user with all their fields, and every open session")}
}

// erased is what erasing takes away for good.
func (v EndUserView) erased(ctx context.Context) []string {
	all := []string{
		words.T(ctx, "name, e-mail, phone, photo, role, language and custom fields"),
		words.N(ctx, v.Conversations, "%d place on a list", "%d places on lists"),
		words.N(ctx, int64(len(v.User.PushTokens)), "%d push token", "%d push tokens"),
		words.T(ctx, "their name, ID, address and old values in the audit log, and why they were banned or shown out"),
		words.T(ctx, "what is kept of their deleted messages, and their lines in lists that wait"),
	}
	if v.Results > 0 {
		all = append(all, words.N(ctx, v.Results, "%d result file of an export, since they may be in it: start the export again if you need it", "%d result files of exports, since they may be in them: start the exports again if you need them"))
	}
	return all
}

// stays is what they wrote, under this name.
func (v EndUserView) stays(ctx context.Context, as string) string {
	return words.T(ctx, "%s in the conversations, by “%s”.", staying(ctx, v.Messages), as)
}
