package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks our files ("Glst"), so that another program's database is not taken for ours.
const applicationID = 0x476c7374

// schemaSteps are the migrations, to be run on db.
func schemaSteps(db *sql.DB) (*goose.Provider, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithDisableGlobalRegistry(true))
}

// migrate brings the schema up to date, each step in its transaction. Before it upgrades a file it copies it beside
// itself. A file of a newer Guestlist is refused and stays untouched.
func migrate(ctx context.Context, db *sql.DB, path string, now time.Time) error {
	p, err := schemaSteps(db)
	if err != nil {
		return err
	}
	var app, version int64
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return damaged(path, err)
	}
	if app != 0 && app != applicationID {
		return fmt.Errorf("%s belongs to another program; name an empty directory with --data", path)
	}
	tables := 0
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return damaged(path, err)
	}
	if tables > 0 {
		if app == 0 {
			return fmt.Errorf("%s is not a Guestlist database; name an empty directory with --data", path)
		}
		if version, err = p.GetDBVersion(ctx); err != nil {
			return damaged(path, err)
		}
	}
	all := p.ListSources()
	newest := all[len(all)-1].Version
	switch {
	case version > newest:
		return fmt.Errorf("%s was written by a newer Guestlist (schema %d, this program knows %d); start that version, or restore a backup", path, version, newest)
	case version == newest:
		return nil
	case version > 0:
		copied := filepath.Join(filepath.Dir(path), fmt.Sprintf("before-upgrade-%d-%s.db", version, now.UTC().Format("20060102T150405")))
		if _, err := db.ExecContext(ctx, "VACUUM INTO $1", copied); err != nil {
			return fmt.Errorf("copy before the upgrade: %w", err)
		}
		if err := os.Chmod(copied, 0o600); err != nil {
			return err
		}
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return fmt.Errorf("write to %s: %w", path, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("upgrade of %s (nothing of the failed step is kept): %w", path, err)
	}
	return nil
}

// create makes a new database beside its place and moves it there whole, so that a crash leaves either none or one.
func create(ctx context.Context, path string, now time.Time) error {
	fresh := path + ".new"
	for _, rest := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(fresh + rest); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	db, err := openWriter(fresh)
	if err != nil {
		return err
	}
	if err := errors.Join(migrate(ctx, db, fresh, now), db.Close()); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// soundBefore is the largest file that every start checks whole; a larger one is checked after an unclean end only.
const soundBefore = 32 << 20

// soundEnough refuses a damaged file before it is served.
func soundEnough(ctx context.Context, db *sql.DB, path string, unclean bool) error {
	if info, err := os.Lstat(path); err == nil && info.Size() > soundBefore && !unclean {
		return nil
	}
	c, err := newConn(ctx, db)
	if err != nil {
		return damaged(path, err)
	}
	if err := errors.Join(verdict(c, "PRAGMA quick_check(1)"), c.close()); err != nil {
		return damaged(path, err)
	}
	return nil
}

// unclean tells whether the last process ended without closing the database.
func unclean(path string) bool {
	info, err := os.Lstat(path + "-wal")
	return err == nil && info.Size() > 0
}

// inspect refuses what is no database at all, before SQLite touches it. It only looks at the file's size: opening the
// file here would cost SQLite its locks.
func inspect(path string) (exists bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		for _, rest := range []string{"-wal", "-shm"} {
			if _, err := os.Lstat(path + rest); err == nil {
				return false, fmt.Errorf("%s is missing but its %s file is there; restore a backup, or move that file away to start empty", path, rest)
			}
		}
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is not a regular file", path)
	case info.Size() == 0:
		return false, damaged(path, errors.New("the file is empty"))
	}
	return true, nil
}

func damaged(path string, cause error) error {
	return fmt.Errorf("%s is damaged (%w); restore a backup: stop Guestlist and put the backup in its place", path, cause)
}
