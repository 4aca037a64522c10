package dashboard

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/pages"
)

// tryPolicy is the content policy of the page that tries the chat: besides what every page may do, it shows the chat's
// iframe and opens its socket, both of this server alone.
func tryPolicy(host string) string {
	return web.ContentPolicy("frame-src 'self'", "connect-src 'self' ws://"+host+" wss://"+host)
}

// showTry handles GET /apps/:app/try. Any admin sees the code; the chat itself is for those who may change things, since
// it acts as a user.
func (h *Handler) showTry(c echo.Context) error {
	frame, err := h.page(c, "Try the chat", layouts.NavNone)
	if err != nil {
		return err
	}
	app, ctx := chat.AppID(frame.App.ID), c.Request().Context()
	v := pages.TryView{Frame: frame, Server: h.serverURL(c), CanManage: manages(c), Errors: map[string]string{},
		Conversation: strings.TrimSpace(c.QueryParam("conversation")), User: strings.TrimSpace(c.QueryParam("user")), AsGuest: c.QueryParam("as") == "guest"}
	site := c.Request().Header.Get("Sec-Fetch-Site")
	v.Elsewhere = site == "cross-site" || site == "same-site"
	if v.App, err = h.Store.App(ctx, app); err != nil {
		return err
	}
	settings, err := h.Store.Settings(ctx, app)
	if err != nil {
		return err
	}
	v.Security = settings.Security()
	keys, err := h.Store.ActiveKeys(ctx, app)
	if err != nil {
		return err
	}
	v.HasKey = len(keys) > 0
	list, err := h.Store.Conversations(ctx, db.ConversationQuery{App: app, Window: db.Window{Limit: 20}})
	if err != nil {
		return err
	}
	v.Conversations = list.Items
	if v.Conversation == "" && len(list.Items) > 0 {
		v.Conversation = string(list.Items[0].ID)
	}
	if err := h.tryChoice(c, app, &v); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, tryPolicy(c.Request().Host))
	return h.render(c, http.StatusOK, pages.Try(v))
}

// tryChoice finds the conversation and the user that the page was asked for, or offers somebody: a participant, or for a
// guest somebody who isn't one.
func (h *Handler) tryChoice(c echo.Context, app chat.AppID, v *pages.TryView) error {
	ctx := c.Request().Context()
	if v.Conversation == "" {
		return nil
	}
	conv, err := h.Store.Conversation(ctx, app, chat.ConversationID(v.Conversation))
	if e := chat.AsError(err); e != nil {
		v.Errors["conversation"] = "There is no conversation with this ID."
		return nil
	}
	if err != nil {
		return err
	}
	v.Subject = conv.Subject
	listed, err := h.Store.Participants(ctx, db.ParticipantQuery{App: app, Conversation: conv.ID, Window: db.Window{Limit: 50}})
	if err != nil {
		return err
	}
	on := map[chat.UserID]bool{}
	for _, p := range listed.Items {
		on[p.User] = true
		if !v.AsGuest {
			v.Users = append(v.Users, components.Option{Value: string(p.User), Label: p.UserName})
		}
	}
	if v.AsGuest {
		users, err := h.Store.Users(ctx, db.UserQuery{App: app, Window: db.Window{Limit: 50}})
		if err != nil {
			return err
		}
		for _, u := range users.Items {
			if !on[u.ID] {
				v.Users = append(v.Users, components.Option{Value: string(u.ID), Label: u.Name})
			}
		}
	}
	if v.User == "" {
		if len(v.Users) == 0 {
			return nil
		}
		v.User = v.Users[0].Value
	}
	user, err := h.Store.User(ctx, app, chat.UserID(v.User))
	if e := chat.AsError(err); e != nil {
		v.Errors["user"] = "There is no user with this ID."
		return nil
	}
	if err != nil {
		return err
	}
	v.UserName = user.Name
	_, v.Banned, err = h.Store.Ban(ctx, app, user.ID)
	return err
}

// signTryToken handles POST /apps/:app/try/token: a token that is good for some minutes, for the chat on the page. That
// the admin acts as the user stands in the audit log.
func (h *Handler) signTryToken(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	user := chat.UserID(f.text("user"))
	token, err := auth.SignUser(c.Request().Context(), h.Store, app, user)
	if err != nil {
		return err
	}
	if err := h.Store.UserTried(c.Request().Context(), actor(c), app, user); err != nil {
		return err
	}
	return c.String(http.StatusOK, token)
}
