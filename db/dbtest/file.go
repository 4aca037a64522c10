package dbtest

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"

	"guestlist/db"
)

// blank is the data directory of an empty store, by file, and peopled that of one with Ana, Tom and Vic. They are made once
// for all tests of a process: to migrate an empty file takes longer than most tests.
var (
	blank   = sync.OnceValues(func() (map[string][]byte, error) { return directory(func(*db.Store) error { return nil }) })
	peopled = sync.OnceValues(func() (map[string][]byte, error) { return directory(people) })
)

func directory(fill func(*db.Store) error) (files map[string][]byte, err error) {
	dir, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := db.Open(context.Background(), db.Options{Dir: dir, Now: NewClock().Now})
	if err != nil {
		return nil, err
	}
	if err := fill(s); err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files = map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Blank puts the files of an empty store into a directory, unless a store is there.
func Blank(t fataler, dir string) {
	t.Helper()
	put(t, dir, blank)
}

func put(t fataler, dir string, of func() (map[string][]byte, error)) {
	t.Helper()
	files, err := of()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, db.File)); err == nil {
		return
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, body := range files {
		if name == "master.key" { // each store has its own, and nothing is sealed yet
			body = make([]byte, len(body))
			rand.Read(body)
		}
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// fataler is what tests, benchmarks and their like have in common.
type fataler interface {
	Helper()
	Fatal(...any)
}
