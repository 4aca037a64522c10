package pages

import (
	"net/url"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
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
	{"people", "Joined, left and changed", typesOf("participant.")},
	{"guests", "Guests", typesOf("guest.")},
	{"settings", "The conversation itself", typesOf("conversation.")},
}

func historyOptions() []components.Option {
	all := []components.Option{{Value: "", Label: "Everything"}}
	for _, k := range HistoryKinds {
		all = append(all, components.Option{Value: k.Value, Label: k.Label})
	}
	return all
}

// doorOptions are the doors that changes came through.
func doorOptions() []components.Option {
	all := []components.Option{{Value: "", Label: "Any door"}}
	for _, s := range []chat.Source{chat.Dashboard, chat.REST, chat.Browser, chat.System} {
		all = append(all, components.Option{Value: string(s), Label: sourceNames[s]})
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

func (f MomentForm) help() string { return "In your time, " + f.Now.Format("MST") + "." }

// quick are moments that are asked for often.
func (f MomentForm) quick() []components.MenuItem {
	var all []components.MenuItem
	for _, q := range []struct {
		label string
		back  time.Duration
	}{{"An hour ago", time.Hour}, {"A day ago", 24 * time.Hour}, {"A week ago", 7 * 24 * time.Hour}, {"30 days ago", 30 * 24 * time.Hour}} {
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

func (v ListAtView) accessMenu() components.MenuProps {
	items := []components.MenuItem{{Label: "Any access", Href: withQuery(v.address(), v.query(), "access", ""), Current: v.Access == ""}}
	for _, a := range chat.Accesses {
		items = append(items, components.MenuItem{Label: a.Label(), Href: withQuery(v.address(), v.query(), "access", string(a)), Current: v.Access == a})
	}
	return components.MenuProps{Label: "Filter by access", Text: "Access: " + or(v.Access.Label(), "any"), FromLeft: true, Items: items}
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

func (v ListAtView) listed() string {
	n := v.Then.Conversation.Counts.Listed()
	return counted(n, "participant was on the list", "participants were on the list")
}

func (v ListAtView) listedText() string {
	c := v.Then.Conversation.Counts
	text := "Nobody could open this but guests, where they were let in."
	if c.Listed() > 0 {
		text = count(c.ReadWrite) + " could read and write, " + count(c.Read) + " could only read."
	}
	if c.None > 0 {
		text += " " + counted(c.None, "person was kept out.", "people were kept out.")
	}
	return text
}

func (v ListAtView) guestTitle() string {
	switch v.Then.guests().Access {
	case chat.ReadWrite:
		return "Guests could read and write then"
	case chat.Read:
		return "Guests could read then"
	}
	return "Guests were not let in then"
}

// joining says whether people could put themselves on the list then.
func (v ListAtView) joining() string {
	if v.Then.Security.DisallowConversationSync {
		return "Nobody could put themselves on the list then: conversation synchronization via the browser was disallowed."
	}
	return "Whoever knew the ID could put themselves on the list then: conversation synchronization via the browser was allowed. Admins and your server can read everything at any time."
}

func (v ListAtView) pagerText() string {
	n := counted(int64(len(v.Rows)), "participant", "participants")
	if v.Search != "" {
		return "Found " + n
	}
	return "Showing " + n + ", in the order they joined"
}

// could says what a place let somebody do at a moment.
func could(p chat.Participant, at time.Time) string {
	if p.Ended(at) {
		return "Their access had ended"
	}
	switch p.Access {
	case chat.ReadWrite:
		return "Could read and write"
	case chat.Read:
		return "Could read"
	}
	return "Was kept out"
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

func (v DifferenceView) parts() []restorePart {
	in, out, changed := int64(v.Counts[chat.MovedIn]), int64(v.Counts[chat.MovedOut]), int64(v.Counts[chat.Changed])
	var all []restorePart
	if out > 0 {
		all = append(all, restorePart{chat.MovedOut, out, "Add " + counted(out, "person", "people") + " who went since",
			"With the access they had, and the time they joined. They see the whole history, what was written meanwhile too.", true})
	}
	if changed > 0 {
		all = append(all, restorePart{chat.Changed, changed, "Change " + counted(changed, "person", "people") + " back", "To the access and notifications they had.", true})
	}
	if in > 0 {
		all = append(all, restorePart{chat.MovedIn, in, "Remove " + counted(in, "person", "people") + " who came since", "They lose the conversation at once. " + v.leaves(in), false})
	}
	return all
}

// leaves says how many would be left on the list.
func (v DifferenceView) leaves(in int64) string {
	if left := v.Conversation.Counts.All() - in + int64(v.Counts[chat.MovedOut]); left <= 0 {
		return "Nobody would be left on the list."
	}
	return "Tick it if they should go."
}

// moveText says what became of somebody.
func moveText(m chat.Move) string {
	switch m.Kind() {
	case chat.MovedIn:
		return "Came on the list"
	case chat.MovedOut:
		return "Went off the list"
	}
	return "Changed"
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
func placeText(p *chat.Participant, now time.Time) string {
	if p == nil {
		return "Not on the list"
	}
	text := p.Access.Label()
	if p.Access == chat.AccessNone {
		text = "Kept out"
	}
	if p.Notify != chat.NotifyAll {
		text += ", notify: " + p.Notify.Label()
	}
	if !p.Until.IsZero() {
		text += ", until " + shortDay(p.Until, now)
	}
	if !p.HistoryFrom.IsZero() {
		text += ", history since " + shortDay(p.HistoryFrom, now)
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

func (v UserHistoryView) placesTitle() string {
	return "On " + counted(int64(v.Count), "list", "lists") + " then"
}
