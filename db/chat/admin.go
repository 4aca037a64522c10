package chat

import (
	"maps"
	"strings"
	"time"
	"unicode/utf8"
)

// Admin is a person who uses the dashboard.
type Admin struct {
	ID          string
	Email       string
	Name        string
	Role        Role     // for the whole server; "" for who has roles for single apps only
	Apps        AppRoles // for single apps
	CreatedAt   time.Time
	EndsAt      time.Time // when their access ends by itself; zero for never
	HasPassword bool
	HasCode     bool // an authenticator app is their second step
	Passkeys    int
}

// AppRoles are roles for single apps.
type AppRoles map[AppID]Role

// RoleIn is what the admin may do in an app, or with app "" on the server: the strongest role counts. It is "" in apps
// that they don't see.
func (a Admin) RoleIn(app AppID) Role {
	if in := a.Apps[app]; in.rank() > a.Role.rank() {
		return in
	}
	return a.Role
}

// Sees tells whether the admin has a role in an app.
func (a Admin) Sees(app AppID) bool { return a.RoleIn(app) != "" }

// Ended tells whether the admin's access has ended by itself.
func (a Admin) Ended(now time.Time) bool { return !a.EndsAt.IsZero() && !now.Before(a.EndsAt) }

// SecondStep tells whether the admin gives more than a password to sign in.
func (a Admin) SecondStep() bool { return a.HasCode || a.Passkeys > 0 }

// PasswordAlone tells whether the admin's password is all that it takes to be them. Who has none signs in with a passkey or
// by single sign-on, where the provider asks for more; a link to a provider beside a password protects nothing.
func (a Admin) PasswordAlone() bool { return a.HasPassword && !a.SecondStep() }

// Actor is the admin as the one who acts. authAt is when they last proved who they are.
func (a Admin) Actor(authAt time.Time) Actor {
	return Actor{Kind: AdminActor, ID: a.ID, Name: a.Name, Source: Dashboard, Role: a.Role, AuthAt: authAt}
}

// AdminChange creates an admin.
type AdminChange struct {
	Email string
	Name  string // empty: the part of the e-mail before the @

	Role   Role // for the whole server; "" for none
	Apps   AppRoles
	EndsAt time.Time // zero for never
}

// Standing is what the new admin may do, where, and until when.
func (c AdminChange) Standing() Standing { return Standing{c.Role, c.Apps, c.EndsAt} }

// Standing is what an admin may do, where, and until when.
type Standing struct {
	Role   Role // for the whole server; "" for none
	Apps   AppRoles
	EndsAt time.Time // zero for never
}

// Image is the standing as an event keeps it.
func (s Standing) Image() Image {
	i := Image{"role": s.Role}
	if len(s.Apps) > 0 {
		i["apps"] = s.Apps
	}
	if !s.EndsAt.IsZero() {
		i["endsAt"] = s.EndsAt.UnixMilli()
	}
	return i
}

// StandingImage is Image the other way round.
type StandingImage struct {
	Role   Role     `json:"role"`
	Apps   AppRoles `json:"apps"`
	EndsAt int64    `json:"endsAt"`
}

// Standing is what was kept.
func (i StandingImage) Standing() Standing {
	s := Standing{Role: i.Role, Apps: i.Apps}
	if i.EndsAt > 0 {
		s.EndsAt = time.UnixMilli(i.EndsAt).UTC()
	}
	return s
}

// Standing is what the admin may do, where, and until when.
func (a Admin) Standing() Standing { return Standing{a.Role, a.Apps, a.EndsAt} }

// Equal tells whether two standings are the same.
func (s Standing) Equal(other Standing) bool {
	return s.Role == other.Role && s.EndsAt.Equal(other.EndsAt) && maps.Equal(s.Apps, other.Apps)
}

// Guards tells whether who has this standing keeps the server from being without an owner: an owner of the server whose
// access has no end.
func (s Standing) Guards() bool { return s.Role == Owner && s.EndsAt.IsZero() }

// check says what is wrong with a standing.
func (s Standing) check(problems fieldErrors) {
	if s.Role.rank() == 0 && (s.Role != "" || len(s.Apps) == 0) {
		problems.add("role", "must be owner, admin, moderator or viewer")
	}
	for app, role := range s.Apps {
		if app == "" || role.rank() == 0 {
			problems.add("apps", "must name apps, each with the role owner, admin, moderator or viewer")
			return
		}
	}
}

// Check says what is wrong with the standing.
func (s Standing) Check() error {
	problems := fieldErrors{}
	s.check(problems)
	return problems.err()
}

// Check normalises the change and says what is wrong with it.
func (c AdminChange) Check() (AdminChange, error) {
	problems := fieldErrors{}
	c.Email = strings.TrimSpace(c.Email)
	at := strings.LastIndexByte(c.Email, '@')
	if at < 1 || at == len(c.Email)-1 || len(c.Email) > 254 || strings.ContainsAny(c.Email, " \t\r\n<>,;") || nameProblem(c.Email) != "" {
		problems.add("email", "must be an e-mail address")
	} else if c.Name == "" {
		c.Name = c.Email[:at]
	}
	if why := nameProblem(c.Name); why != "" {
		problems.add("name", why)
	}
	c.Standing().check(problems)
	return c, problems.err()
}

// Passwords are 12 to 128 characters.
const (
	MinPassword = 12
	MaxPassword = 128
)

// CheckPassword says what is wrong with a new password, beyond being too common: that list is known to handlers/auth.
func CheckPassword(field, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return InvalidField(field, "needs 12 characters or more, for example four unrelated words")
	case n > MaxPassword:
		return InvalidField(field, "has more than 128 characters")
	}
	return nil
}

// AdminSession is one signed-in browser of an admin.
type AdminSession struct {
	ID         string // public handle for lists, not the cookie
	Admin      string
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
	AuthAt     time.Time
	IP         string
	UserAgent  string
	Method     SignInMethod
}

// SignInMethod is how somebody proved who they are.
type SignInMethod string

const (
	ByPassword SignInMethod = "password"
	ByCode     SignInMethod = "code"     // a password, then a code of an authenticator app
	ByRecovery SignInMethod = "recovery" // a password, then a recovery code
	ByPasskey  SignInMethod = "passkey"
	BySSO      SignInMethod = "sso"
)

// TeamRules are how everybody signs in.
type TeamRules struct {
	SecondStep bool // a password alone is not enough: who has no second step sets one up first
}
