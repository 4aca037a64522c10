// Package rest is the door for backends: /v1/{appId}/…, as the chat API is documented. Success is always 200 with JSON.
package rest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
)

// Handler serves the API.
type Handler struct{ store *db.Store }

// Register adds the API's routes. Whatever else is below /v1 is answered in JSON too, after the credential.
func Register(e *echo.Echo, store *db.Store) {
	h := &Handler{store}
	g := e.Group("/v1/:app", h.backendsOnly, readableQuery, supportedVersions)
	for path, methods := range h.routes() {
		for _, path := range []string{path, path + "/"} { // a slash at the end is tolerated, and never redirected
			for method, handle := range methods {
				g.Add(method, path, handle)
			}
			allowed := slices.Collect(maps.Keys(methods))
			if methods[http.MethodGet] != nil {
				allowed = append(allowed, http.MethodHead)
			}
			slices.Sort(allowed)
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
				if methods[method] == nil {
					g.Add(method, path, func(c echo.Context) error {
						c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
						return echo.ErrMethodNotAllowed
					})
				}
			}
		}
	}
	g.Any("/*", func(echo.Context) error { return echo.ErrNotFound })
	for _, path := range []string{"/v1", "/v1/"} {
		e.Any(path, func(echo.Context) error { return auth.ErrBearer() })
	}
}

// routes are all paths below /v1/{appId}.
func (h *Handler) routes() map[string]map[string]echo.HandlerFunc {
	get, put, patch, del := http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete
	return map[string]map[string]echo.HandlerFunc{
		"":                                  {get: h.showApp},
		"/users":                            {get: h.listUsers, put: h.putUsers},
		"/users/:user":                      {get: h.showUser, put: h.putUser},
		"/users/:user/conversations":        {get: h.listUserConversations},
		"/conversations":                    {get: h.listConversations},
		"/conversations/:conv":              {get: h.showConversation, put: h.putConversation, del: h.deleteConversation},
		"/conversations/:conv/participants": {get: h.listParticipants},
		"/conversations/:conv/participants/:user": {get: h.showParticipant, put: h.join, patch: h.changeParticipant, del: h.leave},
	}
}

const actorKey = "guestlist.backend"

// backendsOnly lets in servers that show a credential of the app in the path.
func (h *Handler) backendsOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		app, err := web.AppID(c, "app")
		if err != nil {
			app = "" // nothing can be told about which ids there are
		}
		actor, err := auth.Backend(c, h.store, app)
		if err != nil {
			return err
		}
		c.Set(actorKey, actor)
		return next(c)
	}
}

// actor is the server that a request comes from; its App is the app of the path.
func actor(c echo.Context) chat.Actor {
	a, _ := c.Get(actorKey).(chat.Actor)
	return a
}

// done answers a change: there is nothing to say.
func done(c echo.Context) error { return c.JSON(http.StatusOK, struct{}{}) }

// The documented versions of the API, oldest first.
const (
	version2021January  = "2021-01-01"
	version2021February = "2021-02-09"
	version2021July     = "2021-07-30"
	version2024         = "2024-01-01"
)

const versionHeader = "TalkJS-REST-Version"

// version is the API version of a request: the header's, else the newest. Versions are dates and compare as text.
func version(c echo.Context) string {
	if v := c.Request().Header.Get(versionHeader); v != "" {
		return v
	}
	return version2024
}

func supportedVersions(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		switch version(c) {
		case version2021January, version2021February, version2021July, version2024:
			return next(c)
		}
		all := strings.Join([]string{version2021January, version2021February, version2021July, version2024}, ", ")
		return &chat.Error{Code: chat.Invalid, Reason: chat.BadVersion, Message: "There is no such API version.", Hint: "Use one of " + all + ", or leave the header out.",
			Fields: map[string][]string{versionHeader: {"must be one of " + all}}}
	}
}

// showApp handles GET /v1/:app.
func (h *Handler) showApp(c echo.Context) error {
	a, err := h.store.App(c.Request().Context(), actor(c).App)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"id": a.ID, "name": a.Name, "defaultLocale": "en-US", "custom": map[string]string{}})
}

// data is how lists are answered; an empty one is [], never null.
func data[T, U any](c echo.Context, items []T, shape func(T) U) error {
	out := make([]U, 0, len(items))
	for _, item := range items {
		out = append(out, shape(item))
	}
	return c.JSON(http.StatusOK, map[string]any{"data": out})
}
