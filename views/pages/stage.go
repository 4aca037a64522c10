package pages

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// StageView is a list that waits to be looked at, or what became of it.
type StageView struct {
	ConversationHead
	Stage        chat.Stage
	Rows         []chat.StagedLine
	Show         string // a verdict, ShowTold, or "" for all lines
	Address      string // of this page of the list
	Newer, Older string
	Limit        int64 // of participants; 0 for none
	CanCreate    bool
	Error        string
	Errors       map[string]string
}

// ShowTold shows the lines that were not done after all.
const ShowTold = "told"

// verdictWords are the verdicts on a line, on all of them, and in a sentence.
var verdictWords = map[chat.Verdict]struct {
	badge, tab, text string
	tone             components.Tone
	icon             string
}{
	chat.WillAdd:    {words.Key("Add"), words.Key("Will be added"), words.Key("Will be added."), components.OK, "check"},
	chat.WillCreate: {words.Key("New user"), words.Key("New users"), words.Key("Will be created and added."), components.Accent, "plus"},
	chat.WillChange: {words.Key("Change"), words.Key("Changes"), "", components.OK, "pencil"},
	chat.WillRemove: {words.Key("Remove"), words.Key("Will be removed"), words.Key("Will be removed."), components.Bad, "user-minus"},
	chat.AlreadyIn:  {words.Key("Already in"), words.Key("Already in"), words.Key("On the list already. Nothing to do."), components.Neutral, "minus"},
	chat.NotIn:      {words.Key("Not in"), words.Key("Not in"), words.Key("Not on the list. Nothing to do."), components.Neutral, "minus"},
	chat.IsUnknown:  {words.Key("Unknown"), words.Key("Unknown"), "", components.Warn, "circle-help"},
	chat.Ambiguous:  {words.Key("Several"), words.Key("Several people"), "", components.Warn, "users"},
	chat.IsBanned:   {words.Key("Kept out"), words.Key("Kept out"), "", components.Bad, "ban"},
	chat.Duplicate:  {words.Key("Duplicate"), words.Key("Duplicates"), "", components.Neutral, "copy"},
	chat.BadLine:    {words.Key("Problem"), words.Key("Problems"), "", components.Bad, "circle-alert"},
	chat.IsSkipped:  {words.Key("Skipped"), words.Key("Skipped"), words.Key("Left out by you."), components.Outline, "minus"},
}

func (v StageView) applied() bool { return !v.Stage.AppliedAt.IsZero() }

func (v StageView) address() string { return paths.Stage(v.app(), v.conv(), string(v.Stage.ID)) }

// Query is what the list is narrowed to, as an address carries it.
func (v StageView) Query() url.Values { return url.Values{"show": {v.Show}} }

func (v StageView) lead(ctx context.Context) string {
	text := words.N(ctx, v.Stage.Total(), "%d line", "%d lines") + ". " + v.Stage.ReadAs
	if v.applied() {
		return strings.TrimSpace(text)
	}
	return strings.TrimSpace(text + " Nothing has changed yet.")
}

func (v StageView) tabs(ctx context.Context) []components.Tab {
	tab := func(label, show string, n int64) components.Tab {
		return components.Tab{Label: label, Count: words.Number(ctx, n), Current: v.Show == show, Href: paths.Page(v.address(), url.Values{"show": {show}})}
	}
	all := []components.Tab{tab(words.T(ctx, "All lines"), "", v.Stage.Total())}
	if v.Stage.Told > 0 {
		all = append(all, tab(words.T(ctx, "Not done after all"), ShowTold, v.Stage.Told))
	}
	for _, verdict := range chat.Verdicts {
		if n := v.Stage.Counts[verdict]; n > 0 || v.Show == string(verdict) {
			all = append(all, tab(words.T(ctx, verdictWords[verdict].tab), string(verdict), n))
		}
	}
	return all
}

func (v StageView) stats(ctx context.Context) []components.StatProps {
	s := v.Stage
	var all []components.StatProps
	add := func(label string, n int64, note string) {
		all = append(all, components.StatProps{Label: label, Value: words.Number(ctx, n), Note: note})
	}
	if s.Mode.Adds() {
		add(words.T(ctx, "Will be added"), s.Total(chat.WillAdd, chat.WillCreate), words.T(ctx, "%s of them", words.N(ctx, s.Total(chat.WillCreate), "%d new user", "%d new users")))
	}
	if s.Total(chat.WillChange) > 0 {
		add(words.T(ctx, "Will change"), s.Total(chat.WillChange), words.T(ctx, "access or notifications"))
	}
	if s.Mode != chat.StageAdd {
		add(words.T(ctx, "Will be removed"), s.Total(chat.WillRemove), words.T(ctx, "of %s now", words.N(ctx, v.Conversation.Counts.Listed(), "%d participant", "%d participants")))
	}
	add(words.T(ctx, "Nothing to do"), s.Total(chat.AlreadyIn, chat.NotIn, chat.Duplicate, chat.IsSkipped), words.T(ctx, "already so, named twice or skipped"))
	add(words.T(ctx, "Have a problem"), s.Problems(), words.T(ctx, "are left out unless mended"))
	return all
}

