package chat

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestUndoable(t *testing.T) {
	undoable := []EventType{ParticipantJoined, ParticipantUpdated, ParticipantLeft, GuestBlocked, GuestUnblocked, ConversationUpdated, UserUpdated,
		SettingsUpdated, MessageRemoved, MessageRestored, KeyActivated, KeyDeactivated, AppUpdated, ViewShared, ViewUpdated, ViewDeleted,
		SettingsScheduled, SettingsRescheduled, SettingsUnscheduled, AdminUpdated, AdminDeleted, TeamUpdated,
		ConversationCreated, UserCreated, ConversationDeleted, UserDeleted, UserBanned, UserUnbanned}
	for value := range declared(t, "event.go", "EventType") {
		typ := EventType(value)
		if slices.Contains(EventTypes, typ) == typ.Talk() {
			t.Errorf("%s is in the list of types: %t", typ, !typ.Talk())
		}
		deletion := json.RawMessage(`{"trash":17}`)
		ok, why := Event{Type: typ, Before: deletion}.Undoable()
		if ok != slices.Contains(undoable, typ) {
			t.Errorf("%s: undoable = %v", typ, ok)
		}
		if ok == strings.HasSuffix(why, ".") {
			t.Errorf("%s: undoable = %v, and it says %q", typ, ok, why)
		}
		if ok, why := (Event{Type: typ, Undone: 7}).Undoable(); ok || why != "It was undone already." {
			t.Errorf("%s, undone: %v, %q", typ, ok, why)
		}
		if ok, _ := (Event{Type: typ, Undoes: 7, Before: deletion}).Undoable(); ok != slices.Contains(undoable, typ) {
			t.Errorf("%s: an undo can be undone like any other change", typ)
		}
	}
	for _, typ := range []EventType{ConversationDeleted, UserDeleted} {
		if ok, why := (Event{Type: typ}).Undoable(); ok || why != "This deletion is from before there was a trash." {
			t.Errorf("%s without a number in the trash: %v, %q", typ, ok, why)
		}
	}
	if ok, _ := (Event{Type: "robot.built"}).Undoable(); ok {
		t.Error("an unknown change can be undone")
	}
}
