package dashboard

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showSignIn handles GET /sign-in.
func (h *Handler) showSignIn(c echo.Context) error {
	has, err := h.Store.HasAdmin(c.Request().Context())
	if err != nil {
		return err
	}
	next := localPath(c.QueryParam("next"), "")
	switch {
	case !has:
		return h.seeOther(c, paths.Setup(""))
	case who(c).ID != "":
		return h.seeOther(c, localPath(next, paths.Home()))
	}
	return h.render(c, http.StatusOK, pages.SignIn(h.signInView(c, next)))
}

// host is what people call this server.
func (h *Handler) host(c echo.Context) string {
	if u, err := url.Parse(h.PublicURL); err == nil && u.Host != "" {
		return u.Host
	}
	return c.Request().Host
}

func (h *Handler) signInView(c echo.Context, next string) pages.SignInView {
	host := h.host(c)
	_, _, why := h.Sessions.PasskeyPlace(c)
	return pages.SignInView{Theme: theme(c), Host: host, Next: next, Demo: h.Demo, Foot: "Guestlist " + h.Version, Passkey: why == "", SSO: h.ssoName()}
}

// signIn handles POST /sign-in.
func (h *Handler) signIn(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	next := localPath(f.text("next"), "")
	second, err := h.Sessions.SignIn(c, f.text("email"), f.text("password"), next)
	if e := chat.AsError(err); e != nil && (e.Code == chat.Unauthenticated || e.Code == chat.RateLimited) {
		v := h.signInView(c, next)
		v.Email, v.Error = f.text("email"), e.Error()
		web.RetryAfter(c, e)
		return h.render(c, web.Status(e), pages.SignIn(v))
	}
	if err != nil {
		return err
	}
	if second {
		return h.seeOther(c, paths.SignInCode())
	}
	return h.seeOther(c, localPath(next, paths.Home()))
}

// signOut handles POST /sign-out.
func (h *Handler) signOut(c echo.Context) error {
	if err := h.Sessions.SignOut(c); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return h.seeOther(c, paths.SignIn(""))
}

// showSetup handles GET /setup, which exists until there is an admin.
func (h *Handler) showSetup(c echo.Context) error {
	if done, err := h.isSetUp(c); err != nil || done {
		return err
	}
	h.Setup.Renew()
	return h.render(c, http.StatusOK, pages.Setup(pages.SetupView{Theme: theme(c), Code: c.QueryParam("code")}))
}

// isSetUp sends everybody to the sign-in page once there is an admin.
func (h *Handler) isSetUp(c echo.Context) (bool, error) {
	has, err := h.Store.HasAdmin(c.Request().Context())
	if err != nil || !has {
		return false, err
	}
	return true, h.seeOther(c, paths.SignIn(""))
}

// setUp handles POST /setup: it makes the first owner and signs them in.
func (h *Handler) setUp(c echo.Context) error {
	if done, err := h.isSetUp(c); err != nil || done {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	err = h.createOwner(c, f)
	if refused(err) {
		v := pages.SetupView{Theme: theme(c), Code: f.text("code"), Name: f.text("name"), Email: f.text("email"), Errors: fieldErrors(err)}
		if len(v.Errors) == 0 {
			v.Error = err.Error()
		}
		return h.render(c, http.StatusUnprocessableEntity, pages.Setup(v))
	}
	if err != nil {
		return err
	}
	if _, err := h.Sessions.SignIn(c, f.text("email"), f.text("password"), ""); err != nil {
		return err
	}
	return h.seeOther(c, paths.Home())
}

func (h *Handler) createOwner(c echo.Context, f form) error {
	if err := h.Setup.Check(f.text("code")); err != nil {
		return err
	}
	change, err := chat.AdminChange{Email: f.text("email"), Name: f.text("name"), Role: chat.Owner}.Check()
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(c.Request().Context(), "password", f.text("password"))
	if err != nil {
		return err
	}
	_, err = h.Store.CreateFirstOwner(c.Request().Context(), change, hash)
	return err
}
