package components

import (
	"strconv"

	"github.com/a-h/templ"
)

// FieldProps is a labelled input, or a text area (Rows) or a select (Options). Its id is its name unless ID says otherwise.
type FieldProps struct {
	Label        string
	Name         string
	ID           string
	Value        string
	Type         string // of the input: "" is text; password gets a Show button
	Placeholder  string
	Help         string // under the field, tied to it
	Error        string // added under the field; what happened and what to do
	Autocomplete string
	InputMode    string
	MaxLength    int
	Rows         int      // more than 0: a text area
	Options      []Option // any: a select
	Optional     bool
	Required     bool
	ReadOnly     bool
	Disabled     bool
	Autofocus    bool
	Mono         bool // ids and code
	HideLabel    bool // the label is read out only
	Class        string
	Attrs        templ.Attributes
}

// Option is one choice of a select.
type Option struct {
	Value, Label string
	Disabled     bool
}

func (p FieldProps) id() string { return or(p.ID, p.Name) }

func (p FieldProps) class() string {
	return classes("input", when(p.Mono, "font-mono"), when(p.Type == "password", "pr-20!"))
}

// attrs are those that every kind of control has.
func (p FieldProps) attrs() templ.Attributes {
	id := p.id()
	attrs := templ.Attributes{"id": id, "name": p.Name}
	described := ""
	if p.Error != "" {
		attrs["aria-invalid"] = "true"
		described = id + "-error"
	}
	if p.Help != "" {
		described = classes(described, id+"-help")
	}
	text := map[string]string{"aria-describedby": described, "placeholder": p.Placeholder, "autocomplete": p.Autocomplete, "inputmode": p.InputMode}
	if p.MaxLength > 0 {
		text["maxlength"] = strconv.Itoa(p.MaxLength)
	}
	for name, value := range text {
		if value != "" {
			attrs[name] = value
		}
	}
	// The first field with an error takes the focus; without errors the page says which.
	for name, on := range map[string]bool{"required": p.Required, "readonly": p.ReadOnly, "disabled": p.Disabled, "autofocus": p.Autofocus} {
		if on {
			attrs[name] = true
		}
	}
	for name, value := range p.Attrs {
		attrs[name] = value
	}
	return attrs
}

// SearchProps is the search box of a list: a form that works by itself, and that refetches Target while typing.
type SearchProps struct {
	Label  string // also the placeholder: "Find by name or ID"
	Value  string
	Action string // the list's own address
	Target string // what to refetch: "#results"
	Keep   []Hidden
}

// Hidden is a value that a form sends along.
type Hidden struct{ Name, Value string }
