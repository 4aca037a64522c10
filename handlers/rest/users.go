package rest

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// userJSON is a user as backends see them: whole.
type userJSON struct {
	ID               chat.UserID       `json:"id"`
	Name             string            `json:"name"`
	WelcomeMessage   *string           `json:"welcomeMessage"`
	PhotoURL         *string           `json:"photoUrl"`
	HeaderPhotoURL   *string           `json:"headerPhotoUrl"`
	Role             *string           `json:"role"`
	Email            []string          `json:"email"`
	Phone            []string          `json:"phone"`
	Custom           map[string]string `json:"custom"`
	AvailabilityText *string           `json:"availabilityText"`
	Locale           *string           `json:"locale"`
	PushTokens       map[string]bool   `json:"pushTokens"`
	CreatedAt        int64             `json:"createdAt"` // milliseconds
}

func userShape(u chat.User) userJSON {
	tokens := map[string]bool{}
	for _, t := range u.PushTokens {
		tokens[t] = true
	}
	return userJSON{ID: u.ID, Name: u.Name, WelcomeMessage: orNull(u.WelcomeMessage), PhotoURL: orNull(u.PhotoURL), HeaderPhotoURL: orNull(u.HeaderPhotoURL),
		Role: orNull(u.Role), Email: orEmpty(u.Email), Phone: orEmpty(u.Phone), Custom: orEmptyMap(u.Custom), AvailabilityText: orNull(u.AvailabilityText),
		Locale: orNull(u.Locale), PushTokens: tokens, CreatedAt: u.CreatedAt.UnixMilli()}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func orEmptyMap(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// listUsers handles GET /v1/:app/users.
func (h *Handler) listUsers(c echo.Context) error {
	ctx, app := c.Request().Context(), actor(c).App
	w, err := window(c, func(id string) (string, error) { return h.store.UserCursor(ctx, app, chat.UserID(id)) })
	if err != nil {
		return err
	}
	if c.QueryParam("isOnline") == "true" {
		return data(c, nil, userShape) // nobody is, until there are browsers to be online with
	}
	users, err := h.store.Users(ctx, db.UserQuery{App: app, Window: w})
	if err != nil {
		return err
	}
	return data(c, users.Items, userShape)
}

// maxUsers is how many users one call may put.
const maxUsers = 100

// putUsers handles PUT /v1/:app/users: users by id, all or none.
func (h *Handler) putUsers(c echo.Context) error {
	var raw map[string]json.RawMessage
	if err := web.ReadJSON(c, &raw); err != nil {
		return err
	}
	if len(raw) > maxUsers {
		return chat.InvalidField("body", fmt.Sprintf("has more than %d users", maxUsers))
	}
	changes, wrong := userChanges(raw)
	if err := h.store.PutUsers(c.Request().Context(), actor(c), actor(c).App, changes, wrong); err != nil {
		return err
	}
	return done(c)
}

// userChanges reads changes by user id, and says by user id what can't be read.
func userChanges(raw map[string]json.RawMessage) (changes map[chat.UserID]chat.UserChange, wrong map[string][]string) {
	changes, wrong = map[chat.UserID]chat.UserChange{}, map[string][]string{}
	for text, object := range raw {
		var change chat.UserChange
		id, err := chat.ParseUserID(text)
		if err == nil {
			err = json.Unmarshal(object, &change)
		}
		switch e := chat.AsError(err); {
		case e != nil && e.Reason != chat.BadJSON:
			wrong[text] = []string{e.Message}
		case err != nil || string(object) == "null":
			wrong[text] = []string{"must be an object"}
		default:
			changes[id] = change
		}
	}
	return changes, wrong
}

// showUser handles GET /v1/:app/users/:user.
func (h *Handler) showUser(c echo.Context) error {
	id, err := web.UserID(c, "user")
	if err != nil {
		return err
	}
	u, err := h.store.User(c.Request().Context(), actor(c).App, id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, userShape(u))
}

// putUser handles PUT /v1/:app/users/:user: it creates the user or changes what the body names.
func (h *Handler) putUser(c echo.Context) error {
	id, err := web.UserID(c, "user")
	if err != nil {
		return err
	}
	var change chat.UserChange
	if err := web.ReadJSON(c, &change); err != nil {
		return err
	}
	if _, err := h.store.PutUser(c.Request().Context(), actor(c), actor(c).App, id, change, chat.UserChange{}); err != nil {
		return err
	}
	return done(c)
}

// listUserConversations handles GET /v1/:app/users/:user/conversations. Before 2024 an unknown user had none.
func (h *Handler) listUserConversations(c echo.Context) error {
	id, err := web.UserID(c, "user")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	q, err := conversationQuery(c, func(id chat.ConversationID, order db.ConversationOrder) (string, error) {
		return h.store.UserConversationCursor(ctx, actor(c).App, id, order)
	})
	if err != nil {
		return err
	}
	q.Unread = unreadOnly(c)
	list, err := h.store.UserConversations(ctx, id, q)
	if chat.ReasonOf(err) == chat.UserNotFound && version(c) < version2024 {
		err = nil
	}
	if err != nil {
		return err
	}
	convs, unread := make([]chat.Conversation, len(list.Items)), map[chat.ConversationID]int{}
	for i, m := range list.Items {
		convs[i], unread[m.Conversation.ID] = m.Conversation, m.Unread
	}
	return h.conversations(c, convs, func(shape *conversationJSON) {
		n := unread[shape.ID]
		shape.UnreadMessageCount = &n
	})
}
