package dashboard

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// render writes a page whole, or not at all when it fails.
func (h *Handler) render(c echo.Context, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.Request().Context(), &b); err != nil {
		return err
	}
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	if who(c).ID == "" {
		return c.HTMLBlob(status, b.Bytes())
	}
	return c.HTMLBlob(status, marked(b.Bytes()))
}

// page is the frame of a page of the request's app: it loads the app (which may not exist), the list of apps and what
// the last request left to say.
func (h *Handler) page(c echo.Context, title string, nav layouts.NavItem) (layouts.Page, error) {
	me := who(c)
	p := layouts.Page{Title: title, Nav: nav, Theme: theme(c), Demo: h.Demo, NoKeys: noKeys(c), Now: h.now(c), At: c.Request().URL.EscapedPath(),
		Admin: layouts.Admin{ID: me.ID, Name: me.Name, Email: me.Email, Role: string(me.Role), AppsOnly: me.Everywhere.Role == ""}}
	if c.Request().Method == http.MethodGet {
		p.Here = c.Request().URL.RequestURI()
	}
	p.Confirmed = me.Actor(c).ConfirmedUntil(p.Now)
	apps, err := h.apps(c)
	if err != nil {
		return p, err
	}
	id, inApp, err := appParam(c)
	if err != nil {
		return p, err
	}
	for _, a := range apps {
		p.Apps = append(p.Apps, layouts.App{ID: string(a.ID), Name: a.Name, Live: a.Live})
		if a.ID == id {
			p.App = p.Apps[len(p.Apps)-1]
		}
	}
	if inApp && p.App.ID == "" {
		return p, chat.ErrAppNotFound()
	}
	if inApp {
		if err := h.trials(c, &p); err != nil {
			return p, err
		}
	}
	if isRefresh(c) || isPart(c) { // what is left to say is for the next whole page
		return p, nil
	}
	if inApp {
		c.SetCookie(&http.Cookie{Name: lastAppCookie, Value: url.QueryEscape(string(id)), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	p.Flash, err = h.takeFlash(c)
	return p, err
}

const lastAppCookie = "app"

func unescape(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return ""
}

// appParam is the app in the request's path; ok is false on pages that belong to none.
func appParam(c echo.Context) (id chat.AppID, ok bool, err error) {
	if c.Param("app") == "" {
		return "", false, nil
	}
	id, err = web.AppID(c, "app")
	return id, true, err
}

func theme(c echo.Context) layouts.Theme {
	cookie, err := c.Cookie(layouts.ThemeCookie)
	if err != nil {
		return layouts.System
	}
	return layouts.ParseTheme(cookie.Value)
}

// isPart tells requests that want a part of a page to swap in, rather than the page.
func isPart(c echo.Context) bool { return c.Request().Header.Get("HX-Request") == "true" }

// seeOther answers a form that worked: the browser gets the page it goes on with.
func (h *Handler) seeOther(c echo.Context, to string) error {
	return c.Redirect(http.StatusSeeOther, to)
}

// flash keeps what to say on the next page; undo says how to take the change back, or is empty.
func (h *Handler) flash(c echo.Context, text string, undo layouts.Flash) error {
	undo.Text = text
	b, err := json.Marshal(undo)
	if err != nil {
		return err
	}
	return h.Sessions.Put(c, "flash", string(b))
}

// flashEvent is flash for a change that was one event, made on the page back: Undo is offered when it can be undone.
func (h *Handler) flashEvent(c echo.Context, text string, e chat.Event, back string) error {
	return h.flash(c, text, undoOf(e, back))
}

func (h *Handler) takeFlash(c echo.Context) (f layouts.Flash, err error) {
	text, err := h.Sessions.Take(c, "flash")
	if err != nil || text == "" {
		return f, err
	}
	return f, json.Unmarshal([]byte(text), &f)
}

// localPath is s when it is a path of this site, else fallback: a form must not send people elsewhere.
func localPath(s, fallback string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") ||
		strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\\' }) {
		return fallback
	}
	return s
}

// ErrorPage shows a refusal or a failure to a person.
func (h *Handler) ErrorPage(c echo.Context, status int, err error) error {
	inLanguage(c, words.Pick(cookieValue(c, languageCookie), c.Request().Header.Get("Accept-Language"))) // the address may be one that no route knows
	v := pages.ErrorView{Status: status, RequestID: web.RequestID(c), Theme: theme(c)}
	if e := chat.AsError(err); e != nil && status < 500 {
		v.Text, v.Hint = e.Message, e.Hint
		if who(c).ID != "" && manual.Has("refusals", string(e.Reason)) {
			v.Help = paths.Help("refusals", string(e.Reason))
		}
		v.Back, v.BackLabel = wayOn(c, e.Reason)
		switch e.Reason {
		case chat.CrossOrigin:
			v.Title = "That came from elsewhere"
		case chat.AlreadyDone:
			v.Title = "That was done already"
		}
	}
	if isPart(c) {
		c.Response().Header().Set("HX-Retarget", "body")
		c.Response().Header().Set("HX-Reswap", "innerHTML")
	}
	return h.render(c, status, pages.Error(v))
}

// wayOn is the list that a missing thing would be in; "" where the start page is the way on.
func wayOn(c echo.Context, missing chat.Reason) (href, label string) {
	id, _, _ := appParam(c) // what was missing is below it
	app := string(id)
	switch missing {
	case chat.AppNotFound:
		return paths.Apps(), "All apps"
	case chat.ConversationMissing:
		return paths.Conversations(app), "All conversations"
	case chat.UserNotFound:
		return paths.Users(app), "All users"
	case chat.ViewNotFound:
		return paths.Views(app), "Saved views"
	case chat.KeyNotFound:
		return paths.SettingsKeys(app), "All keys"
	case chat.EventNotFound:
		return paths.Audit(app), "Audit log"
	case chat.JobNotFound:
		return paths.Jobs(app), "All jobs"
	case chat.AdminNotFound:
		return paths.Team(), "The team"
	}
	return "", ""
}
