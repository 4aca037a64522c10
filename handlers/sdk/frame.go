package sdk

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/static"
)

// registerFrame adds the page that the chat's iframes show.
func (h *Handler) registerFrame(e *echo.Echo) {
	e.GET("/chatbox/:app", h.showFrame)
	e.GET("/chatbox/:app/theme.css", h.showTheme)
}

// framePolicy is what the iframe may do: run and look like we made it, show pictures from anywhere, and call nobody. It
// talks to the embedding page over a port alone.
const framePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; connect-src 'none'; form-action 'none'; base-uri 'none'"

const frameShell = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Chat</title>
<link rel="icon" href="%s" type="image/svg+xml">
<link rel="stylesheet" href="%s">
<link rel="stylesheet" href="/chatbox/%s/theme.css">
<script src="%s" defer></script>
</head>
<body>
<div id="chatbox"></div>
<noscript>This chat needs JavaScript.</noscript>
</body>
</html>
`

// showFrame handles GET /chatbox/:app. An app that isn't there gets the same page as any other: the chat in it says what
// the session is told.
func (h *Handler) showFrame(c echo.Context) error {
	app, settings, err := h.frameSettings(c)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", framePolicy+ancestors(settings))
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Del("Cross-Origin-Opener-Policy")
	header.Del("X-Frame-Options")
	return c.HTML(http.StatusOK, fmt.Sprintf(frameShell, static.URL("img/mark.svg"), static.URL("sdk/dist/chatbox.css"), url.PathEscape(app), static.URL("sdk/dist/chatbox.js")))
}

// showTheme handles GET /chatbox/:app/theme.css: each value under its own name, those for dark screens among them. Which of
// them counts is decided by the chat's stylesheet, since a page may ask for light or dark by itself.
func (h *Handler) showTheme(c echo.Context) error {
	_, settings, err := h.frameSettings(c)
	if err != nil {
		return err
	}
	theme := settings.Theme()
	css := theme.CSS()
	for _, name := range []string{"background", "text", "background-dark", "text-dark"} {
		if theme[name] != "" {
			css += ownSurface
			break
		}
	}
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(":root{"+css+"}\n"))
}

// ownSurface derives the greys from an app's own background and text: those we chose stand on ours alone.
const ownSurface = "--hover:color-mix(in srgb,var(--ink) 6%,var(--surface));--sunken:var(--hover);--raised:var(--surface);--ink-2:var(--ink);--ink-3:var(--ink);" +
	"--line:color-mix(in srgb,var(--ink) 16%,var(--surface));--line-strong:color-mix(in srgb,var(--ink) 60%,var(--surface));"

// frameSettings are the settings of the app in the path, and for an app that isn't there those of one nobody changed.
func (h *Handler) frameSettings(c echo.Context) (string, chat.Settings, error) {
	name, err := web.Text(c, "app")
	if err != nil {
		return "", nil, err
	}
	id, err := chat.ParseAppID(name)
	if err != nil {
		return name, chat.DefaultSettings(), nil
	}
	settings, err := h.store.Settings(c.Request().Context(), id)
	if chat.ReasonOf(err) == chat.AppNotFound {
		return name, chat.DefaultSettings(), nil
	}
	return name, settings, err
}

// ancestors says which pages may hold the iframe: those of the app's allowed origins and our own. While the app lists none
// it says nothing, since even * would leave out a page that is opened from a file.
func ancestors(s chat.Settings) string {
	allowed := s.AllowedOrigins()
	if len(allowed) == 0 {
		return ""
	}
	return "; frame-ancestors 'self' " + strings.Join(allowed, " ")
}
