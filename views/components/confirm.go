package components

// ConfirmProps asks before what can't be undone, or reaches beyond the page it was asked on. Children say what it does,
// with real numbers, and hold the fields of the form.
type ConfirmProps struct {
	Title  string // the question: "Delete Larkfield Market?"
	Text   string
	Action string
	Do     string // verb and object: "Delete app"
	Keep   string // the safe choice, in words too: "Keep the app"; "Cancel" unless set
	Back   string // where the safe choice leads
	Mild   bool   // not destructive: a primary button
	Fields []Hidden
}

func (p ConfirmProps) variant() ButtonVariant {
	if p.Mild {
		return Primary
	}
	return Danger
}
