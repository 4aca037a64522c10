package sdk

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/handlers/web"
	"guestlist/static"
)

// IsScript tells the addresses of the script: /talk.js for a script tag, /guestlist.mjs for import, and the type
// declarations and licences below /sdk/.
func IsScript(path string) bool {
	return path == "/talk.js" || path == "/guestlist.mjs" || strings.HasPrefix(path, "/sdk/")
}

func registerScript(e *echo.Echo) {
	for _, path := range []string{"/talk.js", "/guestlist.mjs", "/sdk/*"} {
		e.GET(path, script)
	}
}

// script handles GET /talk.js, /guestlist.mjs and /sdk/*. Pages of every origin may run and read it: it is the same for all.
func script(c echo.Context) error {
	header := c.Response().Header()
	header.Set(echo.HeaderAccessControlAllowOrigin, "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	name := strings.TrimPrefix(strings.TrimPrefix(c.Request().URL.Path, "/"), "sdk/")
	if !static.ServeSDK(c.Response(), c.Request(), name) {
		return web.FromEcho(echo.NewHTTPError(http.StatusNotFound))
	}
	return nil
}
