package chat

import (
	"slices"
	"strings"
	"testing"
)

func allows(verified bool, op Operation, f Facts) bool {
	return Allow(browser(verified), op, f) == nil
}

// sameAnswer tells whether two answers of Allow look the same from outside.
func sameAnswer(a, b error) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := AsError(a), AsError(b)
	return x.Code == y.Code && x.Reason == y.Reason && x.Message == y.Message && x.Hint == y.Hint
}

// everyBrowserCase calls f with every situation and every operation that browsers have.
func everyBrowserCase(f func(op Operation, w world)) {
	var ops []Operation
	for op, r := range rules {
		if r.browser != nil {
			ops = append(ops, op)
		}
	}
	worlds(func(w world) {
		for _, op := range ops {
			f(op, w)
		}
	})
}

// restrictions lead from one state of the switches to stricter ones.
var restrictions = map[string]func(*Security){
	"user sync":         func(s *Security) { s.DisallowUserSync = true },
	"conversation sync": func(s *Security) { s.DisallowConversationSync = true },
	"identities":        func(s *Security) { s.RequireIdentity = true },
	"guests":            func(s *Security) { s.Guests = GuestsNever },
}

func TestRestrictionsNeverGiveAnything(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		if allows(w.verified, op, w.Facts) {
			return
		}
		for name, restrict := range restrictions {
			stricter := w.Facts
			restrict(&stricter.Security)
			if stricter.Security != w.Security && allows(w.verified, op, stricter) {
				t.Fatalf("%s is allowed once %s is restricted: %+v", op, name, w)
			}
		}
	})
}

func TestProvenIdentityIsNeverWorse(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		if allows(false, op, w.Facts) && !allows(true, op, w.Facts) {
			t.Fatalf("%s is allowed only without a proven identity: %+v", op, w)
		}
	})
}

func TestGuestsWhoAreNotLetInAreNobody(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		if w.relation != "guest" || EffectiveGuestAccess(w.Security, w.Guests).Open() {
			return
		}
		nobody := w.Facts
		nobody.AsGuest = false
		if a, b := Allow(browser(true), op, nobody), Allow(browser(true), op, w.Facts); !sameAnswer(a, b) {
			t.Fatalf("%s: nobody gets %v, a guest who is not let in gets %v", op, a, b)
		}
	})
}

// TestABlockOnlyTakes: being shown out never gives anything, and means nothing to those on the list, nor where the
// conversation is missing.
func TestABlockOnlyTakes(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		if w.Blocked {
			return
		}
		out := w.Facts
		out.Blocked = true
		plain, blocked := Allow(browser(w.verified), op, w.Facts), Allow(browser(w.verified), op, out)
		if plain != nil && blocked == nil {
			t.Fatalf("%s is allowed only to those who were shown out: %+v", op, w)
		}
		if (w.Place != "" || !w.Exists) && !sameAnswer(plain, blocked) {
			t.Fatalf("%s by %s depends on a block: %v, %v", op, w.relation, plain, blocked)
		}
	})
}

// TestShownOutIsSaid: who comes again is told that they were asked to leave, wherever that tells them nothing new.
func TestShownOutIsSaid(t *testing.T) {
	f := Facts{App: "app", Exists: true, Blocked: true, AsGuest: true, Security: Security{Guests: GuestsEvery}}
	for _, op := range []Operation{OpGuestEnter, OpConversationRead, OpMessageRead, OpMessageSend, OpMessageMarkRead, OpParticipantJoin, OpParticipantAdd, OpConversationEdit} {
		if err := Allow(browser(true), op, f); ReasonOf(err) != GuestIsBlocked || !strings.HasPrefix(err.Error(), "You were asked to leave this conversation.") {
			t.Errorf("%s: %v", op, err)
		}
	}
	f.AsGuest = false
	if err := Allow(browser(true), OpMessageRead, f); ReasonOf(err) != ConversationMissing {
		t.Errorf("not as a guest: %v", err)
	}
	f.AsGuest, f.Ceiling = true, AccessNone
	if err := Allow(browser(true), OpGuestEnter, f); ReasonOf(err) != AccessCeiling {
		t.Errorf("a ban weighs more: %v", err)
	}
}

