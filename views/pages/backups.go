package pages

import (
	"fmt"
	"strconv"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// BackupsView is the backups of the server and when they are made.
type BackupsView struct {
	Frame    layouts.Page
	Backups  []chat.Backup
	Plan     chat.BackupPlan
	Password bool // what changes something asks for the password
	Error    string
	Errors   map[string]string
}

// BackupView is one backup, looked into.
type BackupView struct {
	Frame    layouts.Page
	Backup   chat.Backup
	Now      chat.BackupContents // what the server holds, to compare with
	Apps     []layouts.App
	Password bool
	Error    string
	Errors   map[string]string
}

// MaxUpload is how large a backup may be that comes through a browser.
const MaxUpload = 4 << 30

func size(bytes int64) string {
	switch {
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", (bytes+1023)>>10)
	case bytes < 1<<30:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.2f GB", float64(bytes)/(1<<30))
}

var backupKinds = map[chat.BackupKind]string{chat.BackupAsked: "By hand", chat.BackupScheduled: "Scheduled", chat.BackupSafety: "Safety copy", chat.BackupUploaded: "Uploaded"}

func backupState(b chat.Backup) components.BadgeProps {
	switch {
	case b.Problem != "":
		return components.BadgeProps{Text: "Can’t be restored", Tone: components.Bad}
	case b.Inside.Schema == 0:
		return components.BadgeProps{Text: "Not looked into yet", Tone: components.Outline}
	}
	return components.BadgeProps{Text: "Sound", Tone: components.OK}
}

func hourOptions() []components.Option {
	all := []components.Option{{Value: "-1", Label: "Never"}}
	for h := range 24 {
		all = append(all, components.Option{Value: strconv.Itoa(h), Label: fmt.Sprintf("Every day at %02d:00", h)})
	}
	return all
}

func (v BackupsView) planText() string {
	switch {
	case v.Plan.Hour < 0:
		return "No backup is made by itself. Choose an hour."
	case v.Plan.MadeAt.IsZero():
		return "None was made yet."
	}
	return "The newest was made " + components.Relative(v.Plan.MadeAt, v.Frame.Now) + "."
}

// contentsRow is one count of a backup beside that of now.
type contentsRow struct {
	noun      string
	then, now string
}

func (v BackupView) rows() []contentsRow {
	in, now := v.Backup.Inside, v.Now
	at := func(t time.Time) string {
		if t.IsZero() {
			return "none"
		}
		return components.Full(t, v.Frame.Now)
	}
	return []contentsRow{
		{"Apps", count(in.Apps), count(now.Apps)}, {"Users", count(in.Users), count(now.Users)}, {"Conversations", count(in.Conversations), count(now.Conversations)},
		{"Participants", count(in.Participants), count(now.Participants)}, {"Messages", count(in.Messages), count(now.Messages)}, {"Admins", count(in.Admins), count(now.Admins)},
		{"Secret keys", count(in.Keys), count(now.Keys)}, {"Newest change", at(in.LastEvent), at(now.LastEvent)}, {"Schema", count(in.Schema), count(now.Schema)},
	}
}

// restorable tells whether the page offers to restore it.
func (v BackupView) restorable() bool {
	return v.Backup.Problem == "" && v.Backup.Inside.ForeignKeys == 0
}

func appOptions(apps []layouts.App) []components.Option {
	var all []components.Option
	for _, a := range apps {
		all = append(all, components.Option{Value: a.ID, Label: a.Name})
	}
	return all
}

// BackupListView is the list of one conversation in a backup beside that of now.
type BackupListView struct {
	DifferenceView
	Backup string
}

func (v BackupListView) address() string { return paths.BackupParticipants(v.Backup, nil) }
