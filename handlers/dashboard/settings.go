package dashboard

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// settingsHead loads what every settings page shows.
func (h *Handler) settingsHead(c echo.Context, tab, title string) (v pages.SettingsHead, err error) {
	if v.Frame, err = h.page(c, title, layouts.NavSettings); err != nil {
		return v, err
	}
	h.present(c, &v.Frame)
	v.Tab, v.Role = tab, who(c).Role
	v.App, err = h.Store.App(c.Request().Context(), chat.AppID(v.Frame.App.ID))
	return v, err
}

// asksPassword tells whether what needs a recent password has to ask for it.
func (h *Handler) asksPassword(c echo.Context) bool { return !who(c).Recent(h.Store.Now()) }

// serverURL is where browsers and backends reach this server, for examples.
func (h *Handler) serverURL(c echo.Context) string {
	if h.PublicURL != "" {
		return h.PublicURL
	}
	return c.Scheme() + "://" + c.Request().Host
}

// showSecurity handles GET /apps/:app/settings/security.
func (h *Handler) showSecurity(c echo.Context) error {
	return h.securityPage(c, http.StatusOK, nil, nil, nil)
}

// securityPage shows the switches as they are saved, with what a refused form wanted on top.
func (h *Handler) securityPage(c echo.Context, status int, wanted []chat.SettingChange, f *form, problem error) error {
	head, err := h.settingsHead(c, "security", "Security settings")
	if err != nil {
		return err
	}
	v := pages.SecurityView{SettingsHead: head, Password: h.asksPassword(c), Reauth: chat.ReasonOf(problem) == chat.ReauthRequired}
	if v.Saved, err = h.Store.Settings(c.Request().Context(), head.App.ID); err != nil {
		return err
	}
	use, err := h.realUse(c, head.App.ID, v.Saved)
	if err != nil {
		return err
	}
	v.Usage, v.Guests = use.Usage, use.Guests
	v.Form = chat.Settings{}
	for key, s := range v.Saved {
		v.Form[key] = s
	}
	for _, change := range wanted {
		v.Form[change.Key] = chat.Setting{Key: change.Key, Value: change.Value}
	}
	v.Note = noteForm(f, problem)
	if problem != nil {
		v.Error, v.Errors, v.Clashes = problem.Error(), fieldErrors(problem), clashes(problem)
		v.MadeFrom.Settings = f.seen(v.Saved, problem)
		if v.Errors["password"] != "" {
			v.Password, v.Reauth = true, true
		}
	}
	return h.render(c, status, pages.Security(v))
}

