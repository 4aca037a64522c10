package pages

import (
	"cmp"
	"net/url"
	"slices"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// RefusalsView is the list of calls from browsers that were refused, or that would be if a box were ticked.
type RefusalsView struct {
	Frame        layouts.Page
	App          string
	Filter       RefusalFilter
	Rows         []chat.Call
	Newer, Older string
	Views        ListViews
}

// RefusalFilter is what the list shows. Empty fields filter nothing. Request is one call by its request id.
type RefusalFilter struct{ Reason, Outcome, Request string }

// Query is the filter as an address carries it.
func (f RefusalFilter) Query() url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"reason": f.Reason, "outcome": f.Outcome, "request": f.Request} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return q
}

func (v RefusalsView) filtered() bool  { return len(v.Filter.Query()) > 0 }
func (v RefusalsView) address() string { return paths.Refusals(v.App) }

// refusalWords explain a rule that refuses browsers: what it says, and what to do.
type refusalWords struct {
	rule   string // short, for the list and the filter
	why    string
	remedy string
	to     func(app string) string // the page where the remedy is; nil where it is in the code of the page
	link   string
}

// ruleWords are the words by reason. The rules of db/chat decide; these only explain.
var ruleWords = map[chat.Reason]refusalWords{
	chat.UserSyncOff: {"User synchronization is disallowed", "The box “Disallow user synchronization via the browser” is ticked, so browsers can’t create or change users.",
		"Save the user from your server: PUT /v1/{appId}/users/{userId}. Pass only the ID in the page.", paths.SettingsSecurity, "Security settings"},
	chat.ConversationSyncOff: {"Conversation synchronization is disallowed", "The box “Disallow conversation synchronization via the browser” is ticked, so browsers can’t create conversations or change who is in them.",
		"Do it from your server: PUT /v1/{appId}/conversations/{id}, or …/participants/{userId}.", paths.SettingsSecurity, "Security settings"},
	chat.GuestsNotAllowed: {"Guests are not allowed", "The user is not on the list, and guests may not do this: they are let in nowhere, not into this conversation, or not to change who is in it.",
		"Add the user as a participant, or let guests in: for the app under Settings > Security, or in the conversation’s own settings.", paths.SettingsSecurity, "Guest access"},
	chat.GuestIsBlocked: {"The guest was shown out", "An admin showed this user out of the conversation as a guest, and the block still stands.",
		"Lift the block on the conversation’s Guests tab, or add the user as a participant, which lifts it too.", nil, ""},
	chat.ConversationMissing: {"No such conversation for this user", "The conversation doesn’t exist, or the user isn’t on its list and it isn’t open to them as a guest. Both are answered alike, so that strangers can’t find out which conversations exist.",
		"Check the ID. If it is right, add the user from your server, or look under “Who can do what” of the conversation.", nil, ""},
	chat.UserNotFound: {"No such user", "The user doesn’t exist in this app yet.",
		"Create the user first, from your server: PUT /v1/{appId}/users/{userId}, or in the page with a name while user synchronization is allowed.", paths.Users, "Users"},
	chat.ParticipantMissing: {"Not a participant", "The user that the call is about is not on the list of this conversation.",
		"Add them first.", nil, ""},
	chat.MessageNotFound: {"No such message", "The message doesn’t exist in this conversation, or was deleted.",
		"Check its ID. Messages that were deleted can’t be edited.", nil, ""},
	chat.ReadOnly: {"Read only", "The user may read this conversation, but not write in it or change it.",
		"Give them the access Read & write on the conversation’s list.", nil, ""},
	chat.NotYours: {"Somebody else’s", "The call would have changed what belongs to somebody else: their message, their notifications, or their profile while the app verifies identities.",
		"Do it from your server, with the REST API.", nil, ""},
	chat.NotInBrowser: {"Not from a browser", "Only servers may do this, whatever the settings say.",
		"Do it from your server, with the REST API.", nil, ""},
	chat.AccessCeiling: {"More than was left to them", "A server or an admin removed this user, banned them, or gave them less access, and browsers can’t take that back.",
		"Add them again, or give them more access, here or from your server.", nil, ""},
	chat.IdentityRequired: {"A signed token is required", "The app lets in only users with a token that your server signed, and the session had none.",
		"Have your server sign a user token (JWT) with a secret key, and pass it to the session.", paths.SettingsSecurity, "Identity verification"},
	chat.BadCredential: {"The token is no good", "The token is not of this app, was signed with another key, or is not for this user.",
		"Sign it with an active secret key of this app (HS256), with the app’s ID as iss and the user’s ID as sub.", paths.SettingsKeys, "API keys"},
	chat.TokenExpired: {"The token has expired", "The time in the token’s exp has passed.",
		"Give the session a function that fetches a new token (tokenFetcher, onNeedToken). Check the clock of your server.", nil, ""},
	chat.KeyDeactivatedNow: {"The key was deactivated", "The secret key that signed the token or the signature is no longer active.",
		"Sign with an active key, or activate this one again.", paths.SettingsKeys, "API keys"},
	chat.SignaturesOff: {"Signatures are not accepted", "The session passed a signature, as older integrations do, and the app takes only tokens.",
		"Have your server sign a user token (JWT) and pass it to the session. Until it does, signatures can be accepted.", paths.SettingsBrowser, "Older signatures"},
	chat.OriginNotAllowed: {"The page’s origin is not allowed", "The page that made the call is not on the list of allowed origins.",
		"Add its origin to the list if the page is yours.", paths.SettingsBrowser, "Allowed origins"},
	chat.Removed: {"The participant was removed", "The user was taken off the list while they had the conversation open.",
		"Add them again if they should be in it.", nil, ""},
	chat.SignedInElsewhere: {"Too many sessions of one user", "The user opened more sessions at once than there may be, so the oldest was ended.",
		"Close sessions that are no longer needed: session.destroy().", nil, ""},
	chat.TooManyCalls: {"Too many calls", "The session asked for more in a second than it may.",
		"Call less often: keep one session per page, and wait for answers.", nil, ""},
	chat.ParticipantLimit: {"The conversation is full", "It has as many participants as the app’s limit lets it have.",
		"Raise the limit, or remove somebody.", paths.Settings, "General settings"},
	chat.BadArgument: {"A value is not valid", "An argument of the call is missing, too long or of the wrong kind. The error in the page’s console names the field.",
		"Correct the call in the page.", nil, ""},
}

