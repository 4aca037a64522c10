package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"guestlist/db/chat"
)

// A restore replaces everything in the running database by what a backup holds, as one transaction of SQLite: a crash leaves
// the old state or the new one, readers see the old one until then, and no file is ever swapped under a connection.

// openBackup opens a file that nobody writes, and trusts nothing in it.
func openBackup(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path, "mode=ro&immutable=1&_query_only=1&_dqs=0&_defensive=1&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_pragma=cache_size(-4096)"))
}

var (
	errDamaged = func(what string) error {
		return chat.ErrBackupRefused("This file is damaged: "+what+".", "Nothing was changed. Take another backup.")
	}
	errForeign = chat.ErrBackupRefused("This file is not a backup of Guestlist.", "Nothing was changed. Choose a file that “Back up now” or guestlist backup wrote.")
)

// lookInside reads a file whole. The error of one that can't be restored is a refusal for people.
func (s *Store) lookInside(ctx context.Context, path string) (in chat.BackupContents, err error) {
	db, err := openBackup(path)
	if err != nil {
		return in, err
	}
	defer db.Close()
	c, err := newConn(ctx, db)
	if err != nil {
		return in, errDamaged("it can’t be opened")
	}
	defer c.close()
	err = c.snapshot(ctx, func(q querier) error {
		var app, pageSize int64
		if err := q.row("PRAGMA application_id").Scan(&app); err != nil {
			return errDamaged("it is no database")
		}
		if app != applicationID {
			return errForeign
		}
		if err := q.row(`SELECT max(version_id) FROM goose_db_version`).Scan(&in.Schema); err != nil {
			return errDamaged("its version can’t be read")
		}
		newest, err := newestSchema()
		if err != nil {
			return err
		}
		if in.Schema > newest {
			return chat.ErrBackupRefused(fmt.Sprintf("This backup is of a newer Guestlist: its schema is %d, this program knows %d.", in.Schema, newest), "Nothing was changed. Upgrade Guestlist, then restore it.")
		}
		if err := sound(q); err != nil {
			return errDamaged(strings.TrimSuffix(err.Error(), "."))
		}
		if err := q.row("PRAGMA page_size").Scan(&pageSize); err != nil || pageSize != 4096 {
			return errForeign
		}
		if in.Schema == newest {
			if err := s.sameSchema(ctx, q); err != nil {
				return err
			}
		}
		return s.contents(q, &in)
	})
	if ctx.Err() != nil {
		return in, ctx.Err()
	}
	if err != nil && chat.AsError(err) == nil && code(err) != 0 {
		err = errDamaged(err.Error())
	}
	return in, err
}

func (s *Store) contents(q querier, in *chat.BackupContents) error {
	var last int64
	if err := q.row(`SELECT (SELECT count(*) FROM apps), (SELECT coalesce(sum(users), 0) FROM apps), (SELECT coalesce(sum(conversations), 0) FROM apps), (SELECT coalesce(sum(participants), 0) FROM apps),
		(SELECT coalesce(sum(messages), 0) FROM conversations), (SELECT count(*) FROM admins), (SELECT coalesce(max(at), 0) FROM events WHERE seq = (SELECT max(seq) FROM events))`).
		Scan(&in.Apps, &in.Users, &in.Conversations, &in.Participants, &in.Messages, &in.Admins, &last); err != nil {
		return err
	}
	in.LastEvent = fromMillis(last)
	rows, err := q.query(`SELECT app_id, id, sealed FROM app_keys ORDER BY app_id, id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var app chat.AppID
		var id string
		var sealed []byte
		if err := rows.Scan(&app, &id, &sealed); err != nil {
			return err
		}
		in.Keys++
		if _, err := s.seal.open(sealed, keyPlace(app, id)); err != nil {
			in.ForeignKeys++
		}
	}
	return rows.Err()
}

// sameSchema refuses a file whose tables, indexes and triggers are not, word for word, those of the running database.
func (s *Store) sameSchema(ctx context.Context, q querier) error {
	theirs, err := schema(q)
	if err != nil {
		return err
	}
	return s.read(ctx, func(q querier) error {
		ours, err := schema(q)
		if err == nil && ours != theirs {
			err = errForeign
		}
		return err
	})
}

func schema(q querier) (string, error) {
	rows, err := q.query(`SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name`)
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (text string, err error) { return text, row.Scan(&text) })
	return strings.Join(all, "\n"), err
}

// RestoreBackup replaces everything by what a backup holds. What was there is kept as a safety copy. Changes wait
// meanwhile. Nobody stays signed in but the session that is named, if the backup has its admin; jobs that ran in the backup
// are cancelled.
func (s *Store) RestoreBackup(ctx context.Context, actor chat.Actor, name, session string) (safety chat.Backup, err error) {
	if err := s.mayBackup(ctx, actor); err != nil {
		return safety, err
	}
	path, err := s.BackupFile(name)
	if err != nil {
		return safety, err
	}
	in, err := s.lookInside(ctx, path)
	if err != nil {
		return safety, err
	}
	if in.ForeignKeys > 0 {
		return safety, chat.ErrBackupRefused("The secret keys in this backup were sealed by another server, whose master.key opens them.",
			"Nothing was changed. Stop this server, put that master.key and the backup as guestlist.db into an empty data directory, and start there.")
	}
	ready := filepath.Join(s.backupsDir(), "restore.new")
	defer os.RemoveAll(ready)
	if err := s.prepare(ctx, path, ready); err != nil {
		return safety, err
	}
	ctx = context.WithoutCancel(ctx) // from here on it is done whole
	err = s.write.alone(func() error {
		if safety, err = s.safetyCopy(ctx, actor); err != nil {
			return err
		}
		if err := s.takeAlong(ctx, ready, actor, name, safety.Name, session); err != nil {
			return err
		}
		return s.replaceBy(ctx, ready)
	})
	if err != nil {
		if chat.AsError(err) == nil {
			err = unavailable(fmt.Errorf("restore: %w", err))
		}
		return safety, err
	}
	s.keys.clear()
	s.write.woken.ring()
	return s.note(ctx, safety)
}

// prepare makes a copy of a backup that is as this program wants it.
func (s *Store) prepare(ctx context.Context, path, ready string) error {
	if err := os.RemoveAll(ready); err != nil {
		return err
	}
	from, err := openBackup(path)
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := from.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return err
	}
	if _, err := from.ExecContext(ctx, "VACUUM INTO $1", ready); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
	}
	return s.edit(ctx, ready, func(db *sql.DB, q *conn) error {
		steps, err := schemaSteps(db)
		if err != nil {
			return err
		}
		if _, err := steps.Up(ctx); err != nil {
			return fmt.Errorf("upgrade the backup: %w", err)
		}
		if err := s.sameSchema(ctx, q); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM admin_sessions`, // ended sessions, old passwords' too, would live again
			`DELETE FROM sign_in_failures`,
			fmt.Sprintf(`UPDATE jobs SET state = 'cancelled', finished_at = %d WHERE state = 'queued' OR state = 'running'`, millis(s.now())),
			`UPDATE backup_plan SET tried_at = 0, problem = ''`,
		} {
			if err := q.run(statement); err != nil {
				return err
			}
		}
		return sound(q)
	})
}

