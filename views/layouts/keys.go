package layouts

import "strings"

// keyGroup is one part of the keyboard map.
type keyGroup struct {
	name string
	keys []keyBinding
}

// keyBinding is one line of the keyboard map, which is drawn from it and bound by it: script reads keys and act from the
// page. Keys that follow each other stand apart by a space; mod is ⌘ or Ctrl.
type keyBinding struct {
	keys string
	does string
	act  string // what script does: the name of an act in keys.js, with what it is about behind a space
}

// keyMap is everything that the keyboard does beyond what browsers do by themselves. Single keys rest while somebody
// types, and can be turned off.
var keyMap = []keyGroup{
	{"Everywhere", []keyBinding{
		{"mod+k", "Search everything", "palette"},
		{"?", "Show all keys", "keys"},
		{"mod+s", "Save the form", "save"},
		{"z", "Undo what was just done", "undo"},
		{"Escape", "Close, or clear the selection", "escape"},
	}},
	{"Go to", []keyBinding{
		{"g o", "Overview", "go overview"},
		{"g c", "Conversations", "go conversations"},
		{"g u", "Users", "go users"},
		{"g a", "Audit log", "go audit"},
		{"g s", "Settings", "go settings"},
	}},
	{"In a list", []keyBinding{
		{"/", "Find in this list", "find"},
		{"j", "Next row", "row 1"},
		{"k", "Previous row", "row -1"},
		{"Enter", "Open the row", ""},
		{"x", "Select the row", "pick"},
		{"shift+x", "Select up to this row", "pick-range"},
		{"a", "Add", "add"},
		{"r", "Read only on or off, for the row or the selection", "read-only"},
		{"Backspace", "Remove the row or the selection", "remove"},
	}},
}

// caps are the keys as they are drawn.
func (k keyBinding) caps() []string {
	var all []string
	for _, key := range strings.FieldsFunc(k.keys, func(r rune) bool { return r == ' ' || r == '+' }) {
		switch key {
		case "mod":
			key = "Ctrl"
		case "shift":
			key = "⇧"
		case "Escape":
			key = "Esc"
		case "Enter":
			key = "↵"
		case "Backspace":
			key = "⌫"
		default:
			key = strings.ToUpper(key)
		}
		all = append(all, key)
	}
	return all
}

// key is the key that leads to a page of the navigation, as it is shown: "G U".
func (n NavItem) key() string {
	for _, group := range keyMap {
		for _, binding := range group.keys {
			if binding.act == "go "+string(n) {
				return strings.Join(binding.caps(), " ")
			}
		}
	}
	return ""
}
