package dashboard

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// proven runs do as the admin of the request. Where they have to prove first who they are, they are asked, and what they sent
// is sent again with the answer.
func (h *Handler) proven(c echo.Context, f form, back string, do func(me chat.Actor) error) error {
	me, err := h.confirmed(c, f)
	if err == nil {
		err = do(me)
	}
	problem := fieldErrors(err)["password"]
	if chat.ReasonOf(err) != chat.ReauthRequired && problem == "" {
		return err
	}
	v := pages.ProofView{Action: c.Request().URL.EscapedPath(), Back: back, Error: problem}
	for name, values := range f.values {
		for _, value := range values {
			if name != "password" && name != "passkey" && name != onceName {
				v.Fields = append(v.Fields, components.Hidden{Name: name, Value: value})
			}
		}
	}
	slices.SortStableFunc(v.Fields, func(a, b components.Hidden) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	return h.provePage(c, http.StatusUnprocessableEntity, v)
}

func (h *Handler) provePage(c echo.Context, status int, v pages.ProofView) (err error) {
	if v.Frame, err = h.page(c, "Confirm who you are", layouts.NavAccount); err != nil {
		return err
	}
	v.Passkey = h.passkeyProof(c)
	if h.SSO != nil {
		linked, err := h.Store.IsLinked(c.Request().Context(), who(c).ID, h.SSO.Issuer)
		if err != nil {
			return err
		}
		if linked {
			v.SSO = h.SSO.Name
		}
	}
	return h.render(c, status, pages.Proof(v))
}

// passkeyProof is where the admin's passkey is asked for, "" when they have none or it can't be used here.
func (h *Handler) passkeyProof(c echo.Context) string {
	if _, _, why := h.Sessions.PasskeyPlace(c); why != "" || who(c).Passkeys == 0 {
		return ""
	}
	return paths.ConfirmOptions()
}

// showConfirm handles GET /account/confirm.
func (h *Handler) showConfirm(c echo.Context) error {
	next := localPath(c.QueryParam("next"), paths.Account())
	return h.provePage(c, http.StatusOK, pages.ProofView{Action: paths.Confirm(next), Back: next})
}

// confirm handles POST /account/confirm.
func (h *Handler) confirm(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	next := localPath(c.QueryParam("next"), paths.Account())
	before := who(c).Session.AuthAt
	_, err = h.confirmed(c, f)
	if err == nil && who(c).Session.AuthAt.Equal(before) {
		err = chat.InvalidField("password", "is needed, or a code, or a passkey")
	}
	if refused(err) {
		return h.provePage(c, http.StatusUnprocessableEntity, pages.ProofView{Action: paths.Confirm(next), Back: next, Error: fieldErrors(err)["password"]})
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "Confirmed for ten minutes.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, next)
}

// confirmOptions handles POST /account/confirm/options.
func (h *Handler) confirmOptions(c echo.Context) error {
	options, err := h.Sessions.AskPasskey(c, auth.UnderWay{Admin: who(c).ID})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, options)
}

// confirmSSO handles GET /account/confirm/sso: the provider asks the admin again who they are.
func (h *Handler) confirmSSO(c echo.Context) error {
	if h.SSO == nil {
		return echo.ErrNotFound
	}
	to, err := h.Sessions.BeginSSO(c, h.SSO, h.serverURL(c)+paths.SignInSSOCallback(), localPath(c.QueryParam("next"), paths.Account()), "", who(c).ID)
	if err != nil {
		return err
	}
	return h.seeOther(c, to)
}

// endConfirmed handles POST /account/confirm/end, from any page.
func (h *Handler) endConfirmed(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := h.Sessions.Unconfirm(c); err != nil {
		return err
	}
	if err := h.flash(c, "From now on you are asked again.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, localPath(f.text("back"), paths.Account()))
}
