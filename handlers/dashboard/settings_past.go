package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// saveNote is what a form of settings says beside the settings.
func saveNote(f form) chat.SaveNote {
	note := chat.SaveNote{Reason: f.text("reason")}
	if f.on("trial") {
		note.Trial = chat.DefaultTrial
	}
	return note
}

// noteForm shows it again after a refusal; nothing was sent yet when f is nil.
func noteForm(f *form, problem error) pages.NoteForm {
	if f == nil {
		return pages.NoteForm{}
	}
	all, note := fieldErrors(problem), map[string]string{}
	for _, name := range []string{"reason", "trial"} {
		if all[name] != "" {
			note[name] = all[name]
		}
	}
	return pages.NoteForm{Reason: f.text("reason"), Trial: f.on("trial"), Errors: note}
}

func savedText(f form, text string) string {
	if f.on("trial") {
		return "Saved for 30 minutes. Confirm it at the top of any page, or it goes back."
	}
	return text
}

// trials adds to a page what waits to be confirmed in its app.
func (h *Handler) trials(c echo.Context, p *layouts.Page) error {
	app := chat.AppID(p.App.ID)
	trials, err := h.Store.SettingsTrials(c.Request().Context(), app)
	if err != nil {
		return err
	}
	for _, t := range trials {
		trial := pages.Trial(c.Request().Context(), t, p.Now)
		if who(c).Role.Includes(chat.Manage) {
			trial.Keep, trial.Revert = paths.KeepSettings(p.App.ID, t.Save.Seq), paths.Undo(p.App.ID, t.Save.Seq)
		}
		p.Trials = append(p.Trials, trial)
	}
	return nil
}

// showSettingsHistory handles GET /apps/:app/settings/history.
func (h *Handler) showSettingsHistory(c echo.Context) error {
	head, err := h.settingsHead(c, "history", "Settings history")
	if err != nil {
		return err
	}
	ctx, app := c.Request().Context(), head.App.ID
	v := pages.SettingsHistoryView{SettingsHead: head, Back: c.Request().URL.RequestURI()}
	saved, err := h.Store.Settings(ctx, app)
	if err != nil {
		return err
	}
	if v.Trials, err = h.Store.SettingsTrials(ctx, app); err != nil {
		return err
	}
	plans, err := h.Store.SettingsPlans(ctx, app)
	if err != nil {
		return err
	}
	use, err := h.realUse(c, app, saved)
	if err != nil {
		return err
	}
	for _, p := range plans {
		v.Plans = append(v.Plans, pages.PlanView{Plan: p, Saved: saved, Use: use, Now: head.Frame.Now, CanManage: manages(c)})
	}
	if v.Ended, err = h.Store.EndedPlans(ctx, app, 20); err != nil {
		return err
	}
	events, err := h.Store.Events(ctx, db.EventQuery{App: app, Types: []chat.EventType{chat.SettingsUpdated}, Window: window(c)})
	if err != nil {
		return err
	}
	for _, e := range events.Items {
		v.Changes = append(v.Changes, pages.NewSettingsChange(e, saved, v.Trials, head.Frame.Now, head.Role))
	}
	v.Newer, v.Older = pageLinks(paths.SettingsHistory(string(app)), nil, events.Prev, events.Next)
	return h.render(c, http.StatusOK, pages.SettingsHistory(v))
}

// keepSettings handles POST /apps/:app/settings/history/:seq/keep.
func (h *Handler) keepSettings(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(c.Param("seq"), 10, 64)
	if err != nil {
		return web.FromEcho(echo.ErrNotFound)
	}
	text := "Confirmed. It stays."
	if _, err = h.Store.KeepSettings(c.Request().Context(), actor(c), app, seq); err != nil {
		if e := chat.AsError(err); e == nil || e.Code != chat.Conflict {
			return err
		}
		text = err.Error()
	}
	if err := h.flash(c, text, layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, localPath(f.text("back"), paths.SettingsHistory(string(app))))
}

// toSchedule tells a form whose changes are to be made later.
func toSchedule(f form) bool { return f.text("do") == "schedule" }

// scheduleLater goes on to the form that asks when changes are to be made.
func (h *Handler) scheduleLater(c echo.Context, app chat.AppID, changes []chat.SettingChange, back string) error {
	if len(changes) == 0 {
		if err := h.flash(c, "Nothing to schedule: nothing differs from what is saved.", layouts.Flash{}); err != nil {
			return err
		}
		return h.seeOther(c, back)
	}
	q := url.Values{}
	for _, change := range changes {
		q.Set(string(change.Key), change.Value)
		if change.Value == "" {
			q.Set("empty", string(change.Key)) // addresses leave empty values out
		}
	}
	return h.seeOther(c, paths.ScheduleSettings(string(app), q))
}

// tomorrow is what the form of a new plan proposes: the next full hour, a day on.
func tomorrow(now time.Time) time.Time { return now.Add(24 * time.Hour).Truncate(time.Hour) }
