package components

import "github.com/a-h/templ"

// ButtonVariant is how loud a button is. One primary button per view; Danger only inside a confirmation.
type ButtonVariant string

const (
	Secondary   ButtonVariant = ""
	Primary     ButtonVariant = "primary"
	Quiet       ButtonVariant = "quiet"
	Danger      ButtonVariant = "danger"
	DangerQuiet ButtonVariant = "danger-quiet"
)

// ButtonType is what a press does to the form around it.
type ButtonType string

const (
	Submit ButtonType = ""
	Plain  ButtonType = "button"
	Reset  ButtonType = "reset"
)

// ButtonProps describes a button, or a link that looks like one.
type ButtonProps struct {
	Label    string // verb and object, with the amount: "Remove 3"
	Variant  ButtonVariant
	Type     ButtonType
	Icon     string
	After    string // an icon behind the label
	IconOnly bool   // the label is read out and shown as a tip
	Small    bool   // in rows and panels
	Wide     bool   // as wide as its form
	Disabled bool
	Busy     bool   // being saved; the label says so
	Name     string // sent with the form when this button is pressed
	Value    string
	Form     string // id of the form, when the button stands outside it
	Action   string // the form's address, when it is not the form's own
	Key      string // the single key that presses it
	Dialog   bool   // LinkButton: open the page's dialog over this page
	Class    string
	Attrs    templ.Attributes
}

func (p ButtonProps) class() string {
	return classes("btn", "btn-"+or(string(p.Variant), "secondary"), when(p.Small, "btn-sm"),
		when(p.IconOnly, "btn-icon"), when(p.Wide, "w-full h-10!"), p.Class)
}

// extra holds the attributes that a button and a link share.
func (p ButtonProps) extra() templ.Attributes {
	attrs := templ.Attributes{}
	if p.IconOnly {
		attrs["aria-label"], attrs["title"] = p.Label, p.Label
	}
	if p.Key != "" {
		attrs["data-key"] = p.Key
		attrs["aria-keyshortcuts"] = p.Key
	}
	for name, value := range p.Attrs {
		attrs[name] = value
	}
	return attrs
}
