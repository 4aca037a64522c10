package chat

import (
	"strings"
	"testing"
)

// TestWhoCan: what each row says, with the rule that decides, for people in every relation to a conversation.
func TestWhoCan(t *testing.T) {
	open := Security{Guests: GuestsFollow}
	closed := Security{Guests: GuestsFollow, DisallowUserSync: true, DisallowConversationSync: true}
	onList := "They are on the list with the access “Read & write”."
	already := "They are on the list already, so they come in as a participant."
	mayChange := "They can write, and browsers may change who is in conversations."
	noSync := "Conversation synchronization via the browser is disallowed."
	notListed := "They are not on the list."
	banned := "They are on the list with the access “None”, which is a ban."
	readOnly := "They are on the list with the access “Read only”."
	guestsOpen := "Guests can read and write: the app follows browser synchronization and both boxes are unticked."
	guestsClosed := "Guests are not let in: the app follows browser synchronization and both boxes are ticked."
	shownOut := "They were shown out as a guest, and the block stands."
	anyone := "Browsers may change who is in conversations, so whoever knows the ID can join."
	for name, c := range map[string]struct {
		f    Facts
		want [6]string // a leading ! for what is refused
	}{
		"read and write":         {Facts{Security: open, Place: ReadWrite}, [6]string{onList, onList, mayChange, mayChange, already, already}},
		"read and write, closed": {Facts{Security: closed, Place: ReadWrite}, [6]string{onList, onList, "!" + noSync, "!" + noSync, already, already}},
		"read only":              {Facts{Security: open, Place: Read, Ceiling: Read}, [6]string{readOnly, "!" + readOnly, "!" + readOnly, "!" + readOnly, already, already}},
		"banned":                 {Facts{Security: open, Place: AccessNone, Ceiling: AccessNone}, [6]string{"!" + banned, "!" + banned, "!" + banned, "!" + banned, "!" + banned, "!" + banned}},
		"somebody else":          {Facts{Security: open}, [6]string{"!" + notListed, "!" + notListed, "!" + notListed, "!" + notListed, anyone, guestsOpen}},
		"somebody else, closed":  {Facts{Security: closed}, [6]string{"!" + notListed, "!" + notListed, "!" + noSync, "!" + noSync, "!" + noSync, "!" + guestsClosed}},
		"a guest": {Facts{Security: open, AsGuest: true}, [6]string{guestsOpen, guestsOpen, "!They are a guest, and guests can’t change who is in a conversation.",
			"!They are a guest, and guests can’t change who is in a conversation.", anyone, guestsOpen}},
		"a guest who reads": {Facts{Security: open, AsGuest: true, Guests: GuestsRead}, [6]string{"Guests can read: this conversation says so.", "!Guests can read: this conversation says so.",
			"!They are a guest, and guests can’t change who is in a conversation.", "!They are a guest, and guests can’t change who is in a conversation.", anyone, "Guests can read: this conversation says so."}},
		"a guest here, not let in": {Facts{Security: open, AsGuest: true, Guests: GuestsForbidden}, [6]string{"!Guests are not let in: this conversation forbids it.", "!Guests are not let in: this conversation forbids it.",
			"!Guests are not let in: this conversation forbids it.", "!Guests are not let in: this conversation forbids it.", anyone, "!Guests are not let in: this conversation forbids it."}},
		"shown out":        {Facts{Security: open, AsGuest: true, Blocked: true}, [6]string{"!" + shownOut, "!" + shownOut, "!" + shownOut, "!" + shownOut, "!" + shownOut, "!" + shownOut}},
		"shown out, later": {Facts{Security: open, Blocked: true}, [6]string{"!" + notListed, "!" + notListed, "!" + notListed, "!" + notListed, "!" + shownOut, "!" + shownOut}},
	} {
		c.f.App, c.f.Exists = "app", true
		rows := WhoCan(browser(true), c.f)
		if len(rows) != len(c.want) {
			t.Fatalf("%d rows", len(rows))
		}
		for i, row := range rows {
			why, refused := strings.CutPrefix(c.want[i], "!")
			if row.Allowed == refused || row.Why != why {
				t.Errorf("%s, %s: %t: %s\nwant %s", name, row.What, row.Allowed, row.Why, c.want[i])
			}
		}
	}
}

// TestWhoCanAsksTheRules: in every situation a row says what Allow says, and why in a sentence.
func TestWhoCanAsksTheRules(t *testing.T) {
	t.Parallel()
	worlds(func(w world) {
		if w.Self || w.Wanted != "" {
			return
		}
		for _, row := range WhoCan(browser(w.verified), w.Facts) {
			f := w.Facts
			if row.Operation == OpParticipantAdd || row.Operation == OpParticipantRemove {
				f.Ceiling = ""
			}
			if row.Allowed != (Allow(browser(w.verified), row.Operation, f) == nil) || !strings.HasSuffix(row.Why, ".") {
				t.Fatalf("%+v: %+v", w, row)
			}
		}
	})
}
