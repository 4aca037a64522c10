package chat

import (
	"strings"
	"testing"
)

func TestLoosens(t *testing.T) {
	open := Security{Guests: GuestsFollow}
	for _, tc := range []struct {
		name          string
		before, after Security
		loosens       bool
		tightens      bool
	}{
		{"nothing changes", open, open, false, false},
		{"box 1 ticked", open, Security{DisallowUserSync: true, Guests: GuestsFollow}, false, true},
		{"box 2 ticked", open, Security{DisallowConversationSync: true, Guests: GuestsFollow}, false, true},
		{"identities required", open, Security{RequireIdentity: true, Guests: GuestsFollow}, false, true},
		{"signatures accepted", open, Security{AcceptSignatures: true, Guests: GuestsFollow}, true, false},
		{"box 1 ticked, box 2 unticked", Security{DisallowConversationSync: true, Guests: GuestsFollow},
			Security{DisallowUserSync: true, Guests: GuestsFollow}, true, true},
		{"every instead of follow while both boxes are unticked", open, Security{Guests: GuestsEvery}, false, false},
		{"every instead of follow while a box is ticked", Security{DisallowUserSync: true, Guests: GuestsFollow},
			Security{DisallowUserSync: true, Guests: GuestsEvery}, true, false},
		{"allowed instead of every", Security{Guests: GuestsEvery}, Security{Guests: GuestsAllowed}, false, true},
		{"allowed instead of never", Security{Guests: GuestsNever}, Security{Guests: GuestsAllowed}, true, false},
		{"box 1 ticked, but guests everywhere", open, Security{DisallowUserSync: true, Guests: GuestsEvery}, false, true},
	} {
		if got := Loosens(tc.before, tc.after); got != tc.loosens {
			t.Errorf("%s: Loosens = %v", tc.name, got)
		}
		if got := Tightens(tc.before, tc.after); got != tc.tightens {
			t.Errorf("%s: Tightens = %v", tc.name, got)
		}
	}
}

// TestLoosensMissesNothing: a change after which a browser may do anything it couldn't do before needs the password.
func TestLoosensMissesNothing(t *testing.T) {
	t.Parallel()
	var cases []world
	worlds(func(w world) {
		if w.Security == (Security{Guests: GuestsFollow}) && w.Ceiling == "" && (w.Wanted == Read || w.Wanted == ReadWrite) && w.relation != "banned" {
			cases = append(cases, w)
		}
	})
	for _, before := range securities() {
		for _, after := range securities() {
			if Loosens(before, after) {
				continue
			}
			for _, w := range cases {
				was, now := w.Facts, w.Facts
				was.Security, now.Security = before, after
				for op, r := range rules {
					if r.browser != nil && !allows(w.verified, op, was) && allows(w.verified, op, now) {
						t.Fatalf("%+v -> %+v gives %s to %s without being called looser", before, after, op, w.relation)
					}
				}
			}
		}
	}
}

func TestEffectsOfTheSwitches(t *testing.T) {
	always := []string{"Read users and conversations", "Send, edit and delete messages", "Leave, and choose one’s own notifications"}
	for _, s := range securities() {
		want := map[string]bool{
			"Create or change a user":              !s.DisallowUserSync,
			"Set roles, change other users":        !s.DisallowUserSync && !s.RequireIdentity,
			"Create a conversation":                !s.DisallowConversationSync,
			"Change subject, photo, custom fields": !s.DisallowConversationSync,
			"Add, change or remove participants":   !s.DisallowConversationSync,
			"Open a chat as a guest":               expectedGuestAccess(s, GuestsReadWrite) != AccessNone,
		}
		for _, what := range always {
			want[what] = true
		}
		rows := Effects(s)
		if len(rows) != len(want) {
			t.Errorf("%d rows, want %d", len(rows), len(want))
		}
		for _, e := range rows {
			if allowed, ok := want[e.What]; !ok || allowed != e.Allowed {
				t.Errorf("%+v: %q is %v", s, e.What, e.Allowed)
			}
			if !e.Allowed && !strings.HasSuffix(e.Why, ".") || e.Calls == "" {
				t.Errorf("%+v: %+v", s, e)
			}
			if e.What == "Open a chat as a guest" && e.Allowed && (s.Guests == GuestsAllowed) != (e.Why != "") {
				t.Errorf("%+v: guests are let in, and it says %q", s, e.Why)
			}
		}
	}
}

func TestSwitchStates(t *testing.T) {
	on := Security{DisallowUserSync: true, DisallowConversationSync: true, Guests: GuestsNever, RequireIdentity: true}
	for _, s := range []Security{on, {Guests: GuestsFollow}, {Guests: GuestsAllowed}, {Guests: GuestsFollow, AcceptSignatures: true}} {
		states := SwitchStates(s)
		for i, key := range []SettingKey{SettingUserSync, SettingConversationSync, SettingGuests, SettingIdentity, SettingSignatures} {
			state := states[i]
			if state.Key != key || state.On != (s == on || key == SettingSignatures && !s.AcceptSignatures) {
				t.Errorf("%+v: %+v", s, state)
			}
			for _, text := range []string{state.Now, state.Stops, state.Keeps} {
				if !strings.HasSuffix(text, ".") {
					t.Errorf("%s: %q is not a sentence", key, text)
				}
			}
		}
	}
	got := SwitchStates(Security{Guests: GuestsAllowed})
	for i, want := range []string{"Browsers can create and change users.",
		"Browsers can create conversations and change who is in them. Anyone who knows a conversation’s ID can join it.",
		"Guests are let in only where a conversation allows it.", "Anyone can connect as any user by knowing an ID.",
		"Sessions that pass a signature without a token are refused."} {
		if got[i].Now != want {
			t.Errorf("got %q, want %q", got[i].Now, want)
		}
	}
	got = SwitchStates(Security{RequireIdentity: true, AcceptSignatures: true})
	if got[3].Now != "Only users with a token that your server signed, or with an older signature, can connect." || got[4].Now != "A signature proves a user as a token does, for as long as its key is active." {
		t.Errorf("%q %q", got[3].Now, got[4].Now)
	}
	if got[0].Label != "Disallow user synchronization via the browser" || got[1].Label != "Disallow conversation synchronization via the browser" {
		t.Error("the boxes must carry the names that people look for")
	}
}
