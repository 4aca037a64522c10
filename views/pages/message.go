package pages

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// MessagesView is what is said in a conversation, oldest first, as admins read it.
type MessagesView struct {
	ConversationHead
	Lines        []MessageLine
	Filter       MessageFilter
	Newer, Older string    // addresses of the neighbouring pages; of finds only Older
	Back         time.Time // how far back a search looked before it stopped; zero when it found a page, or the end
	Here         string    // the address of this page
	Text         string    // of a system message that was not sent
	Errors       map[string]string
}

// MessageFilter is which messages are shown. Empty fields filter nothing.
type MessageFilter struct {
	Text string
	From string // a user
	Kind string // guests or system
	On   string // the day that the page begins with, as browsers write it
}

// Finds tells whether messages are looked for, rather than read in order.
func (f MessageFilter) Finds() bool { return f.Text != "" || f.From != "" || f.Kind != "" }

// Query is the filter as an address carries it.
func (f MessageFilter) Query() url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"q": f.Text, "from": f.From, "kind": f.Kind, "on": f.On} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return q
}

// MessageLine is a message, or what else happened between two of them.
type MessageLine struct {
	Day     string // set where a new day begins
	Message chat.Message
	Event   *EventView // instead of a message
}

// MessageLines puts messages, newest first, and events, newest first, into one order, oldest first, under their days.
func MessageLines(ctx context.Context, messages []chat.Message, events []chat.Event, now time.Time) []MessageLine {
	var all []MessageLine
	day := ""
	add := func(at time.Time, line MessageLine) {
		if label := dayLabel(ctx, at.In(now.Location()), now); label != day {
			day, line.Day = label, label
		}
		all = append(all, line)
	}
	e := len(events) - 1
	for i := len(messages) - 1; i >= 0; i-- {
		for ; e >= 0 && events[e].At.Before(messages[i].CreatedAt); e-- {
			add(events[e].At, MessageLine{Event: &EventView{Event: events[e], Now: now}})
		}
		add(messages[i].CreatedAt, MessageLine{Message: messages[i]})
	}
	for ; e >= 0; e-- {
		add(events[e].At, MessageLine{Event: &EventView{Event: events[e], Now: now}})
	}
	return all
}

func (v MessagesView) address() string { return paths.Messages(v.app(), v.conv()) }

// some tells whether any message is shown, and not only what else happened.
func (v MessagesView) some() bool {
	for _, line := range v.Lines {
		if line.Event == nil {
			return true
		}
	}
	return false
}

func (v MessagesView) fromMenu(ctx context.Context) components.MenuProps {
	with := func(label, from, kind string) components.MenuItem {
		f := v.Filter
		f.From, f.Kind, f.On = from, kind, ""
		return components.MenuItem{Label: label, Href: paths.Page(v.address(), f.Query()), Current: v.Filter.From == from && v.Filter.Kind == kind}
	}
	all := []components.MenuItem{with(words.T(ctx, "Everyone"), "", ""), with(words.T(ctx, "Guests"), "", "guests"), with(words.T(ctx, "System messages"), "", "system")}
	text := words.T(ctx, "From: everyone")
	switch {
	case v.Filter.From != "":
		text = words.T(ctx, "From: %s", v.Filter.From)
		all = append(all, with(v.Filter.From, v.Filter.From, ""))
	case v.Filter.Kind != "":
		text = words.T(ctx, "From: %s", map[string]string{"guests": "guests", "system": "the system"}[v.Filter.Kind])
	}
	return components.MenuProps{Label: words.T(ctx, "Messages from"), Text: text, FromLeft: true, Items: all}
}

func (v MessagesView) keep() []components.Hidden {
	var all []components.Hidden
	for _, h := range []components.Hidden{{Name: "from", Value: v.Filter.From}, {Name: "kind", Value: v.Filter.Kind}} {
		if h.Value != "" {
			all = append(all, h)
		}
	}
	return all
}

func (v MessagesView) exportMenu(ctx context.Context) components.MenuProps {
	if v.Filter.Finds() {
		return exportOfConversation(ctx, v.ConversationHead, "messages", v.Filter.Query())
	}
	item := func(label, as string) components.MenuItem {
		return components.MenuItem{Label: label, Icon: "download", Href: paths.ExportConversation(v.app(), v.conv(), as), Attrs: map[string]any{"download": true}}
	}
	return components.MenuProps{Label: words.T(ctx, "Export the conversation as"), Text: words.T(ctx, "Export"), Icon: "download", Items: []components.MenuItem{item(words.T(ctx, "Text to read"), "txt"), item(words.T(ctx, "CSV for a spreadsheet"), "csv"), item(words.T(ctx, "JSON for a program"), "json")}}
}

