package chat

import "time"

// Passkey is a key pair of an admin's device, whose public half is stored.
type Passkey struct {
	ID         string // of the credential, in base64url
	Admin      string
	Name       string
	Credential string // as the library that checks it writes it
	CreatedAt  time.Time
	LastUsedAt time.Time // zero while it wasn't used
}

// Check says what is wrong with a new passkey.
func (k Passkey) Check() error {
	if why := nameProblem(k.Name); why != "" {
		return InvalidField("name", why)
	}
	if k.Name == "" {
		return InvalidField("name", "is needed, so that you know it again")
	}
	return nil
}
