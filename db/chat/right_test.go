package chat

import (
	"strings"
	"testing"
)

// TestRightOf: a right says what the rules say, and each loss is worded for who had the conversation open.
func TestRightOf(t *testing.T) {
	t.Parallel()
	worlds(func(w world) {
		if w.Self || w.Wanted != "" {
			return
		}
		r := RightOf(browser(w.verified), w.Facts)
		read, write := Allow(browser(w.verified), OpMessageRead, w.Facts), Allow(browser(w.verified), OpMessageSend, w.Facts)
		access := AccessNone
		if read == nil {
			access = Read
		}
		if write == nil {
			access = ReadWrite
		}
		if r.Read != (read == nil) || r.Write != (write == nil) || r.Access != access || r.Guest != (w.AsGuest && w.Place.Rank() == 0) {
			t.Fatalf("%+v: %+v", w, r)
		}
		if !sameAnswer(asError(r.Refusal), read) || !sameAnswer(asError(r.WriteRefusal), write) || (r.Lost == nil) != r.Read {
			t.Fatalf("%+v: %+v", w, r)
		}
		if r.Lost != nil && (!strings.HasSuffix(r.Lost.Message, ".") || !strings.HasSuffix(r.Lost.Hint, ".")) {
			t.Fatalf("%+v: not a sentence: %+v", w, r.Lost)
		}
	})
}

func asError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}

func TestWhatWasLost(t *testing.T) {
	open := Security{Guests: GuestsEvery}
	for name, c := range map[string]struct {
		f    Facts
		want Reason
		says string
	}{
		"removed":         {Facts{Exists: true, Security: open}, Removed, "You were removed from this conversation."},
		"banned":          {Facts{Exists: true, Security: open, Place: AccessNone, Ceiling: AccessNone}, Removed, "You were removed from this conversation."},
		"deleted":         {Facts{Security: open}, ConversationMissing, "This conversation was deleted."},
		"guests off":      {Facts{Exists: true, AsGuest: true, Security: Security{Guests: GuestsNever}}, GuestsNotAllowed, "Guests are not let in: the app allows no guests."},
		"guests off here": {Facts{Exists: true, AsGuest: true, Security: open, Guests: GuestsForbidden}, GuestsNotAllowed, "Guests are not let in: this conversation forbids it."},
		"shown out":       {Facts{Exists: true, AsGuest: true, Security: open, Blocked: true}, GuestIsBlocked, "You were asked to leave this conversation."},
		"shown out, and guests off": {Facts{Exists: true, AsGuest: true, Security: Security{Guests: GuestsNever}, Blocked: true}, GuestIsBlocked,
			"You were asked to leave this conversation."},
		"a guest, then banned": {Facts{Exists: true, AsGuest: true, Security: open, Place: AccessNone, Ceiling: AccessNone}, Removed, "You were removed from this conversation."},
		"identities":           {Facts{Exists: true, Place: ReadWrite, Security: Security{Guests: GuestsEvery, RequireIdentity: true}}, IdentityRequired, "This app lets in only users with a signed token."},
	} {
		c.f.App = "app"
		if r := RightOf(browser(false), c.f); r.Read || r.Lost == nil || r.Lost.Reason != c.want || r.Lost.Message != c.says {
			t.Errorf("%s: %+v", name, r.Lost)
		}
	}
}
