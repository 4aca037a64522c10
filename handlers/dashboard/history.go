package dashboard

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showConversationHistory handles GET /apps/:app/conversations/:conv/history.
func (h *Handler) showConversationHistory(c echo.Context) error {
	head, err := h.conversationHead(c, "history", "History")
	if err != nil {
		return err
	}
	v := pages.HistoryView{ConversationHead: head, What: c.QueryParam("what"), Door: c.QueryParam("door")}
	query := db.EventQuery{App: head.Conversation.App, Conversation: head.Conversation.ID, Source: chat.Source(v.Door), Window: window(c)}
	for _, kind := range pages.HistoryKinds {
		if kind.Value == v.What {
			query.Types = kind.Types
		}
	}
	events, err := h.Store.Events(c.Request().Context(), query)
	if err != nil {
		return err
	}
	v.Days = pages.Days(c.Request().Context(), events.Items, head.Frame.Now, who(c).Role, c.Request().URL.RequestURI())
	v.Newer, v.Older = pageLinks(paths.ConversationHistory(string(query.App), string(query.Conversation)), map[string][]string{"what": {v.What}, "door": {v.Door}}, events.Prev, events.Next)
	return h.render(c, http.StatusOK, pages.ConversationHistory(v))
}

// momentOf reads a moment as a browser writes it, in the zone of now; the zero time for none.
func momentOf(text string, now time.Time) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		at, err := time.ParseInLocation(layout, text, now.Location())
		switch {
		case err != nil:
			continue
		case at.After(now):
			return time.Time{}, chat.InvalidField("at", "is still to come")
		case at.Year() < 2000:
			return time.Time{}, chat.InvalidField("at", "is long before there was anything to look at")
		}
		return at.UTC(), nil
	}
	return time.Time{}, chat.InvalidField("at", "is no date with a time: write it like 2026-03-10T14:05")
}

// askedMoment is the moment that the address names, and what is wrong with it.
func askedMoment(c echo.Context, name string, now time.Time) (at time.Time, text, problem string) {
	text = c.QueryParam(name)
	at, err := momentOf(text, now)
	if err != nil {
		return time.Time{}, text, capitalized(fieldErrors(err)["at"])
	}
	return at, "", ""
}

func capitalized(why string) string {
	if why == "" {
		return ""
	}
	return "This " + why + "."
}

// showListAt handles GET /apps/:app/conversations/:conv/history/at.
func (h *Handler) showListAt(c echo.Context) error {
	head, err := h.conversationHead(c, "history", "Who was in")
	if err != nil {
		return err
	}
	v := pages.ListAtView{ConversationHead: head, Search: strings.TrimSpace(c.QueryParam("q"))}
	v.Access, _ = chat.ParseAccess(c.QueryParam("access"))
	if v.At, v.AtText, v.Error = askedMoment(c, "at", head.Frame.Now); v.At.IsZero() {
		return h.render(c, statusOf(v.Error), pages.ListAt(v))
	}
	m, err := h.Store.ListAt(c.Request().Context(), db.MomentQuery{App: head.Conversation.App, Conversation: head.Conversation.ID, At: v.At, Access: v.Access, Search: v.Search, Window: window(c)})
	if problem := fieldErrors(err)["at"]; problem != "" {
		v.At, v.AtText, v.Error = time.Time{}, c.QueryParam("at"), err.Error()
		return h.render(c, http.StatusUnprocessableEntity, pages.ListAt(v))
	}
	if err != nil {
		return err
	}
	v.Exists, v.Replayed, v.Then = m.Exists, m.Replayed, head
	v.Then.Security, v.Then.Conversation.Guests, v.Then.Conversation.Counts = m.Security, m.Guests, m.Counts
	v.Rows, v.Prev, v.Next = m.List.Items, m.List.Prev, m.List.Next
	return h.render(c, http.StatusOK, pages.ListAt(v))
}

