package pages

import (
	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
)

// HealthView is the page of what stands open without need.
type HealthView struct {
	SettingsHead
	Findings []chat.Finding
}

// FindingView is a finding in words, with its remedy: a button that does it, or a link to where it is done.
type FindingView struct {
	chat.Finding
	Title, Text string
	Bad         bool   // rather than merely worth a look
	Fix         string // what the button does; "" for a link alone
	Link, Where string
}

// findingWords are the findings that are about the app as a whole, in words.
var findingWords = map[chat.FindingKind]FindingView{
	chat.SyncUnverified: {Title: "Browsers may change things, and nobody has to prove who they are.", Bad: true, Fix: "Require a signed token",
		Text: "Whoever knows an ID can act as that user. Requiring a token ends sessions without one, so make sure that your server signs them."},
	chat.WriteUnverified: {Title: "Guests may write in every conversation that doesn’t forbid it, under any name.", Bad: true,
		Text: "Whoever knows a conversation’s ID can write in it. Require a signed token, or let guests in only where a conversation allows it."},
	chat.SignaturesNoEnd: {Title: "Signatures that never end are accepted.", Fix: "Stop accepting signatures",
		Text: "Whoever has once seen a signature can be that user for as long as its key is active. Tokens end by themselves."},
	chat.AnyOrigin: {Title: "Pages of any website may open chats of this live app.",
		Text: "List the origins of your own pages, and calls from others are refused."},
	chat.KeyShown: {Title: "was shown by a browser and still works.", Bad: true, Fix: "Deactivate key",
		Text: "Whoever saw it can do everything in this app. Create another key, give it to your server, then deactivate this one."},
	chat.KeyUnused: {Title: "was not used for 90 days.", Fix: "Deactivate key",
		Text: "A key that nobody needs is one that somebody can find. It can be activated again."},
	chat.ConversationOpen: {Title: "has been open to guests for over 30 days.", Fix: "Close to guests",
		Text: "By its own setting. Guests who are in it now are disconnected, participants are not affected."},
	chat.NoSecondFactor: {Title: "signs in with a password alone.",
		Text: "A second step keeps a password that was guessed or stolen from being enough. Everybody adds their own, in Account."},
}

// NewFinding words a finding of an app.
func NewFinding(app string, f chat.Finding) FindingView {
	v := findingWords[f.Kind]
	v.Finding = f
	name := "“" + or(f.Name, f.Subject) + "” "
	switch f.Kind {
	case chat.SyncUnverified:
		v.Link, v.Where = paths.Anchor(paths.SettingsSecurity(app), "identity"), "Security"
	case chat.WriteUnverified:
		v.Link, v.Where = paths.Anchor(paths.SettingsSecurity(app), "guests"), "Guest access"
	case chat.SignaturesNoEnd:
		v.Link, v.Where = paths.Anchor(paths.SettingsBrowser(app), "signatures"), "Older signatures"
	case chat.AnyOrigin:
		v.Link, v.Where = paths.Anchor(paths.SettingsBrowser(app), "origins"), "Allowed origins"
	case chat.KeyShown, chat.KeyUnused:
		v.Title = "The secret key " + name + v.Title
		v.Link, v.Where = paths.SettingsKeys(app), "API keys"
	case chat.ConversationOpen:
		v.Title = "The conversation " + name + v.Title
		v.Link, v.Where = paths.ConversationSettings(app, f.Subject), "Its settings"
	case chat.NoSecondFactor:
		v.Title = name + v.Title
		v.Link, v.Where = paths.Team(), "Team"
	}
	return v
}

func (v HealthView) findings() (all []FindingView) {
	for _, f := range v.Findings {
		all = append(all, NewFinding(v.app(), f))
	}
	return all
}

// canFix tells whether the admin may press the button.
func (v HealthView) canFix(f FindingView) bool {
	if f.Kind == chat.KeyShown || f.Kind == chat.KeyUnused {
		return v.canOwn()
	}
	return v.canManage()
}

// onTrial tells remedies that go back by themselves unless somebody confirms: those that can cut people off.
func (f FindingView) onTrial() bool {
	return f.Kind == chat.SyncUnverified || f.Kind == chat.SignaturesNoEnd
}

func (v HealthView) summary() string {
	if len(v.Findings) == 0 {
		return "Nothing stands open that need not."
	}
	return counted(int64(len(v.Findings)), "thing stands", "things stand") + " open that may need not."
}

func (f FindingView) fixButton() components.ButtonProps {
	return components.ButtonProps{Label: f.Fix, Small: true, Attrs: map[string]any{"aria-label": f.Fix + ": " + f.Title}}
}

// looksFor are the checks in words, for those who find nothing.
var looksFor = []string{"Secret keys that a browser showed, or that were not used for 90 days", "Browsers that may change things without proof of identity", "Guests who may write everywhere without proof",
	"Signatures that never end", "Live apps whose chats open in any website", "Admins without a second step at sign-in", "Conversations that were opened to guests over 30 days ago"}
