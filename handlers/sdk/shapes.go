package sdk

import (
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// What browsers are shown. Times are milliseconds since 1970; what isn't there is null.

// user is what everybody may know of a user: neither e-mail nor phone.
type user struct {
	ID             chat.UserID       `json:"id"`
	Name           string            `json:"name"`
	PhotoURL       *string           `json:"photoUrl"`
	Role           *string           `json:"role"`
	Locale         *string           `json:"locale"`
	WelcomeMessage *string           `json:"welcomeMessage"`
	Custom         map[string]string `json:"custom"`
}

func User(u chat.User) user {
	return user{u.ID, u.Name, text(u.PhotoURL), text(u.Role), text(u.Locale), text(u.WelcomeMessage), fields(u.Custom)}
}

// conversation is a conversation as the acting user sees it. Access is null for a guest.
type conversation struct {
	ID              chat.ConversationID `json:"id"`
	Subject         *string             `json:"subject"`
	PhotoURL        *string             `json:"photoUrl"`
	WelcomeMessages []string            `json:"welcomeMessages"`
	Custom          map[string]string   `json:"custom"`
	CreatedAt       int64               `json:"createdAt"`
	LastMessage     *message            `json:"lastMessage"`
	Access          *chat.Access        `json:"access"`
	Notify          *chat.Notify        `json:"notify"`
	JoinedAt        *int64              `json:"joinedAt"`
	AccessUntil     *int64              `json:"accessUntil"` // of the acting user
	HistoryFrom     *int64              `json:"historyFrom"` // of the acting user
	Unread          int                 `json:"unread"`      // messages of others, counted to 100
	ReadSeq         int64               `json:"readSeq"`
	Participants    int64               `json:"participantCount"`
}

func Conversation(m db.Membership) conversation {
	c := m.Conversation
	out := conversation{ID: c.ID, Subject: text(c.Subject), PhotoURL: text(c.PhotoURL), WelcomeMessages: c.WelcomeMessages, Custom: fields(c.Custom), CreatedAt: c.CreatedAt.UnixMilli(),
		Unread: m.Unread, ReadSeq: m.ReadSeq, Participants: c.Counts.Listed()}
	if c.LastMessage != nil {
		last := Message(*c.LastMessage)
		out.LastMessage = &last
	}
	out.AccessUntil, out.HistoryFrom = moment(m.Participant.Until), moment(m.Participant.HistoryFrom)
	if p := m.Participant; p.Access != "" {
		out.Access, out.Notify, out.JoinedAt = &p.Access, &p.Notify, moment(p.JoinedAt)
	}
	return out
}

type participant struct {
	User     user        `json:"user"`
	Access   chat.Access `json:"access"`
	Notify   chat.Notify `json:"notify"`
	JoinedAt int64       `json:"joinedAt"`
}

func Participant(p chat.Participant) participant {
	return participant{user{ID: p.User, Name: p.UserName, PhotoURL: text(p.PhotoURL), Custom: map[string]string{}}, p.Access, p.Notify, p.JoinedAt.UnixMilli()}
}

// message is one message. A deleted one has deletedAt and no text.
type message struct {
	ID         string            `json:"id"`
	Seq        int64             `json:"seq"`
	Type       chat.MessageType  `json:"type"`
	SenderID   *string           `json:"senderId"`
	SenderName *string           `json:"senderName"`
	Guest      bool              `json:"guest"` // the sender was not on the list then
	Text       string            `json:"text"`
	Custom     map[string]string `json:"custom"`
	Origin     string            `json:"origin"`
	CreatedAt  int64             `json:"createdAt"`
	EditedAt   *int64            `json:"editedAt"`
	DeletedAt  *int64            `json:"deletedAt"`
}

func Message(m chat.Message) message {
	return message{m.ID, m.Seq, m.Type, text(string(m.Sender)), text(m.SenderName), m.AsGuest, m.Text, fields(m.Custom), m.Origin, m.CreatedAt.UnixMilli(), moment(m.EditedAt), moment(m.DeletedAt)}
}

// pageOf is a page of a list; next is the cursor of the one behind it, "" at the end.
type pageOf[T any] struct {
	Data []T    `json:"data"`
	Next string `json:"next"`
}

func pageShape[T, U any](p db.Page[T], shape func(T) U) pageOf[U] {
	out := pageOf[U]{Data: make([]U, 0, len(p.Items)), Next: p.Next}
	for _, item := range p.Items {
		out.Data = append(out.Data, shape(item))
	}
	return out
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func fields(custom map[string]string) map[string]string {
	if custom == nil {
		return map[string]string{}
	}
	return custom
}

func moment(at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	ms := at.UnixMilli()
	return &ms
}
