package chat

import "time"

// InvitationTime is how long the link of an invitation works.
const InvitationTime = 24 * time.Hour

// Invitation is a link that makes whoever opens it an admin, once.
type Invitation struct {
	ID        string
	Email     string
	Name      string // as the inviter wrote it; may be empty
	Role      Role   // for the whole server; "" for none
	Apps      AppRoles
	Lasts     time.Duration // the access, from accepting on; 0 for always
	CreatedAt time.Time
	CreatedBy string // name of the inviter
	ExpiresAt time.Time
}

// Standing is what accepting at now gives.
func (i Invitation) Standing(now time.Time) Standing {
	s := Standing{Role: i.Role, Apps: i.Apps}
	if i.Lasts > 0 {
		s.EndsAt = now.Add(i.Lasts)
	}
	return s
}

// Check normalises the invitation and says what is wrong with it.
func (i Invitation) Check() (Invitation, error) {
	c, err := AdminChange{Email: i.Email, Name: i.Name, Role: i.Role, Apps: i.Apps}.Check()
	if i.Email = c.Email; err == nil && i.Lasts < 0 {
		err = InvalidField("lasts", "must be longer than nothing")
	}
	return i, err
}

// Acceptance is what somebody who accepts an invitation brings: a name, and one way to sign in.
type Acceptance struct {
	ID           string // of the new admin; "" for a new one
	Name         string // "" for that of the invitation
	PasswordHash string
	Passkey      *Passkey
	Identity     *Identity
}

// Identity is somebody as a single sign-on provider knows them.
type Identity struct {
	Issuer, Subject string
	Email           string // verified by the provider
	Name            string
}

// ErrInvitationGone is told to who opens a link that was used, taken back or is too old: which one is nobody's business.
func ErrInvitationGone() *Error {
	return &Error{Code: NotFound, Reason: InvitationGone, Message: "This invitation is not good any more.",
		Hint: "It works once, for 24 hours. Ask an owner for a new link, or sign in if you have used it."}
}

// ErrNotOnTheTeam is told to who signed in elsewhere and is nobody here.
func ErrNotOnTheTeam(email string) *Error {
	return &Error{Code: Forbidden, Reason: NotOnTheTeam, Message: quote(email) + " is not on this team.", Hint: "Ask an owner for an invitation to this address."}
}
