package dashboard

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showGuests handles GET /apps/:app/conversations/:conv/guests.
func (h *Handler) showGuests(c echo.Context) error {
	head, err := h.conversationHead(c, "guests", "Guests")
	if err != nil {
		return err
	}
	app, conv := head.Conversation.App, head.Conversation.ID
	blocks, err := h.Store.GuestBlocks(c.Request().Context(), app, conv, window(c))
	if err != nil {
		return err
	}
	v := pages.GuestsView{ConversationHead: head, Guests: head.GuestsIn, Blocks: blocks.Items}
	v.Newer, v.Older = pageLinks(paths.Guests(string(app), string(conv)), nil, blocks.Prev, blocks.Next)
	return h.render(c, http.StatusOK, pages.Guests(v))
}

// showGuestAccess handles GET /apps/:app/conversations/:conv/guests/access: who would lose something, before they do.
func (h *Handler) showGuestAccess(c echo.Context) error {
	to, err := chat.ParseConversationGuests(c.QueryParam("to"))
	if err != nil {
		return err
	}
	head, err := h.conversationHead(c, "guests", "Guest access")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.GuestAccess(pages.GuestAccessView{ConversationHead: head, To: to}))
}

// showShowOut handles GET /apps/:app/conversations/:conv/guests/:user/show-out.
func (h *Handler) showShowOut(c echo.Context) error {
	return h.showOutPage(c, http.StatusOK, pages.ShowOutView{For: string(chat.BlockHour)})
}

func (h *Handler) showOutPage(c echo.Context, status int, v pages.ShowOutView) (err error) {
	if v.ConversationHead, err = h.conversationHead(c, "guests", "Show out"); err != nil {
		return err
	}
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	user, err := h.Store.User(c.Request().Context(), ref.App, ref.User)
	if err != nil {
		return err
	}
	v.User, v.UserName = user.ID, user.Name
	return h.render(c, status, pages.ShowOut(v))
}

// showOut handles POST /apps/:app/conversations/:conv/guests/:user/show-out.
func (h *Handler) showOut(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	block := chat.NewGuestBlock{For: chat.BlockFor(f.text("for")), Reason: strings.TrimSpace(f.text("reason"))}
	event, err := h.Store.BlockGuest(c.Request().Context(), actor(c), ref, block)
	if refused(err) {
		return h.showOutPage(c, http.StatusUnprocessableEntity, pages.ShowOutView{For: f.text("for"), Reason: f.text("reason"), Error: err.Error(), Errors: fieldErrors(err)})
	}
	if err != nil {
		return err
	}
	text := h.userName(c, ref) + " was shown out."
	if event.Seq == 0 {
		text = "They were shown out already, just so. Nothing was changed."
	}
	return h.backToGuests(c, ref, text, undoOf(event, guestsTab(ref)))
}

// liftBlock handles POST /apps/:app/conversations/:conv/guests/:user/lift.
func (h *Handler) liftBlock(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	event, err := h.Store.UnblockGuest(c.Request().Context(), actor(c), ref)
	if err != nil {
		return err
	}
	text := "Lifted. " + h.userName(c, ref) + " can come in again where guests are let in."
	if event.Seq == 0 {
		text = "The block did not stand any more. Nothing was changed."
	}
	return h.backToGuests(c, ref, text, undoOf(event, guestsTab(ref)))
}

// promoteGuest handles POST /apps/:app/conversations/:conv/guests/:user/promote: they go on the list, and what they
// wrote stays theirs.
func (h *Handler) promoteGuest(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	result, err := h.Store.AddParticipants(c.Request().Context(), actor(c), ref.App, ref.Conversation, []db.NewParticipant{{User: ref.User}}, chat.ParticipantChange{})
	if err != nil {
		return err
	}
	if len(result.Changed) == 0 {
		return h.backToGuests(c, ref, "They are a participant already. Nothing was changed.", layouts.Flash{})
	}
	undo := undoOfBatch(ref.App, result.Batch, guestsTab(ref))
	return h.backToGuests(c, ref, h.userName(c, ref)+" is a participant now and can read and write. The messages they wrote as a guest stay theirs.", undo)
}

func guestsTab(ref chat.ParticipantRef) string {
	return paths.Guests(string(ref.App), string(ref.Conversation))
}

func (h *Handler) backToGuests(c echo.Context, ref chat.ParticipantRef, text string, undo layouts.Flash) error {
	if err := h.flash(c, text, undo); err != nil {
		return err
	}
	return h.seeOther(c, guestsTab(ref))
}

// cut is the guests of a conversation who are in and would lose something by a change of its guest access,
// and what guests could do after it.
func (h *Handler) cut(c echo.Context, app chat.AppID, conv chat.ConversationID, to chat.ConversationGuests) (out []chat.Guest, after chat.Access, err error) {
	settings, err := h.Store.Settings(c.Request().Context(), app)
	if err != nil {
		return nil, "", err
	}
	after = chat.EffectiveGuestAccess(settings.Security(), to).Access
	for _, g := range h.Live.Guests(app, conv) {
		if after.Rank() < g.Access.Rank() {
			out = append(out, g)
		}
	}
	return out, after, nil
}

// mostHere is how many conversations are named where guests of an app are counted.
const mostHere = 5

// guestsNow counts the guests of an app and names the conversations with most.
func (h *Handler) guestsNow(c echo.Context, app chat.AppID) (pages.GuestsNow, error) {
	now := pages.GuestsNow{App: string(app)}
	for conv, n := range h.Live.GuestCounts(app) {
		now.Guests += int64(n)
		now.Conversations++
		now.Most = append(now.Most, pages.GuestsHere{Conversation: conv, Count: int64(n)})
	}
	slices.SortFunc(now.Most, func(a, b pages.GuestsHere) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return strings.Compare(string(a.Conversation), string(b.Conversation))
	})
	now.Most = now.Most[:min(mostHere, len(now.Most))]
	for i := range now.Most {
		conv, err := h.Store.Conversation(c.Request().Context(), app, now.Most[i].Conversation)
		if err != nil && chat.ReasonOf(err) != chat.ConversationMissing { // deleted, with its guests about to go
			return now, fmt.Errorf("guests now: %w", err)
		}
		now.Most[i].Subject = conv.Subject
	}
	return now, nil
}
