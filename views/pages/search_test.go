package pages

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/viewtest"
)

func init() {
	found := SearchView{Frame: sampleFrame("Search", layouts.NavNone), Text: "spr", At: "/apps/shop/conversations/fair"}
	found.Add("Conversations", []SearchRow{ConversationRow(context.Background(), chat.Conversation{App: "shop", ID: "a b/ü", Subject: "Spring fair"})})
	found.Add("People", []SearchRow{UserRow(chat.User{App: "shop", ID: "u1", Name: "Ines Springer", Email: []string{"a@b.example"}}), UserRow(chat.User{App: "shop", ID: "u2"})})
	found.AddCommands(context.Background(), Place{App: "shop", Conversation: &chat.Conversation{App: "shop", ID: "fair"}}, chat.Actor{Kind: chat.AdminActor, Role: chat.Owner}, time.Now())
	found.Add("Pages", PageRows(context.Background(), found.Frame, ""))
	samples["Search"] = Search(found)
	samples["Search, nothing"] = Search(SearchView{Frame: sampleFrame("Search", layouts.NavNone), Text: "zzz"})
	samples["SearchRows"] = SearchRows(found)
	samples["SearchRows, nothing"] = SearchRows(SearchView{Text: "zzz"})
}

// Every setting is found by its name, where it is.
func TestEverySettingIsFound(t *testing.T) {
	for _, key := range chat.SettingKeys {
		if !slices.ContainsFunc(settingPlaces, func(s settingPlace) bool { return s.key == key }) {
			t.Errorf("no search finds the setting %s", key)
		}
	}
	owner := chat.Actor{Kind: chat.AdminActor, Role: chat.Owner}
	for _, s := range settingPlaces {
		v := SearchView{Text: s.label}
		v.AddSettings(t.Context(), Place{App: "shop"}, chat.DefaultSettings(), owner, time.Now())
		if len(v.Groups) != 1 || v.Groups[0].Rows[0].Label != s.label || !strings.HasPrefix(v.Groups[0].Rows[0].Href, "/apps/shop/settings") {
			t.Errorf("%q finds %v", s.label, v.Groups)
		}
	}
}

// The palette offers what the role may do, and nothing else.
func TestCommandsFollowTheRole(t *testing.T) {
	offered := func(role chat.Role, text string) []string {
		v := SearchView{Text: text}
		v.AddCommands(t.Context(), Place{App: "shop", Conversation: &chat.Conversation{App: "shop", ID: "fair", Subject: "Fair"}}, chat.Actor{Kind: chat.AdminActor, Role: role}, time.Now())
		v.AddSettings(t.Context(), Place{App: "shop"}, chat.DefaultSettings(), chat.Actor{Kind: chat.AdminActor, Role: role}, time.Now())
		var all []string
		for _, g := range v.Groups {
			for _, r := range g.Rows {
				all = append(all, r.Label)
			}
		}
		return all
	}
	for _, x := range []struct {
		role  chat.Role
		text  string
		label string
		want  bool
	}{
		{chat.Owner, "", "Add participants", true}, {chat.Manage, "", "Block guests", true}, {chat.Viewer, "", "Add participants", false}, {chat.Viewer, "", "Block guests", false},
		{chat.Viewer, "", "See the history", true}, {chat.Viewer, "", "Copy ID", true}, {chat.Manage, "secret", "New secret key", false}, {chat.Owner, "secret", "New secret key", true},
		{chat.Owner, "delete", "Delete this app", true}, {chat.Manage, "delete", "Delete this app", false}, {chat.Viewer, "delete", "Delete this conversation", false},
		{chat.Owner, "allow guests", "Allow guests", false}, {chat.Owner, "INVITE", "Add participants", true}, {chat.Viewer, "new app", "New app", false},
	} {
		if got := slices.Contains(offered(x.role, x.text), x.label); got != x.want {
			t.Errorf("%s types %q: %q offered is %v, in %v", x.role, x.text, x.label, got, offered(x.role, x.text))
		}
	}
}

func TestMatchesAreMarked(t *testing.T) {
	for _, x := range [][4]string{
		{"Spring fair", "spr", "", "Spr"}, {"Hot Sprïngs", "spring", "Hot ", "Spring"}, {"Offspring", "spring", "", ""}, {"Ines", "", "", ""}, {"", "x", "", ""},
	} {
		before, match, after := marked(x[0], x[1])
		if plainText(match) != plainText(x[3]) || match != "" && before != x[2] || before+match+after != x[0] {
			t.Errorf("%q in %q: %q %q %q", x[1], x[0], before, match, after)
		}
	}
}

func TestRowsNameWhatTheyOpen(t *testing.T) {
	doc := viewtest.Render(t, samples["SearchRows"])
	if doc.Find("[role=group] [role=option][href]").Length() != doc.Find("[role=option]").Length() || doc.Find("[role=option]").Length() < 8 {
		t.Error("options outside groups, or none")
	}
	if said := doc.Find("[data-said]").AttrOr("data-said", ""); !strings.HasSuffix(said, " results") {
		t.Errorf("announced: %q", said)
	}
}
