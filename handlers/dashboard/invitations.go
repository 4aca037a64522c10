package dashboard

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showInvite handles GET /team/invite.
func (h *Handler) showInvite(c echo.Context) error {
	return h.invitePage(c, http.StatusOK, pages.InviteView{Standing: pages.StandingForm{Role: string(chat.Viewer)}})
}

func (h *Handler) invitePage(c echo.Context, status int, v pages.InviteView) (err error) {
	if v.Frame, err = h.page(c, "Invite", layouts.NavTeam); err != nil {
		return err
	}
	v.Standing.All, v.Standing.Errors = v.Frame.Apps, v.Errors
	v.Passkey = h.passkeyProof(c)
	return h.render(c, status, pages.Invite(v))
}

// standing reads the roles that a form gives.
func (h *Handler) standing(c echo.Context, f form) (s chat.Standing, v pages.StandingForm, err error) {
	s.Role, v = chat.Role(f.text("role")), pages.StandingForm{Role: f.text("role"), Apps: map[string]string{}}
	if s.Role == "none" {
		s.Role = ""
	}
	apps, err := h.Store.Apps(c.Request().Context())
	for _, a := range apps {
		if role := f.text("app-" + string(a.ID)); role != "" {
			if s.Apps == nil {
				s.Apps = chat.AppRoles{}
			}
			s.Apps[a.ID], v.Apps[string(a.ID)] = chat.Role(role), role
		}
	}
	return s, v, err
}

// term reads how long something lasts, from the terms that the page offers.
func term(f form) (time.Duration, error) {
	for _, t := range pages.AccessTerms {
		if t.Value == f.text("lasts") {
			if t.Value == "" {
				return 0, nil
			}
			return time.ParseDuration(t.Value)
		}
	}
	return 0, chat.InvalidField("lasts", "must be one of those offered")
}

// invite handles POST /team/invite. Its answer is the only place where the link is shown.
func (h *Handler) invite(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	standing, v, err := h.standing(c, f)
	if err != nil {
		return err
	}
	lasts, err := term(f)
	me, proofErr := h.confirmed(c, f)
	if err == nil {
		err = proofErr
	}
	var made chat.Invitation
	var token chat.Secret
	if err == nil {
		made, token, err = h.Store.Invite(c.Request().Context(), me, chat.Invitation{Email: f.text("email"), Name: strings.TrimSpace(f.text("name")), Role: standing.Role, Apps: standing.Apps, Lasts: lasts})
	}
	if refused(err) {
		again := pages.InviteView{Email: f.text("email"), Name: f.text("name"), Lasts: f.text("lasts"), Standing: v, Errors: fieldErrors(err)}
		again.Proof = chat.ReasonOf(err) == chat.ReauthRequired || again.Errors["password"] != ""
		if len(again.Errors) == 0 {
			again.Error = err.Error()
		}
		return h.invitePage(c, http.StatusUnprocessableEntity, again)
	}
	if err != nil {
		return err
	}
	return h.invitedPage(c, made, token)
}

func (h *Handler) invitedPage(c echo.Context, i chat.Invitation, token chat.Secret) error {
	frame, err := h.page(c, "Invitation", layouts.NavTeam)
	if err != nil {
		return err
	}
	link := chat.Secret(h.serverURL(c) + paths.Invitation(token.Reveal()))
	return h.render(c, http.StatusOK, pages.Invited(pages.InvitedView{Frame: frame, Invitation: i, Link: link}))
}

// renewInvitation handles POST /team/invitations/:invitation/renew.
func (h *Handler) renewInvitation(c echo.Context) error {
	id, err := web.Text(c, "invitation")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Team(), func(me chat.Actor) error {
		i, token, err := h.Store.RenewInvitation(c.Request().Context(), me, id)
		if err != nil {
			return err
		}
		return h.invitedPage(c, i, token)
	})
}

// revokeInvitation handles POST /team/invitations/:invitation/revoke.
func (h *Handler) revokeInvitation(c echo.Context) error {
	id, err := web.Text(c, "invitation")
	if err != nil {
		return err
	}
	err = h.Store.RevokeInvitation(c.Request().Context(), actor(c), id)
	return h.teamChanged(c, "Invitation taken back. Its link does not work any more.", chat.Event{}, err)
}

// showInvitation handles GET /invitation. Looking at it uses nothing up, since mail scanners look too.
func (h *Handler) showInvitation(c echo.Context) error {
	return h.invitationPage(c, http.StatusOK, c.QueryParam("token"), pages.InvitationView{})
}

func (h *Handler) invitationPage(c echo.Context, status int, token string, v pages.InvitationView) (err error) {
	if v.Invitation, err = h.Store.Invitation(c.Request().Context(), chat.Secret(token)); err != nil {
		return err
	}
	if v.Name == "" && v.Errors == nil {
		v.Name = v.Invitation.Name
	}
	_, _, why := h.Sessions.PasskeyPlace(c)
	v.Theme, v.Token, v.Passkey, v.SSO = theme(c), token, why == "", h.ssoName()
	return h.render(c, status, pages.Invitation(v))
}

// acceptInvitation handles POST /invitation: it makes the admin and signs them in.
func (h *Handler) acceptInvitation(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, token := c.Request().Context(), f.text("token")
	if _, err := h.Store.Invitation(ctx, chat.Secret(token)); err != nil {
		return err
	}
	with, method := chat.Acceptance{Name: strings.TrimSpace(f.text("name"))}, chat.ByPassword
	if answer := f.text("passkey"); answer != "" {
		method = chat.ByPasskey
		var key chat.Passkey
		if key, err = h.Sessions.MadePasskey(c, answer, "First passkey", token); err == nil {
			with.ID, with.Passkey = key.Admin, &key
		}
	} else {
		with.PasswordHash, err = auth.HashPassword(ctx, "password", f.text("password"))
	}
	var admin chat.Admin
	var codes []chat.Secret
	if err == nil {
		from := chat.Actor{IP: c.RealIP(), RequestID: web.RequestID(c)}
		admin, codes, err = h.Store.AcceptInvitation(ctx, from, chat.Secret(token), with)
	}
	if refused(err) {
		v := pages.InvitationView{Name: f.text("name"), Errors: fieldErrors(err)}
		if v.Errors["name"] == "" && v.Errors["password"] == "" {
			v.Error = err.Error()
		}
		return h.invitationPage(c, http.StatusUnprocessableEntity, token, v)
	}
	if err != nil {
		return err
	}
	if err := h.Sessions.Start(c, admin, method); err != nil {
		return err
	}
	if len(codes) > 0 {
		c.Set(whoKey, auth.Current{Admin: admin, Everywhere: admin})
		return h.recoveryPage(c, codes, paths.Home())
	}
	return h.seeOther(c, paths.Home())
}

// invitationOptions handles POST /invitation/options: what a browser needs to make the first passkey of who accepts.
func (h *Handler) invitationOptions(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	i, err := h.Store.Invitation(c.Request().Context(), chat.Secret(f.text("token")))
	if err != nil {
		return err
	}
	name := strings.TrimSpace(f.text("name"))
	if name == "" {
		name = i.Email
	}
	options, err := h.Sessions.NewPasskey(c, chat.Admin{ID: h.Store.NewAdminID(), Email: i.Email, Name: name}, f.text("token"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, options)
}
