package chat

import "time"

// ActorKind tells who acts.
type ActorKind string

const (
	AdminActor   ActorKind = "admin"   // a person at the dashboard
	BackendActor ActorKind = "backend" // a server with a secret key or an app token
	UserActor    ActorKind = "user"    // a browser, for a user of the app
	SystemActor  ActorKind = "system"  // Guestlist itself, or its command line
)

// Source is the door that a change came through.
type Source string

const (
	Dashboard Source = "dashboard"
	REST      Source = "rest"
	Browser   Source = "browser"
	System    Source = "system"
)

// Actor is who acts, through which door. It is an argument of every store method that changes something.
type Actor struct {
	Kind   ActorKind
	ID     string // admin id, key id or user id
	Name   string // as the audit log shows it
	Source Source

	App       AppID     // the app that the credential opens; "" for admins and the system: every app
	Role      Role      // of an admin; stores look it up again, for the app that is asked about
	Ends      bool      // the admin's access ends by itself; looked up again like the role
	AuthAt    time.Time // when an admin last proved who they are
	Verified  bool      // a user whose identity was proven by a signed token
	AsGuest   bool      // a user who has the conversation open as a guest
	RequestID string
	IP        string
	Origin    string   // of the page that a browser acts from; "" when it names none
	Form      SentForm // that an admin acts by: it does its work once

	// Observed, when it isn't nil, is told why a call would have been refused if the boxes that merely observe were
	// ticked. It may be told more than once in one call.
	Observed func(Reason)
}

// CommandLine is the actor of everything typed at the server's own command line.
var CommandLine = Actor{Kind: SystemActor, ID: "cli", Name: "Command line", Source: System, Role: Owner}

// Role is what an admin may do. Each role includes the ones after it.
type Role string

const (
	Owner     Role = "owner"     // everything
	Manage    Role = "admin"     // everything but the team, secret keys and deleting apps
	Moderator Role = "moderator" // what concerns people in conversations: participants, guests, messages
	Viewer    Role = "viewer"    // reads, without secrets
)

// Roles lists all roles, strongest first.
var Roles = []Role{Owner, Manage, Moderator, Viewer}

// ParseRole checks a role's name.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles {
		if string(r) == s {
			return r, nil
		}
	}
	return "", InvalidField("role", "must be owner, admin, moderator or viewer")
}

// Includes tells whether r may do everything that other may.
func (r Role) Includes(other Role) bool { return r.rank() >= other.rank() && other.rank() > 0 }

func (r Role) rank() int {
	switch r {
	case Owner:
		return 4
	case Manage:
		return 3
	case Moderator:
		return 2
	case Viewer:
		return 1
	}
	return 0
}

// ConfirmedUntil is until when an admin does what needs proof of who they are without being asked; zero when they are asked.
func (a Actor) ConfirmedUntil(now time.Time) time.Time {
	if age := now.Sub(a.AuthAt); a.AuthAt.IsZero() || age < 0 || age > ReauthWindow {
		return time.Time{}
	}
	return a.AuthAt.Add(ReauthWindow)
}

// ReauthWindow is how long a password check lets an owner do what needs one.
const ReauthWindow = 10 * time.Minute
