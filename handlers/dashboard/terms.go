package dashboard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// maxDays is how many days back a history may be cut.
const maxDays = 3650

// endOf reads a moment that lies ahead, as a browser writes it, in the zone of now; the zero time for none.
func endOf(text, field string, now time.Time) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		at, err := time.ParseInLocation(layout, text, now.Location())
		switch {
		case err != nil:
			continue
		case !at.After(now):
			return time.Time{}, chat.InvalidField(field, "must lie ahead")
		case at.Year() > 9999:
			return time.Time{}, chat.InvalidField(field, "is too far ahead")
		}
		return at.UTC(), nil
	}
	return time.Time{}, chat.InvalidField(field, "is no date with a time: write it like 2026-03-10T14:05")
}

// termsForm is the end and the cut that were typed.
func termsForm(f form) pages.TermsForm {
	return pages.TermsForm{Until: f.text("until"), History: f.text("history"), Days: f.text("days")}
}

// termsChange reads an end and a cut. A cut that is to stay as it is isn't named.
func termsChange(f form, now time.Time) (change chat.ParticipantChange, err error) {
	until, err := endOf(f.text("until"), "accessUntil", now)
	if err != nil {
		return change, err
	}
	change.Until = chat.Some(chat.MomentOf(until))
	switch f.text("history") {
	case "", "all":
		change.HistoryFrom = chat.Some(chat.Moment(0))
	case "now":
		change.HistoryFrom = chat.Some(chat.MomentOf(now))
	case "days":
		n, err := strconv.Atoi(strings.TrimSpace(f.text("days")))
		if err != nil || n < 1 || n > maxDays {
			return change, chat.InvalidField("days", fmt.Sprintf("must be a number from 1 to %d", maxDays))
		}
		change.HistoryFrom = chat.Some(chat.MomentOf(now.AddDate(0, 0, -n)))
	case "keep":
	default:
		return change, chat.InvalidField("historyFrom", "must be all, now, days or keep")
	}
	return change, nil
}

// showTerms handles GET /apps/:app/conversations/:conv/participants/:user/terms.
func (h *Handler) showTerms(c echo.Context) error {
	return h.termsPage(c, http.StatusOK, pages.TermsView{Back: c.QueryParam("back")}, nil)
}

func (h *Handler) termsPage(c echo.Context, status int, v pages.TermsView, typed *pages.TermsForm) (err error) {
	if v.ConversationHead, err = h.conversationHead(c, "participants", "End of access"); err != nil {
		return err
	}
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	if v.Participant, err = h.Store.Participant(c.Request().Context(), ref); err != nil {
		return err
	}
	v.Form = pages.TermsFormOf(v.Participant, v.Frame.Now)
	if typed != nil {
		v.Form.Until, v.Form.History, v.Form.Days = typed.Until, typed.History, typed.Days
	}
	v.Back = localPath(v.Back, paths.Participants(string(ref.App), string(ref.Conversation)))
	return h.render(c, status, pages.Terms(v))
}

// saveTerms handles POST /apps/:app/conversations/:conv/participants/:user/terms.
func (h *Handler) saveTerms(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	var was chat.ParticipantChange
	if json.Unmarshal([]byte(f.text("was")), &was) != nil {
		return chat.InvalidField("was", "can't be read: reload the page and try again")
	}
	was.Access, was.Notify = chat.Opt[chat.Access]{}, chat.Opt[chat.Notify]{}
	was = chat.ParticipantChange{Until: chat.Some(was.Until.Or(0, 0)), HistoryFrom: chat.Some(was.HistoryFrom.Or(0, 0))}
	now := h.now(c)
	change, err := termsChange(f, now)
	var event chat.Event
	if err == nil {
		event, err = h.Store.ChangeParticipant(c.Request().Context(), actor(c), ref, change, was)
	}
	if refused(err) {
		typed := termsForm(f)
		return h.termsPage(c, http.StatusUnprocessableEntity, pages.TermsView{Back: f.text("back"), Error: err.Error(), Errors: fieldErrors(err)}, &typed)
	}
	if err != nil {
		return err
	}
	back := list(ref, f)
	text := "Saved."
	if event.Seq == 0 {
		text = "Nothing to save: nothing differs."
	}
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, pages.RowAnchor(back, ref.User))
}

// mostGuestEndings is how many conversations are listed whose guest access ends.
const mostGuestEndings = 50

// showEndings handles GET /apps/:app/endings.
func (h *Handler) showEndings(c echo.Context) error { return h.endingsPage(c, http.StatusOK, "") }

