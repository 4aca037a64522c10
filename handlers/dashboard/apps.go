package dashboard

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showApps handles GET /apps.
func (h *Handler) showApps(c echo.Context) error {
	frame, err := h.page(c, "Apps", layouts.NavApps)
	if err != nil {
		return err
	}
	apps, err := h.apps(c)
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.Apps(pages.AppsView{Frame: frame, Apps: apps, CanManage: manages(c)}))
}

// showNewApp handles GET /apps/new.
func (h *Handler) showNewApp(c echo.Context) error {
	return h.newAppPage(c, http.StatusOK, pages.NewAppView{})
}

func (h *Handler) newAppPage(c echo.Context, status int, v pages.NewAppView) (err error) {
	if v.Frame, err = h.page(c, "New app", layouts.NavApps); err != nil {
		return err
	}
	return h.render(c, status, pages.NewApp(v))
}

// createApp handles POST /apps/new.
func (h *Handler) createApp(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	change := chat.AppChange{ID: chat.AppID(strings.TrimSpace(f.text("id"))), Name: strings.TrimSpace(f.text("name")), Live: f.text("kind") == "live"}
	if change.ID == "" {
		change.ID = idFrom(change.Name)
	}
	app, err := h.Store.CreateApp(c.Request().Context(), actor(c), change)
	if refused(err) {
		return h.newAppPage(c, http.StatusUnprocessableEntity, pages.NewAppView{ID: string(change.ID), Name: f.text("name"), Live: change.Live, Errors: fieldErrors(err)})
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "App created.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Overview(string(app.ID)))
}

// idFrom makes an app's id from its name: small letters and digits, with one _ between words.
func idFrom(name string) chat.AppID {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return chat.AppID(strings.Trim(b.String(), "_"))
}
