package dashboard

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showAccount handles GET /account.
func (h *Handler) showAccount(c echo.Context) error {
	return h.accountPage(c, http.StatusOK, nil)
}

func (h *Handler) accountPage(c echo.Context, status int, problem error) error {
	frame, err := h.page(c, "Account", layouts.NavAccount)
	if err != nil {
		return err
	}
	me := who(c)
	v := pages.AccountView{Frame: frame, Admin: me.Everywhere, Current: me.Session.ID, Errors: fieldErrors(problem)}
	if problem != nil && len(v.Errors) == 0 {
		v.Error = problem.Error()
	}
	if v.Sessions, err = h.Store.Sessions(c.Request().Context(), me.ID); err != nil {
		return err
	}
	if v.Keys, err = h.Store.Passkeys(c.Request().Context(), me.ID); err != nil {
		return err
	}
	if v.CodesLeft, err = h.Store.RecoveryCodesLeft(c.Request().Context(), me.ID); err != nil {
		return err
	}
	if h.SSO != nil {
		v.SSO = h.SSO.Name
		if v.Linked, err = h.Store.IsLinked(c.Request().Context(), me.ID, h.SSO.Issuer); err != nil {
			return err
		}
	}
	v.Language, v.Zone = cookieValue(c, languageCookie), cookieValue(c, zoneCookie)
	if status != http.StatusOK { // as it was typed
		v.Language, v.Zone = or(c.FormValue("language"), v.Language), or(c.FormValue("zone"), v.Zone)
	}
	_, _, v.KeysWhy = h.Sessions.PasskeyPlace(c)
	if !me.Session.AuthAt.IsZero() {
		v.Confirmed = me.Session.AuthAt.Add(chat.ReauthWindow)
	}
	return h.render(c, status, pages.Account(v))
}

// changePassword handles POST /account/password. Other sessions end.
func (h *Handler) changePassword(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	me := who(c)
	if me.HasPassword {
		me, err = h.Sessions.ConfirmPassword(c, me, f.text("password"))
	}
	var hash string
	if err == nil {
		hash, err = auth.HashPassword(c.Request().Context(), "new", f.text("new"))
	}
	if err == nil {
		err = h.Store.ChangePassword(c.Request().Context(), me.Actor(c), me.ID, hash, h.Sessions.Hash(c.Request()))
	}
	if refused(err) {
		return h.accountPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return h.toAccount(c, "Password changed. Your other sessions have ended.")
}

// endSession handles POST /account/sessions/:session/end.
func (h *Handler) endSession(c echo.Context) error {
	id, err := web.Text(c, "session")
	if err != nil {
		return err
	}
	if err := h.Store.EndSessionOf(c.Request().Context(), who(c).ID, id); err != nil {
		return err
	}
	return h.toAccount(c, "Session ended.")
}

// endOtherSessions handles POST /account/sessions/end.
func (h *Handler) endOtherSessions(c echo.Context) error {
	if err := h.Store.EndOtherSessions(c.Request().Context(), who(c).ID, h.Sessions.Hash(c.Request())); err != nil {
		return err
	}
	return h.toAccount(c, "Your other sessions have ended.")
}

// setTheme handles POST /account/theme. The choice is kept in this browser, where script may change it too.
func (h *Handler) setTheme(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	chosen := layouts.ParseTheme(f.text("theme"))
	cookie := &http.Cookie{Name: layouts.ThemeCookie, Value: string(chosen), Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode}
	if chosen == layouts.System {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
	return h.seeOther(c, paths.Account())
}

// setShortcuts handles POST /account/shortcuts. The choice is kept in this browser.
func (h *Handler) setShortcuts(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	value := "on"
	if f.text("keys") == "off" {
		value = "off"
	}
	c.SetCookie(&http.Cookie{Name: keysCookie, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return h.toAccount(c, "Single keys are "+value+".")
}

const keysCookie = "keys"

func noKeys(c echo.Context) bool {
	cookie, err := c.Cookie(keysCookie)
	return err == nil && cookie.Value == "off"
}

func (h *Handler) toAccount(c echo.Context, text string) error {
	if err := h.flash(c, text, layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Account())
}