func (h *Handler) endingsPage(c echo.Context, status int, refusal string) error {
	frame, err := h.page(c, "Endings", layouts.NavEndings)
	if err != nil {
		return err
	}
	get := func(name string) string { return strings.TrimSpace(c.QueryParam(name)) }
	ctx, app := c.Request().Context(), chat.AppID(frame.App.ID)
	v := pages.EndingsView{Frame: frame, App: frame.App.ID, CanModerate: moderates(c), CanManage: manages(c), Error: refusal,
		Filter: pages.EndingsFilter{Within: get("within"), Conversation: get("conversation"), User: get("user")}}
	query := db.EndingQuery{App: app, Conversation: chat.ConversationID(v.Filter.Conversation), User: chat.UserID(v.Filter.User), Window: window(c)}
	if n, err := strconv.Atoi(v.Filter.Within); err == nil && n > 0 && n <= maxDays {
		query.Before = frame.Now.AddDate(0, 0, n)
	}
	endings, err := h.Store.Endings(ctx, query)
	if err != nil {
		return err
	}
	for _, e := range endings.Items {
		v.Rows = append(v.Rows, pages.EndingRow{Participant: e.Participant, Subject: e.Subject})
	}
	if len(v.Filter.Query()) == 0 {
		if v.Guests, err = h.Store.GuestEndings(ctx, app, mostGuestEndings); err != nil {
			return err
		}
	}
	v.Newer, v.Older = pageLinks(paths.Endings(frame.App.ID), v.Filter.Query(), endings.Prev, endings.Next)
	return h.render(c, status, pages.Endings(v))
}

// extendEndings handles POST /apps/:app/endings: the ends of all that are selected move as one change.
func (h *Handler) extendEndings(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	back := localPath(f.text("back"), paths.Endings(string(app)))
	var refs []chat.ParticipantRef
	for _, text := range f.all("ids") {
		ref, ok := pages.ReadEndingValue(text)
		if !ok {
			return chat.InvalidField("ids", "names somebody that can't be read")
		}
		refs = append(refs, ref)
	}
	if len(refs) == 0 {
		if err := h.flash(c, "Nobody was selected. Nothing was changed.", layouts.Flash{}); err != nil {
			return err
		}
		return h.seeOther(c, back)
	}
	to, err := newEnd(f, h.now(c))
	var result db.PlacesResult
	if err == nil {
		result, err = h.Store.ExtendAccess(c.Request().Context(), actor(c), app, refs, to)
	}
	if refused(err) {
		return h.endingsPage(c, http.StatusUnprocessableEntity, err.Error())
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%d extended.", len(result.Changed))
	if to.None {
		text = fmt.Sprintf("%d have no end any more.", len(result.Changed))
	}
	if n := len(result.Unchanged); n > 0 {
		text += fmt.Sprintf(" %d were left as they are.", n)
	}
	if err := h.flashBatch(c, text, app, result.Batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// newEnd is how the form moves ends.
func newEnd(f form, now time.Time) (db.NewEnd, error) {
	switch how := f.text("extend"); how {
	case "none":
		return db.NewEnd{None: true}, nil
	case "to":
		to, err := endOf(f.text("to"), "to", now)
		if err == nil && to.IsZero() {
			err = chat.InvalidField("to", "is missing: say to when")
		}
		return db.NewEnd{To: to}, err
	default:
		n, err := strconv.Atoi(how)
		if err != nil || n < 1 || n > maxDays {
			return db.NewEnd{}, chat.InvalidField("extend", "must be a number of days, a moment or no end")
		}
		return db.NewEnd{By: time.Duration(n) * 24 * time.Hour}, nil
	}
}

// setGuestsUntil handles POST /apps/:app/conversations/:conv/guests/until: to a moment, some days on, or never.
func (h *Handler) setGuestsUntil(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	id, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	conv, err := h.Store.Conversation(c.Request().Context(), app, id)
	if err != nil {
		return err
	}
	now := h.now(c)
	until, err := endOf(f.text("until"), "until", now)
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(f.text("by")); err == nil && n > 0 && n <= maxDays {
		if until = conv.GuestsUntil; until.Before(now) {
			until = now
		}
		until = until.AddDate(0, 0, n)
	}
	change, was := chat.ConversationChange{GuestsUntil: chat.Some(chat.MomentOf(until))}, chat.ConversationChange{}
	if n, err := strconv.ParseInt(f.text("was.until"), 10, 64); err == nil {
		was.GuestsUntil = chat.Some(chat.Moment(n))
	}
	event, err := h.Store.EditConversation(c.Request().Context(), actor(c), app, id, change, was)
	if len(clashes(err)) > 0 {
		now := "it has no end"
		if !conv.GuestsUntil.IsZero() {
			now = "it ends on " + words.Moment(c.Request().Context(), conv.GuestsUntil, h.Store.Now())
		}
		if err := h.flash(c, "Not saved. Somebody else changed the end of guest access while you were looking: "+now+" now. Look at it and choose again.", layouts.Flash{}); err != nil {
			return err
		}
		return h.seeOther(c, localPath(f.text("back"), paths.Guests(string(app), string(id))))
	}
	if err != nil {
		return err
	}
	text := "Saved. Guest access here doesn’t end by itself."
	if !until.IsZero() {
		text = "Saved. Guests are let in until " + words.Moment(c.Request().Context(), until, now) + "."
	}
	back := localPath(f.text("back"), paths.Guests(string(app), string(id)))
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}
