package pages

import (
	"context"
	"strconv"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
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

func size(ctx context.Context, bytes int64) string {
	switch {
	case bytes < 1<<20:
		return words.T(ctx, "%d KB", (bytes+1023)>>10)
	case bytes < 1<<30:
		return words.T(ctx, "%.1f MB", float64(bytes)/(1<<20))
	}
	return words.T(ctx, "%.2f GB", float64(bytes)/(1<<30))
}

var backupKinds = map[chat.BackupKind]string{chat.BackupAsked: words.Key("By hand"), chat.BackupScheduled: words.Key("Scheduled"), chat.BackupSafety: words.Key("Safety copy"), chat.BackupUploaded: words.Key("Uploaded")}

func backupState(ctx context.Context, b chat.Backup) components.BadgeProps {
	switch {
	case b.Problem != "":
		return components.BadgeProps{Text: words.T(ctx, "Can’t be restored"), Tone: components.Bad}
	case b.Inside.Schema == 0:
		return components.BadgeProps{Text: words.T(ctx, "Not looked into yet"), Tone: components.Outline}
	}
	return components.BadgeProps{Text: words.T(ctx, "Sound"), Tone: components.OK}
}

func hourOptions(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "-1", Label: words.T(ctx, "Never")}}
	for h := range 24 {
		all = append(all, components.Option{Value: strconv.Itoa(h), Label: words.T(ctx, "Every day at %02d:00", h)})
	}
	return all
}

func (v BackupsView) planText(ctx context.Context) string {
	switch {
	case v.Plan.Hour < 0:
		return words.T(ctx, "No backup is made by itself. Choose an hour.")
	case v.Plan.MadeAt.IsZero():
		return words.T(ctx, "None was made yet.")
	}
	return words.T(ctx, "The newest was made %s.", words.Relative(ctx, v.Plan.MadeAt, v.Frame.Now))
}

// contentsRow is one count of a backup beside that of now.
type contentsRow struct {
	noun      string
	then, now string
}

func (v BackupView) rows(ctx context.Context) []contentsRow {
	in, now := v.Backup.Inside, v.Now
	at := func(t time.Time) string {
		if t.IsZero() {
			return words.T(ctx, "none")
		}
		return words.Full(ctx, t, v.Frame.Now)
	}
	return []contentsRow{
		{words.T(ctx, "Apps"), words.Number(ctx, in.Apps), words.Number(ctx, now.Apps)}, {words.T(ctx, "Users"), words.Number(ctx, in.Users), words.Number(ctx, now.Users)}, {words.T(ctx, "Conversations"), words.Number(ctx, in.Conversations), words.Number(ctx, now.Conversations)},
		{words.T(ctx, "Participants"), words.Number(ctx, in.Participants), words.Number(ctx, now.Participants)}, {words.T(ctx, "Messages"), words.Number(ctx, in.Messages), words.Number(ctx, now.Messages)}, {words.T(ctx, "Admins"), words.Number(ctx, in.Admins), words.Number(ctx, now.Admins)},
		{words.T(ctx, "Secret keys"), words.Number(ctx, in.Keys), words.Number(ctx, now.Keys)}, {words.T(ctx, "Newest change"), at(in.LastEvent), at(now.LastEvent)}, {words.T(ctx, "Schema"), words.Number(ctx, in.Schema), words.Number(ctx, now.Schema)},
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
