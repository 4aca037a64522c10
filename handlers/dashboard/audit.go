package dashboard

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/pages"
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
	if err == nil {
		_, err = h.Store.Undo(c.Request().Context(), me, app, seq)
	}
	if errors := passwordErrors(err); errors["password"] != "" {
		return h.undoPage(c, app, seq, f, errors["password"])
	}
	return h.undone(c, app, f, "Undone.", err)
}

// undoPage asks for the password of an undo that takes protection away.
func (h *Handler) undoPage(c echo.Context, app chat.AppID, seq int64, f form, problem string) error {
	frame, err := h.page(c, "Undo", layouts.NavAudit)
	if err != nil {
		return err
	}
	if f.text("password") == "" {
		problem = "" // it was not asked for yet
	}
	return h.render(c, http.StatusUnprocessableEntity, pages.Undo(pages.UndoView{Frame: frame, App: string(app), Seq: seq,
		Back: localPath(f.text("back"), paths.Audit(string(app))), Error: problem}))
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
	if err == nil && result.Job.ID != "" {
		return h.seeOther(c, paths.Job(string(app), string(result.Job.ID)))
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

// showAudit handles GET /apps/:app/audit.
func (h *Handler) showAudit(c echo.Context) error {
	frame, err := h.page(c, "Audit log", layouts.NavAudit)
	if err != nil {
		return err
	}
	live, err := h.liveStatus(c, chat.AppID(frame.App.ID), "")
	if err != nil {
		return err
	}
	filter := auditFilter(c)
	query := auditQuery(chat.AppID(frame.App.ID), filter, zone(c))
	query.Window = window(c)
	query.Entries = filter.What == "" && filter.User == "" && filter.Batch == "" && filter.Request == ""
	events, err := h.Store.Events(c.Request().Context(), query)
	if err != nil {
		return err
	}
	if len(events.Items) == 0 {
		for _, text := range []string{filter.Request, filter.Conversation, filter.User} {
			if done, err := h.toRequest(c, query.App, text); done || err != nil {
				return err
			}
		}
	}
	v := pages.AuditView{Frame: frame, App: frame.App.ID, Filter: filter, Live: live, Days: pages.Days(c.Request().Context(), events.Items, frame.Now, who(c).Role, c.Request().URL.RequestURI())}
	if v.Views, err = h.listViews(c, query.App, "audit"); err != nil {
		return err
	}
	v.Newer, v.Older = pageLinks(paths.Audit(frame.App.ID), filter.Query(), events.Prev, events.Next)
	return h.render(c, http.StatusOK, pages.Audit(v))
}

func auditFilter(c echo.Context) pages.AuditFilter {
	get := func(name string) string { return strings.TrimSpace(c.QueryParam(name)) }
	return pages.AuditFilter{Who: get("who"), Actor: get("actor"), What: get("what"), Conversation: get("conversation"), User: get("user"),
		From: get("from"), To: get("to"), Batch: get("batch"), Request: get("request"), Entry: get("entry")}
}

// auditQuery is the filter as the store asks it. What can't be read filters nothing. Days are those of the
// reader; to is the last day that counts.
func auditQuery(app chat.AppID, f pages.AuditFilter, zone *time.Location) db.EventQuery {
	q := db.EventQuery{App: app, ActorKind: chat.ActorKind(f.Who), ActorID: f.Actor, Conversation: chat.ConversationID(f.Conversation), User: chat.UserID(f.User), Batch: f.Batch, RequestID: f.Request}
	q.Seq, _ = strconv.ParseInt(f.Entry, 10, 64)
	for _, g := range pages.Groups {
		if g.Value == f.What {
			q.Types = g.Types
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.From, zone); err == nil {
		q.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.To, zone); err == nil {
		q.To = day.AddDate(0, 0, 1)
	}
	return q
}
