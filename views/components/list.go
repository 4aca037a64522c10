package components

import "github.com/a-h/templ"

// Tab is a link with its own address.
type Tab struct {
	Label   string
	Href    string
	Count   string // as written: "1,204"; empty: none
	Current bool
}

// PagerProps leads through a list that has no page numbers.
type PagerProps struct {
	Label string // "Participants"
	Text  string // "Showing 10, most recent first"
	Newer string // address; empty: this is the first page
	Older string // address; empty: this is the last page
	Prev  string // "Newer" unless set
	Next  string // "Older" unless set
}

// StatProps is a number, its noun and one comparison.
type StatProps struct {
	Label string
	Value string
	Note  string
	Guest bool            // counts guests
	Chart templ.Component // a small one beside the number; nil for none
}

// EmptyProps says why a list is empty. Children are the one next step.
type EmptyProps struct {
	Icon  string
	Title string
	Text  string
	Guest bool // the list is of guests
	Sub   bool // under a heading of its own: an h3
}

// CodeProps is code to copy. Host and app id in it are the real ones.
type CodeProps struct {
	Title string
	Text  string
}

// HeaderProps is the top of a page.
type HeaderProps struct {
	Title   string
	Crumbs  []Crumb
	Current string // the last crumb; Title unless set
	Text    string // one line under the title
	Sub     templ.Component
	Badge   templ.Component // behind the title
	Actions templ.Component // at the right
}

// Crumb is a page above this one.
type Crumb struct{ Label, Href string }
