package dashboard

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showMessages handles GET /apps/:app/conversations/:conv/messages. That an admin reads is noted before they do.
func (h *Handler) showMessages(c echo.Context) error {
	return h.messagesPage(c, http.StatusOK, pages.MessagesView{})
}

func (h *Handler) messagesPage(c echo.Context, status int, v pages.MessagesView) (err error) {
	app, conv, err := inConversation(c)
	if err != nil {
		return err
	}
	if _, err := h.Store.OpenMessages(c.Request().Context(), actor(c), app, conv, ""); err != nil {
		return err
	}
	if v.ConversationHead, err = h.conversationHead(c, "messages", "Messages"); err != nil {
		return err
	}
	get := func(name string) string { return strings.TrimSpace(c.QueryParam(name)) }
	v.Filter = pages.MessageFilter{Text: get("q"), From: get("from"), Kind: get("kind"), On: get("on")}
	v.Here = paths.Messages(string(app), string(conv))
	if c.Request().Method == http.MethodGet {
		v.Here = c.Request().URL.RequestURI()
	}
	if v.Filter.Finds() {
		err = h.findMessages(c, &v)
	} else {
		err = h.readMessages(c, &v)
	}
	if err != nil {
		return err
	}
	return h.render(c, status, pages.Messages(v))
}

func (h *Handler) findMessages(c echo.Context, v *pages.MessagesView) error {
	found, err := h.Store.SearchMessages(c.Request().Context(), actor(c), db.MessageSearch{App: v.Conversation.App, Conversation: v.Conversation.ID, Text: v.Filter.Text,
		From: chat.UserID(v.Filter.From), Guests: v.Filter.Kind == "guests", System: v.Filter.Kind == "system", Window: db.Window{After: c.QueryParam("after"), Limit: pageSize}})
	if err != nil {
		return err
	}
	v.Lines, v.Back = pages.MessageLines(c.Request().Context(), found.Items, nil, v.Frame.Now), found.Back
	_, v.Older = pageLinks(paths.Messages(string(v.Conversation.App), string(v.Conversation.ID)), v.Filter.Query(), "", found.Next)
	return nil
}

// readMessages reads the newest, a page of others, or those that begin with a day or a message.
func (h *Handler) readMessages(c echo.Context, v *pages.MessagesView) error {
	app, conv, ctx := v.Conversation.App, v.Conversation.ID, c.Request().Context()
	w := window(c)
	if w.After == "" && w.Before == "" {
		begin, asked, err := h.beginning(c, v)
		if err != nil || asked && begin == "" {
			return err
		}
		w.Before = begin
	}
	p, err := h.Store.ReadMessages(ctx, actor(c), db.MessageQuery{App: app, Conversation: conv, Window: w})
	if err != nil {
		return err
	}
	events, err := h.between(c, app, conv, p)
	if err != nil {
		return err
	}
	v.Lines = pages.MessageLines(ctx, p.Items, events, v.Frame.Now)
	v.Newer, v.Older = pageLinks(paths.Messages(string(app), string(conv)), nil, p.Prev, p.Next)
	return nil
}

// beginning is the place that the address asks to begin with; "" when nothing is there.
func (h *Handler) beginning(c echo.Context, v *pages.MessagesView) (cursor string, asked bool, err error) {
	app, conv, ctx := v.Conversation.App, v.Conversation.ID, c.Request().Context()
	if message := c.QueryParam("message"); message != "" {
		cursor, err = h.Store.MessageCursor(ctx, actor(c), app, conv, message)
		return cursor, true, err
	}
	day, err := time.ParseInLocation(time.DateOnly, v.Filter.On, v.Frame.Now.Location())
	if err != nil {
		v.Filter.On = "" // what can't be read filters nothing
		return "", false, nil
	}
	cursor, err = h.Store.MessagesSince(ctx, actor(c), app, conv, day)
	return cursor, true, err
}

// mostBetween bounds what else is shown of what happened while the messages of a page were sent.
const mostBetween = 20

// between is what happened to the list of participants while the messages of a page were sent.
func (h *Handler) between(c echo.Context, app chat.AppID, conv chat.ConversationID, p db.Page[chat.Message]) ([]chat.Event, error) {
	if len(p.Items) == 0 {
		return nil, nil
	}
	q := db.EventQuery{App: app, Conversation: conv, Types: []chat.EventType{chat.ParticipantJoined, chat.ParticipantLeft, chat.ParticipantUpdated},
		From: p.Items[len(p.Items)-1].CreatedAt, Window: db.Window{Limit: mostBetween}}
	if p.Prev != "" {
		q.To = p.Items[0].CreatedAt
	}
	events, err := h.Store.Events(c.Request().Context(), q)
	return events.Items, err
}

func inConversation(c echo.Context) (app chat.AppID, conv chat.ConversationID, err error) {
	if app, err = web.AppID(c, "app"); err != nil {
		return app, conv, err
	}
	conv, err = web.ConversationID(c, "conv")
	return app, conv, err
}

// sayWhy handles POST /apps/:app/conversations/:conv/messages/reason.
func (h *Handler) sayWhy(c echo.Context) error {
	app, conv, err := inConversation(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(f.text("reason"))
	_, err = h.Store.OpenMessages(c.Request().Context(), actor(c), app, conv, reason)
	if refused(err) {
		return h.messagesPage(c, http.StatusUnprocessableEntity, pages.MessagesView{Errors: fieldErrors(err)})
	}
	if err == nil && reason != "" {
		err = h.flash(c, "The audit log says why.", layouts.Flash{})
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, paths.Messages(string(app), string(conv)))
}

// sendSystemMessage handles POST /apps/:app/conversations/:conv/messages/system.
func (h *Handler) sendSystemMessage(c echo.Context) error {
	app, conv, err := inConversation(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	sent, err := h.Store.SendMessage(c.Request().Context(), actor(c), app, conv, chat.NewMessage{Type: chat.SystemMessage, Text: f.text("text")})
	if refused(err) {
		return h.messagesPage(c, http.StatusUnprocessableEntity, pages.MessagesView{Text: f.text("text"), Errors: fieldErrors(err)})
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "Sent.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Anchor(paths.Messages(string(app), string(conv)), pages.MessageAnchor(sent)))
}

// deleteMessage handles POST /apps/:app/conversations/:conv/messages/:message/delete.
func (h *Handler) deleteMessage(c echo.Context) error {
	return h.changeMessage(c, h.Store.DeleteMessage, "Message deleted. It is kept for 30 days.")
}

// restoreMessage handles POST /apps/:app/conversations/:conv/messages/:message/restore.
func (h *Handler) restoreMessage(c echo.Context) error {
	return h.changeMessage(c, h.Store.RestoreMessage, "Message restored.")
}

func (h *Handler) changeMessage(c echo.Context, change func(context.Context, chat.Actor, chat.AppID, chat.ConversationID, string) (chat.Event, error), done string) error {
	app, conv, err := inConversation(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	message, err := web.Text(c, "message")
	if err != nil {
		return err
	}
	back := localPath(f.text("back"), paths.Messages(string(app), string(conv)))
	event, err := change(c.Request().Context(), actor(c), app, conv, message)
	switch e := chat.AsError(err); {
	case e != nil && e.Code == chat.Conflict:
		err = h.flash(c, e.Error(), layouts.Flash{})
	case err == nil && event.Seq == 0:
		err = h.flash(c, "It was done already.", layouts.Flash{})
	case err == nil:
		err = h.flashEvent(c, done, event, back)
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, back)
}
