package pages

import (
	"strconv"

	"guestlist/db/chat"
	"guestlist/views/components"
)

// ConversationSettingsView is what of a conversation can be edited. Base is what the form was made from.
type ConversationSettingsView struct {
	ConversationHead
	Base   ConversationForm
	Form   ConversationForm
	Error  string
	Errors map[string]string
}

// ConversationForm are the fields as text.
type ConversationForm struct {
	Subject, PhotoURL string
	Welcome           string // a message a line
	Custom            []CustomField
}

// CustomField is one row of the editor of custom fields.
type CustomField struct{ Key, Value string }

// CustomRows are the fields of an object with some empty rows to add more.
func CustomRows(custom map[string]string) []CustomField {
	var rows []CustomField
	for _, key := range sortedKeys(custom) {
		rows = append(rows, CustomField{key, custom[key]})
	}
	return rows
}

func withSpare(rows []CustomField) []CustomField {
	return append(append([]CustomField{}, rows...), make([]CustomField, 3)...)
}

func customName(i int, part string) string { return "custom." + strconv.Itoa(i) + "." + part }

var guestChoices = []struct {
	Value       chat.ConversationGuests
	Label, Text string
}{
	{chat.GuestsInherit, "Same as the app", "What Settings > Security of the app says."},
	{chat.GuestsForbidden, "Never", "Knowing the ID is not enough. Only participants can open this."},
	{chat.GuestsRead, "Read only", "Anyone with the ID can read, where the app allows guests."},
	{chat.GuestsReadWrite, "Read and write", "Anyone with the ID can read and write, where the app allows guests."},
}

func (v ConversationSettingsView) now(g chat.ConversationGuests) string {
	return chat.EffectiveGuestAccess(v.Security, g).Why
}

// DeleteConversationView asks before a conversation is deleted.
type DeleteConversationView struct {
	ConversationHead
	Typed string
	Error string
}

func (v DeleteConversationView) takes() []string {
	c := v.Conversation
	return []string{counted(c.Counts.All(), "place on its list", "places on its list"), counted(c.Messages, "message", "messages")}
}

func (v ConversationSettingsView) hidden() []components.Hidden {
	all := []components.Hidden{{Name: "was.subject", Value: v.Base.Subject}, {Name: "was.photoUrl", Value: v.Base.PhotoURL}, {Name: "was.welcome", Value: v.Base.Welcome}}
	for i, f := range v.Base.Custom {
		all = append(all, components.Hidden{Name: "was." + customName(i, "key"), Value: f.Key}, components.Hidden{Name: "was." + customName(i, "value"), Value: f.Value})
	}
	return all
}

// HistoryView is what changed in a conversation, newest first.
type HistoryView struct {
	ConversationHead
	Days         []Day
	Newer, Older string
}
