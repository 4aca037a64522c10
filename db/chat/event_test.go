package chat

import (
	"slices"
	"strings"
	"testing"
)

func TestUndoable(t *testing.T) {
	undoable := []EventType{ParticipantJoined, ParticipantUpdated, ParticipantLeft, GuestBlocked, GuestUnblocked, ConversationUpdated, UserUpdated,
		SettingsUpdated, MessageRemoved, MessageRestored, KeyActivated, KeyDeactivated, AppUpdated,
		SettingsScheduled, SettingsRescheduled, SettingsUnscheduled, AdminUpdated, AdminDeleted, TeamUpdated}
	for value := range declared(t, "event.go", "EventType") {
		typ := EventType(value)
		if slices.Contains(EventTypes, typ) == typ.Talk() {
			t.Errorf("%s is in the list of types: %t", typ, !typ.Talk())
		}
		ok, why := Event{Type: typ}.Undoable()
		if ok != slices.Contains(undoable, typ) {
			t.Errorf("%s: undoable = %v", typ, ok)
		}
		if ok == strings.HasSuffix(why, ".") {
			t.Errorf("%s: undoable = %v, and it says %q", typ, ok, why)
		}
		if ok, why := (Event{Type: typ, Undone: 7}).Undoable(); ok || why != "It was undone already." {
			t.Errorf("%s, undone: %v, %q", typ, ok, why)
		}
		if ok, _ := (Event{Type: typ, Undoes: 7}).Undoable(); ok != slices.Contains(undoable, typ) {
			t.Errorf("%s: an undo can be undone like any other change", typ)
		}
	}
	if ok, _ := (Event{Type: "robot.built"}).Undoable(); ok {
		t.Error("an unknown change can be undone")
	}
}
