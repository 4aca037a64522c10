package chat

import "time"

// Right is what an actor may do in one conversation, as whoever keeps it open needs to know.
type Right struct {
	Read         bool
	Write        bool
	Guest        bool   // seen as a guest: not on the list
	Access       Access // AccessNone when not Read
	Refusal      *Error // why not Read, as a stranger is told; nil while Read
	Enter        *Error // why not Read, as somebody is told who knocks as a guest; nil for others
	Lost         *Error // why not Read, as somebody is told who had it open; nil while Read
	WriteRefusal *Error // why not Write; nil while Write

	Until time.Time // when the clock takes it away; zero for never
	After int64     // seq of the last message that is hidden from them; 0 for none
}

// RightOf is what a may do with these facts.
func RightOf(a Actor, f Facts) Right {
	read, write := AsError(Allow(a, OpMessageRead, f)), AsError(Allow(a, OpMessageSend, f))
	r := Right{Read: read == nil, Write: write == nil, Guest: a.Kind == UserActor && f.AsGuest && !f.participates(), Access: AccessNone, Refusal: read, WriteRefusal: write, After: f.After}
	if r.Read {
		r.Until = f.changesAt(r.Guest)
	}
	switch {
	case r.Write:
		r.Access = ReadWrite
	case r.Read:
		r.Access = Read
	default:
		r.Lost = lost(f, read)
		if f.AsGuest {
			r.Enter = AsError(Allow(a, OpGuestEnter, f))
		}
	}
	return r
}

// lost words a refusal for somebody who had the conversation open, from whom it need not be hidden.
func lost(f Facts, refusal *Error) *Error {
	switch {
	case refusal.Reason != ConversationMissing:
		return refusal
	case !f.Exists:
		return &Error{Code: NotFound, Reason: ConversationMissing, Message: "This conversation was deleted.", Hint: "There is nothing left to open."}
	case f.blocked():
		return guestBlocked(f.Until)
	case !f.AsGuest || f.shutOut():
		return removed()
	}
	return forbidden(GuestsNotAllowed, f.guests().Why, "Join the conversation as a participant, or ask its owner to let guests in.")
}
