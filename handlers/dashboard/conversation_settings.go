package dashboard

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showConversationSettings handles GET /apps/:app/conversations/:conv/settings.
func (h *Handler) showConversationSettings(c echo.Context) error {
	head, err := h.conversationHead(c, "settings", "Settings")
	if err != nil {
		return err
	}
	now := conversationForm(head.Conversation)
	return h.render(c, http.StatusOK, pages.ConversationSettings(pages.ConversationSettingsView{ConversationHead: head, Base: now, Form: now}))
}

func conversationForm(conv chat.Conversation) pages.ConversationForm {
	return pages.ConversationForm{Subject: conv.Subject, PhotoURL: conv.PhotoURL, Welcome: strings.Join(conv.WelcomeMessages, "\n"), Custom: pages.CustomRows(conv.Custom)}
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
	change, was := conversationChange(f)
	event, err := h.Store.EditConversation(c.Request().Context(), actor(c), app, conv, change, was)
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
	if err := h.flashEvent(c, text, event, settings); err != nil {
		return err
	}
	if f.text("only") == "guests" {
		return h.seeOther(c, paths.Participants(string(app), string(conv)))
	}
	return h.seeOther(c, settings)
}

// conversationChange is what the form changes, as against what it was made from.
func conversationChange(f form) (change, was chat.ConversationChange) {
	if f.text("only") == "guests" {
		return chat.ConversationChange{Guests: chat.Some(chat.ConversationGuests(f.text("guests")))},
			chat.ConversationChange{Guests: chat.Some(chat.ConversationGuests(f.text("was.guests")))}
	}
	changed(f, "subject", &change.Subject, &was.Subject)
	changed(f, "photoUrl", &change.PhotoURL, &was.PhotoURL)
	if f.text("welcome") != f.text("was.welcome") {
		change.WelcomeMessages, was.WelcomeMessages = chat.Some(textLines(f.text("welcome"))), chat.Some(textLines(f.text("was.welcome")))
	}
	change.Custom, was.Custom = customChange(f)
	return change, was
}

// changed sets change and was where a field differs from what the form was made from.
func changed(f form, name string, change, was *chat.Opt[string]) {
	now, then := strings.TrimSpace(f.text(name)), f.text("was."+name)
	if now != then {
		*change, *was = chat.Some(now), chat.Some(then)
	}
}

func textLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// customRows reads the rows of an editor of custom fields.
func customRows(f form, prefix string) []pages.CustomField {
	var rows []pages.CustomField
	for i := range chat.MaxCustomKeys + 10 {
		key := strings.TrimSpace(f.text(fmt.Sprintf("%scustom.%d.key", prefix, i)))
		if key != "" {
			rows = append(rows, pages.CustomField{Key: key, Value: f.text(fmt.Sprintf("%scustom.%d.value", prefix, i))})
		}
	}
	return rows
}

// customChange is the patch that an editor of custom fields made, and the patch back.
func customChange(f form) (change, was chat.Opt[chat.Custom]) {
	before, after := map[string]string{}, map[string]string{}
	for _, row := range customRows(f, "was.") {
		before[row.Key] = row.Value
	}
	for _, row := range customRows(f, "") {
		after[row.Key] = row.Value
	}
	back, forth := chat.DiffCustom(before, after)
	if len(forth) == 0 {
		return change, was
	}
	return chat.Some(chat.Custom(forth)), chat.Some(chat.Custom(back))
}

// conversationNotSaved shows the form again, with what was typed and what is wrong with it.
func (h *Handler) conversationNotSaved(c echo.Context, f form, problem error) error {
	head, err := h.conversationHead(c, "settings", "Settings")
	if err != nil {
		return err
	}
	v := pages.ConversationSettingsView{ConversationHead: head, Base: conversationForm(head.Conversation), Form: conversationForm(head.Conversation),
		Error: problem.Error(), Errors: fieldErrors(problem)}
	if f.text("only") != "guests" {
		v.Form = pages.ConversationForm{Subject: f.text("subject"), PhotoURL: f.text("photoUrl"), Welcome: f.text("welcome"), Custom: customRows(f, "")}
	}
	return h.render(c, http.StatusUnprocessableEntity, pages.ConversationSettings(v))
}

// showConversationHistory handles GET /apps/:app/conversations/:conv/history.
func (h *Handler) showConversationHistory(c echo.Context) error {
	head, err := h.conversationHead(c, "history", "History")
	if err != nil {
		return err
	}
	events, err := h.Store.Events(c.Request().Context(), db.EventQuery{App: head.Conversation.App, Conversation: head.Conversation.ID, Window: window(c)})
	if err != nil {
		return err
	}
	v := pages.HistoryView{ConversationHead: head, Days: pages.Days(events.Items, head.Frame.Now, manages(c), c.Request().URL.RequestURI())}
	v.Newer, v.Older = pageLinks(paths.ConversationHistory(string(head.Conversation.App), string(head.Conversation.ID)), nil, events.Prev, events.Next)
	return h.render(c, http.StatusOK, pages.ConversationHistory(v))
}

// showDeleteConversation handles GET /apps/:app/conversations/:conv/delete.
func (h *Handler) showDeleteConversation(c echo.Context) error {
	head, err := h.conversationHead(c, "settings", "Delete conversation")
	if err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.DeleteConversation(pages.DeleteConversationView{ConversationHead: head}))
}

// deleteConversation handles POST /apps/:app/conversations/:conv/delete. Its id must be typed.
func (h *Handler) deleteConversation(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	head, err := h.conversationHead(c, "settings", "Delete conversation")
	if err != nil {
		return err
	}
	if typed := strings.TrimSpace(f.text("confirm")); typed != string(head.Conversation.ID) {
		return h.render(c, http.StatusUnprocessableEntity, pages.DeleteConversation(pages.DeleteConversationView{ConversationHead: head, Typed: typed,
			Error: "That is not the conversation’s ID. Nothing was deleted."}))
	}
	if _, err := h.Store.DeleteConversation(c.Request().Context(), actor(c), head.Conversation.App, head.Conversation.ID); err != nil {
		return err
	}
	if err := h.flash(c, "Conversation deleted.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Conversations(string(head.Conversation.App)))
}
