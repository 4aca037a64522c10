package db

import (
	"context"
	"errors"
	"fmt"
)

// Check reads the whole file and says whether it is sound: pages, indexes, foreign keys and search indexes.
func (s *Store) Check(ctx context.Context) error {
	return s.read(ctx, func(q querier) error {
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
	})
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
			return fmt.Errorf("integrity: %s", line)
		}
	}
	return rows.Err()
}
