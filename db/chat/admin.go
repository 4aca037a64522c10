package chat

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Admin is a person who uses the dashboard.
type Admin struct {
	ID        string
	Email     string
	Name      string
	Role      Role
	CreatedAt time.Time
}

// Actor is the admin as the one who acts. authAt is when they last gave their password.
func (a Admin) Actor(authAt time.Time) Actor {
	return Actor{Kind: AdminActor, ID: a.ID, Name: a.Name, Source: Dashboard, Role: a.Role, AuthAt: authAt}
}

// AdminChange creates an admin.
type AdminChange struct {
	Email string
	Name  string // empty: the part of the e-mail before the @
	Role  Role
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
	if c.Role.rank() == 0 {
		problems.add("role", "must be owner, admin, moderator or viewer")
	}
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
}
