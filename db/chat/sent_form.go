package chat

import "time"

// SentForm is one sending of a form. The second press of a button, a reload and Back lead to the same ID again.
type SentForm struct {
	ID   string // of one making of the page, with all that was sent from it; "" when nobody can tell
	Same string // of what was sent alone, and by whom
}

// How long it is known that a form was sent, and how long somebody is asked before the same is done again.
const (
	SentFormKept  = 24 * time.Hour
	SentFormAsked = 10 * time.Minute
)

// ErrAlreadyDone refuses a form that did its work before.
func ErrAlreadyDone() *Error {
	return &Error{Code: Conflict, Reason: AlreadyDone, Message: "This form was sent before, and did what it says.",
		Hint: "Nothing was done twice. Open the page again to go on."}
}
