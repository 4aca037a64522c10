package dashboard

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// pageLinks are the addresses of a list's neighbouring pages; "" where there is none.
func pageLinks(address string, query url.Values, prev, next string) (newer, older string) {
	link := func(key, cursor string) string {
		if cursor == "" {
			return ""
		}
		q := url.Values{key: {cursor}}
		for k, v := range query {
			q[k] = v
		}
		return paths.Page(address, q)
	}
	return link("before", prev), link("after", next)
}

// undoOf offers to undo an event from a toast, and to come back to where it was made; empty when it can't be undone.
func undoOf(e chat.Event, back string) layouts.Flash {
	if ok, _ := e.Undoable(); !ok || e.Seq == 0 {
		return layouts.Flash{}
	}
	return layouts.Flash{Undo: paths.Undo(string(e.App), e.Seq), Keep: []components.Hidden{{Name: "back", Value: back}}}
}

// undo handles POST /apps/:app/audit/:seq/undo.
func (h *Handler) undo(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(c.Param("seq"), 10, 64)
	if err != nil {
		return web.FromEcho(echo.ErrNotFound)
	}
	me, err := h.confirmed(c, f)
	if err != nil {
		return err
	}
	_, err = h.Store.Undo(c.Request().Context(), me, app, seq)
	return h.undone(c, app, f, "Undone.", err)
}

// undoBatch handles POST /apps/:app/undo: it takes back one bulk change.
func (h *Handler) undoBatch(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	result, err := h.Store.UndoBatch(c.Request().Context(), actor(c), app, f.text("batch"))
	text := fmt.Sprintf("Undone for %d.", result.Undone)
	if result.Skipped > 0 {
		text += fmt.Sprintf(" %d had changed since and were left as they are.", result.Skipped)
	}
	return h.undone(c, app, f, text, err)
}

// undone goes back to where Undo was pressed and says what became of it.
func (h *Handler) undone(c echo.Context, app chat.AppID, f form, text string, err error) error {
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		text, err = e.Error(), nil
	}
	if err != nil {
		return err
	}
	if err := h.flash(c, text, layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, localPath(f.text("back"), paths.Audit(string(app))))
}
