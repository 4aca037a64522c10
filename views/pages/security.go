package pages

import (
	"context"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/words"

	"github.com/a-h/templ"
)

// SecurityView is the page of the switches. Saved is what holds; Form is what the form shows, which differs after a
// refused save.
type SecurityView struct {
	SettingsHead
	Saved    chat.Settings
	Form     chat.Settings
	Error    string
	Clashes  []chat.Clash // what somebody else changed meanwhile
	Errors   map[string]string
	Password bool // ask for the password when something loosens
	Reauth   bool // the last save was refused for want of it
	Usage    map[chat.SettingKey]SwitchUsage
	Guests   []GuestPlace // where guests are in now, most first
}

// SecurityKeys are the settings of the Security page.
var SecurityKeys = []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync, chat.SettingGuests, chat.SettingIdentity}

// changedBy says who changed a setting last.
func (v SecurityView) changedBy(ctx context.Context, key chat.SettingKey) string {
	return changedBy(ctx, v.Saved[key], v.Frame.Now)
}

func changedBy(ctx context.Context, s chat.Setting, now time.Time) string {
	if s.ChangedAt.IsZero() {
		return words.T(ctx, "Never changed.")
	}
	return words.T(ctx, "Changed %s by %s.", words.Relative(ctx, s.ChangedAt, now), s.ChangedBy)
}

func (v SecurityView) ticked(key chat.SettingKey) bool   { return v.Form[key].Value == "true" }
func (v SecurityView) observed(key chat.SettingKey) bool { return v.Form[key].Value == chat.Observing }

// canObserve tells the boxes that can be left unticked and still count what ticking them would refuse.
func canObserve(key chat.SettingKey) bool {
	return key == chat.SettingUserSync || key == chat.SettingConversationSync
}

// observedThing tells the two boxes that observe apart where they are only heard.
func observedThing(ctx context.Context, key chat.SettingKey) string {
	if key == chat.SettingUserSync {
		return words.T(ctx, "user synchronization")
	}
	return words.T(ctx, "conversation synchronization")
}

// ObserveName is the name of the second box of a switch, which says that it is left unticked to observe.
func ObserveName(key chat.SettingKey) string {
	return "observe." + string(key)
}

// hidden is what the form was made from: per setting its value and its version.
func (v SecurityView) hidden() []components.Hidden {
	var all []components.Hidden
	for _, key := range SecurityKeys {
		all = append(all, components.Hidden{Name: "was." + string(key), Value: v.seen(v.Saved, key).Value},
			components.Hidden{Name: "version." + string(key), Value: count0(v.seen(v.Saved, key).Version)})
	}
	return all
}

// box tells the styles whether the setting is saved as ticked: a box that differs has something to save.
func (v SecurityView) box(key chat.SettingKey) templ.Attributes {
	return templ.Attributes{"data-box": true, "data-was": v.Saved[key].Value == "true", "autofocus": v.first() == key}
}

// first is the setting that a refused save is about, if it is about one: it takes the focus.
func (v SecurityView) first() chat.SettingKey {
	for _, key := range SecurityKeys {
		if v.Errors[string(key)] != "" {
			return key
		}
	}
	return ""
}

// policy is one choice of the guest policy.
func (v SecurityView) policy(p chat.GuestPolicy) templ.Attributes {
	all := templ.Attributes{"data-was": v.Saved[chat.SettingGuests].Value == string(p), "autofocus": v.first() == chat.SettingGuests && v.Form[chat.SettingGuests].Value == string(p)}
	if when := loosensWhen(v.Saved.Security(), p); when != "" {
		all["data-loosens"] = when
	}
	return all
}

// loosensWhen says when choosing the guest policy lets guests further in than before: "always", "open" (only while both
// boxes are left unticked) or never. Boxes that are unticked loosen by themselves, whatever the policy.
func loosensWhen(saved chat.Security, p chat.GuestPolicy) string {
	next := saved
	next.Guests = p
	switch {
	case !chat.Loosens(saved, next):
		return ""
	case p == chat.GuestsFollow:
		return "open"
	}
	return "always"
}

// switchWords are a switch in words, while it is on and while it is off.
type switchWords struct {
	label            string
	on, observe, off string
	stops, keeps     string
}

// words are the switches as db/chat words them, in each state.
func (v SecurityView) words(ctx context.Context, key chat.SettingKey) switchWords {
	guests := v.Saved.Security().Guests
	on := switchState(chat.Security{Guests: guests, DisallowUserSync: true, DisallowConversationSync: true, RequireIdentity: true, AcceptSignatures: v.Saved.Security().AcceptSignatures}, key)
	observe := switchState(chat.Security{Guests: guests, ObserveUserSync: true, ObserveConversationSync: true}, key)
	off := switchState(chat.Security{Guests: guests}, key)
	say := func(text string) string { return words.Said(ctx, text) }
	return switchWords{say(on.Label), say(on.Now), say(observe.Now), say(off.Now), say(on.Stops), say(on.Keeps)}
}

func switchState(s chat.Security, key chat.SettingKey) chat.SwitchState {
	for _, state := range chat.SwitchStates(s) {
		if state.Key == key {
			return state
		}
	}
	return chat.SwitchState{}
}

// guestState is what becomes of guests in one state of the page: the policy that is chosen and, where it follows the
// boxes, which of them are ticked.
type guestState struct {
	When string
	Text string
	Now  bool   // so it is now
	Cut  string // what saving it does to the guests who are in now; "" for nothing
}

