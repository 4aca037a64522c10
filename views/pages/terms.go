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

// TermsForm is an end of access and a cut of the history, as a form has them.
type TermsForm struct {
	Until   string // as a browser writes a moment; "" for no end
	History string // all, now, days or keep
	Days    string
	Since   time.Time // the cut that stands; zero for none
}

// TermsFormOf are a participant's terms as the form shows them.
func TermsFormOf(p chat.Participant, now time.Time) TermsForm {
	f := TermsForm{Until: MomentText(p.Until, now), History: "all", Since: p.HistoryFrom}
	if !p.HistoryFrom.IsZero() {
		f.History = "keep"
	}
	return f
}

// historyChoices are what somebody may be given of what was said.
func (f TermsForm) historyChoices(ctx context.Context, now time.Time) []components.Option {
	var all []components.Option
	if !f.Since.IsZero() {
		all = append(all, components.Option{Value: "keep", Label: words.T(ctx, "Since %s, as it is", words.Day(ctx, f.Since, now))})
	}
	return append(all, components.Option{Value: "all", Label: words.T(ctx, "The whole history")}, components.Option{Value: "now", Label: words.T(ctx, "Only what is written from now on")},
		components.Option{Value: "days", Label: words.T(ctx, "The last days, and from now on")})
}

func (f TermsForm) days() string { return or(f.Days, "7") }

// untilText is an end as a chip says it: the time while it is within a day, else the day.
func untilText(ctx context.Context, at, now time.Time) string {
	switch left := at.Sub(now); {
	case left <= 0:
		return "ended"
	case left < time.Minute:
		return words.T(ctx, "ends within a minute")
	case left < 24*time.Hour:
		return words.T(ctx, "ends %s", words.Relative(ctx, at, now))
	}
	return words.T(ctx, "until %s", words.Day(ctx, at, now))
}

func untilTone(at, now time.Time) components.Tone {
	if at.Sub(now) < 3*24*time.Hour {
		return components.Warn
	}
	return components.Outline
}

// TermsView changes when a participant's access ends and what they see of the history.
type TermsView struct {
	ConversationHead
	Participant chat.Participant
	Form        TermsForm
	Back        string
	Error       string
	Errors      map[string]string
}

func (v TermsView) name() string { return or(v.Participant.UserName, string(v.Participant.User)) }

// EndingsView are the participants of an app whose access ends, and the conversations whose guest access does.
type EndingsView struct {
	Frame        layouts.Page
	App          string
	Rows         []EndingRow
	Guests       []chat.Conversation
	Security     chat.Security
	Filter       EndingsFilter
	Newer, Older string
	CanModerate  bool
	CanManage    bool
	Error        string
}

// EndingRow is a participant whose access ends.
type EndingRow struct {
	chat.Participant
	Subject string
}

// EndingsFilter is what of the endings is shown.
type EndingsFilter struct {
	Within             string // days; "" for all
	Conversation, User string
}

// Query is the filter as an address carries it.
func (f EndingsFilter) Query() url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"within": f.Within, "conversation": f.Conversation, "user": f.User} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return q
}

var withinOptions = []components.Option{{Value: "", Label: words.Key("Any time")}, {Value: "1", Label: words.Key("Within a day")}, {Value: "7", Label: words.Key("Within 7 days")}, {Value: "30", Label: words.Key("Within 30 days")}}

// extensions are how ends move.
var extensions = []components.Option{{Value: "1", Label: words.Key("By 1 day")}, {Value: "7", Label: words.Key("By 7 days")}, {Value: "30", Label: words.Key("By 30 days")}, {Value: "90", Label: words.Key("By 90 days")},
	{Value: "to", Label: words.Key("To the moment beside")}, {Value: "none", Label: words.Key("Never ends")}}

// EndingValue names a participant in the form that moves ends.
func EndingValue(conv chat.ConversationID, user chat.UserID) string {
	return url.QueryEscape(string(conv)) + " " + url.QueryEscape(string(user))
}

// ReadEndingValue is the participant that EndingValue named.
func ReadEndingValue(text string) (ref chat.ParticipantRef, ok bool) {
	for i := range len(text) {
		if text[i] == ' ' {
			conv, err1 := url.QueryUnescape(text[:i])
			user, err2 := url.QueryUnescape(text[i+1:])
			ref.Conversation, ref.User = chat.ConversationID(conv), chat.UserID(user)
			return ref, err1 == nil && err2 == nil
		}
	}
	return ref, false
}

func (v EndingsView) address() string { return paths.Endings(v.App) }

func (v EndingsView) here() string { return paths.Page(v.address(), v.Filter.Query()) }

func (r EndingRow) name() string  { return or(r.UserName, string(r.User)) }
func (r EndingRow) title() string { return or(r.Subject, string(r.Conversation)) }

func (r EndingRow) terms(app, back string) string {
	return paths.Page(paths.ParticipantTerms(app, string(r.Conversation), string(r.User)), url.Values{"back": {back}})
}

// guestsEnd says when the guest access of a conversation is over, for its chip; "" for never.
func (h ConversationHead) guestsEnd(ctx context.Context) string {
	switch until := h.Conversation.GuestsUntil; {
	case until.IsZero():
		return ""
	case !h.Frame.Now.Before(until):
		return words.T(ctx, "Their time is over since %s", words.Full(ctx, until, h.Frame.Now))
	default:
		return words.T(ctx, "Until %s", words.Full(ctx, until, h.Frame.Now))
	}
}

// guestDays are how much longer guest access may hold, by one press.
var guestDays = []int{1, 7, 30}

func dayButton(ctx context.Context, n int) string {
	return "+" + words.N(ctx, int64(n), "%d day", "%d days")
}
