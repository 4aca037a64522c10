package components

import "github.com/a-h/templ"

// CheckProps is a checkbox row. The label is the exact name of the setting; the children say what it does.
type CheckProps struct {
	Label    string
	Name     string
	ID       string // Name unless set
	Value    string // "true" unless set
	Text     string // what it does, in one sentence
	Checked  bool
	Disabled bool
	Changed  bool // differs from what is saved
	Attrs    templ.Attributes
}

func (p CheckProps) id() string { return or(p.ID, p.Name) }

// PickProps is the checkbox that selects a row of a list, or with no Value all rows that are shown.
type PickProps struct {
	Label string // "Select Maya Lindqvist"
	Value string
	Form  string // id of the form that the selection belongs to
}
