package components

import (
	"context"

	"guestlist/views/words"
)

// PasskeyProps is a button inside a form that a passkey answers in place of what is typed. It is there with script only.
type PasskeyProps struct {
	Label   string
	Options string // where the browser learns what to ask for
	Wide    bool
	Primary bool
}

func (p PasskeyProps) variant() ButtonVariant {
	if p.Primary {
		return Primary
	}
	return Secondary
}

// ProofProps is where an admin proves once more who they are, inside the form that needs it.
type ProofProps struct {
	Error     string
	Autofocus bool
	Help      string // why it is asked
	Passkey   string // where the browser learns what to ask for; "" where passkeys can't be had
}

// yourPassword is the field with what every place that asks for the admin's password has in common.
func (p FieldProps) yourPassword(ctx context.Context) FieldProps {
	p.Label, p.Name, p.Type, p.Autocomplete, p.Required = words.T(ctx, "Your password"), "password", "password", "current-password", false
	return p
}
