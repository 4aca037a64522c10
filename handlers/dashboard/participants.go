package dashboard

import (
	"fmt"
	"net/http"
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

// showParticipants handles GET /apps/:app/conversations/:conv.
func (h *Handler) showParticipants(c echo.Context) error {
	head, err := h.conversationHead(c, "participants", "Participants")
	if err != nil {
		return err
	}
	q := participantQuery(c, head.Conversation.App, head.Conversation.ID)
	q.Window = window(c)
	v := pages.ParticipantsView{ConversationHead: head, Search: q.Search, Access: q.Access, Notify: q.Notify}
	list, err := h.Store.Participants(c.Request().Context(), q)
	if err != nil {
		return err
	}
	v.Prev, v.Next = list.Prev, list.Next
	back := c.Request().URL.RequestURI()
	for _, p := range list.Items {
		v.Rows = append(v.Rows, pages.ParticipantRowView{Participant: p, Head: head, Back: back})
	}
	return h.render(c, http.StatusOK, pages.Participants(v))
}

// participantQuery is the list as the address filters it. An unknown filter filters nothing.
func participantQuery(c echo.Context, app chat.AppID, conv chat.ConversationID) db.ParticipantQuery {
	q := db.ParticipantQuery{App: app, Conversation: conv, Search: strings.TrimSpace(c.QueryParam("q"))}
	q.Access, _ = chat.ParseAccess(c.QueryParam("access"))
	q.Notify, _ = chat.ParseNotify(c.QueryParam("notify"))
	return q
}

func participantRef(c echo.Context) (ref chat.ParticipantRef, err error) {
	if ref.App, err = web.AppID(c, "app"); err != nil {
		return ref, err
	}
	if ref.Conversation, err = web.ConversationID(c, "conv"); err != nil {
		return ref, err
	}
	ref.User, err = web.UserID(c, "user")
	return ref, err
}

// list is the address of the conversation's list that a form was on.
func list(ref chat.ParticipantRef, f form) string {
	return localPath(f.text("back"), paths.Participants(string(ref.App), string(ref.Conversation)))
}

// changeParticipant handles POST /apps/:app/conversations/:conv/participants/:user: the press of one segment.
func (h *Handler) changeParticipant(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	change, err := participantChange(f, "")
	if err != nil {
		return err
	}
	was, err := participantChange(f, "was.")
	if err != nil {
		return err
	}
	event, err := h.Store.ChangeParticipant(c.Request().Context(), actor(c), ref, change, was)
	if e := chat.AsError(err); e != nil && (e.Code == chat.Conflict || e.Reason == chat.ParticipantMissing) {
		return h.participantNotSaved(c, ref, f, e)
	}
	if err != nil {
		return err
	}
	if isPart(c) {
		return h.participantRow(c, ref, f, "", undoOf(event, list(ref, f)))
	}
	if err := h.flashEvent(c, "Saved.", event, list(ref, f)); err != nil {
		return err
	}
	return h.seeOther(c, pages.RowAnchor(list(ref, f), ref.User))
}

// participantChange reads access and notify of a form, whose names may have a prefix.
func participantChange(f form, prefix string) (change chat.ParticipantChange, err error) {
	if text := f.text(prefix + "access"); text != "" {
		if change.Access.Value, err = chat.ParseAccess(text); err != nil {
			return change, err
		}
		change.Access.Set = true
	}
	if text := f.text(prefix + "notify"); text != "" {
		if change.Notify.Value, err = chat.ParseNotify(text); err != nil {
			return change, err
		}
		change.Notify.Set = true
	}
	return change, nil
}

// participantNotSaved shows, in the row, what holds now and why the change was refused.
func (h *Handler) participantNotSaved(c echo.Context, ref chat.ParticipantRef, f form, e *chat.Error) error {
	if isPart(c) {
		return h.participantRow(c, ref, f, e.Error(), layouts.Flash{})
	}
	if err := h.flash(c, e.Error(), layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, pages.RowAnchor(list(ref, f), ref.User))
}

// participantRow answers with one row as it is now, and what there is to say.
func (h *Handler) participantRow(c echo.Context, ref chat.ParticipantRef, f form, problem string, undo layouts.Flash) error {
	head, err := h.conversationHead(c, "participants", "Participants")
	if err != nil {
		return err
	}
	row := pages.ParticipantRowView{Head: head, Back: list(ref, f), Error: problem}
	row.Participant, err = h.Store.Participant(c.Request().Context(), ref)
	if chat.ReasonOf(err) == chat.ParticipantMissing {
		row.ParticipantRef, row.Gone, err = ref, true, nil
	}
	if err != nil {
		return err
	}
	if undo.Undo != "" {
		undo.Text = "Saved."
	}
	return h.render(c, http.StatusOK, pages.ParticipantRowUpdate(row, undo))
}

// removeParticipant handles POST /apps/:app/conversations/:conv/participants/:user/remove.
func (h *Handler) removeParticipant(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	event, err := h.Store.RemoveParticipant(c.Request().Context(), actor(c), ref)
	if err != nil {
		return err
	}
	text, err := h.removedText(c, ref.App, h.userName(c, ref)+" was removed.")
	if err != nil {
		return err
	}
	if event.Seq == 0 {
		text = "They were no participant any more. Nothing was changed."
	}
	if err := h.flashEvent(c, text, event, list(ref, f)); err != nil {
		return err
	}
	return h.seeOther(c, list(ref, f))
}

func (h *Handler) userName(c echo.Context, ref chat.ParticipantRef) string {
	if u, err := h.Store.User(c.Request().Context(), ref.App, ref.User); err == nil && u.Name != "" {
		return u.Name
	}
	return string(ref.User)
}

// removedText adds, while browsers may change conversations, that who was removed could come back.
func (h *Handler) removedText(c echo.Context, app chat.AppID, text string) (string, error) {
	settings, err := h.Store.Settings(c.Request().Context(), app)
	if err != nil {
		return "", err
	}
	if !settings.Security().DisallowConversationSync {
		text += " While browsers may change conversations, they can come back by themselves."
	}
	return text, nil
}

// changeParticipants handles POST /apps/:app/conversations/:conv/participants/bulk: one thing for all that are selected.
func (h *Handler) changeParticipants(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	conv, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	back := list(chat.ParticipantRef{App: app, Conversation: conv}, f)
	var users []chat.UserID
	for _, id := range f.all("ids") {
		users = append(users, chat.UserID(id))
	}
	if len(users) == 0 {
		if err := h.flash(c, "Nobody was selected. Nothing was changed.", layouts.Flash{}); err != nil {
			return err
		}
		return h.seeOther(c, back)
	}
	result, verb, err := h.changeSeveral(c, app, conv, users, f)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%d %s.", len(result.Changed), verb)
	if len(result.Unchanged) > 0 {
		already := map[string]string{"removed": " %d gone already.", "changed": " %d had it already."}[verb]
		text += fmt.Sprintf(already, len(result.Unchanged))
	}
	if verb == "removed" {
		if text, err = h.removedText(c, app, text); err != nil {
			return err
		}
	}
	if err := h.flashBatch(c, text, app, result.Batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

func (h *Handler) changeSeveral(c echo.Context, app chat.AppID, conv chat.ConversationID, users []chat.UserID, f form) (db.BulkResult, string, error) {
	ctx := c.Request().Context()
	if f.text("do") == "remove" {
		result, err := h.Store.RemoveParticipants(ctx, actor(c), app, conv, users)
		return result, "removed", err
	}
	key, value, _ := strings.Cut(f.text("set"), " ")
	change, err := participantChange(form{map[string][]string{key: {value}}}, "")
	if err != nil {
		return db.BulkResult{}, "", err
	}
	if !change.Access.Set && !change.Notify.Set {
		return db.BulkResult{}, "", chat.InvalidField("set", "names neither an access nor what to notify about")
	}
	result, err := h.Store.ChangeParticipants(ctx, actor(c), app, conv, users, change)
	return result, "changed", err
}

// flashBatch says what a bulk change did and offers to undo all of it.
func (h *Handler) flashBatch(c echo.Context, text string, app chat.AppID, batch, back string) error {
	return h.flash(c, text, undoOfBatch(app, batch, back))
}

// undoOfBatch offers to undo a bulk change, and to come back to where it was made.
func undoOfBatch(app chat.AppID, batch, back string) layouts.Flash {
	if batch == "" {
		return layouts.Flash{}
	}
	return layouts.Flash{Undo: paths.UndoBatch(string(app)), Keep: []components.Hidden{{Name: "batch", Value: batch}, {Name: "back", Value: back}}}
}