func TestMessagesDoNotDependOnSync(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		if !strings.HasPrefix(string(op), "message.") {
			return
		}
		other := w.Facts
		other.Security.DisallowConversationSync = !w.Security.DisallowConversationSync
		other.Security.DisallowUserSync = !w.Security.DisallowUserSync
		if w.relation == "guest" && w.Security.Guests == GuestsFollow {
			return // the boxes decide about guests, who are then no guests
		}
		if allows(w.verified, op, w.Facts) != allows(w.verified, op, other) {
			t.Fatalf("%s depends on the boxes: %+v", op, w)
		}
	})
}

// TestStrangersLearnNothing: what is refused to somebody who isn't on the list is answered alike for a conversation
// that is missing. Only those who had their access taken away are told so.
func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	everyBrowserCase(func(op Operation, w world) {
		stranger := w.Place == "" && w.Ceiling == "" && !w.Blocked && w.Exists
		if !stranger || strings.HasPrefix(string(op), "user.") || w.relation == "guest" && EffectiveGuestAccess(w.Security, w.Guests).Open() {
			return
		}
		missing := w.Facts
		missing.Exists = false
		refusal := Allow(browser(true), op, w.Facts)
		if refusal == nil {
			return
		}
		if other := Allow(browser(true), op, missing); !sameAnswer(other, refusal) {
			t.Fatalf("%s tells whether the conversation exists: %v, %v", op, other, refusal)
		}
	})
}

// TestNobodyPassesTheirCeiling: whatever gives access in a browser gives at most what was left.
func TestNobodyPassesTheirCeiling(t *testing.T) {
	giving := []Operation{OpConversationCreate, OpConversationEdit, OpParticipantJoin, OpParticipantAdd}
	everyBrowserCase(func(op Operation, w world) {
		changesSomebody := op == OpParticipantAdd || w.Place.Rank() == 0
		if !slices.Contains(giving, op) || !changesSomebody || !allows(true, op, w.Facts) {
			return
		}
		if w.Ceiling == AccessNone || w.Ceiling == Read && w.Granted() != Read || w.Granted() == AccessNone {
			t.Fatalf("%s gives %s past a ceiling of %s: %+v", op, w.Granted(), w.Ceiling, w)
		}
	})
}

func TestRolesIncludeEachOther(t *testing.T) {
	for op := range rules {
		for i, role := range Roles[1:] {
			f := Facts{App: "app", Now: noon}
			weaker, stronger := Actor{Kind: AdminActor, Role: role, AuthAt: noon}, Actor{Kind: AdminActor, Role: Roles[i], AuthAt: noon}
			if Allow(weaker, op, f) == nil && Allow(stronger, op, f) != nil {
				t.Errorf("%s may do %s but %s may not", role, op, Roles[i])
			}
		}
	}
}

func TestServersAndAdminsDoNotDependOnTheSwitches(t *testing.T) {
	t.Parallel()
	actors := []Actor{{Kind: BackendActor, App: "app"}, {Kind: AdminActor, Role: Viewer},
		{Kind: AdminActor, Role: Manage, AuthAt: noon}, {Kind: AdminActor, Role: Owner}, CommandLine}
	worlds(func(w world) {
		if w.Wanted != "" || w.Ceiling != "" || w.Self || w.verified {
			return
		}
		w.Now = noon
		for op := range rules {
			for _, a := range actors {
				plain := Allow(a, op, Facts{App: "app", Now: noon})
				if ReasonOf(Allow(a, op, w.Facts)) != ReasonOf(plain) {
					t.Fatalf("%s by %s %s depends on %+v", op, a.Kind, a.Role, w)
				}
			}
		}
	})
}

// Saying again what is so is nothing but that: it is refused to whoever may not write on the list, and where the box is
// ticked, and elsewhere it only spares a refusal.
func TestSayingAgainGivesNothing(t *testing.T) {
	t.Parallel()
	spared := 0
	worlds(func(w world) {
		before := got(Allow(browser(w.verified), OpParticipantEditNotify, w.Facts))
		w.AsIs = true
		after := got(Allow(browser(w.verified), OpParticipantEditNotify, w.Facts))
		if after == before {
			return
		}
		if spared++; after != allowed || w.Place != ReadWrite || w.Security.DisallowConversationSync {
			t.Fatalf("%s became %s: %+v", before, after, w)
		}
	})
	if spared == 0 {
		t.Error("it spares nobody")
	}
}
