package db_test

import (
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The list of one conversation comes back from a backup as one change, undone as one; nothing else does.
func TestOneListComesBackFromABackup(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob", "kit", "zoe")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob", "kit")
	dbtest.Conversation(t, s, "shop", "other", "maya")
	b := backup(t, s)
	ref := func(user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: "shop", Conversation: "fair", User: user}
	}
	if _, err := s.RemoveParticipant(ctx, chat.CommandLine, ref("bob")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutParticipant(ctx, chat.CommandLine, ref("zoe"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutParticipant(ctx, chat.CommandLine, ref("kit"), chat.ParticipantChange{Access: chat.Some(chat.Read)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RemoveParticipant(ctx, chat.CommandLine, chat.ParticipantRef{App: "shop", Conversation: "other", User: "maya"}); err != nil {
		t.Fatal(err)
	}
	moves, counts, err := s.BackupDifference(ctx, owner(s), b.Name, "shop", "fair")
	if err != nil || len(moves) != 3 || counts[chat.MovedIn] != 1 || counts[chat.MovedOut] != 1 || counts[chat.Changed] != 1 {
		t.Fatalf("%+v %v %v", moves, counts, err)
	}
	all := db.Restoration{Seen: counts, Parts: map[chat.MoveKind]bool{chat.MovedIn: true, chat.MovedOut: true, chat.Changed: true}}
	before := dbtest.Dump(t, s)
	if _, err := s.RestoreBackupList(ctx, owner(s), b.Name, "shop", "fair", db.Restoration{Parts: all.Parts, Seen: map[chat.MoveKind]int{chat.MovedIn: 2}}); chat.ReasonOf(err) != chat.StaleChange {
		t.Error("stale:", err)
	}
	if _, err := s.RestoreBackupList(ctx, dbtest.Tom, b.Name, "shop", "fair", all); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error("an admin:", err)
	}
	if _, _, err := s.BackupDifference(ctx, owner(s), b.Name, "shop", "nope"); chat.ReasonOf(err) != chat.ConversationMissing {
		t.Error("no such conversation:", err)
	}
	if dbtest.Dump(t, s) != before {
		t.Error("a refusal changed something")
	}
	result, err := s.RestoreBackupList(ctx, owner(s), b.Name, "shop", "fair", all)
	if err != nil || len(result.Changed) != 3 {
		t.Fatalf("%+v %v", result, err)
	}
	if moves, _, err := s.BackupDifference(ctx, owner(s), b.Name, "shop", "fair"); err != nil || len(moves) != 0 {
		t.Errorf("%+v %v", moves, err)
	}
	if _, err := s.Participant(ctx, chat.ParticipantRef{App: "shop", Conversation: "other", User: "maya"}); chat.ReasonOf(err) != chat.ParticipantMissing {
		t.Error("another list came back too:", err)
	}
	if undone, err := s.UndoBatch(ctx, dbtest.Ana, "shop", result.Batch); err != nil || undone.Undone != 3 {
		t.Errorf("%+v %v", undone, err)
	}
}
