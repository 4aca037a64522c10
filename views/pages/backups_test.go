package pages

import (
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/viewtest"
)

func init() {
	frame := sampleFrame("Backups", layouts.NavBackups)
	frame.App = layouts.App{}
	sound := chat.Backup{Name: "guestlist-20260314-030000-scheduled.db", Kind: chat.BackupScheduled, Size: 12 << 20, MadeAt: now, By: "Backup schedule",
		Inside: chat.BackupContents{Schema: 13, Apps: 2, Users: 1200, Conversations: 40, Participants: 900, Messages: 12000, Admins: 3, Keys: 2, LastEvent: now}}
	broken, theirs, unknown := sound, sound, sound
	broken.Name, broken.Problem = "broken.db", "This file is damaged: it is no database."
	theirs.Name, theirs.Inside.ForeignKeys = "theirs.db", 2
	unknown.Name, unknown.Inside, unknown.Size = "unknown.db", chat.BackupContents{}, 3<<30
	plan := chat.BackupPlan{Hour: 3, KeepDays: 14, TriedAt: now, Problem: "no space left"}
	samples["Backups"] = Backups(BackupsView{Frame: frame, Backups: []chat.Backup{sound, broken, theirs, unknown}, Plan: chat.BackupPlan{Hour: 3, KeepDays: 14, MadeAt: now}})
	samples["Backups, none"] = Backups(BackupsView{Frame: frame, Plan: chat.NoBackupPlan, Password: true, Errors: map[string]string{"password": "Give your password."}})
	samples["Backups, failed"] = Backups(BackupsView{Frame: frame, Plan: plan, Error: "No space."})
	list := BackupListView{Backup: sound.Name, DifferenceView: DifferenceView{ConversationHead: sampleConversation(true), RestoreError: "Not restored.", Counts: map[chat.MoveKind]int{chat.MovedIn: 1, chat.MovedOut: 1},
		Moves: []chat.Move{{User: "kit", After: &chat.Participant{Access: chat.Read}}, {User: "maya", Before: &chat.Participant{Access: chat.ReadWrite}}}}}
	same := list
	same.Counts, same.Moves, same.RestoreError = nil, nil, ""
	samples["BackupList"] = BackupList(list)
	samples["BackupList, the same"] = BackupList(same)
	samples["BackupPage"] = BackupPage(BackupView{Frame: frame, Backup: sound, Now: sound.Inside, Apps: frame.Apps, Errors: map[string]string{"typed": "must be the word restore"}})
	samples["BackupPage, broken"] = BackupPage(BackupView{Frame: frame, Backup: broken, Password: true})
	samples["BackupPage, of another server"] = BackupPage(BackupView{Frame: frame, Backup: theirs, Error: "Not that."})
}

func TestOnlySoundBackupsOfThisServerAreRestored(t *testing.T) {
	for name, want := range map[string]int{"BackupPage": 1, "BackupPage, broken": 0, "BackupPage, of another server": 0} {
		if got := viewtest.Render(t, samples[name]).Find("form[action$='/restore']").Length(); got != want {
			t.Errorf("%s: %d ways to restore", name, got)
		}
	}
	if text := viewtest.Render(t, samples["Backups, failed"]).Text(); !strings.Contains(text, "The scheduled backup failed") {
		t.Error("a failure is not told")
	}
}
