package dashboard

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showTrash handles GET /apps/:app/trash.
func (h *Handler) showTrash(c echo.Context) error {
	frame, err := h.page(c, "Trash", layouts.NavTrash)
	if err != nil {
		return err
	}
	v := pages.TrashView{Frame: frame, App: frame.App.ID, CanManage: manages(c)}
	if kind := chat.TrashKind(c.QueryParam("kind")); kind == chat.TrashedConversation || kind == chat.TrashedUser {
		v.Kind = kind
	}
	list, err := h.Store.Trash(c.Request().Context(), db.TrashQuery{App: chat.AppID(v.App), Kind: v.Kind, Window: window(c)})
	if err != nil {
		return err
	}
	v.Rows, v.Prev, v.Next = list.Items, list.Prev, list.Next
	return h.render(c, http.StatusOK, pages.Trash(v))
}

func trashParams(c echo.Context) (app chat.AppID, n int64, err error) {
	if app, err = web.AppID(c, "app"); err != nil {
		return app, 0, err
	}
	if n, err = strconv.ParseInt(c.Param("n"), 10, 64); err != nil {
		return app, 0, chat.ErrNotInTrash()
	}
	return app, n, nil
}

// restoreTrashed handles POST /apps/:app/trash/:n/restore.
func (h *Handler) restoreTrashed(c echo.Context) error {
	app, n, err := trashParams(c)
	if err != nil {
		return err
	}
	thing, err := h.Store.Trashed(c.Request().Context(), app, n)
	if err != nil {
		return err
	}
	event, err := h.Store.Restore(c.Request().Context(), actor(c), app, n)
	text := "Restored: " + thing.Title() + "."
	switch {
	case chat.ReasonOf(err) == chat.IDTaken:
		text = err.Error()
	case err != nil:
		return err
	case event.Seq == 0:
		text = "Coming back: " + thing.Title() + ". It is there again in a moment."
	}
	if err := h.flash(c, text, layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Trash(string(app)))
}

// showPurge handles GET /apps/:app/trash/:n/purge.
func (h *Handler) showPurge(c echo.Context) error {
	return h.purgePage(c, http.StatusOK, pages.PurgeView{})
}

func (h *Handler) purgePage(c echo.Context, status int, v pages.PurgeView) (err error) {
	if v.Frame, err = h.page(c, "Purge", layouts.NavTrash); err != nil {
		return err
	}
	app, n, err := trashParams(c)
	if err != nil {
		return err
	}
	if v.Thing, err = h.Store.Trashed(c.Request().Context(), app, n); err != nil {
		return err
	}
	v.App, v.Password = string(app), h.asksPassword(c) || v.Errors["password"] != ""
	return h.render(c, status, pages.Purge(v))
}

// purge handles POST /apps/:app/trash/:n/purge. The id must be typed, and the password given lately.
func (h *Handler) purge(c echo.Context) error {
	app, n, err := trashParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	thing, err := h.Store.Trashed(c.Request().Context(), app, n)
	if err != nil {
		return err
	}
	errors, err := h.confirmedAs(c, f, thing.ID, func(me chat.Actor) error { return h.Store.Purge(c.Request().Context(), me, app, n) })
	if len(errors) > 0 {
		return h.purgePage(c, http.StatusUnprocessableEntity, pages.PurgeView{Typed: f.text("confirm"), Errors: errors})
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "Purged: "+thing.Title()+".", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Trash(string(app)))
}

// confirmedAs does what can't be undone once the id was typed and the password given. What is wrong with either comes
// back by field.
func (h *Handler) confirmedAs(c echo.Context, f form, id string, do func(me chat.Actor) error) (errors map[string]string, err error) {
	if strings.TrimSpace(f.text("confirm")) != id {
		return map[string]string{"confirm": "That is not the ID yet. Nothing was changed."}, nil
	}
	me, err := h.confirmed(c, f)
	if err == nil {
		err = do(me)
	}
	if errors := passwordErrors(err); errors["password"] != "" {
		return errors, nil
	}
	return nil, err
}

// showDeleteUser handles GET /apps/:app/users/:user/delete.
func (h *Handler) showDeleteUser(c echo.Context) error {
	v, err := h.endUser(c, "Delete user", pages.EndUserView{})
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.DeleteUser(v))
}

// endUser loads what the pages show that end a user.
func (h *Handler) endUser(c echo.Context, title string, v pages.EndUserView) (_ pages.EndUserView, err error) {
	if v.Frame, err = h.page(c, title, layouts.NavUsers); err != nil {
		return v, err
	}
	app, id, err := userParams(c)
	if err != nil {
		return v, err
	}
	if v.User, err = h.Store.User(c.Request().Context(), app, id); err != nil {
		return v, err
	}
	traces, err := h.Store.TracesOf(c.Request().Context(), app, id)
	v.App, v.Conversations, v.Messages, v.Results = string(app), traces.Conversations, traces.Messages, traces.Results
	v.Password = h.asksPassword(c) || v.Errors["password"] != ""
	return v, err
}

// deleteUser handles POST /apps/:app/users/:user/delete.
func (h *Handler) deleteUser(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	event, err := h.Store.DeleteUser(c.Request().Context(), actor(c), app, id)
	if err != nil {
		return err
	}
	return h.deleted(c, "User deleted. They stay in the trash for 30 days.", event, paths.User(string(app), string(id)), paths.Users(string(app)))
}

// deleted says what became of a deletion, and offers to take it back; Undo comes back to where the thing is then.
func (h *Handler) deleted(c echo.Context, text string, e chat.Event, there, on string) error {
	undo := layouts.Flash{Undo: paths.Undo(string(e.App), e.Seq), Keep: []components.Hidden{{Name: "back", Value: there}}}
	if err := h.flash(c, text, undo); err != nil {
		return err
	}
	return h.seeOther(c, on)
}

// showEraseUser handles GET /apps/:app/users/:user/erase.
func (h *Handler) showEraseUser(c echo.Context) error {
	v, err := h.endUser(c, "Erase person", pages.EndUserView{})
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.EraseUser(v))
}

// eraseUser handles POST /apps/:app/users/:user/erase. The id must be typed, and the password given lately.
func (h *Handler) eraseUser(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	errors, err := h.confirmedAs(c, f, string(id), func(me chat.Actor) error { return h.Store.EraseUser(c.Request().Context(), me, app, id) })
	if len(errors) > 0 {
		v, err := h.endUser(c, "Erase person", pages.EndUserView{Typed: f.text("confirm"), Errors: errors})
		if err != nil {
			return err
		}
		return h.render(c, http.StatusUnprocessableEntity, pages.EraseUser(v))
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, "Erased. What is large is gone from the audit log in a moment.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Users(string(app)))
}
