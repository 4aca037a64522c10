package pages

import (
	"context"
	"net/url"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// HistoryView is what changed in a conversation, newest first.
type HistoryView struct {
	ConversationHead
	What, Door   string // filters; "" for all
	Days         []Day
	Newer, Older string
}

// HistoryKinds are what the history of a conversation can be narrowed to.
var HistoryKinds = []struct {
	Value, Label string
	Types        []chat.EventType
}{
	{"people", words.Key("Joined, left and changed"), typesOf("participant.")},
	{"guests", words.Key("Guests"), typesOf("guest.")},
	{"settings", words.Key("The conversation itself"), typesOf("conversation.")},
}

func historyOptions(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "", Label: words.T(ctx, "Everything")}}
	for _, k := range HistoryKinds {
		all = append(all, components.Option{Value: k.Value, Label: words.T(ctx, k.Label)})
	}
	return all
}

// doorOptions are the doors that changes came through.
func doorOptions(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "", Label: words.T(ctx, "Any door")}}
	for _, s := range []chat.Source{chat.Dashboard, chat.REST, chat.Browser, chat.System} {
		all = append(all, components.Option{Value: string(s), Label: words.T(ctx, sourceNames[s])})
	}
	return all
}

func (v HistoryView) address() string { return paths.ConversationHistory(v.app(), v.conv()) }

func (v HistoryView) filtered() bool { return v.What != "" || v.Door != "" }

// MomentForm asks for a moment, in the admin's own time.
type MomentForm struct {
	Action string
	At, To string // as a browser writes them
	Now    time.Time
	Error  string
	Until  bool // asks for a second moment as well
	Keep   []components.Hidden
}

// MomentText is a time as the field for moments takes it.
func MomentText(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(now.Location()).Format("2006-01-02T15:04:05.999")
}

func (f MomentForm) help(ctx context.Context) string {
	return words.T(ctx, "In your time, %s.", f.Now.Format("MST"))
}

// quick are moments that are asked for often.
func (f MomentForm) quick(ctx context.Context) []components.MenuItem {
	var all []components.MenuItem
	for _, q := range []struct {
		label string
		back  time.Duration
	}{{words.T(ctx, "An hour ago"), time.Hour}, {words.T(ctx, "A day ago"), 24 * time.Hour}, {words.T(ctx, "A week ago"), 7 * 24 * time.Hour}, {words.T(ctx, "30 days ago"), 30 * 24 * time.Hour}} {
		at := f.Now.Add(-q.back).Truncate(time.Minute)
		query := url.Values{"at": {MomentText(at, f.Now)}}
		for _, k := range f.Keep {
			query.Set(k.Name, k.Value)
		}
		all = append(all, components.MenuItem{Label: q.label, Href: paths.Page(f.Action, query)})
	}
	return all
}

func (h ConversationHead) momentForm() MomentForm {
	return MomentForm{Action: paths.ListAt(h.app(), h.conv()), Now: h.Frame.Now}
}

// ListAtView is who was on a list at a moment.
type ListAtView struct {
	ConversationHead
	At         time.Time
	AtText     string // as it was typed
	Error      string // why that is no moment
	Exists     bool
	Replayed   bool
	Then       ConversationHead // the head as it was then
	Rows       []chat.Participant
	Access     chat.Access // filter
	Search     string
	Prev, Next string
}

func (v ListAtView) form() MomentForm {
	f := v.momentForm()
	f.At, f.Error = or(v.AtText, MomentText(v.At, v.Frame.Now)), v.Error
	return f
}

func (v ListAtView) address() string { return paths.ListAt(v.app(), v.conv()) }

func (v ListAtView) query() url.Values {
	q := url.Values{"at": {MomentText(v.At, v.Frame.Now)}}
	if v.Search != "" {
		q.Set("q", v.Search)
	}
	if v.Access != "" {
		q.Set("access", string(v.Access))
	}
	return q
}

func (v ListAtView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.address(), v.query(), key, cursor)
}

func (v ListAtView) accessMenu(ctx context.Context) components.MenuProps {
	items := []components.MenuItem{{Label: words.T(ctx, "Any access"), Href: withQuery(v.address(), v.query(), "access", ""), Current: v.Access == ""}}
	for _, a := range chat.Accesses {
		items = append(items, components.MenuItem{Label: words.T(ctx, a.Label()), Href: withQuery(v.address(), v.query(), "access", string(a)), Current: v.Access == a})
	}
	return components.MenuProps{Label: words.T(ctx, "Filter by access"), Text: words.T(ctx, "Access: %s", or(words.T(ctx, v.Access.Label()), words.T(ctx, "any"))), FromLeft: true, Items: items}
}

