// Package viewtest holds the rules that everything visible keeps, as one check for the tests of the views.
package viewtest

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guestlist/static"
	"guestlist/views/words"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

// Render gives the markup of a component, ready to be asked. A page is a document; a part stands in an empty one.
func Render(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	return render(t, context.Background(), c)
}

func render(t *testing.T, ctx context.Context, c templ.Component) *goquery.Document {
	t.Helper()
	var out strings.Builder
	if err := c.Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Check renders every sample and holds it to the rules. The samples are named after the templates of the package in the
// test's own folder, "Name" or "Name, what is special"; a template without a sample fails.
func Check(t *testing.T, samples map[string]templ.Component) {
	t.Helper()
	shown := map[string]bool{}
	for name, sample := range samples {
		template, _, _ := strings.Cut(name, ",")
		shown[template] = true
		t.Run(name, func(t *testing.T) {
			rules(t, Render(t, sample))
		})
	}
	for _, name := range templates(t) {
		if !shown[name] {
			t.Errorf("no sample renders %s", name)
		}
	}
}

// CheckTranslated renders every sample in every language but English, and finds what is still said in English.
// sampled are texts that the samples bring along in English: a word alone, or several anywhere in a text.
func CheckTranslated(t *testing.T, samples map[string]templ.Component, sampled ...string) {
	t.Helper()
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			for _, l := range words.Languages[1:] {
				translated(t, l.Code, render(t, words.In(t.Context(), l.Code), sample), sampled)
			}
		})
	}
}

// templates lists the exported templates of the package in this folder.
func templates(t *testing.T) []string {
	files, err := filepath.Glob("*_templ.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates in this folder: ", err)
	}
	var names []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.IsExported() {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

// english are words that stand in most English sentences, and in those of no other language here.
var english = regexp.MustCompile(`(?i)\b(the|and|is|are|was|were|of|with|not|you|your|they|this|that|from|by|for|can|has|have|it|its|who|be)\b`)

// translated: no sentence is left in English. What people wrote, and code, is as it is.
func translated(t *testing.T, code string, doc *goquery.Document, sampled []string) {
	ctx := words.In(t.Context(), code)
	doc.Find("script, style, code, pre, bdi, textarea, option[lang], [lang=en]").Remove()
	check := func(text string) {
		text = strings.Join(strings.Fields(text), " ")
		if !strings.Contains(text, " ") && strings.ToLower(text) == text {
			return // may be the name of a field
		}
		if slices.ContainsFunc(sampled, func(own string) bool { return text == own || strings.Contains(own, " ") && strings.Contains(text, own) }) {
			return
		}
		if said := words.Said(ctx, text); said != text {
			t.Errorf("%s: %q is not said as %q", code, text, said)
		} else if found := english.FindAllString(text, -1); len(found) > 2 {
			t.Errorf("%s: %q seems to be English", code, text)
		}
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"aria-label", "title", "placeholder", "alt"} {
			check(s.AttrOr(name, ""))
		}
		s.Contents().Each(func(_ int, n *goquery.Selection) {
			if goquery.NodeName(n) == "#text" {
				check(n.Text())
			}
		})
	})
}

func rules(t *testing.T, doc *goquery.Document) {
	contentPolicy(t, doc)
	icons(t, doc)
	ids(t, doc)
	names(t, doc)
	addresses(t, doc)
	if doc.Find("main").Length() > 0 && doc.Find("h1").Length() != 1 {
		t.Errorf("%d h1 on one page", doc.Find("h1").Length())
	}
}

// contentPolicy: nothing inline that the browser would refuse.
func contentPolicy(t *testing.T, doc *goquery.Document) {
	if n := doc.Find("[style], style").Length(); n > 0 {
		t.Errorf("%d inline styles", n)
	}
	doc.Find("script").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("src", "") == "" && s.AttrOr("type", "") != "application/json" {
			t.Errorf("an inline script: %.60s", s.Text())
		}
	})
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range s.Get(0).Attr {
			if strings.HasPrefix(attr.Key, "on") || strings.HasPrefix(attr.Key, "hx-on") {
				t.Errorf("an inline handler: %s=%q", attr.Key, attr.Val)
			}
		}
	})
}

// icons: every one is in the sprite.
func icons(t *testing.T, doc *goquery.Document) {
	doc.Find("use").Each(func(_ int, s *goquery.Selection) {
		_, name, _ := strings.Cut(s.AttrOr("href", ""), "#")
		if !static.HasIcon(name) {
			t.Errorf("the sprite has no icon %q; add it to static/build.mjs", name)
		}
	})
}

// ids are unique, and what refers to one finds it.
func ids(t *testing.T, doc *goquery.Document) {
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if id == "" || strings.ContainsAny(id, " \t\n") || seen[id] {
			t.Errorf("id %q is empty, holds a space or is there twice", id)
		}
		seen[id] = true
	})
	for _, attr := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(attr, "")) {
				if !seen[id] {
					t.Errorf("%s names %q, which is not on the page", attr, id)
				}
			}
		})
	}
}

// names: whatever can be used says what it is.
func names(t *testing.T, doc *goquery.Document) {
	doc.Find("a, button, summary").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
			html, _ := goquery.OuterHtml(s)
			t.Errorf("no name: %.120s", html)
		}
	})
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		labelled := s.AttrOr("aria-label", "") != "" || s.Closest("label").Length() > 0
		doc.Find("label").Each(func(_ int, label *goquery.Selection) {
			labelled = labelled || (label.AttrOr("for", "") != "" && label.AttrOr("for", "") == s.AttrOr("id", ""))
		})
		if !labelled {
			html, _ := goquery.OuterHtml(s)
			t.Errorf("no label: %.120s", html)
		}
	})
	doc.Find("nav, dialog, [role=region], [role=group], [role=toolbar]").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("aria-label", "")+s.AttrOr("aria-labelledby", "") == "" {
			t.Errorf("a %s without a name", goquery.NodeName(s))
		}
	})
	doc.Find("img:not([alt])").Each(func(_ int, s *goquery.Selection) { t.Errorf("a picture without alt: %s", s.AttrOr("src", "")) })
}

// addresses lead somewhere, and never into a script.
func addresses(t *testing.T, doc *goquery.Document) {
	for _, attr := range []string{"href", "src", "action", "formaction"} {
		doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
			address := s.AttrOr(attr, "")
			parsed, err := url.Parse(address)
			if err != nil || address == "" || address == "#" || (parsed.Scheme != "" && parsed.Scheme != "https" && parsed.Scheme != "http" && parsed.Scheme != "mailto") {
				t.Errorf("%s=%q leads nowhere", attr, address)
			}
		})
	}
}
