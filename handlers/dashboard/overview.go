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
	now := frame.Now
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if err := h.overTime(c, &v); err != nil {
		return err
	}
	if v.Doors, err = h.Store.Doors(ctx, id, midnight); err != nil {
		return err
	}
	if v.Today, err = h.Store.EventsSince(ctx, id, midnight); err != nil {
		return err
	}
	events, err := h.Store.Events(ctx, db.EventQuery{App: id, Entries: true, Window: db.Window{Limit: 8}})
	if err != nil {
		return err
	}
	v.Days = pages.Days(ctx, events.Items, frame.Now, who(c).Role, paths.Overview(string(id)))
	return h.render(c, http.StatusOK, pages.Overview(v))
}

// overTime adds the charts and what needs attention.
func (h *Handler) overTime(c echo.Context, v *pages.OverviewView) error {
	ctx, app, now := c.Request().Context(), v.App.ID, v.Frame.Now
	r := pages.ParseRange(c.QueryParam("range"))
	hours, err := h.Store.Hours(ctx, app, r.Start(now).Add(-r.Length()))
	if err != nil {
		return err
	}
	v.Charts = pages.NewCharts(ctx, v.App, r, hours, now)
	if v.Active, err = h.Store.ActiveConversations(ctx, app, now.Add(-24*time.Hour)); err != nil {
		return err
	}
	findings, err := h.findings(c, app)
	if err != nil {
		return err
	}
	trials, err := h.Store.SettingsTrials(ctx, app)
	if err != nil {
		return err
	}
	ended, err := h.Store.EndedPlans(ctx, app, 5)
	if err != nil {
		return err
	}
	jobs, err := h.Store.Jobs(ctx, db.JobQuery{App: app, Window: db.Window{Limit: 10}})
	if err != nil {
		return err
	}
	v.Attention = pages.NeedsAttention(ctx, string(app), findings, trials, ended, jobs.Items, v.Charts, now)
	return nil
}
