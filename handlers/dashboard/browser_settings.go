package dashboard

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// usageWeek is how far back pages look when they say what browsers did.
const usageWeek = 7 * 24 * time.Hour

// showBrowserSettings handles GET /apps/:app/settings/browser.
func (h *Handler) showBrowserSettings(c echo.Context) error {
	v, err := h.browserSettings(c)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.BrowserSettings(v))
}

// browserSettings loads the page as it is saved.
func (h *Handler) browserSettings(c echo.Context) (v pages.BrowserSettingsView, err error) {
	if v.SettingsHead, err = h.settingsHead(c, "browser", "Browser settings"); err != nil {
		return v, err
	}
	ctx := c.Request().Context()
	if v.Saved, err = h.Store.Settings(ctx, v.App.ID); err != nil {
		return v, err
	}
	seen, err := h.Store.Origins(ctx, v.App.ID, h.Store.Now().Add(-usageWeek))
	if err != nil {
		return v, err
	}
	for _, call := range seen {
		v.Seen = append(v.Seen, pages.Origin{Origin: call.Origin, Last: call.At})
	}
	v.Origins, v.Theme, v.Signatures = v.Saved[chat.SettingAllowedOrigins].Value, v.Saved.Theme(), v.Saved.Security().AcceptSignatures
	return v, nil
}

// saveBrowserSettings handles POST /apps/:app/settings/browser, for one of its forms.
func (h *Handler) saveBrowserSettings(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	v, err := h.browserSettings(c)
	if err != nil {
		return err
	}
	v.Only = f.text("only")
	chosen := f.choose(f.takeSetting)
	key, value := wanted(&v, f)
	change, problem := chat.SettingChange{Key: key, Value: value}.Normal()
	v.Note = noteForm(&f, nil)
	if toSchedule(f) && problem == nil {
		return h.scheduleLater(c, app, settingChange(f, key, change.Value), paths.SettingsBrowser(string(app)))
	}
	if do := f.text("do"); do != "" && do != "schedule" { // only looked at: what is wrong with it is shown, and is no failure
		v.Errors, v.Previews = fieldErrors(problem), do == "preview"
		return h.render(c, http.StatusOK, pages.BrowserSettings(v))
	}
	if problem == nil {
		problem = chosen
	}
	if problem == nil {
		if done, err := h.lookFirst(c, f, v, change); done || err != nil {
			return err
		}
		me, err := h.confirmed(c, f)
		var event chat.Event
		if err == nil {
			event, err = h.Store.SaveSettingsWith(c.Request().Context(), me, app, settingChange(f, key, change.Value), saveNote(f))
		}
		if err == nil {
			return h.browserSettingsSaved(c, app, f, event)
		}
		problem = err
	}
	if !refused(problem) {
		return problem
	}
	v.Error, v.Errors, v.Note, v.Clashes = problem.Error(), fieldErrors(problem), noteForm(&f, problem), clashes(problem)
	v.MadeFrom.Settings = f.seen(v.Saved, problem)
	if v.Only == pages.OnlyTheme && len(v.Clashes) > 0 && !f.undecided() {
		was, _ := chat.ParseTheme(f.text("was." + string(key))) // nothing else was ever stored
		v.Theme = chat.Theme(v.Theme).Over(was, v.Saved.Theme())
	}
	v.Previews = v.Only == pages.OnlyTheme
	v.Password = chat.ReasonOf(problem) == chat.ReauthRequired || v.Errors["password"] != ""
	return h.render(c, http.StatusUnprocessableEntity, pages.BrowserSettings(v))
}

// wanted is the setting that a form of the page is for, with the value that it says. The page shows it so again.
func wanted(v *pages.BrowserSettingsView, f form) (key chat.SettingKey, value string) {
	switch v.Only {
	case pages.OnlyTheme:
		v.Theme = themeForm(f)
		return chat.SettingTheme, chat.Theme(v.Theme).JSON()
	case pages.OnlySignatures:
		value = boxValue(f, chat.SettingSignatures)
		v.Signatures = value == "true"
		return chat.SettingSignatures, value
	}
	v.Origins = f.text(string(chat.SettingAllowedOrigins))
	return chat.SettingAllowedOrigins, v.Origins
}

// lookFirst shows a list of origins without saving it when pages that are in use would be refused, of which the form did
// not tell yet.
func (h *Handler) lookFirst(c echo.Context, f form, v pages.BrowserSettingsView, change chat.SettingChange) (done bool, err error) {
	if change.Key != chat.SettingAllowedOrigins || change.Value == v.Saved[chat.SettingAllowedOrigins].Value {
		return false, nil
	}
	refuses := pages.Refused(v.Seen, chat.Settings{chat.SettingAllowedOrigins: {Value: change.Value}})
	if len(refuses) == 0 || f.text("refuse") == pages.RefusedNames(refuses) {
		return false, nil
	}
	v.Warned = true
	return true, h.render(c, http.StatusUnprocessableEntity, pages.BrowserSettings(v))
}

func (h *Handler) browserSettingsSaved(c echo.Context, app chat.AppID, f form, event chat.Event) error {
	text := map[string]string{pages.OnlyTheme: "Saved. Chats have the new look when they are opened next."}[f.text("only")]
	switch {
	case event.Seq == 0:
		text = "Nothing to save: nothing differs."
	case text == "":
		text = "Saved. It holds at once, for open sessions too."
	}
	if event.Seq != 0 {
		text = savedText(f, text)
	}
	back := paths.SettingsBrowser(string(app))
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// themeForm is the theme as it was typed. What is the default anyway is left out.
func themeForm(f form) map[string]string {
	theme := map[string]string{}
	for _, t := range chat.ThemeVariables {
		value := strings.ToLower(strings.TrimSpace(f.text(pages.ThemeName(t.Name))))
		if value != "" && value != t.Default {
			theme[t.Name] = value
		}
	}
	return theme
}

// chatSample handles GET /apps/:app/settings/browser/sample.css: the theme in the query, for the sample of a chat. What
// is no value of its variable has its default.
func (h *Handler) chatSample(c echo.Context) error {
	theme := chat.Theme{}
	for _, t := range chat.ThemeVariables {
		if value := strings.ToLower(c.QueryParam(t.Name)); value != "" && t.Problem(value) == "" {
			theme[t.Name] = value
		}
	}
	var css strings.Builder
	for selector, suffix := range map[string]string{".chat-sample": "", ".chat-sample.is-dark": "-dark"} {
		css.WriteString(selector + "{")
		for _, name := range []string{"accent", "on-accent", "background", "text"} {
			css.WriteString("--gl-" + name + ":" + theme.Value(name+suffix) + ";")
		}
		css.WriteString("--gl-radius:" + theme.Value("radius") + ";--gl-font-size:" + theme.Value("font-size") + "}\n")
	}
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(css.String()))
}
