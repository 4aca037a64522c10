package dashboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/pages"
)

// A form that edits an object carries the object as it was when the form was made ("was", an event image). Only what
// somebody touched is changed, and refused when it was changed meanwhile by somebody else.

// oneLine is what an input makes of a text: no line breaks. lines is what a text area makes of it.
var (
	oneLine = strings.NewReplacer("\r", "", "\n", "")
	lines   = strings.NewReplacer("\r\n", "\n", "\r", "\n")
)

// changed sets change and was where a text was touched: then is the stored text, shown its form in the control.
func changed(f form, name, then string, shown *strings.Replacer, change, was *chat.Opt[string]) {
	if now := strings.TrimSpace(f.text(name)); now != strings.TrimSpace(shown.Replace(then)) {
		*change, *was = chat.Some(now), chat.Some(then)
	}
}

// changedList is changed for an input that holds several texts with commas between.
func changedList(f form, name string, then []string, change, was *chat.Opt[[]string]) {
	if strings.TrimSpace(f.text(name)) != strings.TrimSpace(oneLine.Replace(pages.CommaList(then))) {
		*change, *was = chat.Some(splitList(f.text(name))), chat.Some(then)
	}
}

// changedTexts is changed for a text area each text.
func changedTexts(f form, name string, then []string, change, was *chat.Opt[[]string]) {
	now, shown := filled(f.all(name)), make([]string, len(then))
	for i, text := range then {
		shown[i] = lines.Replace(text)
	}
	if !slices.Equal(now, filled(shown)) {
		*change, *was = chat.Some(now), chat.Some(then)
	}
}

// filled are the texts that aren't empty, without the space around them.
func filled(texts []string) []string {
	var all []string
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// customRows reads the rows of the editor of custom fields that hold anything.
func customRows(f form) []pages.CustomField {
	var rows []pages.CustomField
	for i := range chat.MaxCustomKeys + 10 {
		row := pages.CustomField{Key: strings.TrimSpace(f.text(fmt.Sprintf("custom.%d.key", i))), Value: f.text(fmt.Sprintf("custom.%d.value", i))}
		if row != (pages.CustomField{}) {
			rows = append(rows, row)
		}
	}
	return rows
}

// changedCustom is the patch that the editor of custom fields made, and the patch back. A row whose name was emptied
// goes; a value that never had a name, and a name given twice, are refused.
func changedCustom(f form, then map[string]string, change, was *chat.Opt[chat.Custom]) error {
	now := map[string]string{}
	for _, row := range customRows(f) {
		if _, twice := now[row.Key]; twice {
			return chat.InvalidField("custom", "has the name “"+row.Key+"” twice")
		}
		if row.Key == "" {
			if emptied(f, row.Value, then) {
				continue
			}
			return chat.InvalidField("custom", "has the value “"+row.Value+"” without a name")
		}
		if old, ok := then[row.Key]; ok && row.Value == lines.Replace(old) {
			row.Value = old
		}
		now[row.Key] = row.Value
	}
	if back, forth := chat.DiffCustom(then, now); len(forth) > 0 {
		*change, *was = chat.Some(chat.Custom(forth)), chat.Some(chat.Custom(back))
	}
	return nil
}

// emptied tells whether a value without a name is that of a stored field whose name was emptied to remove it.
func emptied(f form, value string, then map[string]string) bool {
	rows := customRows(f)
	for key, old := range then {
		if lines.Replace(old) == value && !slices.ContainsFunc(rows, func(r pages.CustomField) bool { return r.Key == key }) {
			return true
		}
	}
	return false
}

// userBase is the user that the form was made from.
func userBase(f form) (chat.User, error) {
	var was chat.UserChange
	if json.Unmarshal([]byte(f.text("was")), &was) != nil {
		return chat.User{}, chat.InvalidField("was", "can't be read: reload the page and try again")
	}
	return was.Apply(chat.User{})
}

// userChange is what the form changes, as against the user that it was made from.
func userChange(f form, base chat.User) (change, was chat.UserChange, err error) {
	changed(f, "name", base.Name, oneLine, &change.Name, &was.Name)
	changed(f, "photoUrl", base.PhotoURL, oneLine, &change.PhotoURL, &was.PhotoURL)
	changed(f, "role", base.Role, oneLine, &change.Role, &was.Role)
	changed(f, "locale", base.Locale, oneLine, &change.Locale, &was.Locale)
	changed(f, "welcomeMessage", base.WelcomeMessage, lines, &change.WelcomeMessage, &was.WelcomeMessage)
	changedList(f, "email", base.Email, &change.Email, &was.Email)
	changedList(f, "phone", base.Phone, &change.Phone, &was.Phone)
	return change, was, changedCustom(f, base.Custom, &change.Custom, &was.Custom)
}

// conversationBase is the conversation that the form was made from.
func conversationBase(f form) (chat.Conversation, error) {
	var was chat.ConversationChange
	if json.Unmarshal([]byte(f.text("was")), &was) != nil {
		return chat.Conversation{}, chat.InvalidField("was", "can't be read: reload the page and try again")
	}
	return was.Apply(chat.Conversation{})
}

// conversationChange is what the form changes, as against the conversation that it was made from.
func conversationChange(f form, base chat.Conversation) (change, was chat.ConversationChange, err error) {
	if f.text("only") == "guests" {
		change.Guests, was.Guests = chat.Some(chat.ConversationGuests(f.text("guests"))), chat.Some(base.Guests)
		return change, was, nil
	}
	changed(f, "subject", base.Subject, oneLine, &change.Subject, &was.Subject)
	changed(f, "photoUrl", base.PhotoURL, oneLine, &change.PhotoURL, &was.PhotoURL)
	changedTexts(f, "welcome", base.WelcomeMessages, &change.WelcomeMessages, &was.WelcomeMessages)
	return change, was, changedCustom(f, base.Custom, &change.Custom, &was.Custom)
}
