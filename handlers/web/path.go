package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

// RawPath makes the router always work on the escaped path, so that parameters arrive escaped, and are decoded exactly
// once, here. By itself the router does so only for some paths: "a@b" and "a%40b" would be two ids.
func RawPath() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			u := c.Request().URL
			u.RawPath = u.EscapedPath()
			return next(c)
		}
	}
}

// Head answers HEAD with the route of GET: net/http leaves the body out.
func Head(e *echo.Echo) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().Method != http.MethodHead {
				return next(c)
			}
			e.Router().Find(http.MethodGet, echo.GetPath(c.Request()), c)
			return c.Handler()(c)
		}
	}
}

// param is a path parameter, decoded once. The router lets its last parameter run over slashes; that is another path.
func param(c echo.Context, name string) (string, error) {
	raw := c.Param(name)
	if raw == "" || strings.Contains(raw, "/") {
		return "", FromEcho(echo.ErrNotFound)
	}
	s, err := url.PathUnescape(raw)
	if err != nil {
		return "", &chat.Error{Code: chat.Invalid, Reason: chat.BadID, Message: "The address is not percent-encoded correctly.", Hint: "Encode each part of it once.",
			Fields: map[string][]string{name: {"is not percent-encoded correctly"}}}
	}
	return s, nil
}

// Text is a path parameter that is no id of the domain.
func Text(c echo.Context, name string) (string, error) { return param(c, name) }

// AppID is the app in the path.
func AppID(c echo.Context, name string) (chat.AppID, error) {
	s, err := param(c, name)
	if err != nil {
		return "", err
	}
	return chat.ParseAppID(s)
}

// UserID is the user in the path.
func UserID(c echo.Context, name string) (chat.UserID, error) {
	s, err := param(c, name)
	if err != nil {
		return "", err
	}
	return chat.ParseUserID(s)
}

// ConversationID is the conversation in the path.
func ConversationID(c echo.Context, name string) (chat.ConversationID, error) {
	s, err := param(c, name)
	if err != nil {
		return "", err
	}
	return chat.ParseConversationID(s)
}

// Origin is the origin of the page that asks, and whether that is one of ours: same host, whatever the scheme, since a
// proxy may speak another one.
func Origin(c echo.Context) (origin string, own bool) {
	origin = c.Request().Header.Get(echo.HeaderOrigin)
	u, err := url.Parse(origin)
	return origin, err == nil && u.Host != "" && strings.EqualFold(u.Host, c.Request().Host)
}
