// Package sdk is the door for browsers. What they can ask for is one table of commands; each is one call of the store,
// which asks the rules.
package sdk

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
)

// Handler serves the commands over HTTP, and runs those that come over the socket. It counts both.
type Handler struct {
	store *db.Store
	use   use
}

// Register adds the door's routes. The calls are counted while the handler runs.
func Register(e *echo.Echo, store *db.Store, log *slog.Logger) *Handler {
	h := &Handler{store: store, use: use{store: store, log: log}}
	const path = "/v1/:app/browser/:command"
	e.POST(path, h.command)
	e.OPTIONS(path, func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	registerScript(e)
	h.registerFrame(e)
	return h
}

// FromAnywhere lets pages of every origin read what the door answers, refusals before its own among them. Nothing is
// granted by a cookie here, so nothing is given away.
func FromAnywhere() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if parts := strings.Split(c.Request().URL.Path, "/"); len(parts) == 5 && parts[1] == "v1" && parts[3] == "browser" {
				header := c.Response().Header()
				header.Set(echo.HeaderAccessControlAllowOrigin, "*")
				header.Set(echo.HeaderAccessControlAllowMethods, http.MethodPost)
				header.Set(echo.HeaderAccessControlAllowHeaders, "Authorization, Content-Type")
				header.Set(echo.HeaderAccessControlMaxAge, "600")
				header.Set("Cross-Origin-Resource-Policy", "cross-origin")
			}
			return next(c)
		}
	}
}

// envelope is the body of a command: for whom it is, and what it needs. AsGuest says that the conversation is open as a
// guest.
type envelope struct {
	User      string          `json:"user"`
	Signature string          `json:"signature"` // of older integrations
	AsGuest   bool            `json:"asGuest"`
	Args      json.RawMessage `json:"args"`
}

// command handles POST /v1/:app/browser/:command, with the token, if there is one, as Authorization: Bearer.
func (h *Handler) command(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return auth.ErrNoApp()
	}
	name, err := web.Text(c, "command")
	if err != nil {
		return err
	}
	var body envelope
	if err := web.ReadJSON(c, &body); err != nil {
		return err
	}
	scheme, token, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	if scheme != "" && !strings.EqualFold(scheme, "Bearer") {
		return auth.ErrBearer()
	}
	claim := auth.Claim{App: app, User: body.User, Token: strings.TrimSpace(token), Signature: body.Signature, RequestID: web.RequestID(c), IP: c.RealIP()}
	claim.Origin, claim.Own = web.Origin(c)
	answer, err := h.ask(c.Request().Context(), claim, name, body)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"result": answer})
}

func (h *Handler) ask(ctx context.Context, claim auth.Claim, name string, body envelope) (any, error) {
	proof, err := auth.Browser(ctx, h.store, claim)
	if err != nil {
		h.CountRefusal(claim.App, name, claim.Origin, claim.RequestID, err)
		return nil, err
	}
	actor := proof.Actor
	actor.AsGuest = body.AsGuest
	return h.Counted(actor, name, body.Args, func(actor chat.Actor) (any, error) { return h.Run(ctx, actor, name, body.Args) })
}

// Run runs a command, without counting it.
func (h *Handler) Run(ctx context.Context, actor chat.Actor, name string, args json.RawMessage) (any, error) {
	return run(ctx, h.store, actor, name, args)
}
