package pages

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
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
	chat.UserSyncOff:         {words.Key("User synchronization is disallowed"), words.Key("The box “Disallow user synchronization via the browser” is ticked, so browsers can’t create or change users."), words.Key("Save the user from your server: PUT /v1/{appId}/users/{userId}. Pass only the ID in the page."), paths.SettingsSecurity, words.Key("Security settings")},
	chat.ConversationSyncOff: {words.Key("Conversation synchronization is disallowed"), words.Key("The box “Disallow conversation synchronization via the browser” is ticked, so browsers can’t create conversations or change who is in them."), "Do it from your server: PUT /v1/{appId}/conversations/{id}, or …/participants/{userId}.", paths.SettingsSecurity, words.Key("Security settings")},
	chat.GuestsNotAllowed:    {words.Key("Guests are not allowed"), words.Key("The user is not on the list, and guests may not do this: they are let in nowhere, not into this conversation, or not to change who is in it."), "Add the user as a participant, or let guests in: for the app under Settings > Security, or in the conversation’s own settings.", paths.SettingsSecurity, words.Key("Guest access")},
	chat.GuestIsBlocked:      {words.Key("The guest was shown out"), words.Key("An admin showed this user out of the conversation as a guest, and the block still stands."), words.Key("Lift the block on the conversation’s Guests tab, or add the user as a participant, which lifts it too."), nil, ""},
	chat.ConversationMissing: {words.Key("No such conversation for this user"), words.Key("The conversation doesn’t exist, or the user isn’t on its list and it isn’t open to them as a guest. Both are answered alike, so that strangers can’t find out which conversations exist."), words.Key("Check the ID. If it is right, add the user from your server, or look under “Who can do what” of the conversation."), nil, ""},
	chat.UserNotFound:        {words.Key("No such user"), words.Key("The user doesn’t exist in this app yet."), "Create the user first, from your server: PUT /v1/{appId}/users/{userId}, or in the page with a name while user synchronization is allowed.", paths.Users, words.Key("Users")},
	chat.ParticipantMissing:  {words.Key("Not a participant"), words.Key("The user that the call is about is not on the list of this conversation."), words.Key("Add them first."), nil, ""},
	chat.MessageNotFound:     {words.Key("No such message"), words.Key("The message doesn’t exist in this conversation, or was deleted."), words.Key("Check its ID. Messages that were deleted can’t be edited."), nil, ""},
	chat.ReadOnly:            {words.Key("Read only"), words.Key("The user may read this conversation, but not write in it or change it."), words.Key("Give them the access Read & write on the conversation’s list."), nil, ""},
	chat.NotYours:            {words.Key("Somebody else’s"), words.Key("The call would have changed what belongs to somebody else: their message, their notifications, or their profile while the app verifies identities."), words.Key("Do it from your server, with the REST API."), nil, ""},
	chat.NotInBrowser:        {words.Key("Not from a browser"), words.Key("Only servers may do this, whatever the settings say."), words.Key("Do it from your server, with the REST API."), nil, ""},
	chat.AccessCeiling:       {words.Key("More than was left to them"), words.Key("A server or an admin removed this user, banned them, or gave them less access, and browsers can’t take that back."), words.Key("Add them again, or give them more access, here or from your server."), nil, ""},
	chat.IdentityRequired:    {words.Key("A signed token is required"), words.Key("The app lets in only users with a token that your server signed, and the session had none."), words.Key("Have your server sign a user token (JWT) with a secret key, and pass it to the session."), paths.SettingsSecurity, words.Key("Identity verification")},
	chat.BadCredential:       {words.Key("The token is no good"), words.Key("The token is not of this app, was signed with another key, or is not for this user."), words.Key("Sign it with an active secret key of this app (HS256), with the app’s ID as iss and the user’s ID as sub."), paths.SettingsKeys, words.Key("API keys")},
	chat.TokenExpired:        {words.Key("The token has expired"), words.Key("The time in the token’s exp has passed."), words.Key("Give the session a function that fetches a new token (tokenFetcher, onNeedToken). Check the clock of your server."), nil, ""},
	chat.KeyDeactivatedNow:   {words.Key("The key was deactivated"), words.Key("The secret key that signed the token or the signature is no longer active."), words.Key("Sign with an active key, or activate this one again."), paths.SettingsKeys, words.Key("API keys")},
	chat.SignaturesOff:       {words.Key("Signatures are not accepted"), words.Key("The session passed a signature, as older integrations do, and the app takes only tokens."), words.Key("Have your server sign a user token (JWT) and pass it to the session. Until it does, signatures can be accepted."), paths.SettingsBrowser, words.Key("Older signatures")},
	chat.OriginNotAllowed:    {words.Key("The page’s origin is not allowed"), words.Key("The page that made the call is not on the list of allowed origins."), words.Key("Add its origin to the list if the page is yours."), paths.SettingsBrowser, words.Key("Allowed origins")},
	chat.Removed:             {words.Key("The participant was removed"), words.Key("The user was taken off the list while they had the conversation open."), words.Key("Add them again if they should be in it."), nil, ""},
	chat.SignedInElsewhere:   {words.Key("Too many sessions of one user"), words.Key("The user opened more sessions at once than there may be, so the oldest was ended."), words.Key("Close sessions that are no longer needed: session.destroy()."), nil, ""},
	chat.TooManyCalls:        {words.Key("Too many calls"), words.Key("The session asked for more in a second than it may."), words.Key("Call less often: keep one session per page, and wait for answers."), nil, ""},
	chat.ParticipantLimit:    {words.Key("The conversation is full"), words.Key("It has as many participants as the app’s limit lets it have."), words.Key("Raise the limit, or remove somebody."), paths.Settings, words.Key("General settings")},
	chat.BadArgument:         {words.Key("A value is not valid"), words.Key("An argument of the call is missing, too long or of the wrong kind. The error in the page’s console names the field."), words.Key("Correct the call in the page."), nil, ""},
}

