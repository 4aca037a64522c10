package components

import (
	"context"

	"github.com/a-h/templ"
)

// MenuProps is a button that opens a list. Without Text it shows three dots and reads its label out: the menu of a row.
type MenuProps struct {
	Label    string // "Actions for Maya Lindqvist"
	Text     string // a visible label: "Access: any"
	Icon     string
	Variant  ButtonVariant // with Text Secondary, else Quiet, unless set
	Large    bool          // the dots at the size of a page's buttons
	FromLeft bool          // opens to the right of its left edge
	Class    string
	Items    []MenuItem
}

// MenuItem is a link (Href), an action (Action, sent as a POST) or something to copy (Copy). The zero item is a divider.
type MenuItem struct {
	Label   string
	Icon    string
	Href    string
	Action  string
	Fields  []Hidden
	Copy    string
	Key     string // shown, not bound
	Danger  bool
	Current bool // the choice that is in force
	Dialog  bool // open the page's dialog over this page
	Attrs   templ.Attributes
}

func (p MenuProps) class(ctx context.Context) string {
	variant := p.Variant
	if variant == "" && p.Text == "" {
		variant = Quiet
	}
	return classes("btn", "btn-"+or(string(variant), "secondary"), when(p.Text == "" && !p.Large, "btn-sm"), when(p.Text == "", "btn-icon"))
}

func (i MenuItem) divider() bool { return i.Label == "" }

// icon keeps the labels of a list of choices in line: the one in force is ticked, the others have room for it.
func (i MenuItem) icon() string {
	if i.Current {
		return "check"
	}
	return i.Icon
}
