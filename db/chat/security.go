package chat

import "encoding/json"

// GuestPolicy is the app's answer to: who may open a conversation without being on its list?
type GuestPolicy string

const (
	GuestsFollow  GuestPolicy = "follow"  // allowed only while both boxes are unticked (the documented behaviour)
	GuestsEvery   GuestPolicy = "every"   // in every conversation that doesn't forbid it
	GuestsAllowed GuestPolicy = "allowed" // only in conversations that allow it
	GuestsNever   GuestPolicy = "never"
)

// GuestPolicies lists all values as the Settings page shows them.
var GuestPolicies = []GuestPolicy{GuestsFollow, GuestsEvery, GuestsAllowed, GuestsNever}

// Label is the policy as the Settings page names it.
func (p GuestPolicy) Label() string {
	switch p {
	case GuestsFollow:
		return "Follow browser synchronization"
	case GuestsEvery:
		return "In every conversation that doesn’t forbid it"
	case GuestsAllowed:
		return "Only in conversations that allow it"
	case GuestsNever:
		return "Never"
	}
	return string(p)
}

// ConversationGuests is one conversation's own word on guests.
type ConversationGuests string

const (
	GuestsInherit   ConversationGuests = "Inherit"
	GuestsForbidden ConversationGuests = "Never"
	GuestsRead      ConversationGuests = "Read"
	GuestsReadWrite ConversationGuests = "ReadWrite"

	GuestsOver ConversationGuests = "Over" // never stored: what holds once the end of another value is past
)

// ConversationGuestValues lists all values as the page of a conversation shows them.
var ConversationGuestValues = []ConversationGuests{GuestsInherit, GuestsForbidden, GuestsRead, GuestsReadWrite}

func (g ConversationGuests) valid() bool {
	switch g {
	case GuestsInherit, GuestsForbidden, GuestsRead, GuestsReadWrite:
		return true
	}
	return false
}

// ParseConversationGuests checks the name of a conversation's guest policy.
func ParseConversationGuests(s string) (ConversationGuests, error) {
	if g := ConversationGuests(s); g.valid() {
		return g, nil
	}
	return "", InvalidField("guestAccess", "must be Inherit, Never, Read or ReadWrite")
}

// UnmarshalJSON reads one of the four names.
func (g *ConversationGuests) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := ParseConversationGuests(s)
	*g = v
	return err
}

// Security is the state of an app's switches.
type Security struct {
	DisallowUserSync         bool // box 1
	DisallowConversationSync bool // box 2
	Guests                   GuestPolicy
	RequireIdentity          bool // sessions need a signed token
	AcceptSignatures         bool // the signatures of older integrations, which never end, do as well as a token

	ObserveUserSync         bool // box 1 observes: it changes no answer, and counts what it would refuse
	ObserveConversationSync bool // box 2 likewise
}
