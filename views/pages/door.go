// Package pages holds the pages: a view struct with its wording in the .go file, the markup beside it in .templ.
package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/words"
)

// SignInView is the sign-in form. After a refusal it comes back with what was typed, except the password.
type SignInView struct {
	Theme layouts.Theme
	Host  string // where one signs in to, as typed in the browser
	Email string
	Next  string // an address of this dashboard, followed after signing in
	Error string // what is wrong and what to do; the same for a wrong address and a wrong password
	Demo  bool
	Foot  string // version

	Passkey bool   // can be used on this page
	SSO     string // the provider's name; "" for none
}

// SetupView is the form that makes the first admin. It exists only until there is one.
type SetupView struct {
	Theme  layouts.Theme
	Code   string
	Name   string
	Email  string
	Error  string            // about the form as a whole
	Errors map[string]string // by field: code, name, email, password
}

// first tells which field takes the focus: the first with an error, else the first that is empty.
func (v SetupView) first(name string) bool {
	order := []string{"code", "name", "email", "password"}
	for _, field := range order {
		if v.Errors[field] != "" {
			return field == name
		}
	}
	if v.Code != "" {
		return name == "name"
	}
	return name == "code"
}

// SignInCodeView is the second step of a sign-in.
type SignInCodeView struct {
	Theme    layouts.Theme
	Code     bool // an authenticator app is one
	Passkey  bool // a passkey is one, and can be used on this page
	Recovery bool // asked for
	Error    string
	Foot     string
}

func (v SignInCodeView) text(ctx context.Context) string {
	switch {
	case v.Recovery:
		return words.T(ctx, "Type one of the recovery codes that you kept. Each works once.")
	case v.Code:
		return words.T(ctx, "Type the 6-digit code from your authenticator app.")
	case v.Passkey:
		return words.T(ctx, "Use your passkey: a fingerprint, face or security key.")
	}
	return words.T(ctx, "Your passkey can’t be used at this address. A recovery code does.")
}

// InvitationView is the page of the link that somebody was given.
type InvitationView struct {
	Theme      layouts.Theme
	Token      string
	Invitation chat.Invitation
	Name       string
	Passkey    bool
	SSO        string // the provider's name; "" for none
	Error      string
	Errors     map[string]string
}

func (v InvitationView) text(ctx context.Context) string {
	by := words.T(ctx, "You were invited")
	if v.Invitation.CreatedBy != "" {
		by = words.T(ctx, "%s invited you", v.Invitation.CreatedBy)
	}
	return by + " as " + v.Invitation.Email + ": " + rolesOf(ctx, v.Invitation.Role, v.Invitation.Apps) + lasting(ctx, v.Invitation.Lasts) + "."
}

func (v SecondStepView) text(ctx context.Context) string {
	if v.Required {
		return words.T(ctx, "The owners of this server require one. It takes a minute.")
	}
	return words.T(ctx, "A password alone can be guessed or stolen.")
}
