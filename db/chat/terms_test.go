package chat

import (
	"encoding/json"
	"testing"
	"time"
)

// Whose access is over may do nothing that a banned user may not, and less than a stranger: whatever they had, whichever
// way they come, and although the row may still be there.
func TestWhoseAccessIsOverHasNoStanding(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	everyBrowserCase(func(op Operation, w world) {
		if !w.Facts.Exists {
			return
		}
		ended, before := w.Facts, w.Facts
		ended.Ends, ended.Now = end, end
		before.Ends, before.Now = end, end.Add(-time.Millisecond)
		if got, want := Allow(browser(w.verified), op, before), Allow(browser(w.verified), op, w.Facts); !sameAnswer(got, want) {
			t.Fatalf("%s before the end: %v, want %v: %+v", op, got, want, w)
		}
		out := w.Facts
		out.Place, out.Ceiling, out.Blocked = "", AccessNone, false
		got, as := Allow(browser(w.verified), op, ended), Allow(browser(w.verified), op, out)
		if got == nil && as != nil {
			t.Fatalf("%s is allowed after the end: %+v", op, w)
		}
		if got != nil && Allow(browser(w.verified), op, w.Facts) == nil {
			switch ReasonOf(got) {
			case AccessEnded, ConversationSyncOff, AccessCeiling, GuestsNotAllowed:
			default:
				t.Fatalf("%s after the end: %v: %+v", op, got, w)
			}
		}
	})
}

// An open conversation is lost at its end, told so, and says beforehand when that is.
func TestRightsEnd(t *testing.T) {
	end := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	f := Facts{App: "app", Now: end.Add(-time.Minute), Exists: true, Place: ReadWrite, Ends: end, After: 7, Security: Security{Guests: GuestsEvery}}
	if r := RightOf(browser(false), f); !r.Write || !r.Until.Equal(end) || r.After != 7 {
		t.Errorf("%+v", r)
	}
	f.Now = end
	for _, asGuest := range []bool{false, true} {
		f.AsGuest = asGuest
		r := RightOf(browser(false), f)
		if r.Read || ReasonOf(r.Lost) != AccessEnded || ReasonOf(r.Refusal) != AccessEnded || asGuest && ReasonOf(r.Enter) != AccessEnded {
			t.Errorf("as guest %t: %+v", asGuest, r)
		}
	}
	guest := Facts{App: "app", Now: end.Add(-time.Minute), Exists: true, AsGuest: true, GuestsUntil: end, Guests: GuestsReadWrite, Security: Security{Guests: GuestsEvery}}
	if r := RightOf(browser(false), guest); !r.Write || !r.Until.Equal(end) {
		t.Errorf("%+v", r)
	}
	guest.Now = end
	if r := RightOf(browser(false), guest); r.Read || ReasonOf(r.Lost) != GuestsNotAllowed {
		t.Errorf("%+v", r)
	}
}

func TestGuestsUntilClosesEveryPolicy(t *testing.T) {
	end := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for _, policy := range GuestPolicies {
		for _, own := range ConversationGuestValues {
			s, c := Security{Guests: policy}, Conversation{Guests: own, GuestsUntil: end}
			if got := EffectiveGuestAccess(s, c.GuestsNow(end)); got.Open() {
				t.Errorf("%s, %s after the end: %+v", policy, own, got)
			}
			if got, want := EffectiveGuestAccess(s, c.GuestsNow(end.Add(-1))), EffectiveGuestAccess(s, own); got != want {
				t.Errorf("%s, %s before the end: %+v, want %+v", policy, own, got, want)
			}
		}
	}
	if _, err := ParseConversationGuests(string(GuestsOver)); err == nil {
		t.Error("what is never stored can be asked for")
	}
}

func TestTermsInBodies(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for body, ok := range map[string]bool{
		`{"accessUntil":1773500000000}`: true, `{"accessUntil":null}`: true, `{"historyFrom":1773400000000}`: true, `{"historyFrom":null}`: true, `{}`: true,
		`{"accessUntil":"soon"}`: false, `{"accessUntil":0}`: false, `{"accessUntil":-1}`: false, `{"accessUntil":1.5}`: false, `{"historyFrom":true}`: false,
		`{"accessUntil":99999999999999999}`: false, `{"accessUntil":1773400000000}`: false,
	} {
		var c ParticipantChange
		err := json.Unmarshal([]byte(body), &c)
		if err == nil {
			err = c.Check(now)
		}
		if ok != (err == nil) || !ok && ReasonOf(err) != BadArgument {
			t.Errorf("%s: %v", body, err)
		}
		if b := c.OfBrowser(); b.Until.Set || b.HistoryFrom.Set {
			t.Errorf("%s: a browser may ask for %+v", body, b)
		}
	}
	p := Participant{Access: ReadWrite, Notify: NotifyAll, Until: now, HistoryFrom: now.Add(-time.Hour)}
	was, is := DiffParticipant(p, Participant{Access: ReadWrite, Notify: NotifyAll})
	if len(was) != 2 || is["accessUntil"] != nil || is["historyFrom"] != nil {
		t.Errorf("%v %v", was, is)
	}
	if i := (Participant{}).Image(); i["accessUntil"] != nil || len(i) != 5 {
		t.Errorf("%v", i)
	}
}
