package chat

import (
	"strconv"
	"time"
)

// BackupKind says why a backup was made.
type BackupKind string

const (
	BackupAsked     BackupKind = "asked"     // an admin pressed a button
	BackupScheduled BackupKind = "scheduled" // by the plan; the plan removes it again
	BackupSafety    BackupKind = "safety"    // of what was there before a restore
	BackupUploaded  BackupKind = "uploaded"  // brought from elsewhere
)

// Backup is one copy of the database that lies in the data directory.
type Backup struct {
	Name   string
	Kind   BackupKind
	Size   int64
	MadeAt time.Time
	By     string // the name of who made it

	Problem string // why it can't be restored; "" when it was read whole and is sound
	Inside  BackupContents
}

// BackupContents is what is in a backup.
type BackupContents struct {
	Schema                                                     int64
	Apps, Admins, Users, Conversations, Participants, Messages int64
	LastEvent                                                  time.Time
	Keys, ForeignKeys                                          int64 // secret keys, and those of them that this server's master.key can't open
}

// BackupPlan says when backups are made by themselves.
type BackupPlan struct {
	Hour     int // of the server's clock; -1 for never
	KeepDays int
	TriedAt  time.Time
	MadeAt   time.Time // of the newest that was made by the plan
	Problem  string    // why the newest try failed; "" when it did not
}

// NoBackupPlan is the plan of a server where nobody made one.
var NoBackupPlan = BackupPlan{Hour: -1, KeepDays: 14}

// MaxKeepDays bounds how long scheduled backups are kept.
const MaxKeepDays = 365

// Check refuses a plan that can't be.
func (p BackupPlan) Check() error {
	problems := fieldErrors{}
	if p.Hour < -1 || p.Hour > 23 {
		problems.add("hour", "must be an hour from 0 to 23, or never")
	}
	if p.KeepDays < 1 || p.KeepDays > MaxKeepDays {
		problems.add("keep", "must be a number of days from 1 to "+strconv.Itoa(MaxKeepDays))
	}
	return problems.err()
}

// retryBackup is how long after a failure the plan tries again.
const retryBackup = time.Hour

// Due tells whether the plan wants a backup at a time, which is in the zone of the server's clock.
func (p BackupPlan) Due(now time.Time) bool {
	if p.Hour < 0 {
		return false
	}
	last := time.Date(now.Year(), now.Month(), now.Day(), p.Hour, 0, 0, 0, now.Location()) // when one was wanted
	if last.After(now) {
		last = last.AddDate(0, 0, -1)
	}
	return p.MadeAt.Before(last) && now.Sub(p.TriedAt) >= retryBackup
}

// Image is the plan as events store it.
func (p BackupPlan) Image() Image { return Image{"hour": p.Hour, "keepDays": p.KeepDays} }

// ErrBackupNotFound refuses what names no backup.
func ErrBackupNotFound() *Error {
	return &Error{Code: NotFound, Reason: BackupNotFound, Message: "There is no such backup.", Hint: "See the list of backups."}
}

// ErrBackupRefused refuses a file that can't be restored.
func ErrBackupRefused(why, hint string) *Error {
	return &Error{Code: Conflict, Reason: BackupRefused, Message: why, Hint: hint}
}
