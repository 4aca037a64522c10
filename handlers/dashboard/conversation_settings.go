package dashboard

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showConversationSettings handles GET /apps/:app/conversations/:conv/settings.
func (h *Handler) showConversationSettings(c echo.Context) error {
	head, err := h.conversationHead(c, "settings", "Settings")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.ConversationSettings(pages.ConversationSettingsView{ConversationHead: head, Base: head.Conversation, Form: pages.ConversationFormOf(head.Conversation)}))
}

// saveConversationSettings handles POST /apps/:app/conversations/:conv/settings, for its fields or for its guest policy.
func (h *Handler) saveConversationSettings(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	conv, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	var cut []chat.Guest
	var after chat.Access
	if f.text("only") == "guests" {
		to := chat.ConversationGuests(f.text("guests"))
		if cut, after, err = h.cut(c, app, conv, to); err != nil {
			return err
		}
		if len(cut) > 0 && !f.on("asked") {
			return h.seeOther(c, paths.GuestAccess(string(app), string(conv), string(to)))
		}
	}
	event, err := h.changeConversation(c, f, app, conv)
	if refused(err) {
		return h.conversationNotSaved(c, f, err)
	}
	if err != nil {
		return err
	}
	settings := paths.ConversationSettings(string(app), string(conv))
	text := "Saved."
	if event.Seq == 0 {
		text = "Nothing to save: nothing differs."
	}
	if event.Seq != 0 && len(cut) > 0 {
		text = pages.CutText(c.Request().Context(), cut, after)
	}
	back := settings
	if f.text("only") == "guests" {
		back = localPath(f.text("back"), paths.Participants(string(app), string(conv)))
	}
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

func (h *Handler) changeConversation(c echo.Context, f form, app chat.AppID, conv chat.ConversationID) (chat.Event, error) {
	base, err := conversationBase(f)
	if err != nil {
		return chat.Event{}, err
	}
	if err := f.choose(func(field string) { f.takeConversation(field, base) }); err != nil {
		return chat.Event{}, err
	}
	change, was, err := conversationChange(f, base)
	if err != nil {
		return chat.Event{}, err
	}
	if f.text("only") == "guests" && base.GuestsNow(h.now(c)) == chat.GuestsOver {
		change.GuestsUntil = chat.Null[chat.Moment]() // to let them in again is to give them time again
	}
	return h.Store.EditConversation(c.Request().Context(), actor(c), app, conv, change, was)
}

// conversationNotSaved shows the form again, with what was typed and what is wrong with it.
func (h *Handler) conversationNotSaved(c echo.Context, f form, problem error) error {
	head, err := h.conversationHead(c, "settings", "Settings")
	if err != nil {
		return err
	}
	v := pages.ConversationSettingsView{ConversationHead: head, Base: head.Conversation, Form: pages.ConversationFormOf(head.Conversation),
		Error: problem.Error(), Errors: fieldErrors(problem), Clashes: clashes(problem)}
	if f.text("only") != "guests" {
		v.Form, v.Base = f.rebasedConversation(head.Conversation, problem)
	}
	return h.render(c, http.StatusUnprocessableEntity, pages.ConversationSettings(v))
}

// showDeleteConversation handles GET /apps/:app/conversations/:conv/delete.
func (h *Handler) showDeleteConversation(c echo.Context) error {
	head, err := h.conversationHead(c, "settings", "Delete conversation")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.DeleteConversation(pages.DeleteConversationView{ConversationHead: head}))
}

// deleteConversation handles POST /apps/:app/conversations/:conv/delete.
func (h *Handler) deleteConversation(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	conv, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	event, err := h.Store.DeleteConversation(c.Request().Context(), actor(c), app, conv)
	if err != nil {
		return err
	}
	return h.deleted(c, "Conversation deleted. It stays in the trash for 30 days.", event, paths.Participants(string(app), string(conv)), paths.Conversations(string(app)))
}