// do is the label of the button that applies the list: it names the amounts.
func (v StageView) do(ctx context.Context) string {
	var parts []string
	say := func(verb string, n int64) {
		if n > 0 {
			parts = append(parts, verb+" "+words.Number(ctx, n))
		}
	}
	say("add", v.Stage.Total(chat.WillAdd, chat.WillCreate))
	say("change", v.Stage.Total(chat.WillChange))
	if !v.Stage.Mode.Others() {
		say("remove", v.Stage.Total(chat.WillRemove))
	}
	if len(parts) == 0 && v.Stage.Total(chat.WillRemove) > 0 {
		return words.T(ctx, "Remove those who are not in the list")
	}
	return capital(or(list(ctx, parts), words.T(ctx, "nothing to do")))
}

func (v StageView) idle() bool {
	acting, removals := v.Stage.Acting()
	return acting+removals == 0
}

// empties tells lists that would leave nobody on the list.
func (v StageView) empties() bool {
	_, removals := v.Stage.Acting()
	return removals > 0 && v.Stage.Remain(v.Conversation.Counts.Listed()) <= 0
}

// tooMany is how many more would be on the list than the app allows.
func (v StageView) tooMany() int64 {
	if v.Limit == 0 {
		return 0
	}
	return max(0, v.Conversation.Counts.Listed()+v.Stage.Total(chat.WillAdd, chat.WillCreate)-v.Limit)
}

func (v StageView) summary(ctx context.Context) string {
	left := ""
	if n := v.Stage.Problems(); n > 0 {
		left = words.N(ctx, n, "%d line with a problem is left out.", "%d lines with a problem are left out.") + " "
	}
	return words.T(ctx, "%sOne change: it can be undone as one.", left)
}

func badgeOf(ctx context.Context, l chat.StagedLine) components.BadgeProps {
	w := verdictWords[l.Verdict]
	return components.BadgeProps{Text: words.T(ctx, w.badge), Tone: w.tone, Icon: w.icon}
}

// what says what happens to a line.
func what(ctx context.Context, l chat.StagedLine) string {
	switch {
	case l.Outcome != "":
		return words.T(ctx, "Not done: %s", words.Said(ctx, l.Outcome))
	case l.Why != "":
		return words.Said(ctx, l.Why)
	case l.Verdict == chat.WillRemove && l.Typed == "":
		return words.T(ctx, "Not in your list. Will be removed if you tick that below.")
	case l.Verdict == chat.WillCreate:
		return words.T(ctx, "Will be created as “%s” and added.", l.Name)
	}
	return words.T(ctx, verdictWords[l.Verdict].text)
}

// wish is the access and notifications that a line asks for, as the API writes them.
func wish(l chat.StagedLine) string {
	return strings.Trim(string(l.Access)+" "+string(l.Notify), " ")
}

func lineID(l chat.StagedLine) string {
	return "line-" + strconv.Itoa(l.N)
}

func (v StageView) line(l chat.StagedLine) string {
	return paths.StagedLine(v.app(), v.conv(), string(v.Stage.ID), l.N)
}

// back is where a decision about a line comes back to.
func (v StageView) back(l chat.StagedLine) string {
	return paths.Anchor(v.Address, lineID(l))
}

// canMend tells lines that something can be decided about.
func (v StageView) canMend(l chat.StagedLine) bool {
	return !v.applied() && l.Verdict != chat.AlreadyIn && l.Verdict != chat.NotIn
}

func (v StageView) canBeNew(l chat.StagedLine) bool {
	return v.CanCreate && v.Stage.Mode.Adds() && l.Verdict == chat.IsUnknown
}

// Rejected is a line as a row of the table of rejects.
func Rejected(ctx context.Context, l chat.StagedLine) []string {
	name := l.Name
	if name == l.Typed {
		name = ""
	}
	return []string{or(l.Typed, string(l.User)), name, string(l.Access), string(l.Notify), what(ctx, l), strconv.Itoa(l.N)}
}

// leaveOut is the button that leaves a line out: who is not in the list is kept by it.
func leaveOut(ctx context.Context, l chat.StagedLine) string {
	if l.Typed == "" {
		return words.T(ctx, "Keep")
	}
	return words.T(ctx, "Skip")
}

func leaveOutLine(ctx context.Context, l chat.StagedLine) string {
	if l.Typed == "" {
		return words.T(ctx, "Keep %s", or(l.UserName, string(l.User)))
	}
	return words.T(ctx, "Skip line %s", strconv.Itoa(l.N))
}
