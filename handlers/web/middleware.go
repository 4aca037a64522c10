package web

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/static"
)

// RequestIDs gives every request an id of its own, in the answer's X-Request-Id.
func RequestIDs() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Response().Header().Set(echo.HeaderXRequestID, NewRequestID())
			return next(c)
		}
	}
}

// NewRequestID makes an id for a request, or for a call over a socket.
func NewRequestID() string { return "req_" + strings.ToLower(rand.Text()[:16]) }

// RequestID is the id of the request.
func RequestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// Recover turns a panic of a handler into an internal error that holds the stack, so that whoever logs errors logs it.
func Recover() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				if r := recover(); r != nil {
					if r == http.ErrAbortHandler {
						panic(r)
					}
					err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
				}
			}()
			return next(c)
		}
	}
}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ContentPolicy is the policy of a page that may do what every page may, and what is named: "frame-src 'self'".
func ContentPolicy(also ...string) string { return contentPolicy + "; " + strings.Join(also, "; ") }

// SecurityHeaders sets what every answer carries: nothing from elsewhere runs, nothing frames us, nothing is kept but
// assets. https says that browsers reach us over https.
func SecurityHeaders(https bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Content-Security-Policy", ContentPolicy("connect-src 'self'"))
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
			if https {
				h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
			}
			if !strings.HasPrefix(c.Request().URL.Path, static.Prefix) {
				h.Set("Cache-Control", "no-store")
			}
			return next(c)
		}
	}
}

// Hosts refuses requests that name a host which isn't ours, so that no other name can be pointed at this server: the
// public URL's host, localhost, and plain addresses are. Health checks are answered whatever they call us.
func Hosts(publicURL string) echo.MiddlewareFunc {
	public := ""
	if u, err := url.Parse(publicURL); err == nil {
		public = u.Hostname()
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			host := c.Request().Host
			if h, _, err := net.SplitHostPort(host); err == nil {
				host = h
			}
			_, err := netip.ParseAddr(strings.Trim(host, "[]"))
			path := c.Request().URL.Path
			if err == nil || host == "localhost" || strings.EqualFold(host, public) || path == "/healthz" || path == "/readyz" {
				return next(c)
			}
			if path == "/v1" || strings.HasPrefix(path, "/v1/") {
				return echo.NewHTTPError(http.StatusMisdirectedRequest)
			}
			return c.String(http.StatusMisdirectedRequest, "This server doesn't answer to this name. Start it with --public-url set to the address that browsers use.\n")
		}
	}
}

// MaxBody is how many bytes a request may send.
const MaxBody = 1 << 20

// MaxListBody is how many bytes a form with a list of people may send: the list and what is around it.
const MaxListBody = MaxTable + MaxBody

// BodyLimit bounds every body, announced or not. The forms that take lists, by their path, may send more; those at the paths
// of files are bounded by who takes them.
func BodyLimit(takesList func(path string) bool, files ...string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if slices.Contains(files, r.URL.Path) {
				return next(c)
			}
			most := int64(MaxBody)
			if takesList(r.URL.Path) {
				most = MaxListBody
			}
			if r.ContentLength > most {
				return BodyTooLarge(most)
			}
			if r.Header.Get("Content-Encoding") != "" {
				return &chat.Error{Code: chat.Unsupported, Reason: chat.WrongContentType, Message: "Compressed bodies are not taken.", Hint: "Send it as it is, without Content-Encoding."}
			}
			r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
			return next(c)
		}
	}
}
