package rest

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// maxListed is how many participants a conversation shows with itself; the rest is read from its list.
const maxListed = 1000

// conversationJSON is a conversation as backends see it.
type conversationJSON struct {
	ID                    chat.ConversationID               `json:"id"`
	Subject               *string                           `json:"subject"`
	TopicID               *string                           `json:"topicId"` // legacy, always null
	PhotoURL              *string                           `json:"photoUrl"`
	WelcomeMessages       []string                          `json:"welcomeMessages"`
	Custom                map[string]string                 `json:"custom"`
	LastMessage           *messageJSON                      `json:"lastMessage"`
	Participants          map[chat.UserID]participantOfJSON `json:"participants"`
	ParticipantsTruncated bool                              `json:"participantsTruncated,omitempty"`
	CreatedAt             int64                             `json:"createdAt"`                    // milliseconds
	UnreadMessageCount    *int                              `json:"unreadMessageCount,omitempty"` // in a user's list only; at most db.MaxUnread
}

// participantOfJSON is a participant inside a conversation.
type participantOfJSON struct {
	Access   chat.Access `json:"access"`
	Notify   chat.Notify `json:"notify"`
	JoinedAt int64       `json:"joinedAt"` // milliseconds
	termsJSON
}

// messageJSON is a message.
type messageJSON struct {
	ID                  string              `json:"id"`
	Type                string              `json:"type"`
	ConversationID      chat.ConversationID `json:"conversationId"`
	SenderID            *string             `json:"senderId"`
	Text                string              `json:"text"`
	ReadBy              []string            `json:"readBy"`
	Origin              string              `json:"origin"`
	Location            any                 `json:"location"`
	Attachment          any                 `json:"attachment"`
	Custom              map[string]string   `json:"custom"`
	CreatedAt           int64               `json:"createdAt"` // milliseconds
	EditedAt            *int64              `json:"editedAt"`
	ReferencedMessageID *string             `json:"referencedMessageId"`
}

func messageShape(m *chat.Message) *messageJSON {
	if m == nil {
		return nil
	}
	kind := "UserMessage"
	if m.Sender == "" {
		kind = "SystemMessage"
	}
	return &messageJSON{ID: m.ID, Type: kind, ConversationID: m.Conversation, SenderID: orNull(string(m.Sender)), Text: m.Text, ReadBy: []string{},
		Origin: m.Origin, Custom: map[string]string{}, CreatedAt: m.CreatedAt.UnixMilli()}
}

// conversation is a conversation with the first of its participants.
func (h *Handler) conversation(c echo.Context, conv chat.Conversation) (conversationJSON, error) {
	out := conversationJSON{ID: conv.ID, Subject: orNull(conv.Subject), PhotoURL: orNull(conv.PhotoURL), WelcomeMessages: conv.WelcomeMessages,
		Custom: orEmptyMap(conv.Custom), LastMessage: messageShape(conv.LastMessage), Participants: map[chat.UserID]participantOfJSON{}, CreatedAt: conv.CreatedAt.UnixMilli()}
	if conv.Counts.Listed() == 0 {
		return out, nil
	}
	list, err := h.store.Participants(c.Request().Context(), db.ParticipantQuery{App: conv.App, Conversation: conv.ID, Listed: true, Window: db.Window{Limit: maxListed}})
	if err != nil {
		return out, err
	}
	for _, p := range list.Items {
		out.Participants[p.User] = participantOfJSON{p.Access, p.Notify, p.JoinedAt.UnixMilli(), termsShape(p)}
	}
	out.ParticipantsTruncated = list.Next != ""
	return out, nil
}

// conversations answers a list, to whose items also, unless nil, adds something. One that is deleted meanwhile is left out.
func (h *Handler) conversations(c echo.Context, list []chat.Conversation, also func(*conversationJSON)) error {
	out := make([]conversationJSON, 0, len(list))
	for _, conv := range list {
		shape, err := h.conversation(c, conv)
		if chat.ReasonOf(err) == chat.ConversationMissing {
			continue
		}
		if err != nil {
			return err
		}
		if also != nil {
			also(&shape)
		}
		out = append(out, shape)
	}
	return data(c, out, func(v conversationJSON) conversationJSON { return v })
}

// listConversations handles GET /v1/:app/conversations.
func (h *Handler) listConversations(c echo.Context) error {
	ctx := c.Request().Context()
	q, err := conversationQuery(c, func(id chat.ConversationID, order db.ConversationOrder) (string, error) {
		return h.store.ConversationCursor(ctx, actor(c).App, id, order)
	})
	if err != nil {
		return err
	}
	if unreadOnly(c) {
		return h.conversations(c, nil, nil)
	}
	list, err := h.store.Conversations(ctx, q)
	if err != nil {
		return err
	}
	return h.conversations(c, list.Items, nil)
}

// showConversation handles GET /v1/:app/conversations/:conv.
func (h *Handler) showConversation(c echo.Context) error {
	id, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	conv, err := h.store.Conversation(c.Request().Context(), actor(c).App, id)
	if err != nil {
		return err
	}
	shape, err := h.conversation(c, conv)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, shape)
}

// conversationBody is the documented body of PUT conversations: a change, and people to add.
type conversationBody struct {
	change       chat.ConversationChange
	participants []chat.UserID
}

// UnmarshalJSON reads both. Guest access is not part of this door.
func (b *conversationBody) UnmarshalJSON(text []byte) error {
	if err := json.Unmarshal(text, &b.change); err != nil {
		return err
	}
	b.change = b.change.OfServer()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil || object["participants"] == nil {
		return err
	}
	var ids []string
	if json.Unmarshal(object["participants"], &ids) != nil {
		return chat.InvalidField("participants", "must be a list of user ids")
	}
	for _, id := range ids {
		user, err := chat.ParseUserID(id)
		if err != nil {
			return chat.InvalidField("participants", "has an id that can’t be one: "+chat.AsError(err).Message)
		}
		b.participants = append(b.participants, user)
	}
	return nil
}

// putConversation handles PUT /v1/:app/conversations/:conv: it creates the conversation or changes what the body names,
// and adds people. Nobody is removed.
func (h *Handler) putConversation(c echo.Context) error {
	id, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	var body conversationBody
	if err := web.ReadJSON(c, &body); err != nil {
		return err
	}
	if _, err := h.store.PutConversation(c.Request().Context(), actor(c), actor(c).App, id, body.change, chat.ConversationChange{}, body.participants...); err != nil {
		return err
	}
	return done(c)
}

// deleteConversation handles DELETE /v1/:app/conversations/:conv.
func (h *Handler) deleteConversation(c echo.Context) error {
	id, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	if err := web.IgnoreJSON(c); err != nil {
		return err
	}
	if _, err := h.store.DeleteConversation(c.Request().Context(), actor(c), actor(c).App, id); err != nil {
		return err
	}
	return done(c)
}
