package db

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
)

// Backups lie in the data directory, each with a note beside it that says where it comes from and what is in it. The list is
// what lies there: it is not in the database, which a restore replaces.

// backupName is what a backup's file may be called.
var backupName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,80}\.db$`)

func (s *Store) backupsDir() string { return filepath.Join(s.dir, "backups") }

// BackupFile is the path of a backup.
func (s *Store) BackupFile(name string) (string, error) {
	if !backupName.MatchString(name) {
		return "", chat.ErrBackupNotFound()
	}
	path := filepath.Join(s.backupsDir(), name)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return "", chat.ErrBackupNotFound()
	}
	return path, nil
}

// mayBackup asks whether the actor may look after backups.
func (s *Store) mayBackup(ctx context.Context, actor chat.Actor) error {
	return s.read(ctx, func(q querier) error { return allow(q, actor, s.now(), chat.OpBackup, chat.Facts{}) })
}

// Backups lists all of them, newest first.
func (s *Store) Backups() ([]chat.Backup, error) {
	entries, err := os.ReadDir(s.backupsDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []chat.Backup
	for _, e := range entries {
		if b, err := s.Backup(e.Name()); err == nil {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b chat.Backup) int {
		return cmp.Or(b.MadeAt.Compare(a.MadeAt), strings.Compare(b.Name, a.Name))
	})
	return all, nil
}

// Backup is one backup, as its note has it. One that was put there by hand has no note: nothing is known of it before it is
// looked into.
func (s *Store) Backup(name string) (b chat.Backup, err error) {
	path, err := s.BackupFile(name)
	if err != nil {
		return b, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return b, chat.ErrBackupNotFound()
	}
	if note, err := os.ReadFile(noteOf(path)); err == nil {
		_ = json.Unmarshal(note, &b) // a note that can't be read says nothing
	}
	if b.MadeAt.IsZero() {
		b.MadeAt, b.Kind = info.ModTime().UTC(), chat.BackupUploaded
	}
	b.Name, b.Size = name, info.Size()
	return b, nil
}

func noteOf(path string) string { return strings.TrimSuffix(path, ".db") + ".json" }

// note looks into a backup and writes down what it finds.
func (s *Store) note(ctx context.Context, b chat.Backup) (chat.Backup, error) {
	path := filepath.Join(s.backupsDir(), b.Name)
	inside, err := s.lookInside(ctx, path)
	b.Inside, b.Problem = inside, ""
	if e := chat.AsError(err); e != nil {
		b.Problem = e.Error()
	} else if err != nil {
		return b, err
	}
	if info, err := os.Lstat(path); err == nil {
		b.Size = info.Size()
	}
	text, err := json.Marshal(b)
	if err != nil {
		return b, err
	}
	if err := os.WriteFile(noteOf(path)+".new", text, 0o600); err != nil {
		return b, err
	}
	return b, os.Rename(noteOf(path)+".new", noteOf(path))
}

// fresh is the name of a new backup.
func (s *Store) freshBackup(kind chat.BackupKind) (string, error) {
	if err := os.MkdirAll(s.backupsDir(), 0o700); err != nil {
		return "", err
	}
	stem := "guestlist-" + s.now().UTC().Format("20060102-150405") + "-" + string(kind)
	for i := 1; i < 100; i++ {
		name := stem + ".db"
		if i > 1 {
			name = fmt.Sprintf("%s-%d.db", stem, i)
		}
		if _, err := os.Lstat(filepath.Join(s.backupsDir(), name)); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
	}
	return "", fmt.Errorf("no name is free for a backup at %s", stem)
}

// MakeBackup copies the database, while changes go on, and reads the copy whole.
func (s *Store) MakeBackup(ctx context.Context, actor chat.Actor, kind chat.BackupKind) (b chat.Backup, err error) {
	if err := s.mayBackup(ctx, actor); err != nil {
		return b, err
	}
	name, err := s.freshBackup(kind)
	if err != nil {
		return b, unavailable(err)
	}
	if err := Backup(ctx, s.dir, filepath.Join(s.backupsDir(), name)); err != nil {
		return b, unavailable(err)
	}
	if b, err = s.note(ctx, chat.Backup{Name: name, Kind: kind, MadeAt: s.now().UTC(), By: actor.Name}); err != nil {
		return b, err
	}
	if b.Problem != "" {
		return b, fmt.Errorf("the backup %s was made and is not sound: %s", name, b.Problem)
	}
	return b, s.change(ctx, actor, func(t *Tx) error {
		_, err := t.record(chat.Event{Subject: name, Type: chat.BackupMade}, nil, chat.Image{"kind": kind, "bytes": b.Size})
		return err
	})
}

// AddBackup takes a backup from elsewhere, of at most limit bytes, and looks into it. What can't be restored is not kept.
func (s *Store) AddBackup(ctx context.Context, actor chat.Actor, from io.Reader, limit int64) (b chat.Backup, err error) {
	if err := s.mayBackup(ctx, actor); err != nil {
		return b, err
	}
	name, err := s.freshBackup(chat.BackupUploaded)
	if err != nil {
		return b, unavailable(err)
	}
	path := filepath.Join(s.backupsDir(), name)
	if err := receive(path+".part", from, limit); err != nil {
		return b, errors.Join(err, os.RemoveAll(path+".part"))
	}
	if _, err := s.lookInside(ctx, path+".part"); err != nil {
		return b, errors.Join(err, os.RemoveAll(path+".part"))
	}
	if err := os.Rename(path+".part", path); err != nil {
		return b, err
	}
	if b, err = s.note(ctx, chat.Backup{Name: name, Kind: chat.BackupUploaded, MadeAt: s.now().UTC(), By: actor.Name}); err != nil {
		return b, err
	}
	return b, s.change(ctx, actor, func(t *Tx) error {
		_, err := t.record(chat.Event{Subject: name, Type: chat.BackupMade}, nil, chat.Image{"kind": b.Kind, "bytes": b.Size})
		return err
	})
}

func receive(path string, from io.Reader, limit int64) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return unavailable(err)
	}
	n, err := io.Copy(file, io.LimitReader(from, limit+1))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if n > limit {
		return &chat.Error{Code: chat.TooLarge, Reason: chat.BodyTooLarge, Message: "The file is larger than an upload may be.", Hint: "Put it into the directory backups of the data directory instead; it is listed then."}
	}
	return nil
}

// LookInside reads a backup whole, beside the running database, and says what is in it and whether it could be restored.
func (s *Store) LookInside(ctx context.Context, actor chat.Actor, name string) (b chat.Backup, err error) {
	if b, err = s.Backup(name); err != nil {
		return b, err
	}
	if err := chat.Allow(actor, chat.OpBackupRead, chat.Facts{Now: s.now()}); err != nil {
		return b, err
	}
	return s.note(ctx, b)
}

// TakeBackup notes that a backup leaves the server, and gives its path.
func (s *Store) TakeBackup(ctx context.Context, actor chat.Actor, name string) (path string, err error) {
	if path, err = s.BackupFile(name); err != nil {
		return "", err
	}
	return path, s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpBackup, chat.Facts{}); err != nil {
			return err
		}
		_, err := t.record(chat.Event{Subject: name, Type: chat.BackupTaken}, nil, nil)
		return err
	})
}

// DeleteBackup removes a backup for good.
func (s *Store) DeleteBackup(ctx context.Context, actor chat.Actor, name string) error {
	path, err := s.BackupFile(name)
	if err != nil {
		return err
	}
	if err := s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpBackup, chat.Facts{}); err != nil {
			return err
		}
		_, err := t.record(chat.Event{Subject: name, Type: chat.BackupDeleted}, nil, nil)
		return err
	}); err != nil {
		return err
	}
	return errors.Join(os.Remove(path), os.RemoveAll(noteOf(path)))
}

// BackupPlan is when backups are made by themselves.
func (s *Store) BackupPlan(ctx context.Context) (p chat.BackupPlan, err error) {
	err = s.read(ctx, func(q querier) error { p, err = loadBackupPlan(q); return err })
	return p, err
}

func loadBackupPlan(q querier) (p chat.BackupPlan, err error) {
	var tried, made int64
	err = q.row(`SELECT hour, keep_days, tried_at, made_at, problem FROM backup_plan WHERE one = 1`).Scan(&p.Hour, &p.KeepDays, &tried, &made, &p.Problem)
	if isMissing(err) {
		return chat.NoBackupPlan, nil
	}
	p.TriedAt, p.MadeAt = fromMillis(tried), fromMillis(made)
	return p, err
}

// PlanBackups changes when backups are made by themselves. The zero event says that nothing differed.
func (s *Store) PlanBackups(ctx context.Context, actor chat.Actor, p chat.BackupPlan, seen ...chat.BackupPlan) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		e = chat.Event{}
		if err := t.allow(chat.OpBackup, chat.Facts{}); err != nil {
			return err
		}
		if err := p.Check(); err != nil {
			return err
		}
		was, err := loadBackupPlan(t)
		p := p
		for _, seen := range seen {
			if err == nil {
				p, err = p.Onto(seen, was)
			}
		}
		if err != nil || was.Hour == p.Hour && was.KeepDays == p.KeepDays {
			return err
		}
		// A plan that begins today after its hour begins tomorrow.
		if _, err := t.exec(`INSERT INTO backup_plan (one, hour, keep_days, made_at) VALUES (1, $1, $2, $3)
			ON CONFLICT (one) DO UPDATE SET hour = excluded.hour, keep_days = excluded.keep_days, made_at = max(made_at, CASE WHEN hour = -1 THEN excluded.made_at ELSE 0 END), problem = ''`,
			p.Hour, p.KeepDays, millis(t.Now)); err != nil {
			return fmt.Errorf("plan backups: %w", err)
		}
		e, err = t.record(chat.Event{Type: chat.BackupPlanned}, was.Image(), p.Image())
		return err
	})
	return e, err
}

// KeepPlan makes a backup when the plan wants one, and removes those of the plan whose time is over. What fails is kept
// with the plan, for the overview, and tried again later.
func (s *Store) KeepPlan(ctx context.Context, zone *time.Location) error {
	p, err := s.BackupPlan(ctx)
	if err != nil || !p.Due(s.now().In(zone)) {
		return err
	}
	plan := chat.Actor{Kind: chat.SystemActor, ID: "backups", Name: "Backup schedule", Source: chat.System}
	_, err = s.MakeBackup(ctx, plan, chat.BackupScheduled)
	if err == nil {
		err = s.removeOld(ctx, plan, p)
	}
	problem, made := "", s.now()
	if err != nil {
		problem, made = err.Error(), p.MadeAt
	}
	return errors.Join(err, s.change(ctx, plan, func(t *Tx) error {
		_, err := t.exec(`UPDATE backup_plan SET tried_at = $1, made_at = $2, problem = $3 WHERE one = 1`, millis(t.Now), millis(made), problem)
		return err
	}))
}

func (s *Store) removeOld(ctx context.Context, plan chat.Actor, p chat.BackupPlan) error {
	all, err := s.Backups()
	if err != nil {
		return err
	}
	newest := true
	for _, b := range all {
		if b.Kind != chat.BackupScheduled {
			continue
		}
		if !newest && b.MadeAt.Before(s.now().AddDate(0, 0, -p.KeepDays)) {
			err = errors.Join(err, s.DeleteBackup(ctx, plan, b.Name))
		}
		newest = false
	}
	return err
}

// Contents is what the running database holds, as a backup of it would say.
func (s *Store) Contents(ctx context.Context) (in chat.BackupContents, err error) {
	if in.Schema, err = newestSchema(); err != nil {
		return in, err
	}
	err = s.read(ctx, func(q querier) error { return s.contents(q, &in) })
	return in, err
}
