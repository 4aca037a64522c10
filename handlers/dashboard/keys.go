package dashboard

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showKeys handles GET /apps/:app/settings/keys.
func (h *Handler) showKeys(c echo.Context) error {
	return h.keysPage(c, http.StatusOK, "", nil)
}

func (h *Handler) keysPage(c echo.Context, status int, name string, problem error) error {
	head, err := h.settingsHead(c, "keys", "API keys")
	if err != nil {
		return err
	}
	v := pages.KeysView{SettingsHead: head, Server: h.serverURL(c), Name: name, Password: h.asksPassword(c)}
	if problem != nil {
		v.Errors = passwordErrors(problem)
		if len(v.Errors) == 0 {
			v.Error = problem.Error()
		}
		v.Password = v.Password || v.Errors["password"] != ""
	}
	if v.Keys, err = h.Store.Keys(c.Request().Context(), head.App.ID); err != nil {
		return err
	}
	return h.render(c, status, pages.Keys(v))
}

// createKey handles POST /apps/:app/settings/keys/new. Its answer is the only place where the secret is ever shown.
func (h *Handler) createKey(c echo.Context) error {
	app, _, err := appParam(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(f.text("name"))
	me, err := h.confirmed(c, f)
	var key chat.Key
	var secret chat.Secret
	if err == nil {
		key, secret, err = h.Store.CreateKey(c.Request().Context(), me, app, name, "")
	}
	if refused(err) {
		return h.keysPage(c, http.StatusUnprocessableEntity, name, err)
	}
	if err != nil {
		return err
	}
	head, err := h.settingsHead(c, "keys", "New key")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.NewKey(pages.NewKeyView{SettingsHead: head, Key: key, Secret: secret, Server: h.serverURL(c)}))
}

// activateKey handles POST /apps/:app/settings/keys/:key/activate.
func (h *Handler) activateKey(c echo.Context) error {
	return h.switchKey(c, h.Store.ActivateKey, "Key activated.")
}

// deactivateKey handles POST /apps/:app/settings/keys/:key/deactivate.
func (h *Handler) deactivateKey(c echo.Context) error {
	return h.switchKey(c, h.Store.DeactivateKey, "Key deactivated. Whatever uses it is refused from now on.")
}

func (h *Handler) switchKey(c echo.Context, act keyAction, text string) error {
	app, key, err := keyParams(c)
	if err != nil {
		return err
	}
	event, err := act(c.Request().Context(), actor(c), app, key)
	if err != nil {
		return err
	}
	if err := h.flashEvent(c, text, event, paths.SettingsKeys(string(app))); err != nil {
		return err
	}
	return h.seeOther(c, paths.SettingsKeys(string(app)))
}

func keyParams(c echo.Context) (chat.AppID, string, error) {
	app, _, err := appParam(c)
	if err != nil {
		return "", "", err
	}
	key, err := web.Text(c, "key")
	return app, key, err
}

// showDeleteKey handles GET /apps/:app/settings/keys/:key/delete.
func (h *Handler) showDeleteKey(c echo.Context) error {
	return h.deleteKeyPage(c, http.StatusOK, nil)
}

func (h *Handler) deleteKeyPage(c echo.Context, status int, errors map[string]string) error {
	head, err := h.settingsHead(c, "keys", "Delete key")
	if err != nil {
		return err
	}
	_, id, err := keyParams(c)
	if err != nil {
		return err
	}
	key, err := h.Store.Key(c.Request().Context(), head.App.ID, id)
	if err != nil {
		return err
	}
	return h.render(c, status, pages.DeleteKey(pages.DeleteKeyView{SettingsHead: head, Key: key, Password: h.asksPassword(c) || errors["password"] != "", Errors: errors}))
}

// deleteKey handles POST /apps/:app/settings/keys/:key/delete.
func (h *Handler) deleteKey(c echo.Context) error {
	app, key, err := keyParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	me, err := h.confirmed(c, f)
	if err == nil {
		_, err = h.Store.DeleteKey(c.Request().Context(), me, app, key)
	}
	if errors := passwordErrors(err); errors["password"] != "" {
		return h.deleteKeyPage(c, http.StatusUnprocessableEntity, errors)
	}
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		return h.keysPage(c, http.StatusUnprocessableEntity, "", err)
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "Key deleted.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.SettingsKeys(string(app)))
}

type keyAction func(context.Context, chat.Actor, chat.AppID, string) (chat.Event, error)
