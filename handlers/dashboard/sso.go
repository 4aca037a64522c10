package dashboard

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// ssoName is the provider as buttons name it; "" without one.
func (h *Handler) ssoName() string {
	if h.SSO == nil {
		return ""
	}
	return h.SSO.Name
}

// beginSSO handles GET /sign-in/sso: it goes to the provider.
func (h *Handler) beginSSO(c echo.Context) error {
	if h.SSO == nil {
		return echo.ErrNotFound
	}
	to, err := h.Sessions.BeginSSO(c, h.SSO, h.serverURL(c)+paths.SignInSSOCallback(), localPath(c.QueryParam("next"), ""), c.QueryParam("token"), "")
	if err != nil {
		return h.notSignedIn(c, err)
	}
	return h.seeOther(c, to)
}

// finishSSO handles GET /sign-in/sso/callback, where the provider sends people back to.
func (h *Handler) finishSSO(c echo.Context) error {
	if h.SSO == nil {
		return echo.ErrNotFound
	}
	next, second, err := h.Sessions.FinishSSO(c, h.SSO, h.serverURL(c)+paths.SignInSSOCallback())
	switch {
	case err != nil:
		return h.notSignedIn(c, err)
	case second:
		return h.seeOther(c, paths.SignInCode())
	}
	return h.seeOther(c, localPath(next, paths.Home()))
}

// notSignedIn shows the sign-in page with why it did not work.
func (h *Handler) notSignedIn(c echo.Context, err error) error {
	e := chat.AsError(err)
	if e == nil {
		return err
	}
	v := h.signInView(c, "")
	v.Error = e.Error()
	status := web.Status(e)
	if status < http.StatusBadRequest {
		status = http.StatusUnauthorized
	}
	return h.render(c, status, pages.SignIn(v))
}

// unlinkSSO handles POST /account/sso/unlink.
func (h *Handler) unlinkSSO(c echo.Context) error {
	return h.own(c, func(me chat.Actor, _ form) error {
		return h.secured(c, nil, "Unlinked.", h.Store.UnlinkIdentity(c.Request().Context(), me, me.ID))
	})
}
