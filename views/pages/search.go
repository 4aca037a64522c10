package pages

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// SearchView is what a search in everything finds: as a page, and as the rows of the palette.
type SearchView struct {
	Frame  layouts.Page
	Text   string // what was typed
	At     string // the page that the search was opened on: its commands come along
	Groups []SearchGroup
}

// SearchGroup is one kind of finds, the best first.
type SearchGroup struct {
	Name string
	Rows []SearchRow
}

// SearchRow is one find, which leads to a page.
type SearchRow struct {
	Href  string
	Label string
	Note  string // an id, in the type of ids
	Text  string // what there is to know about it
	Icon  string
	User  *chat.User // drawn as a person
	Key   string     // the key that does the same on its page, as it is shown
	Copy  string     // what choosing it copies, where there is script
}

// Count is how many rows there are.
func (v SearchView) Count() int {
	n := 0
	for _, g := range v.Groups {
		n += len(g.Rows)
	}
	return n
}

// said is what is announced about the rows.
func (v SearchView) said(ctx context.Context) string {
	if v.Count() == 0 {
		return words.T(ctx, "Nothing found for “%s”.", v.Text)
	}
	return words.N(ctx, int64(v.Count()), "%d result", "%d results")
}

func (v SearchView) action() string { return paths.Search(v.Frame.App.ID) }

// Add puts a group behind the others, unless it is empty.
func (v *SearchView) Add(name string, rows []SearchRow) {
	if len(rows) > 0 {
		v.Groups = append(v.Groups, SearchGroup{name, rows})
	}
}

// UserRow and ConversationRow are finds as rows.
func UserRow(u chat.User) SearchRow {
	return SearchRow{Href: paths.User(string(u.App), string(u.ID)), Label: or(u.Name, string(u.ID)), Note: string(u.ID), Text: first(u.Email), User: &u}
}

func ConversationRow(ctx context.Context, c chat.Conversation) SearchRow {
	return SearchRow{Href: paths.Participants(string(c.App), string(c.ID)), Label: conversationTitle(c), Note: string(c.ID), Icon: "messages-square",
		Text: words.N(ctx, c.Counts.Listed(), "%d participant", "%d participants")}
}

// EventSearchRow is a change of the audit log as a row.
func EventSearchRow(ctx context.Context, e EventView) SearchRow {
	return SearchRow{Href: paths.Page(paths.Audit(string(e.App)), url.Values{"entry": {count0(e.Seq)}}), Label: e.Text(ctx), Note: "#" + count0(e.Seq), Icon: "history"}
}

// RequestRow is the page of what a request did, or was refused, as a row.
func RequestRow(ctx context.Context, href, request string) SearchRow {
	return SearchRow{Href: href, Label: words.T(ctx, "What this request did"), Note: request, Icon: "scan-search"}
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// PageRows are the pages in the navigation that text names; all of them where nothing is typed.
func PageRows(ctx context.Context, frame layouts.Page, text string) []SearchRow {
	var rows []SearchRow
	for _, link := range frame.Links(ctx) {
		rows = append(rows, SearchRow{Href: link.Href, Label: link.Label, Icon: link.Icon, Key: link.Key})
	}
	return namedRows(rows, text, func(r SearchRow) string { return r.Label })
}

// AppRows are the other apps of the server that text names.
func AppRows(ctx context.Context, frame layouts.Page, text string) []SearchRow {
	var rows []SearchRow
	for _, app := range frame.Apps {
		if app.ID != frame.App.ID {
			rows = append(rows, SearchRow{Href: paths.Overview(app.ID), Label: app.Name, Note: app.ID, Icon: "app-window", Text: words.T(ctx, "Switch to this app")})
		}
	}
	return namedRows(rows, text, func(r SearchRow) string { return words.T(ctx, "%s %s app", r.Label, r.Note) })
}

// namedRows keeps the rows that have a word that starts so for every word of text, those whose label starts with it first.
func namedRows(rows []SearchRow, text string, words func(SearchRow) string) []SearchRow {
	wanted := plainWords(text)
	if len(wanted) == 0 && strings.TrimSpace(text) != "" {
		return nil
	}
	rows = slices.DeleteFunc(rows, func(r SearchRow) bool {
		all := plainWords(words(r))
		return slices.ContainsFunc(wanted, func(w string) bool {
			return !slices.ContainsFunc(all, func(word string) bool { return strings.HasPrefix(word, w) })
		})
	})
	starts := func(r SearchRow) int {
		if strings.HasPrefix(plainText(r.Label), plainText(text)) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(rows, func(a, b SearchRow) int { return starts(a) - starts(b) })
	return rows
}

func plainWords(s string) []string {
	return strings.FieldsFunc(plainText(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// plainText is a text without case and accents, for the few texts that are compared on pages.
func plainText(s string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), strings.TrimSpace(s))
	if err != nil {
		return strings.ToLower(s)
	}
	return strings.ToLower(plain)
}

// marked is a label taken apart at the start of a word that reads like what was typed.
func marked(label, text string) (before, match, after string) {
	wanted := []rune(plainText(text))
	letters := []rune(label)
	for i := range letters {
		if len(wanted) == 0 || i > 0 && (unicode.IsLetter(letters[i-1]) || unicode.IsDigit(letters[i-1])) {
			continue
		}
		if end := i + len(wanted); end <= len(letters) && plainText(string(letters[i:end])) == string(wanted) {
			return string(letters[:i]), string(letters[i:end]), string(letters[end:])
		}
	}
	return label, "", ""
}

func (r SearchRow) person() components.PersonProps {
	return components.PersonProps{ID: string(r.User.ID), Name: r.User.Name, Size: components.AvatarSmall}
}
