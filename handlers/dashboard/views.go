package dashboard

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// listViews are the saved views of the list on the page, for its menu.
func (h *Handler) listViews(c echo.Context, app chat.AppID, list string) (pages.ListViews, error) {
	all, err := h.Store.Views(c.Request().Context(), actor(c), app, list)
	query, _ := chat.ViewQuery(list, c.QueryString()) // what can't be read is no view's
	return pages.ListViews{App: string(app), List: list, Query: query, All: all, Me: who(c).ID}, err
}

// showViews handles GET /apps/:app/views.
func (h *Handler) showViews(c echo.Context) error { return h.viewsPage(c, http.StatusOK, "", nil) }

func (h *Handler) viewsPage(c echo.Context, status int, id string, problem error) error {
	frame, err := h.page(c, "Saved views", layouts.NavNone)
	if err != nil {
		return err
	}
	v := pages.ViewsView{Frame: frame, App: frame.App.ID, Actor: actor(c), Failed: id}
	if problem != nil {
		v.Error = problem.Error()
		for _, clash := range clashes(problem) {
			v.Error = "Not saved. Somebody else changed the name to " + clash.Theirs + " while you wrote " + clash.Mine + ". Look at both and save again."
		}
	}
	if v.All, err = h.Store.Views(c.Request().Context(), v.Actor, chat.AppID(frame.App.ID), ""); err != nil {
		return err
	}
	return h.render(c, status, pages.Views(v))
}

// showNewView handles GET /apps/:app/views/new.
func (h *Handler) showNewView(c echo.Context) error {
	return h.newViewPage(c, http.StatusOK, chat.SavedView{List: c.QueryParam("list"), Query: c.QueryParam("query")}, nil)
}

func (h *Handler) newViewPage(c echo.Context, status int, view chat.SavedView, problem error) error {
	frame, err := h.page(c, "Save this view", layouts.NavNone)
	if err != nil {
		return err
	}
	query, ok := chat.ViewQuery(view.List, view.Query)
	if _, known := chat.ViewLists[view.List]; !known || !ok {
		return web.FromEcho(echo.ErrNotFound)
	}
	view.App, view.Query = chat.AppID(frame.App.ID), query
	v := pages.NewViewView{Frame: frame, View: view, CanShare: chat.Allow(actor(c), chat.OpViewShare, chat.Facts{App: view.App, Now: frame.Now}) == nil, Errors: fieldErrors(problem)}
	return h.render(c, status, pages.NewView(v))
}

// saveView handles POST /apps/:app/views/new.
func (h *Handler) saveView(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	view := chat.SavedView{App: app, List: f.text("list"), Query: f.text("query"), Name: f.text("name"), Shared: f.text("for") == "team"}
	saved, event, err := h.Store.SaveView(c.Request().Context(), actor(c), view)
	if refused(err) {
		return h.newViewPage(c, http.StatusUnprocessableEntity, view, err)
	}
	if err != nil {
		return err
	}
	back := pages.ViewAddress(saved)
	if err := h.flashEvent(c, "View saved.", event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// editView handles POST /apps/:app/views/:view: its name, and whom it is for.
func (h *Handler) editView(c echo.Context) error {
	app, id, f, err := viewForm(c)
	if err != nil {
		return err
	}
	name, shared := chat.Opt[string]{}, chat.Opt[bool]{}
	if now := f.text("name"); now != f.text("was.name") {
		name = chat.Some(now)
	}
	if now := f.text("for"); now != f.text("was.for") {
		shared = chat.Some(now == "team")
	}
	event, err := h.Store.EditView(c.Request().Context(), actor(c), app, id, name, shared, chat.SavedView{Name: f.text("was.name")})
	if refused(err) {
		return h.viewsPage(c, http.StatusUnprocessableEntity, id, err)
	}
	return h.viewChanged(c, app, "Saved.", event, err)
}

// deleteView handles POST /apps/:app/views/:view/delete.
func (h *Handler) deleteView(c echo.Context) error {
	app, id, _, err := viewForm(c)
	if err != nil {
		return err
	}
	event, err := h.Store.DeleteView(c.Request().Context(), actor(c), app, id)
	return h.viewChanged(c, app, "View deleted.", event, err)
}

func viewForm(c echo.Context) (app chat.AppID, id string, f form, err error) {
	if app, err = web.AppID(c, "app"); err != nil {
		return app, id, f, err
	}
	if id, err = web.Text(c, "view"); err != nil {
		return app, id, f, err
	}
	f, err = readForm(c)
	return app, id, f, err
}

func (h *Handler) viewChanged(c echo.Context, app chat.AppID, text string, event chat.Event, err error) error {
	if err != nil {
		return err
	}
	back := paths.Views(string(app))
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}
