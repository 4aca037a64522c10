package dashboard

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showBan handles GET /apps/:app/users/:user/ban.
func (h *Handler) showBan(c echo.Context) error {
	return h.banPage(c, http.StatusOK, pages.BanView{For: string(chat.BanUntilLifted), PutBack: true})
}

func (h *Handler) banPage(c echo.Context, status int, v pages.BanView) (err error) {
	if v.Frame, err = h.page(c, "Ban", layouts.NavUsers); err != nil {
		return err
	}
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	if v.User, err = h.Store.User(c.Request().Context(), app, id); err != nil {
		return err
	}
	settings, err := h.Store.Settings(c.Request().Context(), app)
	if err != nil {
		return err
	}
	v.App, v.Security = string(app), settings.Security()
	return h.render(c, status, pages.BanUser(v))
}

// banUser handles POST /apps/:app/users/:user/ban.
func (h *Handler) banUser(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	ban := chat.NewBan{For: chat.BanFor(f.text("for")), PutBack: f.on("putBack"), Reason: strings.TrimSpace(f.text("reason"))}
	event, err := h.Store.BanUser(c.Request().Context(), actor(c), app, id, ban)
	if refused(err) {
		return h.banPage(c, http.StatusUnprocessableEntity, pages.BanView{For: f.text("for"), PutBack: f.on("putBack"), Reason: f.text("reason"), Error: err.Error(), Errors: fieldErrors(err)})
	}
	if err != nil {
		return err
	}
	back := paths.User(string(app), string(id))
	if err := h.flashEvent(c, event.Subject+" is banned from all conversations.", event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// showLiftBan handles GET /apps/:app/users/:user/lift.
func (h *Handler) showLiftBan(c echo.Context) error {
	frame, err := h.page(c, "Lift the ban", layouts.NavUsers)
	if err != nil {
		return err
	}
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	if _, err := h.Store.User(c.Request().Context(), app, id); err != nil {
		return err
	}
	ban, stands, err := h.Store.Ban(c.Request().Context(), app, id)
	if err != nil {
		return err
	}
	if !stands {
		return h.seeOther(c, paths.User(string(app), string(id)))
	}
	return h.render(c, http.StatusOK, pages.LiftBan(pages.LiftView{Frame: frame, App: string(app), Ban: ban}))
}

// liftBan handles POST /apps/:app/users/:user/lift.
func (h *Handler) liftBan(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	event, err := h.Store.LiftBan(c.Request().Context(), actor(c), app, id, f.on("putBack"))
	if err != nil {
		return err
	}
	text := "The ban is lifted."
	if event.Seq == 0 {
		text = "The ban did not stand any more. Nothing was changed."
	}
	back := paths.User(string(app), string(id))
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// bannedUsers is GET /apps/:app/users, narrowed to those who are banned.
func (h *Handler) bannedUsers(c echo.Context, v pages.UsersView) error {
	bans, err := h.Store.Bans(c.Request().Context(), chat.AppID(v.App), window(c))
	if err != nil {
		return err
	}
	v.Prev, v.Next = bans.Prev, bans.Next
	return h.render(c, http.StatusOK, pages.Banned(pages.BannedView{UsersView: v, Bans: bans.Items}))
}
