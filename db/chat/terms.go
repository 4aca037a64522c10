package chat

import (
	"encoding/json"
	"errors"
	"time"
)

// Terms are what servers and admins leave a participant beside the access: an end, and a cut of the history. Browsers
// neither give nor take them.

// Moment is a time as the API writes it: milliseconds since 1970. 0 stands for null.
type Moment int64

// MomentOf is a time as a moment; the zero time is 0.
func MomentOf(at time.Time) Moment {
	if at.IsZero() {
		return 0
	}
	return Moment(at.UnixMilli())
}

// Time of the moment; the zero time for 0.
func (m Moment) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// orNull is the moment in an image.
func (m Moment) orNull() any {
	if m == 0 {
		return nil
	}
	return int64(m)
}

// UnmarshalJSON reads milliseconds up to the year 9999.
func (m *Moment) UnmarshalJSON(b []byte) error {
	var ms int64
	if err := json.Unmarshal(b, &ms); err != nil {
		return err
	}
	if ms <= 0 || ms > 253402300799999 {
		return errors.New("no moment")
	}
	*m = Moment(ms)
	return nil
}

// Extension is how much longer a participant has access whose end is undone.
const Extension = 7 * 24 * time.Hour

// Check refuses an end that is past already. Undo, which gives back what was, doesn't ask.
func (c ParticipantChange) Check(now time.Time) error {
	if end := c.Until.Or(0, 0); end != 0 && !end.Time().After(now) {
		return InvalidField("accessUntil", "must lie ahead; remove the participant to end their access now")
	}
	return nil
}

// OfBrowser is the change as far as browsers may ask for it: no end and no cut.
func (c ParticipantChange) OfBrowser() ParticipantChange {
	c.Until, c.HistoryFrom = Opt[Moment]{}, Opt[Moment]{}
	return c
}

// Ended tells whether the participant's access is over.
func (p Participant) Ended(now time.Time) bool { return !p.Until.IsZero() && !now.Before(p.Until) }

// Ended tells whether the acting user's access to the conversation is over. It has no standing then, on the list or not.
func (f Facts) Ended() bool { return f.Exists && !f.Ends.IsZero() && !f.Now.Before(f.Ends) }

// place is the acting user's place on the list, as long as their access lasts.
func (f Facts) place() Access {
	if f.Ended() {
		return ""
	}
	return f.Place
}

// ceiling is the most that was left to the affected user: nothing to one whose access is over.
func (f Facts) ceiling() Access {
	if f.Ended() {
		return AccessNone
	}
	return f.Ceiling
}

// guests is what guests may do in the conversation now.
func (f Facts) guests() GuestState {
	return EffectiveGuestAccess(f.Security, GuestsUntil(f.Guests, f.GuestsUntil, f.Now))
}

// changesAt is when the clock takes something from somebody with this right; the zero time for never.
func (f Facts) changesAt(guest bool) time.Time {
	if guest {
		return f.GuestsUntil
	}
	return f.Ends
}

// GuestsUntil is a conversation's own word on guests, which is that they are over once until is past.
func GuestsUntil(g ConversationGuests, until, now time.Time) ConversationGuests {
	if !until.IsZero() && !now.Before(until) {
		return GuestsOver
	}
	return g
}

// GuestsNow is the conversation's own word on guests at a time.
func (c Conversation) GuestsNow(now time.Time) ConversationGuests {
	return GuestsUntil(c.Guests, c.GuestsUntil, now)
}

// ErrAccessEnded is told to those whose access is over.
func ErrAccessEnded(at time.Time) *Error {
	return forbidden(AccessEnded, "Your access to this conversation has ended.", "It ended on "+at.UTC().Format("2 January at 15:04 UTC")+". Only your server or an admin can extend it.")
}
