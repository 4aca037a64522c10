package pages

import (
	"context"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"

	"github.com/a-h/templ"
)

// methodTexts are how a session began.
var methodTexts = map[chat.SignInMethod]string{chat.ByPassword: words.Key("With a password"), chat.ByCode: words.Key("With a password and a code"), chat.ByRecovery: words.Key("With a password and a recovery code"),
	chat.ByPasskey: words.Key("With a passkey"), chat.BySSO: words.Key("With single sign-on")}

// languages are the choices of a language, in the words of each.
func languages(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "", Label: words.T(ctx, "As the browser asks for")}}
	for _, l := range words.Languages {
		all = append(all, components.Option{Value: l.Code, Label: l.Name})
	}
	return all
}

func codesLeft(ctx context.Context, n int) string {
	if n == 0 {
		return words.T(ctx, "None left. Make new ones.")
	}
	return words.T(ctx, "%d left. Each works once.", n)
}

// minutesLeft says how long something holds still; "" once it doesn't.
func minutesLeft(ctx context.Context, until, now time.Time) string {
	switch left := until.Sub(now); {
	case left <= 0:
		return ""
	case left <= time.Minute:
		return words.T(ctx, "Confirmed for 1 more minute.")
	default:
		return words.T(ctx, "Confirmed for %d more minutes.", int((left+time.Minute-1)/time.Minute))
	}
}

func memberPerson(v TeamView, a chat.Admin) components.PersonProps {
	p := components.PersonProps{ID: a.Email, Name: a.Name}
	if v.CanOwn {
		p.Href = paths.Member(a.ID)
	}
	return p
}

// roleBeside is the server's role where the row doesn't show it as a control.
func roleBeside(v TeamView, a chat.Admin) chat.Role {
	if v.CanOwn {
		return ""
	}
	return a.Role
}

func invitedBy(ctx context.Context, i chat.Invitation, now time.Time) string {
	by := ""
	if i.CreatedBy != "" {
		by = words.T(ctx, " by %s", i.CreatedBy)
	}
	left := i.ExpiresAt.Sub(now)
	switch {
	case left <= 0:
		return words.T(ctx, "Invited%s. The link is too old.", by)
	case left < 2*time.Hour:
		return words.T(ctx, "Invited%s. The link works for 1 more hour.", by)
	}
	return words.T(ctx, "Invited%s. The link works for %d more hours.", by, int(left/time.Hour))
}

// lasting says how long an access lasts.
func lasting(ctx context.Context, d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d%(24*time.Hour) == 0 && d == 24*time.Hour:
		return words.T(ctx, ", for 1 day")
	case d%(24*time.Hour) == 0:
		return words.T(ctx, ", for %d days", d/(24*time.Hour))
	}
	return words.T(ctx, ", for %d hours", d/time.Hour)
}

func (v MemberView) lasts() string {
	if v.Admin.EndsAt.IsZero() {
		return ""
	}
	return "keep"
}

// CodeView is where an authenticator app is set up.
type CodeView struct {
	Frame  layouts.Page
	QR     templ.Component
	Secret chat.Secret
	Error  string
}

// RecoveryView shows recovery codes, once.
type RecoveryView struct {
	Frame layouts.Page
	Codes []chat.Secret
	Next  string
}

// SecondStepView leads who has to set up a second step.
type SecondStepView struct {
	Frame    layouts.Page
	Required bool
	KeysWhy  string
}

// ProofView asks an admin once more who they are, and then sends what they were about to send.
type ProofView struct {
	Frame   layouts.Page
	Action  string
	Fields  []components.Hidden
	Back    string
	Passkey string
	SSO     string // the provider's name, where it can confirm too
	Error   string
}

// grouped is a secret that a person types, in groups of four.
func grouped(s string) string {
	var out []byte
	for i := range len(s) {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, s[i])
	}
	return string(out)
}
