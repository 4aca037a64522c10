package dashboard

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// Cookies of what an admin chose to read in. Like the theme they belong to the browser: they hold before anybody is signed
// in. Script says which zone the browser is in, so that times are right without a choice.
const (
	languageCookie    = "language"
	zoneCookie        = "zone"
	browserZoneCookie = "browser-zone"
)

func cookieValue(c echo.Context, name string) string {
	cookie, err := c.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// speak makes the request's pages be said in the language that was chosen, or else the first that the browser accepts and
// the pages know.
func speak(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		inLanguage(c, words.Pick(cookieValue(c, languageCookie), c.Request().Header.Get("Accept-Language")))
		c.Response().Header().Add(echo.HeaderVary, "Accept-Language")
		return next(c)
	}
}

func inLanguage(c echo.Context, code string) {
	c.SetRequest(c.Request().WithContext(words.In(c.Request().Context(), code)))
}

// zone is the time zone that times are shown and typed in: the chosen one, the browser's, or the server's.
func zone(c echo.Context) *time.Location {
	for _, name := range []string{cookieValue(c, zoneCookie), cookieValue(c, browserZoneCookie)} {
		if at, ok := parseZone(name); ok {
			return at
		}
	}
	return time.Local
}

// parseZone reads a name of the time zone database, such as Europe/Berlin.
func parseZone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil, false
	}
	at, err := time.LoadLocation(name)
	return at, err == nil
}

// now is this moment, in the reader's zone.
func (h *Handler) now(c echo.Context) time.Time { return h.Store.Now().In(zone(c)) }

// setReading handles POST /account/reading: the language and the time zone of this browser. What is empty follows the
// browser.
func (h *Handler) setReading(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	code, name := f.text("language"), f.text("zone")
	if _, ok := parseZone(name); name != "" && !ok {
		return h.accountPage(c, http.StatusUnprocessableEntity, chat.InvalidField("zone", "is not a time zone; write one such as Europe/Berlin"))
	}
	if code != "" && words.Pick(code, "") != code {
		return h.accountPage(c, http.StatusUnprocessableEntity, chat.InvalidField("language", "is not one that pages are written in"))
	}
	keepChoice(c, languageCookie, code)
	keepChoice(c, zoneCookie, name)
	inLanguage(c, words.Pick(code, c.Request().Header.Get("Accept-Language")))
	if err := h.flash(c, words.T(c.Request().Context(), "Saved for this browser."), layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Account())
}

// keepChoice keeps value in the browser for a year; an empty one is forgotten.
func keepChoice(c echo.Context, name, value string) {
	cookie := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}