// pagerText says what the page shows.
func (v MessagesView) pagerText(ctx context.Context) string {
	switch {
	case !v.Back.IsZero():
		return words.T(ctx, "Looked through messages back to %s.", words.Full(ctx, v.Back, v.Frame.Now))
	case v.Filter.Finds():
		return words.T(ctx, "The newest finds, in the order they were sent. Times are in %s.", v.Frame.Now.Format("MST"))
	}
	return words.T(ctx, "Oldest first on this page. Times are in %s.", v.Frame.Now.Format("MST"))
}

func (v MessagesView) olderLabel(ctx context.Context) string {
	if v.Filter.Finds() {
		return words.T(ctx, "Look further back")
	}
	return words.T(ctx, "Older messages")
}

// MessageAnchor is the id of a message's line.
func MessageAnchor(m chat.Message) string { return "m-" + strconv.FormatInt(m.Seq, 10) }

func (v MessagesView) menu(ctx context.Context, m chat.Message) components.MenuProps {
	var all []components.MenuItem
	if m.Sender != "" {
		all = append(all, components.MenuItem{Label: words.T(ctx, "View user"), Icon: "circle-user-round", Href: paths.User(v.app(), string(m.Sender))},
			components.MenuItem{Label: words.T(ctx, "Only from this person"), Icon: "list-filter", Href: paths.Page(v.address(), url.Values{"from": {string(m.Sender)}})})
	}
	if v.Filter.Finds() {
		all = append(all, components.MenuItem{Label: words.T(ctx, "Show among the others"), Icon: "messages-square", Href: paths.Message(v.app(), v.conv(), m.ID)})
	}
	all = append(all, components.MenuItem{Label: words.T(ctx, "Link to this message"), Icon: "link", Href: paths.Message(v.app(), v.conv(), m.ID)}, components.MenuItem{Label: words.T(ctx, "Copy message ID"), Icon: "copy", Copy: m.ID})
	if v.CanModerate && m.DeletedAt.IsZero() {
		all = append(all, components.MenuItem{}, components.MenuItem{Label: words.T(ctx, "Delete message"), Icon: "trash-2", Danger: true, Action: paths.DeleteMessage(v.app(), v.conv(), m.ID), Fields: v.back()})
	}
	return components.MenuProps{Label: words.T(ctx, "Actions for the message of %s at %s", sender(ctx, m), v.clock(m.CreatedAt)), Items: all}
}

func (v MessagesView) back() []components.Hidden {
	return []components.Hidden{{Name: "back", Value: v.Here}}
}

func (v MessagesView) clock(at time.Time) string {
	return at.In(v.Frame.Now.Location()).Format("15:04")
}

func sender(ctx context.Context, m chat.Message) string {
	if m.Type == chat.SystemMessage {
		return words.T(ctx, "System")
	}
	return or(m.SenderName, string(m.Sender))
}

// Long texts are folded: this much of them is shown.
const (
	foldAbove = 600 // characters
	foldLines = 12
	foldShows = 280
)

// folded is the beginning of a long text, and how long it is; "" for one that is shown whole.
func folded(text string) (start string, length int) {
	length = utf8.RuneCountInString(text)
	if length <= foldAbove && strings.Count(text, "\n") < foldLines {
		return "", length
	}
	lines := strings.SplitN(text, "\n", 5)
	start = strings.Join(lines[:min(4, len(lines))], "\n")
	if runes := []rune(start); len(runes) > foldShows {
		start = string(runes[:foldShows])
	}
	return start + "…", length
}

// textPart is a piece of a message: plain, or an address that may be opened.
type textPart struct{ text, href string }

var webAddress = regexp.MustCompile("https?://[^\\s<>\"“”`|\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")

// textParts takes the addresses out of a text. Whatever else is in it stays text.
func textParts(text string) []textPart {
	var all []textPart
	at := 0
	for _, found := range webAddress.FindAllStringIndex(text, -1) {
		address := strings.TrimRight(text[found[0]:found[1]], ".,;:!?'’*_~…)]}")
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil {
			continue
		}
		if found[0] > at {
			all = append(all, textPart{text: text[at:found[0]]})
		}
		all = append(all, textPart{text: address, href: u.String()})
		at = found[0] + len(address)
	}
	if at < len(text) {
		all = append(all, textPart{text: text[at:]})
	}
	return all
}
