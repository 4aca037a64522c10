package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of the database to a new file, while changes go on. The copy appears whole or not at
// all. Secret keys in it are sealed: master.key opens them and is not part of the copy.
func Backup(ctx context.Context, dir, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s exists already; name a new file", to)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(filepath.Dir(to)); err != nil {
		return fmt.Errorf("no backup was written: the directory of %s can't be read: %w; make it first", to, errors.Unwrap(err))
	}
	path := filepath.Join(dir, File)
	if exists, err := inspect(path); err != nil {
		return err
	} else if !exists {
		return noDatabase(dir)
	}
	db, err := sql.Open("sqlite", dsn(path, "mode=ro&_busy_timeout=5000")) // query_only would refuse to write the copy
	if err != nil {
		return err
	}
	defer db.Close()
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO $1", part); err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), os.RemoveAll(part))
	}
	if err := errors.Join(os.Chmod(part, 0o600), syncFile(part)); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
