package dashboard

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showAddParticipants handles GET /apps/:app/conversations/:conv/participants/add.
func (h *Handler) showAddParticipants(c echo.Context) error {
	return h.addParticipantsPage(c, http.StatusOK, pages.AddParticipantsView{Search: strings.TrimSpace(c.QueryParam("q")), Access: chat.ReadWrite, Notify: chat.NotifyAll, Terms: pages.TermsForm{History: "all"}})
}

func (h *Handler) addParticipantsPage(c echo.Context, status int, v pages.AddParticipantsView) (err error) {
	if v.ConversationHead, err = h.conversationHead(c, "participants", "Add participants"); err != nil {
		return err
	}
	if v.Search != "" {
		if v.Found, err = h.findUsers(c, v.Conversation, v.Search, v.Chosen); err != nil {
			return err
		}
	}
	return h.render(c, status, pages.AddParticipants(v))
}

// findUsers are the users that a search finds, with the place that each has in the conversation.
func (h *Handler) findUsers(c echo.Context, conv chat.Conversation, search string, chosen []string) ([]pages.FoundUser, error) {
	ctx := c.Request().Context()
	users, err := h.Store.Users(ctx, db.UserQuery{App: conv.App, Search: search, Window: db.Window{Limit: 20}})
	if err != nil {
		return nil, err
	}
	var found []pages.FoundUser
	for _, u := range users.Items {
		p, err := h.Store.Participant(ctx, chat.ParticipantRef{App: conv.App, Conversation: conv.ID, User: u.ID})
		if err != nil && chat.ReasonOf(err) != chat.ParticipantMissing {
			return nil, err
		}
		_, banned, err := h.Store.Ban(ctx, conv.App, u.ID)
		if err != nil {
			return nil, err
		}
		found = append(found, pages.FoundUser{User: u, Banned: banned, Already: p.Access, Chosen: slices.Contains(chosen, string(u.ID))})
	}
	return found, nil
}

// addParticipants handles POST /apps/:app/conversations/:conv/participants.
func (h *Handler) addParticipants(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	head, err := h.conversationHead(c, "participants", "Add participants")
	if err != nil {
		return err
	}
	v := pages.AddParticipantsView{Search: f.text("q"), Chosen: f.all("ids"), List: f.text("list"), Access: chat.ReadWrite, Notify: chat.NotifyAll}
	change, err := participantChange(f, "")
	if err != nil {
		return err
	}
	v.Access, v.Notify, v.Terms = change.Access.Or(v.Access, v.Access), change.Notify.Or(v.Notify, v.Notify), termsForm(f)
	terms, wrong := termsChange(f, h.now(c))
	change.Until, change.HistoryFrom = terms.Until, terms.HistoryFrom
	people, unknown, err := h.people(c, head.Conversation.App, f)
	if err == nil {
		err = wrong
	}
	if err == nil && len(unknown) > 0 {
		v.Unknown = unknown
		return h.addParticipantsPage(c, http.StatusUnprocessableEntity, v)
	}
	var result db.BulkResult
	if err == nil {
		result, err = h.Store.AddParticipants(c.Request().Context(), actor(c), head.Conversation.App, head.Conversation.ID, people, change)
	}
	if refused(err) {
		v.Error, v.Errors = err.Error(), fieldErrors(err)
		return h.addParticipantsPage(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	back := paths.Participants(string(head.Conversation.App), string(head.Conversation.ID))
	text := fmt.Sprintf("%d added.", len(result.Changed))
	if n := len(result.Unchanged); n > 0 {
		text += fmt.Sprintf(" %d were participants already and keep what they have.", n)
	}
	if err := h.flashBatch(c, text, head.Conversation.App, result.Batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// people are those that the form names: ticked, typed or pasted. An id that no user has needs a name to create one; ids
// that were not asked for a name yet are given back as unknown. Those that were and got none are left out.
func (h *Handler) people(c echo.Context, app chat.AppID, f form) (people []db.NewParticipant, unknown []pages.UnknownUser, err error) {
	asked := f.all("unknown")
	for _, text := range append(slices.Clone(f.all("ids")), splitList(f.text("list"))...) {
		id, err := chat.ParseUserID(text)
		if err != nil {
			return nil, nil, chat.InvalidField("list", "“"+text+"”: "+chat.AsError(err).Message)
		}
		name := strings.TrimSpace(f.text("name." + text))
		_, err = h.Store.User(c.Request().Context(), app, id)
		switch {
		case err == nil:
			people = append(people, db.NewParticipant{User: id})
		case chat.ReasonOf(err) != chat.UserNotFound:
			return nil, nil, err
		case name != "":
			people = append(people, db.NewParticipant{User: id, Name: name})
		case !slices.Contains(asked, text):
			unknown = append(unknown, pages.UnknownUser{ID: text})
		}
	}
	if len(people) == 0 && len(unknown) == 0 {
		return nil, nil, chat.InvalidField("list", "names nobody to add. Tick someone above or type an ID")
	}
	return people, unknown, nil
}
