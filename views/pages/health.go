package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
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
	chat.SyncUnverified: {Title: words.Key("Browsers may change things, and nobody has to prove who they are."), Bad: true, Fix: words.Key("Require a signed token"),
		Text: words.Key("Whoever knows an ID can act as that user. Requiring a token ends sessions without one, so make sure that your server signs them.")},
	chat.WriteUnverified: {Title: words.Key("Guests may write in every conversation that doesn’t forbid it, under any name."), Bad: true,
		Text: words.Key("Whoever knows a conversation’s ID can write in it. Require a signed token, or let guests in only where a conversation allows it.")},
	chat.SignaturesNoEnd: {Title: words.Key("Signatures that never end are accepted."), Fix: words.Key("Stop accepting signatures"),
		Text: words.Key("Whoever has once seen a signature can be that user for as long as its key is active. Tokens end by themselves.")},
	chat.AnyOrigin: {Title: words.Key("Pages of any website may open chats of this live app."),
		Text: words.Key("List the origins of your own pages, and calls from others are refused.")},
	chat.KeyShown: {Title: words.Key("was shown by a browser and still works."), Bad: true, Fix: words.Key("Deactivate key"),
		Text: words.Key("Whoever saw it can do everything in this app. Create another key, give it to your server, then deactivate this one.")},
	chat.KeyUnused: {Title: words.Key("was not used for 90 days."), Fix: words.Key("Deactivate key"),
		Text: words.Key("A key that nobody needs is one that somebody can find. It can be activated again.")},
	chat.ConversationOpen: {Title: words.Key("has been open to guests for over 30 days."), Fix: words.Key("Close to guests"),
		Text: words.Key("By its own setting. Guests who are in it now are disconnected, participants are not affected.")},
	chat.NoSecondFactor: {Title: words.Key("signs in with a password alone."),
		Text: words.Key("A second step keeps a password that was guessed or stolen from being enough. Everybody adds their own, in Account.")},
}

// NewFinding words a finding of an app.
func NewFinding(ctx context.Context, app string, f chat.Finding) FindingView {
	v := findingWords[f.Kind]
	v.Finding, v.Title, v.Text, v.Fix = f, words.T(ctx, v.Title), words.T(ctx, v.Text), words.T(ctx, v.Fix)
	name := "“" + or(f.Name, f.Subject) + "” "
	switch f.Kind {
	case chat.SyncUnverified:
		v.Link, v.Where = paths.Anchor(paths.SettingsSecurity(app), "identity"), words.T(ctx, "Security")
	case chat.WriteUnverified:
		v.Link, v.Where = paths.Anchor(paths.SettingsSecurity(app), "guests"), words.T(ctx, "Guest access")
	case chat.SignaturesNoEnd:
		v.Link, v.Where = paths.Anchor(paths.SettingsBrowser(app), "signatures"), words.T(ctx, "Older signatures")
	case chat.AnyOrigin:
		v.Link, v.Where = paths.Anchor(paths.SettingsBrowser(app), "origins"), words.T(ctx, "Allowed origins")
	case chat.KeyShown, chat.KeyUnused:
		v.Title = words.T(ctx, "The secret key %s%s", name, v.Title)
		v.Link, v.Where = paths.SettingsKeys(app), words.T(ctx, "API keys")
	case chat.ConversationOpen:
		v.Title = words.T(ctx, "The conversation %s%s", name, v.Title)
		v.Link, v.Where = paths.ConversationSettings(app, f.Subject), words.T(ctx, "Its settings")
	case chat.NoSecondFactor:
		v.Title = name + v.Title
		v.Link, v.Where = paths.Team(), words.T(ctx, "Team")
	}
	return v
}

func (v HealthView) findings(ctx context.Context) (all []FindingView) {
	for _, f := range v.Findings {
		found := NewFinding(ctx, v.app(), f)
		if f.Kind == chat.NoSecondFactor && f.Subject == v.Frame.Admin.ID {
			found.Link, found.Where = paths.Anchor(paths.Account(), "second-step"), words.T(ctx, "Account")
		}
		all = append(all, found)
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

func (v HealthView) summary(ctx context.Context) string {
	if len(v.Findings) == 0 {
		return words.T(ctx, "Nothing stands open that need not.")
	}
	return words.T(ctx, "%s open that may need not.", words.N(ctx, int64(len(v.Findings)), "%d thing stands", "%d things stand"))
}

func (f FindingView) fixButton() components.ButtonProps {
	return components.ButtonProps{Label: f.Fix, Small: true, Attrs: map[string]any{"aria-label": f.Fix + ": " + f.Title}}
}

// looksFor are the checks in words, for those who find nothing.
var looksFor = []string{words.Key("Secret keys that a browser showed, or that were not used for 90 days"), words.Key("Browsers that may change things without proof of identity"), words.Key("Guests who may write everywhere without proof"), words.Key("Signatures that never end"), words.Key("Live apps whose chats open in any website"), words.Key("Admins without a second step at sign-in"), words.Key("Conversations that were opened to guests over 30 days ago")}
