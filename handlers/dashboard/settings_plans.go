package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/pages"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// showScheduleSettings handles GET /apps/:app/settings/schedule/new. The query has what is to be changed.
func (h *Handler) showScheduleSettings(c echo.Context) error {
	v, err := h.planForm(c, chat.SettingsPlan{})
	if err != nil {
		return err
	}
	q := c.QueryParams()
	for _, key := range chat.SettingKeys {
		value, given := q.Get(string(key)), q.Has(string(key)) || slices.Contains(q["empty"], string(key))
		if given && value != v.Saved[key].Value {
			v.Plan.Changes = append(v.Plan.Changes, chat.SettingChange{Key: key, Value: value, Version: v.Saved[key].Version})
		}
	}
	v.setTime(tomorrow(v.Now))
	return h.render(c, http.StatusOK, pages.PlanForm(v.PlanFormView))
}

// showEditPlan handles GET /apps/:app/settings/schedule/:plan.
func (h *Handler) showEditPlan(c echo.Context) error {
	p, err := h.plan(c)
	if err != nil {
		return err
	}
	v, err := h.planForm(c, p)
	if err != nil {
		return err
	}
	for i, change := range v.Plan.Changes {
		v.Plan.Changes[i].Version = v.Saved[change.Key].Version // what is shown is what is edited
	}
	v.Note = pages.NoteForm{Reason: p.Note.Reason, Trial: p.Note.Trial > 0}
	v.setTime(p.At)
	return h.render(c, http.StatusOK, pages.PlanForm(v.PlanFormView))
}

// plan is the plan in the request's path, while it waits.
func (h *Handler) plan(c echo.Context) (p chat.SettingsPlan, err error) {
	app, err := web.AppID(c, "app")
	if err != nil {
		return p, err
	}
	n, err := strconv.ParseInt(c.Param("plan"), 10, 64)
	if err != nil {
		return p, web.FromEcho(echo.ErrNotFound)
	}
	p, err = h.Store.SettingsPlan(c.Request().Context(), app, n)
	if err == nil && p.State != chat.PlanWaiting {
		err = chat.ErrPlanNotFound()
	}
	return p, err
}

type planForm struct{ pages.PlanFormView }

func (v *planForm) setTime(at time.Time) {
	at = at.In(v.Now.Location())
	v.Date, v.Time = at.Format(time.DateOnly), at.Format("15:04")
}

func (h *Handler) planForm(c echo.Context, p chat.SettingsPlan) (v planForm, err error) {
	if v.SettingsHead, err = h.settingsHead(c, "history", "Schedule a change"); err != nil {
		return v, err
	}
	if v.Saved, err = h.Store.Settings(c.Request().Context(), v.App.ID); err != nil {
		return v, err
	}
	v.Plan, v.Now, v.CanManage, v.Password = p, v.Frame.Now, true, h.asksPassword(c)
	v.Plan.App = v.App.ID
	v.Use, err = h.realUse(c, v.App.ID, v.Saved)
	return v, err
}

// scheduleSettings handles POST /apps/:app/settings/schedule/new.
func (h *Handler) scheduleSettings(c echo.Context) error {
	return h.savePlan(c, chat.SettingsPlan{})
}

// editPlan handles POST /apps/:app/settings/schedule/:plan.
func (h *Handler) editPlan(c echo.Context) error {
	p, err := h.plan(c)
	if err != nil {
		return err
	}
	return h.savePlan(c, p)
}

func (h *Handler) savePlan(c echo.Context, p chat.SettingsPlan) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	v, err := h.planForm(c, p)
	if err != nil {
		return err
	}
	v.Date, v.Time, v.Note = f.text("date"), f.text("time"), noteForm(&f, nil)
	v.Plan.Note, v.Plan.Changes = saveNote(f), plannedChanges(f)
	v.Plan.Version, _ = strconv.ParseInt(f.text("version"), 10, 64) // a wrong one is a stale one
	at, badTime := time.ParseInLocation("2006-01-02 15:04", v.Date+" "+v.Time, v.Now.Location())
	v.Plan.At = at.UTC()
	if f.text("do") == "look" {
		return h.render(c, http.StatusOK, pages.PlanForm(v.PlanFormView))
	}
	me, err := h.confirmed(c, f)
	var event chat.Event
	switch {
	case err != nil:
	case badTime != nil:
		err = chat.InvalidField("at", "must be a date and a time")
	case p.N == 0:
		event, err = h.Store.ScheduleSettings(c.Request().Context(), me, v.Plan)
	default:
		event, err = h.Store.RescheduleSettings(c.Request().Context(), me, v.Plan)
	}
	if refused(err) {
		v.Error, v.Errors, v.Note = err.Error(), fieldErrors(err), noteForm(&f, err)
		if e := chat.AsError(err); e.Code == chat.Conflict && p.N != 0 {
			v.Error += " It is scheduled for " + words.Moment(c.Request().Context(), p.At, v.Now) + " now."
		}
		v.Password = v.Password || v.Errors["password"] != "" || chat.ReasonOf(err) == chat.ReauthRequired
		return h.render(c, http.StatusUnprocessableEntity, pages.PlanForm(v.PlanFormView))
	}
	if err != nil {
		return err
	}
	back := paths.SettingsHistory(string(v.App.ID))
	if err := h.flashEvent(c, "Scheduled for "+words.Moment(c.Request().Context(), v.Plan.At, v.Now)+".", event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// plannedChanges are the settings that the form has fields for.
func plannedChanges(f form) (changes []chat.SettingChange) {
	for _, key := range chat.SettingKeys {
		if version := f.text("version." + string(key)); version != "" {
			n, _ := strconv.ParseInt(version, 10, 64) // a wrong one is a stale one
			changes = append(changes, chat.SettingChange{Key: key, Value: strings.TrimSpace(f.text(string(key))), Version: n})
		}
	}
	return changes
}

// cancelPlan handles POST /apps/:app/settings/schedule/:plan/cancel.
func (h *Handler) cancelPlan(c echo.Context) error {
	p, err := h.plan(c)
	if err != nil {
		return err
	}
	event, err := h.Store.CancelPlan(c.Request().Context(), actor(c), p.App, p.N)
	if err != nil {
		return err
	}
	back := paths.SettingsHistory(string(p.App))
	if err := h.flashEvent(c, "Cancelled.", event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}