func (v ListAtView) keep() []components.Hidden {
	all := []components.Hidden{{Name: "at", Value: MomentText(v.At, v.Frame.Now)}}
	if v.Access != "" {
		all = append(all, components.Hidden{Name: "access", Value: string(v.Access)})
	}
	return all
}

// difference is the page of what became of this list until now.
func (v ListAtView) difference() string {
	return paths.Page(paths.ListDifference(v.app(), v.conv()), url.Values{"at": {MomentText(v.At, v.Frame.Now)}})
}

func (v ListAtView) listed(ctx context.Context) string {
	n := v.Then.Conversation.Counts.Listed()
	return words.N(ctx, n, "%d participant was on the list", "%d participants were on the list")
}

func (v ListAtView) listedText(ctx context.Context) string {
	c := v.Then.Conversation.Counts
	text := words.T(ctx, "Nobody could open this but guests, where they were let in.")
	if c.Listed() > 0 {
		text = words.T(ctx, "%s could read and write, %s could only read.", words.Number(ctx, c.ReadWrite), words.Number(ctx, c.Read))
	}
	if c.None > 0 {
		text += " " + words.N(ctx, c.None, "%d person was kept out.", "%d people were kept out.")
	}
	return text
}

func (v ListAtView) guestTitle(ctx context.Context) string {
	switch v.Then.guests().Access {
	case chat.ReadWrite:
		return words.T(ctx, "Guests could read and write then")
	case chat.Read:
		return words.T(ctx, "Guests could read then")
	}
	return words.T(ctx, "Guests were not let in then")
}

// joining says whether people could put themselves on the list then.
func (v ListAtView) joining(ctx context.Context) string {
	if v.Then.Security.DisallowConversationSync {
		return words.T(ctx, "Nobody could put themselves on the list then: conversation synchronization via the browser was disallowed.")
	}
	return words.T(ctx, "Whoever knew the ID could put themselves on the list then: conversation synchronization via the browser was allowed. Admins and your server can read everything at any time.")
}

func (v ListAtView) pagerText(ctx context.Context) string {
	n := words.N(ctx, int64(len(v.Rows)), "%d participant", "%d participants")
	if v.Search != "" {
		return words.T(ctx, "Found %s", n)
	}
	return words.T(ctx, "Showing %s, in the order they joined", n)
}

// could says what a place let somebody do at a moment.
func could(ctx context.Context, p chat.Participant, at time.Time) string {
	if p.Ended(at) {
		return words.T(ctx, "Their access had ended")
	}
	switch p.Access {
	case chat.ReadWrite:
		return words.T(ctx, "Could read and write")
	case chat.Read:
		return words.T(ctx, "Could read")
	}
	return words.T(ctx, "Was kept out")
}

// DifferenceView is what became of a list between two moments, and the form that takes it back.
type DifferenceView struct {
	ConversationHead
	At, To         time.Time // To is zero for now
	AtText, ToText string
	Error          string
	Counts         map[chat.MoveKind]int
	Moves          []chat.Move
	Prev, Next     string
	RestoreError   string
	CanRestore     bool
}

func (v DifferenceView) form() MomentForm {
	f := v.momentForm()
	f.Action, f.Until = paths.ListDifference(v.app(), v.conv()), true
	f.At, f.To, f.Error = or(v.AtText, MomentText(v.At, v.Frame.Now)), or(v.ToText, MomentText(v.To, v.Frame.Now)), v.Error
	return f
}

func (v DifferenceView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(paths.ListDifference(v.app(), v.conv()), url.Values{"at": {MomentText(v.At, v.Frame.Now)}, "to": {MomentText(v.To, v.Frame.Now)}}, key, cursor)
}

func (v DifferenceView) list() string {
	return paths.Page(paths.ListAt(v.app(), v.conv()), url.Values{"at": {MomentText(v.At, v.Frame.Now)}})
}

func (v DifferenceView) all() int64 {
	return int64(v.Counts[chat.MovedIn] + v.Counts[chat.MovedOut] + v.Counts[chat.Changed])
}

