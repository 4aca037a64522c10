package db_test

import (
	"slices"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// A search in everything finds ids, names, e-mail addresses, subjects and custom values, the best first, in its app only.
func TestFind(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	user := func(app chat.AppID, id chat.UserID, name string, email []string, custom map[string]string) {
		t.Helper()
		change := chat.UserChange{Name: chat.Some(name), Email: chat.Some(email), Custom: chat.Some(patch(custom))}
		if _, err := s.PutUser(ctx, chat.CommandLine, app, id, change, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
	conversation := func(app chat.AppID, id chat.ConversationID, subject string, custom map[string]string) {
		t.Helper()
		change := chat.ConversationChange{Subject: chat.Some(subject), Custom: chat.Some(patch(custom))}
		if _, err := s.PutConversation(ctx, chat.CommandLine, app, id, change, chat.ConversationChange{}); err != nil {
			t.Fatal(err)
		}
	}
	user("shop", "ann", "Zoë Müller", []string{"zoe@post.example"}, map[string]string{"plan": "Größte Läden"})
	user("shop", "joann", "Jo Ann", nil, nil)
	user("shop", "annika", "Annika", nil, nil)
	user("shop", "u4", "Joanna", nil, nil)
	user("other", "ann", "Ann of another app", nil, map[string]string{"plan": "Größte Läden"})
	conversation("shop", "fair", "Spring fair", map[string]string{"order": "B-4711"})
	conversation("shop", "springs", "Hot springs", nil)
	conversation("shop", "meadow", "In spring", nil)
	conversation("other", "fair", "Spring of another app", map[string]string{"order": "B-4711"})
	for text, want := range map[string][]string{
		"ann":              {"ann", "joann", "annika", "u4"}, // the id, a word, the start of a word, anywhere
		"ANNIKA":           {"annika"},
		"muller":           {"ann"},
		"zoe@POST.example": {"ann"},
		"grosste laden":    {"ann"},
		"größte":           {"ann"},
		"spring":           {"fair", "meadow", "springs"}, // at its start, a word, the start of a word
		"b-4711":           {"fair"},
		"fair":             {"fair"},
		"of another":       nil,
		" ":                nil,
		"":                 nil,
		"zzz":              nil,
		`"`:                nil,
	} {
		f, err := s.Find(ctx, "shop", text, 10)
		if err != nil {
			t.Fatal(text, err)
		}
		var got []string
		for _, u := range f.Users {
			if u.App != "shop" {
				t.Errorf("%q finds a user of %s", text, u.App)
			}
			got = append(got, string(u.ID))
		}
		for _, c := range f.Conversations {
			if c.App != "shop" {
				t.Errorf("%q finds a conversation of %s", text, c.App)
			}
			got = append(got, string(c.ID))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", text, got, want)
		}
	}
	if f, err := s.Find(ctx, "shop", "ann", 2); err != nil || len(f.Users) != 2 || f.Users[0].ID != "ann" {
		t.Errorf("two of them: %v %v", f, err)
	}
	if _, err := s.Find(ctx, "nope", "ann", 2); chat.ReasonOf(err) != chat.AppNotFound {
		t.Errorf("in no app: %v", err)
	}
}

func patch(fields map[string]string) chat.Custom {
	all := chat.Custom{}
	for k, v := range fields {
		all[k] = &v
	}
	return all
}
