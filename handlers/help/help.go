// Package help turns the documentation into pages that the dashboard shows: HTML without any that a page brought along,
// headings with anchors, links between pages, and a search over their sections.
package help

import (
	"bytes"
	"embed"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// first are the pages in the order of the list; others follow by their names.
var first = []string{"dashboard", "settings", "refusals", "browser", "rest", "operating", "accessibility"}

// inner are pages for those who build Guestlist, not for those who use it.
var inner = []string{"design", "benchmarks"}

// Manual is the documentation. It is read once and never changes.
type Manual struct{ pages []Page }

// Page is one page of it.
type Page struct {
	Name, Title string
	HTML        string
	Sections    []Section
}

// Section is a heading and the text up to the next one.
type Section struct {
	Level     int
	ID, Title string
	Text      string
	fold      string // what the search looks at
}

// Hit is a section that a search found.
type Hit struct{ Name, Page, ID, Title, Text string }

// Open reads all pages. address is where a page and a heading of it are shown. Pages are part of the program, so what is
// wrong with them is found at its start.
func Open(files embed.FS, address func(page, anchor string) string) *Manual {
	names, err := fs.Glob(files, "*.md")
	if err != nil {
		panic(err)
	}
	m := &Manual{}
	known := map[string]bool{}
	for _, file := range names {
		known[strings.TrimSuffix(file, ".md")] = !slices.Contains(inner, strings.TrimSuffix(file, ".md"))
	}
	for name, shown := range known {
		if !shown {
			continue
		}
		source, err := files.ReadFile(name + ".md")
		if err != nil {
			panic(err)
		}
		m.pages = append(m.pages, read(name, source, func(target string) string { return link(target, known, address) }))
	}
	slices.SortFunc(m.pages, func(a, b Page) int {
		if d := place(a.Name) - place(b.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return m
}

func place(name string) int {
	if i := slices.Index(first, name); i >= 0 {
		return i
	}
	return len(first)
}

// Pages are all pages, in the order of the list.
func (m *Manual) Pages() []Page { return m.pages }

// Page is one page by its name.
func (m *Manual) Page(name string) (Page, bool) {
	for _, p := range m.pages {
		if p.Name == name {
			return p, true
		}
	}
	return Page{}, false
}

// Has tells whether a page has a heading with this anchor; "" is its top.
func (m *Manual) Has(page, anchor string) bool {
	p, ok := m.Page(page)
	return ok && (anchor == "" || slices.ContainsFunc(p.Sections, func(s Section) bool { return s.ID == anchor }))
}

// maxHits bounds what a search finds.
const maxHits = 30

// Find looks for sections that have every word, those first that have them in their headings.
func (m *Manual) Find(words string) (all []Hit) {
	wanted := strings.Fields(strings.ToLower(words))
	if len(wanted) == 0 {
		return nil
	}
	var rest []Hit
	for _, p := range m.pages {
		for _, s := range p.Sections {
			if !hasAll(s.fold, wanted) {
				continue
			}
			hit := Hit{p.Name, p.Title, s.ID, s.Title, excerpt(s.Text, wanted[0])}
			if hasAll(strings.ToLower(s.Title), wanted) {
				all = append(all, hit)
			} else {
				rest = append(rest, hit)
			}
		}
	}
	all = append(all, rest...)
	return all[:min(len(all), maxHits)]
}

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// excerpt is the part of a text around a word.
func excerpt(text, word string) string {
	const before, length = 60, 200
	runes := []rune(text)
	at := 0
	if i := strings.Index(strings.ToLower(text), word); i > 0 {
		at = max(0, len([]rune(text[:min(i, len(text))]))-before)
	}
	end := min(len(runes), at+length)
	out := strings.TrimSpace(string(runes[at:end]))
	if at > 0 {
		out = "… " + out
	}
	if end < len(runes) {
		out += " …"
	}
	return out
}

// link is where a link of a page leads: pages of the documentation lead to each other, their anchors along.
func link(target string, known map[string]bool, address func(page, anchor string) string) string {
	path, anchor, _ := strings.Cut(target, "#")
	name, isPage := strings.CutSuffix(path, ".md")
	switch {
	case isPage && known[name]:
		return address(name, anchor)
	case path == "" && anchor != "":
		return "#" + anchor
	}
	return target
}

func read(name string, source []byte, link func(string) string) Page {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(links(link), 100))),
		goldmark.WithRendererOptions(html.WithXHTML()), // raw HTML stays out: WithUnsafe is not given
	)
	doc := md.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(anchors{}))))
	p := Page{Name: name}
	var section *Section
	var b strings.Builder
	end := func() {
		if section != nil {
			section.Text = strings.Join(strings.Fields(b.String()), " ")
			section.fold = strings.ToLower(section.Title + " " + section.Text)
			p.Sections = append(p.Sections, *section)
		}
		b.Reset()
	}
	for node := doc.FirstChild(); node != nil; node = node.NextSibling() {
		if h, ok := node.(*ast.Heading); ok {
			end()
			id, _ := h.AttributeString("id")
			anchor, _ := id.([]byte)
			section = &Section{Level: h.Level, ID: string(anchor), Title: plain(h, source)}
			if h.Level == 1 {
				p.Title = section.Title
			}
			continue
		}
		b.WriteString(plain(node, source) + " ")
	}
	end()
	if h, ok := doc.FirstChild().(*ast.Heading); ok && h.Level == 1 {
		doc.RemoveChild(doc, h) // the page's frame says it
	}
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, source, doc); err != nil {
		panic(err)
	}
	p.HTML = out.String()
	return p
}

// anchors are the ids of headings, as forges make them: small letters, without punctuation, a hyphen for each space. A
// reason keeps its underscores.
type anchors map[string]bool

func (a anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(string(value))) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '-':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	id := b.String()
	for n := 1; a[id]; n++ {
		id = b.String() + "-" + strconv.Itoa(n)
	}
	a[id] = true
	return []byte(id)
}

func (a anchors) Put(value []byte) { a[string(value)] = true }

// plain is the text of a node.
func plain(node ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			lines := n.Lines()
			for i := range lines.Len() {
				line := lines.At(i)
				b.Write(line.Value(source))
			}
		}
		if n.Type() == ast.TypeBlock {
			b.WriteByte(' ')
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// links rewrites where links lead.
type links func(string) string

func (l links) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if a, ok := n.(*ast.Link); ok && entering {
			a.Destination = []byte(l(string(a.Destination)))
		}
		return ast.WalkContinue, nil
	})
}