// restorePart is one part of a restoration, ticked on its own.
type restorePart struct {
	kind        chat.MoveKind
	n           int64
	label, text string
	ticked      bool
}

func (v DifferenceView) parts(ctx context.Context) []restorePart {
	in, out, changed := int64(v.Counts[chat.MovedIn]), int64(v.Counts[chat.MovedOut]), int64(v.Counts[chat.Changed])
	var all []restorePart
	if out > 0 {
		all = append(all, restorePart{chat.MovedOut, out, words.T(ctx, "Add %s who went since", words.N(ctx, out, "%d person", "%d people")), words.T(ctx, "With the access they had, and the time they joined. They see the whole history, what was written meanwhile too."), true})
	}
	if changed > 0 {
		all = append(all, restorePart{chat.Changed, changed, words.T(ctx, "Change %s back", words.N(ctx, changed, "%d person", "%d people")), words.T(ctx, "To the access and notifications they had."), true})
	}
	if in > 0 {
		all = append(all, restorePart{chat.MovedIn, in, words.T(ctx, "Remove %s who came since", words.N(ctx, in, "%d person", "%d people")), words.T(ctx, "They lose the conversation at once. %s", v.leaves(ctx, in)), false})
	}
	return all
}

// leaves says how many would be left on the list.
func (v DifferenceView) leaves(ctx context.Context, in int64) string {
	if left := v.Conversation.Counts.All() - in + int64(v.Counts[chat.MovedOut]); left <= 0 {
		return words.T(ctx, "Nobody would be left on the list.")
	}
	return words.T(ctx, "Tick it if they should go.")
}

// moveText says what became of somebody.
func moveText(ctx context.Context, m chat.Move) string {
	switch m.Kind() {
	case chat.MovedIn:
		return words.T(ctx, "Came on the list")
	case chat.MovedOut:
		return words.T(ctx, "Went off the list")
	}
	return words.T(ctx, "Changed")
}

func moveTone(m chat.Move) components.Tone {
	switch m.Kind() {
	case chat.MovedIn:
		return components.OK
	case chat.MovedOut:
		return components.Bad
	}
	return components.Neutral
}

// placeText says what a place gives: "Read only, notified of all".
func placeText(ctx context.Context, p *chat.Participant, now time.Time) string {
	if p == nil {
		return words.T(ctx, "Not on the list")
	}
	text := words.T(ctx, p.Access.Label())
	if p.Access == chat.AccessNone {
		text = words.T(ctx, "Kept out")
	}
	if p.Notify != chat.NotifyAll {
		text += words.T(ctx, ", notify: %s", words.T(ctx, p.Notify.Label()))
	}
	if !p.Until.IsZero() {
		text += words.T(ctx, ", until %s", words.Day(ctx, p.Until, now))
	}
	if !p.HistoryFrom.IsZero() {
		text += words.T(ctx, ", history since %s", words.Day(ctx, p.HistoryFrom, now))
	}
	return text
}

// UserHistoryView is what became of a user's places over all conversations, and where they were at a moment.
type UserHistoryView struct {
	Frame        layouts.Page
	App          string
	User         chat.User
	Days         []Day
	Newer, Older string

	At         time.Time // zero: not asked
	AtText     string
	Error      string
	Places     []PlaceAt
	Count      int
	Prev, Next string
}

// PlaceAt is a user's place in a conversation at a moment.
type PlaceAt struct {
	chat.Participant
	Subject string
	Gone    bool // the conversation was deleted since
}

func (p PlaceAt) title() string { return or(p.Subject, string(p.Conversation)) }

func (v UserHistoryView) id() string { return string(v.User.ID) }

// Name is what the user is called.
func (v UserHistoryView) Name() string { return or(v.User.Name, v.id()) }

// Address is that of the page.
func (v UserHistoryView) Address() string { return paths.UserHistory(v.App, v.id()) }

func (v UserHistoryView) form() MomentForm {
	return MomentForm{Action: v.Address(), Now: v.Frame.Now, At: or(v.AtText, MomentText(v.At, v.Frame.Now)), Error: v.Error}
}

func (v UserHistoryView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.Address(), url.Values{"at": {MomentText(v.At, v.Frame.Now)}}, key, cursor)
}

func (v UserHistoryView) placesTitle(ctx context.Context) string {
	return words.T(ctx, "On %s then", words.N(ctx, int64(v.Count), "%d list", "%d lists"))
}
