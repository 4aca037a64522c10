package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// walls names every package of the program and what of the program it may import. "views/*" stands for the packages
// below views. No arrow runs back: cmd -> handlers -> views -> db, with static on the ground.
var walls = map[string][]string{
	"cmd/guestlist":         {"cmd/guestlist/demo", "db", "db/chat", "handlers", "handlers/auth"},
	"cmd/guestlist/browser": {},
	"cmd/guestlist/demo":    {"db", "db/chat", "handlers/auth"},
	"handlers":              {"db", "db/chat", "static", "handlers/auth", "handlers/dashboard", "handlers/jobs", "handlers/live", "handlers/rest", "handlers/sdk", "handlers/web"},
	"handlers/auth":         {"db", "db/chat", "handlers/web"},
	"handlers/dashboard":    {"db", "db/chat", "docs", "handlers/auth", "handlers/export", "handlers/help", "handlers/web", "views/*"},
	"docs":                  {},
	"handlers/help":         {},
	"handlers/export":       {"db/chat"},
	"handlers/jobs":         {"db", "db/chat", "handlers/export", "handlers/web"},
	"handlers/live":         {"db", "db/chat", "handlers/auth", "handlers/web"},
	"handlers/rest":         {"db", "db/chat", "handlers/auth", "handlers/web"},
	"handlers/sdk":          {"db", "db/chat", "static", "handlers/auth", "handlers/web"},
	"handlers/web":          {"db/chat", "static"},
	"views/*":               {"db/chat", "static", "views/*"},
	"db":                    {"db/chat"},
	"db/chat":               {},
	"db/dbtest":             {"db", "db/chat"},
	"static":                {},
}

// onlyTests are packages that nothing but tests imports.
var onlyTests = []string{"cmd/guestlist/browser", "db/dbtest", "views/viewtest"}

// onlyHere are packages of others that one part of the program keeps for itself.
var onlyHere = map[string]string{
	"database/sql":                      "db",
	"modernc.org/sqlite":                "db",
	"github.com/gorilla/sessions":       "handlers/auth",
	"github.com/alecthomas/kong":        "cmd/guestlist",
	"github.com/centrifugal/centrifuge": "handlers/live",
}

func TestWalls(t *testing.T) {
	const root, module = "../..", "guestlist/"
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(folder)
		seen[pkg] = true
		may, known := walls[wall(pkg)]
		if !known {
			t.Errorf("%s: %s is in no room of the house", path, pkg)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			ours, isOurs := strings.CutPrefix(name, module)
			switch {
			case isOurs && slices.Contains(onlyTests, ours):
				t.Errorf("%s imports %s, which is for tests", path, ours)
			case isOurs && !slices.Contains(may, wall(ours)):
				t.Errorf("%s imports %s; %s may import %v", path, ours, pkg, may)
			case onlyHere[name] != "" && pkg != onlyHere[name] && !slices.Contains(onlyTests, pkg):
				t.Errorf("%s imports %s, which only %s does", path, name, onlyHere[name])
			case pkg == "db/chat" && strings.Contains(strings.SplitN(name, "/", 2)[0], "."):
				t.Errorf("%s imports %s; db/chat needs the standard library only", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range walls {
		if !strings.HasSuffix(pkg, "/*") && !seen[pkg] {
			t.Errorf("there is no %s; take it out of the walls", pkg)
		}
	}
}

// wall is what the walls call a package.
func wall(pkg string) string {
	if strings.HasPrefix(pkg, "views/") {
		return "views/*"
	}
	return pkg
}
