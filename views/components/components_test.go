package components

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"guestlist/views/viewtest"

	"github.com/a-h/templ"
)

var now = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// within gives a component its children.
func within(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

var (
	access = []SegOption{{Value: "ReadWrite", Label: "Read & write"}, {Value: "Read", Label: "Read only", Icon: "eye"}}
	maya   = PersonProps{ID: "u_maya", Name: "Maya Lindqvist", Href: "/apps/a/users/u_maya", Online: true}
	more   = Button(ButtonProps{Label: "Try again", Small: true})
)

var samples = map[string]templ.Component{
	"Icon":        Icon("check", "size-4"),
	"Link":        Link("/apps", "All apps"),
	"Named":       Named("Maya"),
	"Strong":      Strong("Maya"),
	"Mono":        Mono("master.key"),
	"Mark":        Mark("size-6"),
	"GlyphMember": GlyphMember("size-4"),
	"GlyphGuest":  GlyphGuest("size-4"),

	"Button":               Button(ButtonProps{Label: "Save"}),
	"Button, all":          Button(ButtonProps{Label: "Remove 3", Variant: Danger, Type: Plain, Icon: "user-minus", After: "arrow-right", IconOnly: true, Small: true, Wide: true, Disabled: true, Name: "do", Value: "remove", Action: "/x", Key: "a", Class: "ml-2"}),
	"Button, busy":         Button(ButtonProps{Label: "Saving", Icon: "check", Busy: true}),
	"LinkButton":           LinkButton("/add", ButtonProps{Label: "Add participants", Variant: Primary, Icon: "user-plus", Dialog: true}),
	"LinkButton, disabled": LinkButton("", ButtonProps{Label: "Newer", Disabled: true}),
	"Kbd":                  Kbd("⌘", "K"),

	"Field":           Field(FieldProps{Label: "Subject", Name: "subject"}),
	"Field, all":      Field(FieldProps{Label: "User ID", Name: "id", ID: "user-id", Value: "sam", Type: "email", Placeholder: "u_1", Help: "Help.", Error: "Error.", Autocomplete: "off", InputMode: "email", MaxLength: 50, Optional: true, Required: true, ReadOnly: true, Disabled: true, Autofocus: true, Mono: true, HideLabel: true, Attrs: templ.Attributes{"spellcheck": "false"}}),
	"Field, text":     Field(FieldProps{Label: "IDs", Name: "ids", Rows: 4, Value: "a\nb"}),
	"Passkey":         Passkey(PasskeyProps{Label: "Use a passkey", Options: "/options", Wide: true, Primary: true}),
	"YourPassword":    YourPassword(FieldProps{Error: "is not your password"}),
	"Proof":           Proof(ProofProps{Error: "is not your password", Passkey: "/options"}),
	"Field, choice":   Field(FieldProps{Label: "Role", Name: "role", Value: "b", Options: []Option{{Value: "a", Label: "Owner"}, {Value: "b", Label: "Viewer"}}}),
	"Field, password": Field(FieldProps{Label: "Password", Name: "password", Type: "password", Error: "Too short."}),
	"FieldError":      FieldError("x-error", "Not saved."),
	"Search":          Search(SearchProps{Label: "Find by name or ID", Action: "/list", Target: "#results", Keep: []Hidden{{"access", "Read"}}}),

	"CheckRow": within(CheckRow(CheckProps{Label: "Disallow user synchronization via the browser", Name: "users", Text: "Browsers can’t create users.", Checked: true, Changed: true}), more),
	"Pick":     Pick(PickProps{Label: "Select Maya Lindqvist", Value: "u_maya", Form: "bulk"}),
	"PickAll":  PickAll(PickProps{Form: "bulk"}),
	"BulkBar":  within(BulkBar("bulk", "/bulk", "Selected participants"), more),
	"SegNow":   SegNow(SegNowProps{Label: "Access for Maya Lindqvist", Action: "/x", Name: "access", Options: access, Current: "Read", Target: "closest tr", Error: "Not saved. The server didn’t answer.", Keep: []Hidden{{"q", "ma"}}}),
	"SegRadio": SegRadio(SegRadioProps{Label: "Access", Name: "access", Options: access, Current: "Read"}),

	"Badge":         Badge(BadgeProps{Text: "Banned", Tone: Bad, Icon: "ban"}),
	"Avatar":        Avatar(maya),
	"Avatar, large": Avatar(PersonProps{ID: "a", Size: AvatarLarge, Guest: true}),
	"AvatarStack":   AvatarStack([]PersonProps{maya, maya}, 14),
	"Person":        within(Person(maya), Badge(BadgeProps{Text: "You"})),
	"Person, plain": Person(PersonProps{ID: "u_1"}),
	"CopyID":        CopyID("fair", "conversation ID"),

	"Menu":       Menu(MenuProps{Label: "Actions for Maya Lindqvist", Items: []MenuItem{{Label: "View user", Icon: "circle-user-round", Href: "/u", Key: "↵"}, {Label: "Copy ID", Copy: "u_maya"}, {}, {Label: "Remove", Action: "/remove", Danger: true, Fields: []Hidden{{"a", "b"}}}}}),
	"Menu, text": Menu(MenuProps{Label: "Filter by access", Text: "Access: any", Icon: "list-filter", FromLeft: true, Items: []MenuItem{{Label: "Any", Href: "/", Current: true}, {Label: "Delete…", Href: "/d", Dialog: true}}}),

	"Notice":        Notice(NoticeProps{Text: "Tomás changed 2 participants."}),
	"Notice, guest": Notice(NoticeProps{Kind: NoticeGuest, Title: "3 guests are here now."}),
	"Notice, all":   within(Notice(NoticeProps{Kind: NoticeBad, Title: "It didn’t load.", Text: "Nothing was changed.", Alert: true, Action: more}), Kbd("R")),
	"Toast":         Toast(ToastProps{Text: "Leila Haddad was removed.", Undo: "/undo", Keep: []Hidden{{"back", "/"}}}),
	"SaveBar":       SaveBar(SaveBarProps{Text: "Guest access", Show: true}),

	"Live":      Live(LiveProps{Stream: "/apps/a/live", Since: "7-a"}),
	"Live, not": Live(LiveProps{}),
	"LiveNews":  LiveNews(),

	"Tabs":           Tabs("Conversation", []Tab{{"Participants", "/p", "18", true}, {"History", "/h", "", false}}),
	"Pager":          Pager(PagerProps{Label: "participants", Text: "Showing 10, most recent first", Older: "/o"}),
	"Chart":          Chart(ChartProps{Label: "Messages over 24 hours: 3 messages.", Values: []int64{0, 1, 2}, Guest: true, Small: true}),
	"Chart, line":    Chart(ChartProps{Label: "Users over 24 hours: 3 users.", Values: []int64{3, 1, 2}, Line: true}),
	"Chart, nothing": Chart(ChartProps{Label: "Nothing.", Warn: true}),
	"Stats":          within(Stats(), Stat(StatProps{Label: "Online", Value: "214", Note: "of 8,216 users"})),
	"Stat":           Stat(StatProps{Label: "Guests here now", Value: "37", Note: "in 12 conversations", Guest: true}),
	"EmptyState":     within(EmptyState(EmptyProps{Icon: "user-plus", Title: "Nobody is on the list", Text: "Only guests can read this.", Guest: true, Sub: true}), more),
	"Code":           Code(CodeProps{Title: "curl", Text: "curl https://chat.example"}),
	"PageHeader":     within(PageHeader(HeaderProps{Title: "Spring fair", Crumbs: []Crumb{{"Conversations", "/c"}}, Text: "One line.", Sub: CopyID("fair", ""), Badge: Badge(BadgeProps{Text: "Frozen"}), Actions: more}), Tabs("Conversation", nil)),
	"Confirm":        within(Confirm(ConfirmProps{Title: "Delete Larkfield Market?", Text: "This can’t be undone.", Action: "/d", Do: "Delete app", Keep: "Keep the app", Back: "/b", Fields: []Hidden{{"version", "3"}}}), more),
	"Time":           Time(now.Add(-4*time.Minute), now),
	"Time, never":    Time(time.Time{}, now),
}

func TestEveryPartKeepsTheRules(t *testing.T) { viewtest.Check(t, samples) }

func TestWhatPeopleWroteIsText(t *testing.T) {
	doc := viewtest.Render(t, Person(PersonProps{ID: `"><b>`, Name: "<script>alert(1)</script>", Href: "javascript:alert(1)"}))
	if doc.Find("script, b, img").Length() > 0 || doc.Find("bdi").First().Text() != "<script>alert(1)</script>" {
		t.Error("a name or an id was taken for markup")
	}
	if href := doc.Find("a").AttrOr("href", ""); strings.HasPrefix(href, "javascript:") {
		t.Errorf("the link leads to %s", href)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Maya Lindqvist": "ML", "tomás de la cruz": "TD", "u_maya": "UM", "seller-204": "S2", "Élodie": "É", "E\u0301lodie": "E\u0301",
		"李 小龙": "李小", "🦊 fox": "🦊F", "": "", "  ": "", "\u202eevil": "",
	} {
		if got := Initials(name); got != want {
			t.Errorf("Initials(%q) is %q, want %q", name, got, want)
		}
	}
}

func TestAFieldNamesItsErrorAndItsHelp(t *testing.T) {
	input := viewtest.Render(t, Field(FieldProps{Label: "Email", Name: "email", Help: "Help.", Error: "Error."})).Find("input")
	if input.AttrOr("aria-describedby", "") != "email-error email-help" || input.AttrOr("aria-invalid", "") != "true" {
		t.Error("the input does not name its error and its help")
	}
}

func TestASegmentIsPressedAndSendsItsValue(t *testing.T) {
	doc := viewtest.Render(t, samples["SegNow"])
	pressed := doc.Find("button[aria-pressed=true]")
	if pressed.Length() != 1 || pressed.AttrOr("value", "") != "Read" || pressed.AttrOr("name", "") != "access" || doc.Find("form").AttrOr("method", "") != "post" {
		t.Error("the segments are not the buttons of a form with one pressed")
	}
}
