package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// SwitchUsage is what browsers called in the last week that one switch rules.
type SwitchUsage struct {
	Key   chat.SettingKey
	State chat.Setting // as it is saved
	App   string
	Calls []CallUsage
	Now   time.Time
}

func (u SwitchUsage) label(ctx context.Context) string {
	if u.Key == chat.SettingGuests {
		return words.T(ctx, "Calls from guests")
	}
	return words.T(ctx, "Calls from browsers that this box rules")
}

// week sums up the last seven days.
func (u SwitchUsage) week() (sum Outcomes) {
	for _, c := range u.Calls {
		sum.Allowed += c.Week.Allowed
		sum.Refused += c.Week.Refused
		sum.Observed += c.Week.Observed
	}
	return sum
}

// summary says what the switch did, or what another position of it would do.
func (u SwitchUsage) summary(ctx context.Context) string {
	week := u.week()
	switch {
	case len(u.Calls) == 0:
		return words.T(ctx, "No browser has called this in 7 days.")
	case u.Key == chat.SettingGuests:
		return guestSummary(ctx, week)
	case u.State.Value == "true":
		return words.T(ctx, "In 7 days the box refused %s.", words.N(ctx, week.Refused, "%d call", "%d calls"))
	case u.State.Value == chat.Observing:
		return words.T(ctx, "Observing began %s. In 7 days browsers made %s; of those it saw, a tick would have refused %s.", words.Relative(ctx, u.State.ChangedAt, u.Now), words.N(ctx, week.all(), "%d call", "%d calls"), words.Number(ctx, week.Observed))
	}
	return words.T(ctx, "In 7 days browsers made %s that a tick could refuse. Observe to learn which of them it would.", words.N(ctx, week.all(), "%d call", "%d calls"))
}

func guestSummary(ctx context.Context, week Outcomes) string {
	text := words.T(ctx, "In 7 days guests were allowed %s and refused %s", words.N(ctx, week.Allowed, "%d call", "%d calls"), words.Number(ctx, week.Refused))
	if week.Observed > 0 {
		text += words.T(ctx, ", and would have been %s if the boxes that observe were ticked", words.Number(ctx, week.Observed))
	}
	return text + "."
}

// refusals counts the calls that the list of refused calls shows.
func (u SwitchUsage) refusals() int64 { return u.week().Refused + u.week().Observed }

func (u SwitchUsage) refusalsLink() string {
	return paths.Page(paths.Refusals(u.App), RefusalFilter{Reason: string(ruled[u.Key].reasons[0])}.Query())
}

// CallUsage is one kind of call. Refused and observed are those that this switch refused, or would have.
type CallUsage struct {
	Command   string
	Day, Week Outcomes
	Newest    chat.Call
}

// Outcomes counts calls by what became of them. Observed ones were allowed, and would be refused by the switch.
type Outcomes struct{ Allowed, Refused, Observed int64 }

func (o Outcomes) all() int64 { return o.Allowed + o.Refused + o.Observed }

func (o *Outcomes) add(u chat.Usage) {
	switch u.Outcome {
	case chat.CallAllowed:
		o.Allowed += u.Count
	case chat.CallRefused:
		o.Refused += u.Count
	case chat.CallObserved:
		o.Observed += u.Count
	}
}

// lines are the counts in words, most telling last; none when nothing was called.
func (o Outcomes) lines(ctx context.Context) []string {
	var all []string
	for _, part := range []struct {
		n    int64
		what string
	}{{o.Allowed, words.T(ctx, "allowed")}, {o.Observed, words.T(ctx, "would be refused")}, {o.Refused, words.T(ctx, "refused")}} {
		if part.n > 0 {
			all = append(all, words.Number(ctx, part.n)+" "+part.what)
		}
	}
	return all
}

// ruled are the calls that each switch rules, and the reasons that it refuses them for. Guest access rules what is asked
// as a guest.
var ruled = map[chat.SettingKey]struct {
	commands []string
	reasons  []chat.Reason
}{
	chat.SettingUserSync: {[]string{"user.set", "user.createIfNotExists"}, []chat.Reason{chat.UserSyncOff}},
	chat.SettingConversationSync: {[]string{"conversation.set", "conversation.createIfNotExists", "participant.set", "participant.edit",
		"participant.createIfNotExists", "participant.delete"}, []chat.Reason{chat.ConversationSyncOff}},
	chat.SettingGuests: {nil, []chat.Reason{chat.GuestsNotAllowed, chat.GuestIsBlocked}},
}

// UsageOf picks from the last day and the last week what one switch rules, most called first. Calls that were refused
// for other reasons are not its doing and are left out.
func UsageOf(key chat.SettingKey, day, week []chat.Usage) []CallUsage {
	all := map[string]*CallUsage{}
	gather := func(usage []chat.Usage, counts func(*CallUsage) *Outcomes) {
		for _, u := range usage {
			if !rules(key, u) {
				continue
			}
			if all[u.Command] == nil {
				all[u.Command] = &CallUsage{Command: u.Command}
			}
			c := all[u.Command]
			counts(c).add(u)
			if u.Last.At.After(c.Newest.At) {
				c.Newest = u.Last
			}
		}
	}
	gather(day, func(c *CallUsage) *Outcomes { return &c.Day })
	gather(week, func(c *CallUsage) *Outcomes { return &c.Week })
	var calls []CallUsage
	for _, command := range sortedKeys(all) {
		calls = append(calls, *all[command])
	}
	slices.SortStableFunc(calls, func(a, b CallUsage) int { return cmp.Compare(b.Week.all(), a.Week.all()) })
	return calls
}

func rules(key chat.SettingKey, u chat.Usage) bool {
	command, asGuest := strings.CutSuffix(u.Command, chat.AsGuest)
	switch {
	case u.Outcome != chat.CallAllowed:
		return slices.Contains(ruled[key].reasons, u.Reason)
	case key == chat.SettingGuests:
		return asGuest
	}
	return slices.Contains(ruled[key].commands, command)
}
