package help

import (
	"embed"
	"strings"
	"testing"
)

//go:embed testdata/*.md
var testPages embed.FS

func address(page, anchor string) string { return "/help/" + page + "#" + anchor }

func TestPagesBringNoHTMLAlong(t *testing.T) {
	source, err := testPages.ReadFile("testdata/hostile.md")
	if err != nil {
		t.Fatal(err)
	}
	p := read("hostile", source, func(target string) string {
		return link(target, map[string]bool{"rest": true, "design": false}, address)
	})
	for _, bad := range []string{"<script", "onclick", "javascript:", "<iframe"} {
		if strings.Contains(p.HTML, bad) {
			t.Errorf("%q came through: %s", bad, p.HTML)
		}
	}
	for _, want := range []string{`href="/help/rest#users"`, `href="#two"`, `href="https://example.com"`, `<table>`, `<h2 id="two">`} {
		if !strings.Contains(p.HTML, want) {
			t.Errorf("%q is missing: %s", want, p.HTML)
		}
	}
	if p.Title != "Hostile page" || strings.Contains(p.HTML, "<h1") || len(p.Sections) != 2 || p.Sections[1].Text != "a cell x code line" {
		t.Errorf("%+v", p)
	}
}

func TestExcerptsShowTheWord(t *testing.T) {
	long := strings.Repeat("wörter davor ", 30) + "needle" + strings.Repeat(" and after", 40)
	if got := excerpt(long, "needle"); !strings.Contains(got, "needle") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len([]rune(got)) > 220 {
		t.Errorf("%q", got)
	}
	if got := excerpt("short", "nothing"); got != "short" {
		t.Errorf("%q", got)
	}
}
