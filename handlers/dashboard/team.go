package dashboard

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showTeam handles GET /team.
func (h *Handler) showTeam(c echo.Context) error {
	return h.teamPage(c, http.StatusOK, pages.TeamView{})
}

func (h *Handler) teamPage(c echo.Context, status int, v pages.TeamView) (err error) {
	if v.Frame, err = h.page(c, "Team", layouts.NavTeam); err != nil {
		return err
	}
	if v.Admins, err = h.Store.Admins(c.Request().Context()); err != nil {
		return err
	}
	ctx := c.Request().Context()
	v.Me, v.CanOwn = who(c).ID, who(c).Role.Includes(chat.Owner)
	uses, err := h.Store.SessionUses(ctx)
	if err != nil {
		return err
	}
	v.Uses = map[string]pages.SessionUse{}
	for id, use := range uses {
		v.Uses[id] = pages.SessionUse(use)
	}
	if v.Invitations, err = h.Store.Invitations(ctx); err != nil {
		return err
	}
	if v.Rules, err = h.Store.TeamRules(ctx); err != nil {
		return err
	}
	events, err := h.Store.Events(ctx, db.EventQuery{Window: db.Window{Limit: 30}})
	if err != nil {
		return err
	}
	v.Days = pages.Days(ctx, events.Items, v.Frame.Now, who(c).Role, paths.Team())
	return h.render(c, status, pages.Team(v))
}

// firstPassword is one that a person can read out.
func firstPassword() chat.Secret {
	text := strings.ToLower(rand.Text())
	return chat.Secret(text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20])
}

func (h *Handler) newAdminPage(c echo.Context, admin chat.Admin, password chat.Secret, reset bool) error {
	frame, err := h.page(c, "Team", layouts.NavTeam)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.NewAdmin(pages.NewAdminView{Frame: frame, Admin: admin, Password: password, Reset: reset}))
}

// changeRole handles POST /team/:admin.
func (h *Handler) changeRole(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Team(), func(me chat.Actor) error {
		event, err := h.Store.ChangeRole(c.Request().Context(), me, id, chat.Role(f.text("role")), seenRole(f)...)
		text := "Role changed. Their sessions have ended."
		if event.Seq == 0 {
			text = "Nothing to change: that is their role."
		}
		return h.teamChanged(c, text, event, err)
	})
}

// showRemoveAdmin handles GET /team/:admin/remove.
func (h *Handler) showRemoveAdmin(c echo.Context) error { return h.askAbout(c, pages.RemoveAdmin) }

// showResetAdmin handles GET /team/:admin/reset.
func (h *Handler) showResetAdmin(c echo.Context) error { return h.askAbout(c, pages.ResetAdmin) }

// askAbout shows the question before what can't be undone for an admin.
func (h *Handler) askAbout(c echo.Context, page func(pages.AdminView) templ.Component) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	frame, err := h.page(c, "Team", layouts.NavTeam)
	if err != nil {
		return err
	}
	admin, err := h.Store.Admin(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, page(pages.AdminView{Frame: frame, Admin: admin, Self: id == who(c).ID}))
}

// removeAdmin handles POST /team/:admin/remove.
func (h *Handler) removeAdmin(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	event, err := h.Store.RemoveAdmin(c.Request().Context(), actor(c), id)
	return h.teamChanged(c, "Removed from the team.", event, err)
}

// teamChanged goes back to the team and says what happened; a refusal such as that of the last owner is said there too.
func (h *Handler) teamChanged(c echo.Context, text string, event chat.Event, err error) error {
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		return h.teamPage(c, http.StatusConflict, pages.TeamView{Error: "Nothing was changed. " + e.Error()})
	}
	if err != nil {
		return err
	}
	if err := h.flashEvent(c, text, event, paths.Team()); err != nil {
		return err
	}
	return h.seeOther(c, paths.Team())
}

// resetAdmin handles POST /team/:admin/reset: a new password, shown once.
func (h *Handler) resetAdmin(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Team(), func(me chat.Actor) error {
		password := firstPassword()
		hash, err := auth.HashPassword(c.Request().Context(), "password", password.Reveal())
		if err != nil {
			return err
		}
		if err := h.Store.ChangePassword(c.Request().Context(), me, id, hash, nil); err != nil {
			return err
		}
		admin, err := h.Store.Admin(c.Request().Context(), id)
		if err != nil {
			return err
		}
		return h.newAdminPage(c, admin, password, true)
	})
}

// seenRole is the role that the form was made from.
func seenRole(f form) []chat.Role {
	if was := f.text("was.role"); was != "" {
		return []chat.Role{chat.Role(was)}
	}
	return nil
}