func statusOf(problem string) int {
	if problem != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// showListDifference handles GET /apps/:app/conversations/:conv/history/difference.
func (h *Handler) showListDifference(c echo.Context) error {
	return h.differencePage(c, "")
}

// differencePage is the difference between the two moments of the address; the form of a restoration names the first.
func (h *Handler) differencePage(c echo.Context, refusal string) error {
	head, err := h.conversationHead(c, "history", "What changed")
	if err != nil {
		return err
	}
	v := pages.DifferenceView{ConversationHead: head, CanRestore: head.CanModerate, RestoreError: refusal}
	if v.At, v.AtText, v.Error = askedMoment(c, "at", head.Frame.Now); refusal != "" {
		v.At, _ = momentOf(c.FormValue("at"), head.Frame.Now)
	}
	var problem string
	if v.To, v.ToText, problem = askedMoment(c, "to", head.Frame.Now); problem != "" {
		v.Error = problem
	}
	if !v.To.IsZero() && v.To.Before(v.At) {
		v.At, v.To = v.To, v.At
	}
	if v.At.IsZero() || v.Error != "" {
		v.At = time.Time{}
		return h.render(c, statusOf(v.Error), pages.ListDifference(v))
	}
	d, err := h.Store.ListDifference(c.Request().Context(), head.Conversation.App, head.Conversation.ID, v.At, v.To, window(c))
	if problem := fieldErrors(err)["at"]; problem != "" {
		v.At, v.AtText, v.Error = time.Time{}, c.QueryParam("at"), err.Error()
		return h.render(c, http.StatusUnprocessableEntity, pages.ListDifference(v))
	}
	if err != nil {
		return err
	}
	v.Counts, v.Moves, v.Prev, v.Next = d.Counts, d.Moves.Items, d.Moves.Prev, d.Moves.Next
	status := http.StatusOK
	if refusal != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.render(c, status, pages.ListDifference(v))
}

// restoreList handles POST /apps/:app/conversations/:conv/history/restore.
func (h *Handler) restoreList(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	head, err := h.conversationHead(c, "history", "Restore")
	if err != nil {
		return err
	}
	at, err := momentOf(f.text("at"), head.Frame.Now)
	if err == nil && at.IsZero() {
		err = chat.InvalidField("at", "is missing")
	}
	if err != nil {
		return err
	}
	r := db.Restoration{At: at, Parts: map[chat.MoveKind]bool{}, Seen: map[chat.MoveKind]int{}}
	for _, kind := range chat.MoveKinds {
		r.Parts[kind] = f.on("part." + string(kind))
		if n, err := strconv.Atoi(f.text("seen." + string(kind))); err == nil && n > 0 {
			r.Seen[kind] = n
		}
	}
	app, conv := head.Conversation.App, head.Conversation.ID
	result, err := h.Store.RestoreList(c.Request().Context(), actor(c), app, conv, r)
	if refused(err) {
		return h.differencePage(c, err.Error())
	}
	if err != nil {
		return err
	}
	if result.Job.ID != "" {
		return h.seeOther(c, paths.Job(string(app), string(result.Job.ID)))
	}
	back := paths.Participants(string(app), string(conv))
	if err := h.flashBatch(c, restoredText(result), app, result.Batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

func restoredText(r db.BulkResult) string {
	if len(r.Changed) == 0 {
		return "Nothing was ticked. Nothing was changed."
	}
	text := fmt.Sprintf("List restored: %d changed.", len(r.Changed))
	if n := len(r.Unchanged); n > 0 {
		text += fmt.Sprintf(" %d stay away: they are no users any more.", n)
	}
	return text
}

// showUserHistory handles GET /apps/:app/users/:user/history.
func (h *Handler) showUserHistory(c echo.Context) error {
	frame, err := h.page(c, "History", layouts.NavUsers)
	if err != nil {
		return err
	}
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	v := pages.UserHistoryView{Frame: frame, App: string(app)}
	if v.User, err = h.Store.User(ctx, app, id); err != nil {
		return err
	}
	if v.At, v.AtText, v.Error = askedMoment(c, "at", frame.Now); !v.At.IsZero() {
		places, n, err := h.Store.PlacesAt(ctx, app, id, v.At, window(c))
		if err != nil {
			return err
		}
		v.Count, v.Prev, v.Next = n, places.Prev, places.Next
		for _, p := range places.Items {
			v.Places = append(v.Places, pages.PlaceAt{Participant: p.Participant, Subject: p.Subject, Gone: p.Gone})
		}
	}
	query := db.EventQuery{App: app, User: id, Types: pages.HistoryKinds[0].Types}
	if v.At.IsZero() {
		query.Window = window(c)
	} else {
		query.Window.Limit = pageSize
	}
	events, err := h.Store.Events(ctx, query)
	if err != nil {
		return err
	}
	v.Days = pages.Days(ctx, events.Items, frame.Now, who(c).Role, c.Request().URL.RequestURI())
	if v.At.IsZero() {
		v.Newer, v.Older = pageLinks(v.Address(), nil, events.Prev, events.Next)
	}
	v.Frame.Title = "History of " + v.Name()
	return h.render(c, statusOf(v.Error), pages.UserHistory(v))
}
