package dbtest

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/db"
)

// Dump is everything that is stored, as text, so that tests can see that nothing changed. When keys and sessions were
// last used is left out, and so are failed sign-ins: they are no part of any change.
func Dump(t testing.TB, s *db.Store) string {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+filepath.Join(s.Dir(), db.File)+"?mode=ro&_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var b strings.Builder
	for _, query := range []string{"SELECT * FROM apps", "SELECT * FROM settings", "SELECT * FROM users", "SELECT * FROM conversations", "SELECT * FROM participants", "SELECT * FROM ceilings", "SELECT * FROM guest_blocks",
		"SELECT * FROM messages", "SELECT * FROM trash", "SELECT * FROM terms", "SELECT * FROM set_aside", "SELECT * FROM bans", "SELECT * FROM removed_messages", "SELECT * FROM readings", "SELECT * FROM jobs", "SELECT * FROM restorations", "SELECT * FROM events", "SELECT * FROM event_hours", "SELECT * FROM admins", "SELECT app_id, id, name, active FROM app_keys"} {
		dump(t, file, query, &b)
	}
	return b.String()
}

// Everything is every table of the file as text, those that SQLite and its indexes keep for themselves among them.
func Everything(t testing.TB, s *db.Store) string {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+filepath.Join(s.Dir(), db.File)+"?mode=ro&_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.Query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, table := range tables {
		dump(t, file, "SELECT * FROM "+table, &b)
	}
	return b.String()
}

func dump(t testing.TB, file *sql.DB, query string, b *strings.Builder) {
	t.Helper()
	rows, err := file.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(b, query, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// Exec changes a file behind the back of a store, or of none.
func Exec(t testing.TB, path, statement string) {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
