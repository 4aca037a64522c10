package layouts

import (
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"guestlist/views/viewtest"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var page = Page{
	Title: "Conversations", Nav: NavConversations,
	App: App{ID: "lfm", Name: "Larkfield Market", Live: true}, Apps: []App{{ID: "lfm", Name: "Larkfield Market", Live: true}, {ID: "lft", Name: "Trial"}},
	Admin: Admin{ID: "imani", Name: "Imani Okafor", Role: "Owner"}, Theme: Dark, Flash: Flash{Text: "Saved.", Undo: "/undo"}, Demo: true,
	Confirmed: time.Date(2026, 3, 2, 10, 42, 0, 0, time.UTC), Here: "/apps/lfm/conversations?q=fair",
	Presence: Presence{Text: "Ana is editing this.", Stream: "/apps/lfm/presence?at=x"},
}

func titled(frame templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return frame.Render(templ.WithChildren(ctx, templ.Raw("<h1>Title</h1>")), w)
	})
}

func TestEveryFrameKeepsTheRules(t *testing.T) {
	viewtest.Check(t, map[string]templ.Component{
		"Shell":       titled(Shell(page)),
		"Shell, bare": titled(Shell(Page{Title: "Team", Nav: NavTeam, NoKeys: true})),
		"Door":        titled(Door(DoorPage{Title: "Sign in", Foot: "Guestlist", Demo: true})),
		"Door, plain": titled(Door(DoorPage{Title: "Not found", Plain: true})),
		"Wordmark":    Wordmark("/"),
		"FlashUpdate": FlashUpdate(page.Flash),
		"KeyMap":      KeyMap(),
	})
}

func TestTheShellSaysWhereYouAre(t *testing.T) {
	doc := viewtest.Render(t, titled(Shell(page)))
	if here := doc.Find(`nav[aria-label="Main"] [aria-current=page]`); strings.TrimSpace(here.Text()) != "Conversations" {
		t.Errorf("the navigation says %q", here.Text())
	}
	if doc.Find("html").AttrOr("data-theme", "") != "dark" || doc.Find(`#toasts form`).AttrOr("action", "") != "/undo" {
		t.Error("the theme or the way back is missing")
	}
}

func TestAPageOfNoAppLinksToNone(t *testing.T) {
	doc := viewtest.Render(t, titled(Shell(Page{Title: "Team", Nav: NavTeam})))
	doc.Find("a").Each(func(_ int, link *goquery.Selection) {
		if strings.HasPrefix(link.AttrOr("href", ""), "/apps/") {
			t.Errorf("a link to %s", link.AttrOr("href", ""))
		}
	})
}

func TestUnknownThemesFollowTheSystem(t *testing.T) {
	for value, want := range map[string]Theme{"dark": Dark, "light": Light, "system": System, "": System, `"><script>`: System} {
		if got := ParseTheme(value); got != want {
			t.Errorf("ParseTheme(%q) is %q", value, got)
		}
	}
}

// The keyboard map is the table that script binds: everything in it has an act, and nothing is bound twice.
func TestTheKeyboardMapIsBound(t *testing.T) {
	script, err := os.ReadFile("../../static/js/keys.js")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	rows := viewtest.Render(t, titled(Shell(page))).Find("#keys-dialog [data-keys]")
	for _, row := range rows.EachIter() {
		keys, act := row.AttrOr("data-keys", ""), row.AttrOr("data-act", "")
		name, about, _ := strings.Cut(act, " ")
		if seen[keys] {
			t.Errorf("%s is bound twice", keys)
		}
		seen[keys] = true
		if bound := regexp.MustCompile(`(?m)^    "?` + regexp.QuoteMeta(name) + `"?[:,]`); name != "" && !bound.Match(script) {
			t.Errorf("%s does %q, which keys.js doesn't know", keys, act)
		}
		if name == "go" && (NavItem(about).key(t.Context()) == "" || viewtest.Render(t, titled(Shell(page))).Find(`[data-go="`+about+`"]`).Length() == 0) {
			t.Errorf("%s goes to %q, which is nowhere", keys, about)
		}
	}
	if len(seen) < 15 {
		t.Errorf("%d keys", len(seen))
	}
}

func TestTheShellSaysHowLongNobodyIsAskedAgain(t *testing.T) {
	said := viewtest.Render(t, titled(Shell(page))).Find("[data-testid=confirmed]")
	if !strings.Contains(said.Text(), "You confirmed it’s you, until 10:42.") || said.Find("form").AttrOr("action", "") != "/account/confirm/end" || said.Find("input[name=back]").AttrOr("value", "") != page.Here {
		t.Errorf("it says %q", said.Text())
	}
	if viewtest.Render(t, titled(Shell(Page{Title: "Team"}))).Find("[data-testid=confirmed]").Length() != 0 {
		t.Error("it speaks of what doesn't hold")
	}
}
