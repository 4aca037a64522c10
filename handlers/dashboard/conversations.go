package dashboard

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// pageSize is how many rows a list shows.
const pageSize = 50

func window(c echo.Context) db.Window {
	return db.Window{After: c.QueryParam("after"), Before: c.QueryParam("before"), Limit: pageSize}
}

// manages tells whether the admin's role may change things: pages leave out what it may not.
func manages(c echo.Context) bool { return who(c).Role.Includes(chat.Manage) }

// moderates tells whether it may change what concerns people in conversations.
func moderates(c echo.Context) bool { return who(c).Role.Includes(chat.Moderator) }

// showConversations handles GET /apps/:app/conversations.
func (h *Handler) showConversations(c echo.Context) error {
	frame, err := h.page(c, "Conversations", layouts.NavConversations)
	if err != nil {
		return err
	}
	app, ctx := chat.AppID(frame.App.ID), c.Request().Context()
	v := pages.ConversationsView{Frame: frame, App: frame.App.ID, Search: strings.TrimSpace(c.QueryParam("q")), CanManage: manages(c)}
	if v.Live, err = h.liveStatus(c, app, ""); err != nil {
		return err
	}
	query := db.ConversationQuery{App: app, Search: v.Search, Window: window(c)}
	v.Sort = sortConversations(&query, c.QueryParam("sort"))
	list, err := h.Store.Conversations(ctx, query)
	if err != nil {
		return err
	}
	if len(list.Items) == 0 {
		if done, err := h.toRequest(c, app, v.Search); done || err != nil {
			return err
		}
	}
	settings, err := h.Store.Settings(ctx, app)
	if err != nil {
		return err
	}
	a, err := h.Store.App(ctx, app)
	if err != nil {
		return err
	}
	if v.Views, err = h.listViews(c, app, "conversations"); err != nil {
		return err
	}
	v.Here = h.Live.GuestCounts(app)
	v.Rows, v.Prev, v.Next, v.Security, v.Total = list.Items, list.Prev, list.Next, settings.Security(), a.Conversations
	return h.render(c, http.StatusOK, pages.Conversations(v))
}

// sortConversations reads the order of the list; an unknown one is that by activity.
func sortConversations(q *db.ConversationQuery, sort string) string {
	switch sort {
	case "quiet":
		q.OldestFirst = true
	case "new":
		q.Order = db.ByAge
	case "old":
		q.Order, q.OldestFirst = db.ByAge, true
	default:
		return ""
	}
	return sort
}

// showNewConversation handles GET /apps/:app/conversations/new.
func (h *Handler) showNewConversation(c echo.Context) error {
	return h.newConversationPage(c, http.StatusOK, pages.NewConversationView{})
}

func (h *Handler) newConversationPage(c echo.Context, status int, v pages.NewConversationView) (err error) {
	if v.Frame, err = h.page(c, "New conversation", layouts.NavConversations); err != nil {
		return err
	}
	v.App = v.Frame.App.ID
	return h.render(c, status, pages.NewConversation(v))
}

// createConversation handles POST /apps/:app/conversations/new.
func (h *Handler) createConversation(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	event, err := h.newConversation(c, app, f)
	if refused(err) {
		return h.newConversationPage(c, http.StatusUnprocessableEntity, pages.NewConversationView{ID: f.text("id"), Subject: f.text("subject"),
			Participants: f.text("participants"), Errors: fieldErrors(err)})
	}
	if err != nil {
		return err
	}
	if err := h.flashEvent(c, "Conversation created.", event, paths.Conversations(string(app))); err != nil {
		return err
	}
	return h.seeOther(c, paths.Participants(string(app), string(event.Conversation)))
}

func (h *Handler) newConversation(c echo.Context, app chat.AppID, f form) (chat.Event, error) {
	text := strings.TrimSpace(f.text("id"))
	if text == "" {
		text = strings.ToLower(rand.Text())
	}
	id, err := chat.ParseConversationID(text)
	if err != nil {
		return chat.Event{}, asField(err, "id")
	}
	people, err := parseUsers(f.text("participants"), "participants")
	if err != nil {
		return chat.Event{}, err
	}
	change := chat.ConversationChange{Subject: chat.Some(strings.TrimSpace(f.text("subject")))}
	return h.Store.CreateConversation(c.Request().Context(), actor(c), app, id, change, people...)
}

// asField puts the problem of an id under the input that it came from.
func asField(err error, field string) error {
	e := chat.AsError(err)
	if e == nil {
		return err
	}
	for _, why := range e.Fields {
		return &chat.Error{Code: e.Code, Reason: e.Reason, Message: e.Message, Hint: e.Hint, Fields: map[string][]string{field: why}}
	}
	return err
}

// splitList takes apart what people type or paste: one a line, or with commas, semicolons or tabs between. What is
// named twice counts once.
func splitList(text string) []string {
	var all []string
	seen := map[string]bool{}
	for _, item := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == '\t' }) {
		if item = strings.TrimSpace(item); item != "" && !seen[item] {
			seen[item] = true
			all = append(all, item)
		}
	}
	return all
}

func parseUsers(text, field string) ([]chat.UserID, error) {
	var ids []chat.UserID
	for _, item := range splitList(text) {
		id, err := chat.ParseUserID(item)
		if err != nil {
			return nil, chat.InvalidField(field, "“"+item+"” is not a user ID: "+chat.AsError(err).Message)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// conversationHead loads what every page of a conversation shows.
func (h *Handler) conversationHead(c echo.Context, tab, title string) (v pages.ConversationHead, err error) {
	if v.Frame, err = h.page(c, title, layouts.NavConversations); err != nil {
		return v, err
	}
	id, err := web.ConversationID(c, "conv")
	if err != nil {
		return v, err
	}
	app, ctx := chat.AppID(v.Frame.App.ID), c.Request().Context()
	if v.Live, err = h.liveStatus(c, app, id); err != nil {
		return v, err
	}
	if v.Conversation, err = h.Store.Conversation(ctx, app, id); err != nil {
		return v, err
	}
	settings, err := h.Store.Settings(ctx, app)
	if err != nil {
		return v, err
	}
	if tab == "guests" || tab == "settings" {
		if v.GuestsSet, err = h.Store.GuestAccessChange(ctx, app, id); err != nil {
			return v, err
		}
	}
	v.GuestsIn = h.Live.Guests(app, id)
	v.Security, v.Tab, v.CanManage, v.CanModerate = settings.Security(), tab, manages(c), moderates(c)
	if tab == "participants" || tab == "settings" {
		h.present(c, &v.Frame)
	}
	name := v.Conversation.Subject
	if name == "" {
		name = string(id)
	}
	v.Frame.Title = title + " · " + name
	return v, nil
}
