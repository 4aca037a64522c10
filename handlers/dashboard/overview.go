package dashboard

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showOverview handles GET /apps/:app.
func (h *Handler) showOverview(c echo.Context) error {
	frame, err := h.page(c, "Overview", layouts.NavOverview)
	if err != nil {
		return err
	}
	id, ctx := chat.AppID(frame.App.ID), c.Request().Context()
	v := pages.OverviewView{Frame: frame, Server: h.serverURL(c), CanManage: manages(c), CanOwn: who(c).Role.Includes(chat.Owner)}
	if v.Live, err = h.liveStatus(c, id, ""); err != nil {
		return err
	}
	if plan, err := h.Store.BackupPlan(ctx); err != nil {
		return err
	} else if v.CanOwn {
		v.BackupProblem = plan.Problem
	}
	if v.App, err = h.Store.App(ctx, id); err != nil {
		return err
	}
	if v.Guests, err = h.guestsNow(c, id); err != nil {
		return err
	}
	settings, err := h.Store.Settings(ctx, id)
	if err != nil {
		return err
	}
	v.Security = settings.Security()
	for _, key := range []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync} {
		v.Decided = v.Decided || settings[key].Version > 0
	}
	used, err := h.Store.Usage(ctx, id, frame.Now.AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	v.Chatted = len(used) > 0
	keys, err := h.Store.Keys(ctx, id)
	if err != nil {
		return err
	}
	v.HasKey = len(keys) > 0
	now := frame.Now.UTC()
	if v.Today, err = h.Store.EventsSince(ctx, id, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)); err != nil {
		return err
	}
	events, err := h.Store.Events(ctx, db.EventQuery{App: id, Entries: true, Window: db.Window{Limit: 8}})
	if err != nil {
		return err
	}
	v.Days = pages.Days(events.Items, frame.Now, who(c).Role, paths.Overview(string(id)))
	return h.render(c, http.StatusOK, pages.Overview(v))
}
