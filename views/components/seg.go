package components

// SegOption is one segment.
type SegOption struct{ Value, Label, Icon string }

// SegNowProps is a segmented control that applies at once. It is a form whose segments are its buttons.
type SegNowProps struct {
	Label   string // names the row as well: "Access for Maya Lindqvist"
	Action  string
	Name    string
	Options []SegOption
	Current string
	Target  string // what the answer replaces, when script is on: "closest tr"
	Error   string // a change that failed: the old value stays, the reason stands below
	Keep    []Hidden
	Fixed   bool // shown, but not to be changed by this admin
}

// SegRadioProps is a segmented control inside a larger form, saved with it.
type SegRadioProps struct {
	Label   string
	Name    string
	Options []SegOption
	Current string
	Small   bool
}
