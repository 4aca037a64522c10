package chat

import (
	"strings"
	"testing"
)

// guestTable is the documented table: per policy of the app, what each setting of a conversation gives, in the order
// of ConversationGuestValues (Inherit, Never, Read, ReadWrite).
var guestTable = map[string][4]Access{
	"follow, both unticked":      {ReadWrite, AccessNone, Read, ReadWrite},
	"follow, one or both ticked": {AccessNone, AccessNone, AccessNone, AccessNone},
	"every":                      {ReadWrite, AccessNone, Read, ReadWrite},
	"allowed":                    {AccessNone, AccessNone, Read, ReadWrite},
	"never":                      {AccessNone, AccessNone, AccessNone, AccessNone},
}

func guestRow(s Security) string {
	switch {
	case s.Guests != GuestsFollow:
		return string(s.Guests)
	case s.DisallowUserSync || s.DisallowConversationSync:
		return "follow, one or both ticked"
	}
	return "follow, both unticked"
}

func expectedGuestAccess(s Security, c ConversationGuests) Access {
	for i, v := range ConversationGuestValues {
		if v == c {
			return guestTable[guestRow(s)][i]
		}
	}
	panic("not a setting: " + c)
}

func TestEffectiveGuestAccess(t *testing.T) {
	cases := 0
	for _, s := range securities() {
		for _, c := range ConversationGuestValues {
			got := EffectiveGuestAccess(s, c)
			if want := expectedGuestAccess(s, c); got.Access != want {
				t.Errorf("%+v, %s: %s, want %s", s, c, got.Access, want)
			}
			if got.Open() != (got.Access != AccessNone) {
				t.Errorf("%+v, %s: Open() = %v with %s", s, c, got.Open(), got.Access)
			}
			if !strings.HasPrefix(got.Why, "Guests ") || !strings.HasSuffix(got.Why, ".") {
				t.Errorf("%+v, %s: %q is not a sentence", s, c, got.Why)
			}
			if got.Everywhere != (expectedGuestAccess(s, GuestsReadWrite) == AccessNone) {
				t.Errorf("%+v, %s: Everywhere = %v", s, c, got.Everywhere)
			}
			cases++
		}
	}
	if cases != 128 { // 4 policies, 4 states of the boxes, 4 settings, with and without identities
		t.Errorf("ran %d cases", cases)
	}
}

func TestGuestStateSaysWhatDecided(t *testing.T) {
	for _, tc := range []struct {
		s    Security
		c    ConversationGuests
		want string
	}{
		{Security{Guests: GuestsFollow}, GuestsInherit, "Guests can read and write: the app follows browser synchronization and both boxes are unticked."},
		{Security{Guests: GuestsFollow, DisallowUserSync: true}, GuestsReadWrite, "Guests are not let in: the app follows browser synchronization and user synchronization is disallowed."},
		{Security{Guests: GuestsFollow, DisallowConversationSync: true}, GuestsInherit, "Guests are not let in: the app follows browser synchronization and conversation synchronization is disallowed."},
		{Security{Guests: GuestsFollow, DisallowUserSync: true, DisallowConversationSync: true}, GuestsInherit, "Guests are not let in: the app follows browser synchronization and both boxes are ticked."},
		{Security{Guests: GuestsEvery}, GuestsInherit, "Guests can read and write: the app lets guests into every conversation that doesn’t forbid it."},
		{Security{Guests: GuestsEvery}, GuestsForbidden, "Guests are not let in: this conversation forbids it."},
		{Security{Guests: GuestsAllowed}, GuestsInherit, "Guests are not let in: the app lets guests only into conversations that allow it, and this one doesn’t."},
		{Security{Guests: GuestsAllowed}, GuestsRead, "Guests can read: this conversation says so."},
		{Security{Guests: GuestsNever}, GuestsReadWrite, "Guests are not let in: the app allows no guests."},
	} {
		if got := EffectiveGuestAccess(tc.s, tc.c).Why; got != tc.want {
			t.Errorf("%+v, %s:\n got %s\nwant %s", tc.s, tc.c, got, tc.want)
		}
	}
}

func TestUnknownGuestSettingsLetNobodyIn(t *testing.T) {
	for _, c := range ConversationGuestValues {
		if EffectiveGuestAccess(Security{}, c).Open() || EffectiveGuestAccess(Security{Guests: "Every"}, c).Open() {
			t.Errorf("%s: an unknown policy of the app lets guests in", c)
		}
	}
	if EffectiveGuestAccess(Security{Guests: GuestsEvery}, "readwrite").Open() {
		t.Error("an unknown setting of a conversation lets guests in")
	}
	if got := EffectiveGuestAccess(Security{Guests: GuestsEvery}, ""); got.Access != ReadWrite {
		t.Error("a conversation without a setting does not inherit")
	}
}

// securities are all states of the switches.
func securities() []Security {
	var all []Security
	for _, policy := range GuestPolicies {
		for bits := range 8 {
			all = append(all, Security{DisallowUserSync: bits&1 != 0, DisallowConversationSync: bits&2 != 0, Guests: policy, RequireIdentity: bits&4 != 0})
		}
	}
	return all
}