// whyText explains a reason. One without words of its own is named as programs know it.
func whyText(ctx context.Context, r chat.Reason) refusalWords {
	if w, ok := ruleWords[r]; ok {
		return refusalWords{words.T(ctx, w.rule), words.T(ctx, w.why), words.T(ctx, w.remedy), w.to, words.T(ctx, w.link)}
	}
	return refusalWords{rule: string(r), why: words.T(ctx, "The call was refused for this reason."), remedy: words.T(ctx, "The error in the page’s console says what to do.")}
}

// say is what became of a call, in a word.
func outcomeBadge(ctx context.Context, c chat.Call) components.BadgeProps {
	if c.Outcome == chat.CallObserved {
		return components.BadgeProps{Text: words.T(ctx, "Would be refused"), Tone: components.Warn, Icon: "eye"}
	}
	return components.BadgeProps{Text: words.T(ctx, "Refused"), Tone: components.Bad, Icon: "x"}
}

// what a call that was only observed adds to the explanation.
func (v RefusalsView) observed(c chat.Call) bool { return c.Outcome == chat.CallObserved }

func reasonOptions(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "", Label: words.T(ctx, "Any rule")}}
	for reason, w := range ruleWords {
		all = append(all, components.Option{Value: string(reason), Label: words.T(ctx, w.rule)})
	}
	slices.SortFunc(all[1:], func(a, b components.Option) int { return cmp.Compare(a.Label, b.Label) })
	return all
}

var outcomeOptions = []components.Option{{Value: "", Label: words.Key("Refused and observed")}, {Value: string(chat.CallRefused), Label: words.Key("Refused")},
	{Value: string(chat.CallObserved), Label: words.Key("Would be refused (observed)")}}

func (v RefusalsView) pagerText(ctx context.Context) string {
	return words.T(ctx, "Newest first. The newest 1,000 are kept, for 30 days. Times are in %s.", v.Frame.Now.Format("MST"))
}
