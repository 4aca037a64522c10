package browser

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// finding is one rule that a page breaks, and where.
type finding struct {
	ID     string
	Impact string
	Help   string
	Where  []string
}

var axeSource = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	b, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "..", "node_modules", "axe-core", "axe.min.js"))
	return string(b), err
})

// Axe checks the page against WCAG 2.2 AA and axe's best practices. Every finding fails the test.
func (tab *Tab) Axe() {
	tab.t.Helper()
	tab.axe(`["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`)
}

// AxeColours checks what another theme changes of a page that Axe has checked: its colours.
func (tab *Tab) AxeColours() {
	tab.t.Helper()
	tab.axe(`{ type: "rule", values: ["color-contrast", "link-in-text-block"] }`)
}

func (tab *Tab) axe(rules string) {
	tab.t.Helper()
	source, err := axeSource()
	if err != nil {
		tab.t.Fatalf("axe-core is missing; make test installs it: %v", err)
	}
	if !Eval[bool](tab, `"axe" in window`) {
		Eval[bool](tab, source+";true")
	}
	found := Eval[[]finding](tab, `axe.run(document, { resultTypes: ["violations"], runOnly: `+rules+` })
	  .then((r) => r.violations.map((v) => ({ ID: v.id, Impact: v.impact, Help: v.help, Where: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)) })))`)
	for _, f := range found {
		tab.t.Errorf("axe on %s: %s (%s): %s\n  %s", Eval[string](tab, "location.pathname"), f.ID, f.Impact, f.Help, strings.Join(f.Where, "\n  "))
	}
}
