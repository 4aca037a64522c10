package dashboard

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/pages"
)

// A refused form says for each field in dispute what both wrote, and asks to choose by one press: mine, which is what the
// form holds, or theirs. Its base is what is stored by then, so what a third admin changes in between is a new dispute.

// choose takes the press into account, and refuses while other fields are still in dispute. theirs puts what is stored
// into the form.
func (f form) choose(theirs func(field string)) error {
	how, chosen, _ := strings.Cut(f.text("choose"), ".")
	var open []chat.Clash
	for _, text := range f.all("clash") {
		var c chat.Clash
		switch {
		case json.Unmarshal([]byte(text), &c) != nil:
			return chat.InvalidField("clash", "can't be read: reload the page and try again")
		case c.Field != chosen:
			open = append(open, c)
		case how == "theirs":
			theirs(chosen)
		}
	}
	if len(open) > 0 {
		return chat.ErrClash("Not saved yet.", "Choose for each field whose value stays.", open...)
	}
	return nil
}

// undecided tells that a press decided nothing or not all: the form is still judged by what it was made from.
func (f form) undecided() bool { return f.choose(func(string) {}) != nil }

// rebased is the form of a refused change of a user, and what it is made from now: what was touched stays as it was typed,
// joined where it can be, and what wasn't is as it is stored. A form that was refused for anything but a clash stays as it was.
func (f form) rebased(now chat.User, problem error) (pages.UserForm, chat.User) {
	base, err := userBase(f)
	if err != nil {
		return userForm(f), now
	}
	base.App, base.ID = now.App, now.ID
	if len(clashes(problem)) == 0 || f.undecided() {
		return userForm(f), base
	}
	change, was, _ := userChange(f, base) // it was read before
	change, _ = change.Onto(was, now)
	wanted, err := change.Apply(now)
	if err != nil {
		return userForm(f), base
	}
	return pages.UserFormOf(wanted), now
}

// rebasedConversation is as rebased, for a conversation.
func (f form) rebasedConversation(now chat.Conversation, problem error) (pages.ConversationForm, chat.Conversation) {
	typed := pages.ConversationForm{Subject: f.text("subject"), PhotoURL: f.text("photoUrl"), Welcome: f.all("welcome"), Custom: customRows(f)}
	base, err := conversationBase(f)
	if err != nil {
		return typed, now
	}
	base.App, base.ID = now.App, now.ID
	if len(clashes(problem)) == 0 || f.undecided() {
		return typed, base
	}
	change, was, _ := conversationChange(f, base) // it was read before
	change, _ = change.Onto(was, now)
	wanted, err := change.Apply(now)
	if err != nil {
		return typed, base
	}
	return pages.ConversationFormOf(wanted), now
}

// seen is what a refused form saw of a setting, for the same form again: a clash shows what is stored now, and anything
// else leaves the form judged by what it was made from.
func (f form) seen(now chat.Settings, problem error) chat.Settings {
	seen := chat.Settings{}
	inDispute := len(clashes(problem)) > 0 && !f.undecided()
	for key, s := range now {
		if was, ok := f.values["was."+string(key)]; ok && !inDispute {
			s.Value = was[0]
			s.Version, _ = strconv.ParseInt(f.text("version."+string(key)), 10, 64) // a wrong one is a stale one
		}
		seen[key] = s
	}
	return seen
}

// clashes are the fields in dispute of a refusal.
func clashes(err error) []chat.Clash {
	if e := chat.AsError(err); e != nil {
		return e.Clashes
	}
	return nil
}

// set puts one value into the form.
func (f form) set(name, value string) { f.values[name] = []string{value} }

// takeCustom puts a custom field into the form as it is stored.
func (f form) takeCustom(key string, stored map[string]string) {
	value, has := stored[key]
	row := -1
	for i := range chat.MaxCustomKeys + 10 {
		name := strings.TrimSpace(f.text(fmt.Sprintf("custom.%d.key", i)))
		if name == key || row < 0 && name == "" && f.text(fmt.Sprintf("custom.%d.value", i)) == "" {
			row = i
		}
		if name == key {
			break
		}
	}
	if !has {
		key = ""
	}
	f.set(fmt.Sprintf("custom.%d.key", row), key)
	f.set(fmt.Sprintf("custom.%d.value", row), value)
}

// takeUser puts a field of a user into the form as it is stored.
func (f form) takeUser(field string, u chat.User) {
	if key, ok := strings.CutPrefix(field, "custom."); ok {
		f.takeCustom(key, u.Custom)
		return
	}
	stored := pages.UserFormOf(u)
	f.set(field, map[string]string{"name": stored.Name, "email": stored.Email, "phone": stored.Phone, "photoUrl": stored.PhotoURL,
		"role": stored.Role, "locale": stored.Locale, "welcomeMessage": stored.WelcomeMessage}[field])
}

// takeConversation puts a field of a conversation into the form as it is stored.
func (f form) takeConversation(field string, c chat.Conversation) {
	if key, ok := strings.CutPrefix(field, "custom."); ok {
		f.takeCustom(key, c.Custom)
		return
	}
	switch field {
	case "subject":
		f.set(field, c.Subject)
	case "photoUrl":
		f.set(field, c.PhotoURL)
	case "welcomeMessages":
		f.values["welcome"] = c.WelcomeMessages
	case "guestAccess":
		f.set("guests", string(c.Guests))
	}
}

// takeSetting puts a setting, or the app's name, into the form as it is stored.
func (f form) takeSetting(field string) {
	key, value := chat.SettingKey(field), f.text("was."+field)
	switch key {
	case chat.SettingUserSync, chat.SettingConversationSync, chat.SettingIdentity, chat.SettingSignatures:
		f.set(field, fmt.Sprint(value == "true"))
		f.set(pages.ObserveName(key), fmt.Sprint(value == chat.Observing))
	case chat.SettingTheme:
		theme, _ := chat.ParseTheme(value) // nothing else was ever stored
		for _, t := range chat.ThemeVariables {
			f.set(pages.ThemeName(t.Name), theme[t.Name])
		}
	default:
		f.set(field, value)
	}
}