// whyText explains a reason. One without words of its own is named as programs know it.
func whyText(r chat.Reason) refusalWords {
	if w, ok := ruleWords[r]; ok {
		return w
	}
	return refusalWords{rule: string(r), why: "The call was refused for this reason.", remedy: "The error in the page’s console says what to do."}
}

// say is what became of a call, in a word.
func outcomeBadge(c chat.Call) components.BadgeProps {
	if c.Outcome == chat.CallObserved {
		return components.BadgeProps{Text: "Would be refused", Tone: components.Warn, Icon: "eye"}
	}
	return components.BadgeProps{Text: "Refused", Tone: components.Bad, Icon: "x"}
}

// what a call that was only observed adds to the explanation.
func (v RefusalsView) observed(c chat.Call) bool { return c.Outcome == chat.CallObserved }

func reasonOptions() []components.Option {
	all := []components.Option{{Value: "", Label: "Any rule"}}
	for reason, words := range ruleWords {
		all = append(all, components.Option{Value: string(reason), Label: words.rule})
	}
	slices.SortFunc(all[1:], func(a, b components.Option) int { return cmp.Compare(a.Label, b.Label) })
	return all
}

var outcomeOptions = []components.Option{{Value: "", Label: "Refused and observed"}, {Value: string(chat.CallRefused), Label: "Refused"},
	{Value: string(chat.CallObserved), Label: "Would be refused (observed)"}}

func (v RefusalsView) pagerText() string {
	return "Newest first. The newest 1,000 are kept, for 30 days. Times are in " + v.Frame.Now.Format("MST") + "."
}
