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
	v.Me, v.CanOwn = who(c).ID, who(c).Role.Includes(chat.Owner)
	events, err := h.Store.Events(c.Request().Context(), db.EventQuery{Window: db.Window{Limit: 30}})
	if err != nil {
		return err
	}
	v.Days = pages.Days(events.Items, v.Frame.Now, "", "")
	return h.render(c, status, pages.Team(v))
}

// firstPassword is one that a person can read out.
func firstPassword() chat.Secret {
	text := strings.ToLower(rand.Text())
	return chat.Secret(text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20])
}

// addAdmin handles POST /team. Its answer is the only place where the first password is shown.
func (h *Handler) addAdmin(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	change, err := chat.AdminChange{Email: f.text("email"), Name: strings.TrimSpace(f.text("name")), Role: chat.Role(f.text("role"))}.Check()
	password := firstPassword()
	var admin chat.Admin
	if err == nil {
		admin, err = h.createAdmin(c, change, password)
	}
	if refused(err) {
		v := pages.TeamView{Email: f.text("email"), Name: f.text("name"), Role: chat.Role(f.text("role")), Errors: fieldErrors(err)}
		if len(v.Errors) == 0 {
			v.Error = err.Error()
		}
		return h.teamPage(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return h.newAdminPage(c, admin, password, false)
}

func (h *Handler) createAdmin(c echo.Context, change chat.AdminChange, password chat.Secret) (chat.Admin, error) {
	hash, err := auth.HashPassword(c.Request().Context(), "password", password.Reveal())
	if err != nil {
		return chat.Admin{}, err
	}
	return h.Store.CreateAdmin(c.Request().Context(), actor(c), change, hash)
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
	event, err := h.Store.ChangeRole(c.Request().Context(), actor(c), id, chat.Role(f.text("role")))
	text := "Role changed. Their sessions have ended."
	if event.Seq == 0 {
		text = "Nothing to change: that is their role."
	}
	return h.teamChanged(c, text, err)
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
	_, err = h.Store.RemoveAdmin(c.Request().Context(), actor(c), id)
	return h.teamChanged(c, "Removed from the team.", err)
}

// teamChanged goes back to the team and says what happened; a refusal such as that of the last owner is said there too.
func (h *Handler) teamChanged(c echo.Context, text string, err error) error {
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		return h.teamPage(c, http.StatusConflict, pages.TeamView{Error: "Nothing was changed. " + e.Error()})
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, text, layouts.Flash{}); err != nil {
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
	password := firstPassword()
	hash, err := auth.HashPassword(c.Request().Context(), "password", password.Reveal())
	if err != nil {
		return err
	}
	if err := h.Store.ChangePassword(c.Request().Context(), actor(c), id, hash, nil); err != nil {
		return err
	}
	admin, err := h.Store.Admin(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.newAdminPage(c, admin, password, true)
}
