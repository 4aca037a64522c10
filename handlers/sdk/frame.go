package sdk

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

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
const framePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors "

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
	app, err := web.Text(c, "app")
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", framePolicy+"*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Del("Cross-Origin-Opener-Policy")
	header.Del("X-Frame-Options")
	return c.HTML(http.StatusOK, fmt.Sprintf(frameShell, static.URL("img/mark.svg"), static.URL("sdk/dist/chatbox.css"), url.PathEscape(app), static.URL("sdk/dist/chatbox.js")))
}

// showTheme handles GET /chatbox/:app/theme.css.
func (h *Handler) showTheme(c echo.Context) error {
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(":root{}\n"))
}
