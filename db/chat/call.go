package chat

import (
	"net/netip"
	"time"
)

// Outcome is how a browser's call ended.
type Outcome string

const (
	CallAllowed  Outcome = "allowed"
	CallRefused  Outcome = "refused"
	CallObserved Outcome = "observed" // allowed; a box that observes would refuse it if it were ticked
)

// Outcomes lists all of them.
var Outcomes = []Outcome{CallAllowed, CallRefused, CallObserved}

// AsGuest ends the command of a call that asked to act as a guest.
const AsGuest = " as guest"

// Call is one call of a browser, as the counts of use remember it.
type Call struct {
	App          AppID
	At           time.Time
	Command      string // one of the commands of the browser door, with AsGuest behind it where that was asked
	Outcome      Outcome
	Reason       Reason // "" for allowed
	User         UserID
	Conversation ConversationID
	Origin       string
	RequestID    string
}

// Usage is how often one command ended in one way, with the newest example.
type Usage struct {
	Command string
	Outcome Outcome
	Reason  Reason
	Count   int64
	Last    Call
}

// CoarseIP is an address without its last part, which would name a household: IPv4 to /24, IPv6 to /48. It is "" for
// what is no address.
func CoarseIP(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
