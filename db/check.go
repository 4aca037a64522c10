package db

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Check is Store.Check for a directory that another process may be serving.
func Check(ctx context.Context, dir string) error {
	path := filepath.Join(dir, File)
	exists, err := inspect(path)
	if err != nil {
		return err
	}
	if !exists {
		return noDatabase(dir)
	}
	db, err := openReadOnly(path)
	if err != nil {
		return err
	}
	defer db.Close()
	c, err := newConn(ctx, db)
	if err != nil {
		return damaged(path, err)
	}
	defer c.close()
	if err := c.snapshot(ctx, sound); err != nil {
		return damaged(path, err)
	}
	return nil
}

func noDatabase(dir string) error {
	return fmt.Errorf("there is no database in %s; name its directory with --data", dir)
}

// Check reads the whole file and says whether it is sound: pages, indexes, foreign keys and search indexes.
func (s *Store) Check(ctx context.Context) error { return s.read(ctx, sound) }

func sound(q querier) error {
	if err := verdict(q, "PRAGMA integrity_check(5)"); err != nil {
		return err
	}
	rows, err := q.query("PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return errors.New("a row refers to one that is missing")
	}
	return rows.Err()
}

// verdict runs a check that answers "ok", or a row for each problem.
func verdict(q querier, pragma string) error {
	rows, err := q.query(pragma)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			return fmt.Errorf("integrity: %s", strings.ReplaceAll(line, "\n", " "))
		}
	}
	return rows.Err()
}
