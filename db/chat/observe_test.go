package chat

import "testing"

// observed is the situation with both unticked boxes observing.
func observed(w world) world {
	w.Security.ObserveUserSync, w.Security.ObserveConversationSync = !w.Security.DisallowUserSync, !w.Security.DisallowConversationSync
	return w
}

func TestObservingChangesNoAnswer(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		if a, b := Allow(browser(w.verified), op, w.Facts), Allow(browser(w.verified), op, observed(w).Facts); !sameAnswer(a, b) {
			t.Fatalf("%s: %v, and while observing %v", op, a, b)
		}
	})
}

// TestObserveTellsWhatTicksWouldRefuse holds what is told against the matrix, not against the rules.
func TestObserveTellsWhatTicksWouldRefuse(t *testing.T) {
	t.Parallel()
	told := map[Reason]int{}
	everyBrowserCase(func(op Operation, w world) {
		ticked := w
		ticked.Security.DisallowUserSync, ticked.Security.DisallowConversationSync = true, true
		want := expected(op, w) == allowed && expected(op, ticked) != allowed
		why := Observe(browser(w.verified), op, observed(w).Facts)
		if (why != "") != want {
			t.Fatalf("%s by %s: told %q, want %t: %+v", op, w.relation, why, want, w)
		}
		if told[why]++; why != "" && why != UserSyncOff && why != ConversationSyncOff && why != GuestsNotAllowed {
			t.Fatalf("%s: told %q", op, why)
		}
		if Observe(browser(w.verified), op, w.Facts) != "" {
			t.Fatalf("%s is told though nothing observes", op)
		}
	})
	if len(told) != 4 {
		t.Errorf("told %v", told)
	}
}

// TestObserveKnowsItsBox: each box tells of its own.
func TestObserveKnowsItsBox(t *testing.T) {
	user, conversation := Security{ObserveUserSync: true, Guests: GuestsEvery}, Security{ObserveConversationSync: true, Guests: GuestsEvery}
	in := Facts{App: "app", Exists: true, Place: ReadWrite, Wanted: ReadWrite}
	for _, c := range []struct {
		op   Operation
		s    Security
		want Reason
	}{
		{OpUserSetSelf, user, UserSyncOff}, {OpUserSetSelf, conversation, ""},
		{OpConversationEdit, conversation, ConversationSyncOff}, {OpConversationEdit, user, ""},
		{OpParticipantAdd, conversation, ConversationSyncOff}, {OpMessageSend, conversation, ""}, {OpParticipantLeave, conversation, ""},
	} {
		f := in
		f.Security = c.s
		if got := Observe(browser(true), c.op, f); got != c.want {
			t.Errorf("%s, %+v: told %q, want %q", c.op, c.s, got, c.want)
		}
	}
	guest := Facts{App: "app", Exists: true, AsGuest: true, Security: Security{ObserveUserSync: true, Guests: GuestsFollow}}
	for _, op := range []Operation{OpGuestEnter, OpMessageRead, OpMessageSend} {
		if got := Observe(browser(true), op, guest); got != GuestsNotAllowed {
			t.Errorf("%s by a guest: told %q", op, got)
		}
	}
	if got := Observe(Actor{Kind: BackendActor, App: "app"}, OpConversationEdit, in); got != "" {
		t.Errorf("a server: told %q", got)
	}
}

func TestObservingLoosensAndTightens(t *testing.T) {
	off, observing, on := Security{Guests: GuestsEvery}, Security{Guests: GuestsEvery, ObserveConversationSync: true}, Security{Guests: GuestsEvery, DisallowConversationSync: true}
	for _, c := range []struct {
		before, after     Security
		loosens, tightens bool
	}{
		{off, observing, false, false}, {observing, off, false, false}, {observing, on, false, true}, {on, observing, true, false}, {on, off, true, false},
	} {
		if Loosens(c.before, c.after) != c.loosens || Tightens(c.before, c.after) != c.tightens {
			t.Errorf("%+v to %+v: loosens %t, tightens %t", c.before, c.after, Loosens(c.before, c.after), Tightens(c.before, c.after))
		}
	}
}

func TestObservingInWords(t *testing.T) {
	s := Security{Guests: GuestsFollow, ObserveConversationSync: true}
	state := SwitchStates(s)[1]
	if state.On || !state.Observing || state.Now != "Browsers can create conversations and change who is in them. Anyone who knows a conversation’s ID can join it. What the tick would refuse is counted." {
		t.Errorf("%+v", state)
	}
	if other := SwitchStates(s)[0]; other.Observing {
		t.Errorf("%+v", other)
	}
	counted := map[string]bool{"Create a conversation": true, "Change subject, photo, custom fields": true, "Add, change or remove participants": true, "Open a chat as a guest": true}
	for _, e := range Effects(s) {
		if !e.Allowed || e.Counted != counted[e.What] {
			t.Errorf("%+v", e)
		}
	}
}