// saveSecurity handles POST /apps/:app/settings/security. Only what differs from what the form was made from is saved.
func (h *Handler) saveSecurity(c echo.Context) error {
	app, _, err := appParam(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	chosen := f.choose(f.takeSetting)
	changes := settingChanges(f)
	if toSchedule(f) {
		return h.scheduleLater(c, app, changes, paths.SettingsSecurity(string(app)))
	}
	me, err := h.confirmed(c, f)
	var event chat.Event
	if err == nil {
		err = chosen
	}
	if err == nil {
		event, err = h.Store.SaveSettingsWith(c.Request().Context(), me, app, changes, saveNote(f))
	}
	if refused(err) {
		return h.securityPage(c, http.StatusUnprocessableEntity, changes, &f, err)
	}
	if err != nil {
		return err
	}
	text := savedText(f, "Saved. It holds at once, for open sessions too.")
	if event.Seq == 0 {
		text = "Nothing to save: nothing differs."
	}
	if err := h.flashEvent(c, text, event, paths.SettingsSecurity(string(app))); err != nil {
		return err
	}
	return h.seeOther(c, paths.SettingsSecurity(string(app)))
}

// settingChanges are the settings whose values differ from what the form was made from.
func settingChanges(f form) []chat.SettingChange {
	var changes []chat.SettingChange
	for _, key := range pages.SecurityKeys {
		value := boxValue(f, key)
		if key == chat.SettingGuests {
			value = f.text(string(key))
		}
		changes = append(changes, settingChange(f, key, value)...)
	}
	return changes
}

// boxValue is what a switch was set to: its box counts before the one that observes.
func boxValue(f form, key chat.SettingKey) string {
	if !f.on(string(key)) && f.on(pages.ObserveName(key)) {
		return chat.Observing
	}
	return strconv.FormatBool(f.on(string(key)))
}

func settingChange(f form, key chat.SettingKey, value string) []chat.SettingChange {
	if value == f.text("was."+string(key)) {
		return nil
	}
	version, _ := strconv.ParseInt(f.text("version."+string(key)), 10, 64) // a wrong one is a stale one
	change := chat.SettingChange{Key: key, Value: value, Version: version}
	if was, ok := f.values["was."+string(key)]; ok {
		change.Was = chat.Some(was[0])
	}
	return []chat.SettingChange{change}
}

// showGeneral handles GET /apps/:app/settings.
func (h *Handler) showGeneral(c echo.Context) error {
	return h.generalPage(c, http.StatusOK, nil, nil)
}

func (h *Handler) generalPage(c echo.Context, status int, f *form, problem error) error {
	head, err := h.settingsHead(c, "general", "Settings")
	if err != nil {
		return err
	}
	v := pages.GeneralView{SettingsHead: head, Server: h.serverURL(c), Name: head.App.Name}
	if v.Settings, err = h.Store.Settings(c.Request().Context(), head.App.ID); err != nil {
		return err
	}
	v.Limit = v.Settings[chat.SettingParticipantLimit].Value
	v.Note = noteForm(f, problem)
	if f != nil {
		v.Name, v.Limit, v.Error, v.Errors = f.text("name"), f.text("participantLimit"), problem.Error(), fieldErrors(problem)
		v.Clashes, v.MadeFrom.Settings, v.MadeFrom.Name = clashes(problem), f.seen(v.Settings, problem), f.text("was.name")
		if len(v.Clashes) > 0 && !f.undecided() { // what wasn't touched is as it is stored
			v.MadeFrom.Name = ""
			if v.Name == f.text("was.name") {
				v.Name = head.App.Name
			}
			if v.Limit == f.text("was.participantLimit") {
				v.Limit = v.Settings[chat.SettingParticipantLimit].Value
			}
		}
	}
	return h.render(c, status, pages.General(v))
}

// saveGeneral handles POST /apps/:app/settings.
func (h *Handler) saveGeneral(c echo.Context) error {
	app, _, err := appParam(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	chosen := f.choose(f.takeSetting)
	rename := chat.AppRename{Seen: f.text("was.name"), Name: strings.TrimSpace(f.text("name"))}
	limit := settingChange(f, chat.SettingParticipantLimit, strings.TrimSpace(f.text("participantLimit")))
	if toSchedule(f) {
		return h.scheduleLater(c, app, limit, paths.Settings(string(app)))
	}
	var events []chat.Event
	if err = chosen; err == nil {
		events, err = h.Store.SaveApp(c.Request().Context(), actor(c), app, rename, limit, saveNote(f))
	}
	if refused(err) {
		return h.generalPage(c, http.StatusUnprocessableEntity, &f, err)
	}
	if err != nil {
		return err
	}
	if err := h.flashEvents(c, f, events, paths.Settings(string(app))); err != nil {
		return err
	}
	return h.seeOther(c, paths.Settings(string(app)))
}

// flashEvents says what was saved. Undo is offered when one thing was; each has its own in the audit log.
func (h *Handler) flashEvents(c echo.Context, f form, events []chat.Event, back string) error {
	switch len(events) {
	case 0:
		return h.flash(c, "Nothing to save: nothing differs.", layouts.Flash{})
	case 1:
		return h.flashEvent(c, savedText(f, "Saved."), events[0], back)
	}
	return h.flash(c, savedText(f, "Saved."), layouts.Flash{})
}

// showDanger handles GET /apps/:app/settings/danger.
func (h *Handler) showDanger(c echo.Context) error {
	return h.dangerPage(c, http.StatusOK, "", nil)
}

func (h *Handler) dangerPage(c echo.Context, status int, typed string, errors map[string]string) error {
	head, err := h.settingsHead(c, "danger", "Danger zone")
	if err != nil {
		return err
	}
	return h.render(c, status, pages.Danger(pages.DangerView{SettingsHead: head, Typed: typed, Password: h.asksPassword(c) || errors["password"] != "", Errors: errors}))
}

// deleteApp handles POST /apps/:app/settings/danger. Its id must be typed and the password given.
func (h *Handler) deleteApp(c echo.Context) error {
	app, _, err := appParam(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	typed := strings.TrimSpace(f.text("confirm"))
	if typed != string(app) {
		return h.dangerPage(c, http.StatusUnprocessableEntity, typed, map[string]string{"confirm": "That is not the app’s ID. Nothing was deleted."})
	}
	me, err := h.confirmed(c, f)
	if err == nil {
		err = h.Store.DeleteApp(c.Request().Context(), me, app)
	}
	if refused(err) {
		return h.dangerPage(c, http.StatusUnprocessableEntity, typed, passwordErrors(err))
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "App deleted.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Apps())
}

// passwordErrors puts the want of a recent password under the password's field.
func passwordErrors(err error) map[string]string {
	if e := chat.AsError(err); e != nil && e.Reason == chat.ReauthRequired {
		return map[string]string{"password": "is needed for this"}
	}
	return fieldErrors(err)
}