// edit works on a file that is no running database.
func (s *Store) edit(ctx context.Context, path string, do func(db *sql.DB, q *conn) error) error {
	db, err := sql.Open("sqlite", dsn(path, "_journal_mode=DELETE&_synchronous=FULL&_foreign_keys=1&_dqs=0&_defensive=1&_pragma=trusted_schema(1)"))
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(2)
	c, err := newConn(ctx, db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(do(db, c), c.close(), db.Close())
}

func (s *Store) safetyCopy(ctx context.Context, actor chat.Actor) (b chat.Backup, err error) {
	name, err := s.freshBackup(chat.BackupSafety)
	if err != nil {
		return b, err
	}
	return chat.Backup{Name: name, Kind: chat.BackupSafety, MadeAt: s.now().UTC(), By: actor.Name}, Backup(ctx, s.dir, filepath.Join(s.backupsDir(), name))
}

// takeAlong puts into the copy what outlives the restore: the event that tells of it, behind everything that ever happened
// here or there, and the session of who restores.
func (s *Store) takeAlong(ctx context.Context, ready string, actor chat.Actor, name, safety, session string) error {
	var last int64
	var columns []string
	var values []any
	if err := s.read(ctx, func(q querier) (err error) {
		if last, err = lastSeq(q); err != nil {
			return err
		}
		columns, values, err = wholeRow(q, `SELECT * FROM admin_sessions WHERE id = $1`, session)
		return err
	}); err != nil {
		return err
	}
	return s.edit(ctx, ready, func(_ *sql.DB, q *conn) error {
		theirs, err := lastSeq(q)
		if err != nil {
			return err
		}
		now := millis(s.now().Truncate(time.Millisecond))
		after := image(chat.Image{"backup": name, "safetyCopy": safety})
		if err := q.run(`INSERT INTO events (seq, app_id, at, actor_kind, actor_id, actor_name, source, request_id, ip, type, class, conversation_id, user_id, subject, before, after, batch, undoes)
			VALUES ($1, '', $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', $11, '', $12, '', 0)`, max(last, theirs)+1, now, string(actor.Kind), actor.ID, actor.Name, string(actor.Source),
			actor.RequestID, actor.IP, string(chat.BackupRestored), int64(chat.BackupRestored.Class()), name, string(after)); err != nil {
			return err
		}
		var known int
		if err := q.row(`SELECT count(*) FROM admins WHERE id = $1`, actor.ID).Scan(&known); err != nil || known == 0 || len(columns) == 0 {
			return err
		}
		return q.run(`INSERT INTO admin_sessions (`+strings.Join(columns, ", ")+`) VALUES (`+placeholders(1, len(columns))+`)`, values...)
	})
}

// wholeRow is one row with the names of its columns; nothing when there is none.
func wholeRow(q querier, text string, args ...any) (columns []string, values []any, err error) {
	rows, err := q.query(text, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, nil, rows.Err()
	}
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	values = make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	return columns, values, rows.Scan(into...)
}

// replaceBy copies a file over the running database, through SQLite.
func (s *Store) replaceBy(ctx context.Context, ready string) error {
	db, err := openWriter(filepath.Join(s.dir, File))
	if err != nil {
		return err
	}
	defer db.Close()
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	err = c.Raw(func(driver any) (err error) {
		copier, can := driver.(interface {
			NewRestore(string) (*sqlite.Backup, error)
		})
		if !can {
			return errors.New("the driver can't restore")
		}
		b, err := copier.NewRestore(dsn(ready, "mode=ro&immutable=1"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.Finish()) }()
		for more := true; more; {
			if more, err = b.Step(-1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // the log holds all of it
	return err
}

// newestSchema is the version that this program knows.
func newestSchema() (newest int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	for _, name := range names {
		number, _, _ := strings.Cut(filepath.Base(name), "_")
		n, failed := strconv.ParseInt(number, 10, 64)
		newest, err = max(newest, n), errors.Join(err, failed)
	}
	return newest, err
}
