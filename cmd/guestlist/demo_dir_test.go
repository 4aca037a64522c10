package main

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"guestlist/cmd/guestlist/demo"
)

// made is the demo as it lies in a data directory, by file. It is made once for many tests, since making it takes longer
// than most of them, and anew when what it calls “now” is long ago.
var made struct {
	sync.Mutex
	at    time.Time
	files map[string][]byte
}

const demoLasts = 3 * time.Minute

// demoDir is a data directory with the demo.
func demoDir(t testing.TB) string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	made.Lock()
	defer made.Unlock()
	dir := filepath.Join(t.TempDir(), "demo")
	if now := time.Now(); now.Sub(made.at) > demoLasts {
		must(demo.Prepare(t.Context(), dir))
		entries, err := os.ReadDir(dir)
		must(err)
		files := map[string][]byte{}
		for _, e := range entries {
			files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name()))
			must(err)
		}
		made.at, made.files = now, files
		return dir
	}
	must(os.Mkdir(dir, 0o700))
	for name, body := range made.files {
		must(os.WriteFile(filepath.Join(dir, name), body, 0o600))
	}
	return dir
}
