package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

// Texts of several lines survive a form in which somebody changes something else, and can be changed themselves.
func TestFormsKeepLines(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	note, old := "line one\nline two", "typed\r\nlong ago"
	custom := chat.Some(chat.Custom{"note": &note, "old": &old})
	if _, err := s.store.PutUser(t.Context(), chat.CommandLine, "shop", "maya", chat.UserChange{WelcomeMessage: chat.Some("hello\nthere"), Email: chat.Some([]string{"a@x", "b,c@x"}), Custom: custom}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	const edit = "/apps/shop/users/maya/edit"
	post := func(where string, fields []string) {
		t.Helper()
		if a := b.post(where, fields...); a.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", a.Code, a.text())
		}
	}
	post(edit, with(b.get(edit).form(edit), "name", "Maya L."))
	u, _ := s.store.User(t.Context(), "shop", "maya")
	if u.Name != "Maya L." || u.WelcomeMessage != "hello\nthere" || u.Custom["note"] != note || u.Custom["old"] != old || len(u.Email) != 2 {
		t.Fatalf("%+v", u)
	}
	form := with(b.get(edit).form(edit), "welcomeMessage", "hello\r\nyou")
	for i, f := range form {
		if f == old {
			form[i] = "typed\r\njust now"
		}
	}
	post(edit, form)
	if u, _ = s.store.User(t.Context(), "shop", "maya"); u.WelcomeMessage != "hello\nyou" || u.Custom["old"] != "typed\njust now" || u.Custom["note"] != note {
		t.Fatalf("%+v", u)
	}

	if _, err := s.store.PutConversation(t.Context(), chat.CommandLine, "shop", "fair", chat.ConversationChange{WelcomeMessages: chat.Some([]string{"one\ntwo", "three"}), Custom: custom}, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	const settings = fair + "/settings"
	post(settings, with(with(b.get(settings).form(settings), "only", "fields"), "subject", "Fair"))
	c, _ := s.store.Conversation(t.Context(), "shop", "fair")
	if c.Subject != "Fair" || len(c.WelcomeMessages) != 2 || c.WelcomeMessages[0] != "one\ntwo" || c.Custom["note"] != note {
		t.Fatalf("%+v", c)
	}
	form = with(b.get(settings).form(settings), "only", "fields")
	for i, f := range form {
		if f == "three" {
			form[i] = "four"
		}
	}
	post(settings, form)
	if c, _ = s.store.Conversation(t.Context(), "shop", "fair"); len(c.WelcomeMessages) != 2 || c.WelcomeMessages[0] != "one\ntwo" || c.WelcomeMessages[1] != "four" {
		t.Fatalf("%q", c.WelcomeMessages)
	}
}

// What can't be kept as it was typed is refused, with everything that was typed still there.
func TestCustomFieldsAreNotLostInSilence(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	const edit = "/apps/shop/users/maya/edit"
	for why, row := range map[string][]string{"without a name": {"custom.0.key", "", "custom.0.value", "gold"}, "“k” twice": {"custom.0.key", "k", "custom.0.value", "1", "custom.1.key", "k", "custom.1.value", "2"}} {
		form := b.get(edit).form(edit)
		for i := 0; i < len(row); i += 2 {
			form = with(form, row[i], row[i+1])
		}
		a := b.post(edit, form...)
		if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), why) || a.Find(`[name="custom.0.value"]`).AttrOr("value", "") != row[3] {
			t.Errorf("%s: %d %s", why, a.Code, a.text())
		}
	}
	if u, _ := s.store.User(t.Context(), "shop", "maya"); len(u.Custom) != 0 {
		t.Errorf("%v", u.Custom)
	}
}