// GuestPlace is a conversation that guests are in now, with how many.
type GuestPlace struct {
	Conversation chat.Conversation
	Guests       int
}

// cut says whom a state of the switches disconnects, or leaves only reading, of the guests who are in now.
func (v SecurityView) cut(ctx context.Context, next chat.Security) string {
	var out, places, limited int64
	for _, p := range v.Guests {
		was, is := chat.EffectiveGuestAccess(v.Saved.Security(), p.Conversation.GuestsNow(v.Frame.Now)).Access, chat.EffectiveGuestAccess(next, p.Conversation.GuestsNow(v.Frame.Now)).Access
		switch {
		case is.Rank() == 0:
			out += int64(p.Guests)
			places++
		case is.Rank() < was.Rank():
			limited += int64(p.Guests)
		}
	}
	var all []string
	if out > 0 {
		all = append(all, words.T(ctx, "Saving disconnects %s in %s.", words.N(ctx, out, "%d guest", "%d guests"), words.N(ctx, places, "%d conversation", "%d conversations")))
	}
	if limited > 0 {
		all = append(all, words.T(ctx, "%s can only read then.", words.N(ctx, limited, "%d guest", "%d guests")))
	}
	return strings.Join(all, " ")
}

// guestsIn says how many guests are in now, and where.
func (v SecurityView) guestsIn(ctx context.Context) string {
	var n int64
	for _, p := range v.Guests {
		n += int64(p.Guests)
	}
	if n == 0 {
		return words.T(ctx, "No guest is in a conversation now.")
	}
	return words.N(ctx, n, "%d guest is", "%d guests are") + " in " + words.N(ctx, int64(len(v.Guests)), "%d conversation", "%d conversations") + " now."
}

// maxPlaces is how many conversations with guests the page names.
const maxPlaces = 10

func (v SecurityView) guestStates(ctx context.Context) []guestState {
	var all []guestState
	now, seen := guestsWhen(v.Saved.Security()), map[string]bool{}
	for _, s := range everySecurity() {
		if when := guestsWhen(s); !seen[when] {
			seen[when] = true
			state := guestState{When: when, Text: switchState(s, chat.SettingGuests).Now, Now: when == now}
			if !state.Now {
				state.Cut = v.cut(ctx, s)
			}
			all = append(all, state)
		}
	}
	return all
}

// guestsWhen names the state that the styles show a sentence in.
func guestsWhen(s chat.Security) string {
	when := string(s.Guests)
	if s.Guests != chat.GuestsFollow {
		return when
	}
	if s.DisallowUserSync {
		when += "-users"
	}
	if s.DisallowConversationSync {
		when += "-convs"
	}
	return when
}

var policyTexts = map[chat.GuestPolicy]string{
	chat.GuestsFollow:  words.Key("Guests are allowed only while both boxes above are unticked. A conversation can still forbid them."),
	chat.GuestsEvery:   words.Key("Anyone with a conversation’s ID can open it, whatever the boxes say."),
	chat.GuestsAllowed: words.Key("Each conversation’s own settings say so. None does until you change it there."),
	chat.GuestsNever:   words.Key("Only participants can open conversations. No conversation can override this."),
}

// pendingChange is a line of the save bar. The styles show it while the page differs from what is saved in just this.
type pendingChange struct{ When, Text string }

func (v SecurityView) changes(ctx context.Context) []pendingChange {
	var all []pendingChange
	for _, sw := range []struct {
		key     chat.SettingKey
		what    string
		off, on string
	}{
		{chat.SettingUserSync, words.T(ctx, "User synchronization via the browser"), "allowed", "disallowed"},
		{chat.SettingConversationSync, words.T(ctx, "Conversation synchronization via the browser"), "allowed", "disallowed"},
		{chat.SettingIdentity, words.T(ctx, "Signed token"), words.T(ctx, "not required"), "required"},
	} {
		say := map[string]string{"false": sw.off, chat.Observing: "observed", "true": sw.on}
		was := v.Saved[sw.key].Value
		for _, to := range []string{"false", chat.Observing, "true"} {
			if to != was && (to != chat.Observing || canObserve(sw.key)) {
				all = append(all, pendingChange{string(sw.key) + "-" + to, sw.what + ": " + say[was] + " → " + say[to]})
			}
		}
	}
	was := chat.GuestPolicy(v.Saved[chat.SettingGuests].Value)
	for _, p := range chat.GuestPolicies {
		if p != was {
			all = append(all, pendingChange{"guests-" + string(p), words.T(ctx, "Guest access: %s → %s", words.T(ctx, was.Label()), words.T(ctx, p.Label()))})
		}
	}
	return all
}

// exposed warns of a live app in which nobody has to prove who they are while browsers may change things; else it is
// empty.
func (v SecurityView) exposed(ctx context.Context) (title, text string) {
	s := v.Saved.Security()
	switch {
	case !v.App.Live || s.RequireIdentity:
		return "", ""
	case !s.DisallowConversationSync:
		return words.T(ctx, "Anyone who knows a conversation’s ID can join it, under any name."), words.T(ctx, "Browsers may change conversations and nobody has to prove who they are. Disallow it below, or require a signed token.")

	case !s.DisallowUserSync:
		return words.T(ctx, "Anyone who knows a user’s ID can change that user."), words.T(ctx, "Browsers may change users and nobody has to prove who they are. Disallow it below, or require a signed token.")

	}
	return "", ""
}
