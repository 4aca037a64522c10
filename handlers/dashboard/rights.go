package dashboard

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/pages"
)

// showRights handles GET /apps/:app/conversations/:conv/rights.
func (h *Handler) showRights(c echo.Context) error {
	head, err := h.conversationHead(c, "rights", "Who can do what")
	if err != nil {
		return err
	}
	v := pages.RightsView{ConversationHead: head, Relations: pages.Relations(c.Request().Context(), head.Security, atNow(head.Conversation, head.Frame.Now)), User: strings.TrimSpace(c.QueryParam("user"))}
	if v.User != "" {
		picked, err := h.rightsOf(c, head.Conversation, chat.UserID(v.User))
		if e := chat.AsError(err); e != nil && e.Reason == chat.UserNotFound {
			v.Error = e.Message
		} else if err != nil {
			return err
		} else {
			v.Picked = &picked
		}
	}
	return h.render(c, http.StatusOK, pages.Rights(v))
}

// atNow is a conversation whose guest access is what it is at a time, its end included.
func atNow(c chat.Conversation, now time.Time) chat.Conversation {
	c.Guests = c.GuestsNow(now)
	return c
}

// rightsOf is what one user can do in one conversation: those on its list as participants, others as strangers and as
// guests.
func (h *Handler) rightsOf(c echo.Context, conv chat.Conversation, id chat.UserID) (p pages.PersonRights, err error) {
	ctx := c.Request().Context()
	p.App, p.Conversation = string(conv.App), conv
	if p.User, err = h.Store.User(ctx, conv.App, id); err != nil {
		return p, err
	}
	facts, err := h.Store.FactsOf(ctx, conv.App, conv.ID, id)
	if err != nil {
		return p, err
	}
	p.Place, p.Ceiling, p.Blocked, p.Ends, p.Now = facts.Place, facts.Ceiling, facts.Blocked, facts.Ends, h.now(c)
	if place, err := h.Store.Participant(ctx, chat.ParticipantRef{App: conv.App, Conversation: conv.ID, User: id}); err == nil {
		p.HistoryFrom = place.HistoryFrom
	}
	p.Relations = pages.RelationsOf(ctx, facts)
	return p, nil
}

// rightsIn looks up what a user can do in the conversation that was picked on their page, else in the first that they
// are in. It is nil where there is none.
func (h *Handler) rightsIn(c echo.Context, v *pages.UserView) error {
	v.In = strings.TrimSpace(c.QueryParam("in"))
	id := chat.ConversationID(v.In)
	if v.In == "" {
		if len(v.Places) == 0 {
			return nil
		}
		id = v.Places[0].Conversation.ID
	}
	conv, err := h.Store.Conversation(c.Request().Context(), v.User.App, id)
	if e := chat.AsError(err); e != nil && e.Reason == chat.ConversationMissing {
		v.InError = e.Message
		return nil
	}
	if err != nil {
		return err
	}
	rights, err := h.rightsOf(c, conv, v.User.ID)
	v.Rights = &rights
	return err
}
