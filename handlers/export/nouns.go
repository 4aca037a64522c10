package export

import (
	"encoding/json"
	"strings"
	"time"

	"guestlist/db/chat"
)

// Noun says how one kind of thing is written: its columns, and one of it as a row.
type Noun[T any] struct {
	Columns []string
	Row     func(T) []any
}

// The names of columns are those of the REST API, where it has them.
var (
	Users = Noun[chat.User]{
		[]string{"id", "name", "email", "phone", "role", "photoUrl", "welcomeMessage", "locale", "availabilityText", "headerPhotoUrl", "custom", "pushTokens", "conversations", "createdAt"},
		func(u chat.User) []any {
			return []any{string(u.ID), u.Name, u.Email, u.Phone, u.Role, u.PhotoURL, u.WelcomeMessage, u.Locale, u.AvailabilityText, u.HeaderPhotoURL, u.Custom, u.PushTokens, u.Conversations, u.CreatedAt}
		}}

	Conversations = Noun[chat.Conversation]{
		[]string{"id", "subject", "photoUrl", "welcomeMessages", "custom", "guestAccess", "canWrite", "canOnlyRead", "keptOut", "messages", "createdAt", "lastActivityAt"},
		func(c chat.Conversation) []any {
			return []any{string(c.ID), c.Subject, c.PhotoURL, c.WelcomeMessages, c.Custom, string(c.Guests), c.Counts.ReadWrite, c.Counts.Read, c.Counts.None, c.Messages, c.CreatedAt, c.LastActivityAt}
		}}

	Participants = Noun[chat.Participant]{
		[]string{"conversation", "user", "name", "access", "notify", "joinedAt", "joinedBy", "joinedVia"},
		func(p chat.Participant) []any {
			return []any{string(p.Conversation), string(p.User), p.UserName, string(p.Access), string(p.Notify), p.JoinedAt, p.JoinedBy, string(p.JoinedVia)}
		}}

	Guests = Noun[chat.Guest]{
		[]string{"conversation", "user", "name", "access", "since", "page", "address", "messages"},
		func(g chat.Guest) []any {
			return []any{string(g.Conversation), string(g.User), g.Name, string(g.Access), g.Since, g.Origin, g.IP, g.Messages}
		}}

	Blocks = Noun[chat.GuestBlock]{
		[]string{"conversation", "user", "name", "until", "reason", "at", "by"},
		func(b chat.GuestBlock) []any {
			return []any{string(b.Conversation), string(b.User), b.UserName, b.Until, b.Reason, b.At, b.By}
		}}

	Messages = Noun[chat.Message]{
		[]string{"conversation", "seq", "id", "type", "sender", "name", "guest", "text", "custom", "origin", "createdAt", "editedAt", "deletedAt"},
		func(m chat.Message) []any {
			return []any{string(m.Conversation), m.Seq, m.ID, string(m.Type), string(m.Sender), m.SenderName, m.AsGuest, m.Text, m.Custom, m.Origin, m.CreatedAt, m.EditedAt, m.DeletedAt}
		}}

	Events = Noun[chat.Event]{
		[]string{"seq", "at", "actorKind", "actor", "actorName", "source", "requestId", "address", "type", "conversation", "user", "subject", "before", "after", "batch", "undoes"},
		func(e chat.Event) []any {
			return []any{e.Seq, e.At, string(e.Kind), e.ActorID, e.ActorName, string(e.Source), e.RequestID, e.IP, string(e.Type), string(e.Conversation), string(e.User), e.Subject, image(e.Before), image(e.After), e.Batch, e.Undoes}
		}}

	Refusals = Noun[chat.Call]{
		[]string{"at", "command", "outcome", "reason", "user", "conversation", "origin", "requestId"},
		func(c chat.Call) []any {
			return []any{c.At, c.Command, string(c.Outcome), string(c.Reason), string(c.User), string(c.Conversation), c.Origin, c.RequestID}
		}}

	Settings = Noun[chat.Setting]{
		[]string{"key", "value"},
		func(s chat.Setting) []any { return []any{string(s.Key), s.Value} }}
)

// before and after are JSON already; a spreadsheet gets them as text.
type raw json.RawMessage

func image(b json.RawMessage) any {
	if len(b) == 0 {
		return nil
	}
	return raw(b)
}

func (r raw) MarshalJSON() ([]byte, error) { return r, nil }

func (r raw) String() string { return string(r) }

// Line is a message as a line of text for people, its further lines set in.
func Line(m chat.Message, zone *time.Location) string {
	name := m.SenderName
	switch {
	case m.Type == chat.SystemMessage:
		name = "System"
	case name == "":
		name = string(m.Sender)
	}
	if m.AsGuest {
		name += " (guest)"
	}
	text := strings.ReplaceAll(m.Text, "\n", "\n    ")
	if !m.DeletedAt.IsZero() {
		text = "(deleted)"
	}
	return m.CreatedAt.In(zone).Format("2006-01-02 15:04:05") + "  " + name + ": " + text + "\n"
}
