package pages

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/words"
)

// ConversationSettingsView is what of a conversation can be edited.
type ConversationSettingsView struct {
	ConversationHead
	Base    chat.Conversation // that the form is made from
	Form    ConversationForm
	Error   string
	Clashes []chat.Clash // what somebody else changed meanwhile
	Errors  map[string]string
}

// ConversationForm are the fields as text.
type ConversationForm struct {
	Subject, PhotoURL string
	Welcome           []string
	Custom            []CustomField
}

// ConversationFormOf is a conversation as the form shows it.
func ConversationFormOf(c chat.Conversation) ConversationForm {
	return ConversationForm{Subject: c.Subject, PhotoURL: c.PhotoURL, Welcome: c.WelcomeMessages, Custom: CustomRows(c.Custom)}
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

// breaks tells texts that an input can't show whole: it drops line breaks.
func breaks(text string) bool { return strings.ContainsAny(text, "\r\n") }

func customName(i int, part string) string {
	return "custom." + strconv.Itoa(i) + "." + part
}

var guestChoices = []struct {
	Value       chat.ConversationGuests
	Label, Text string
}{
	{chat.GuestsInherit, words.Key("Same as the app"), words.Key("What Settings > Security of the app says.")},
	{chat.GuestsForbidden, words.Key("Never"), words.Key("Knowing the ID is not enough. Only participants can open this.")},
	{chat.GuestsRead, words.Key("Read only"), words.Key("Anyone with the ID can read, where the app allows guests.")},
	{chat.GuestsReadWrite, words.Key("Read and write"), words.Key("Anyone with the ID can read and write, where the app allows guests.")},
}

func (h ConversationHead) now(g chat.ConversationGuests) string {
	return chat.EffectiveGuestAccess(h.Security, g).Why
}

// guestsChangedBy says who set the conversation's own guest access last; "" when that is too long ago to be found.
func (h ConversationHead) guestsChangedBy(ctx context.Context) string {
	inherits := h.Conversation.Guests == chat.GuestsInherit
	switch e := h.GuestsSet; {
	case e.Type == chat.ConversationUpdated, e.Type == chat.ConversationCreated && !inherits:
		return changedBy(ctx, chat.Setting{ChangedAt: e.At, ChangedBy: e.ActorName}, h.Frame.Now)
	case inherits:
		return changedBy(ctx, chat.Setting{}, h.Frame.Now)
	}
	return ""
}

// DeleteConversationView asks before a conversation is deleted.
type DeleteConversationView struct {
	ConversationHead
}

func (v DeleteConversationView) takes(ctx context.Context) []string {
	c := v.Conversation
	return []string{words.N(ctx, c.Counts.All(), "%d place on its list", "%d places on its list"), words.N(ctx, c.Messages, "%d message", "%d messages")}
}

// was is the conversation that a form is made from, as an event image.
func (h ConversationHead) was() string {
	_, now := chat.DiffConversation(chat.Conversation{}, h.Conversation)
	return asJSON(now)
}

// was is the conversation that the form of the fields is made from.
func (v ConversationSettingsView) was() string {
	v.Conversation = v.Base
	return v.ConversationHead.was()
}

func asJSON(image any) string {
	b, err := json.Marshal(image)
	if err != nil {
		panic(err) // images hold strings, numbers, lists and maps of them
	}
	return string(b)
}
