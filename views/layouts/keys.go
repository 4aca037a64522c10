package layouts

import (
	"context"
	"strings"

	"guestlist/views/words"
)

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
	{words.Key("Everywhere"), []keyBinding{
		{"mod+k", words.Key("Search everything"), "palette"},
		{"?", words.Key("Show all keys"), "keys"},
		{"mod+s", words.Key("Save the form"), "save"},
		{"z", words.Key("Undo what was just done"), "undo"},
		{words.Key("Escape"), words.Key("Close, or clear the selection"), "escape"},
	}},
	{words.Key("Go to"), []keyBinding{
		{"g o", words.Key("Overview"), "go overview"},
		{"g c", words.Key("Conversations"), "go conversations"},
		{"g u", words.Key("Users"), "go users"},
		{"g a", words.Key("Audit log"), "go audit"},
		{"g s", words.Key("Settings"), "go settings"},
	}},
	{words.Key("In a list"), []keyBinding{
		{"/", words.Key("Find in this list"), "find"},
		{"j", words.Key("Next row"), "row 1"},
		{"k", words.Key("Previous row"), "row -1"},
		{words.Key("Enter"), words.Key("Open the row"), ""},
		{"x", words.Key("Select the row"), "pick"},
		{"shift+x", words.Key("Select up to this row"), "pick-range"},
		{"a", words.Key("Add"), "add"},
		{"r", words.Key("Read only on or off, for the row or the selection"), "read-only"},
		{words.Key("Backspace"), words.Key("Remove the row or the selection"), "remove"},
	}},
}

// caps are the keys as they are drawn.
func (k keyBinding) caps(ctx context.Context) []string {
	var all []string
	for _, key := range strings.FieldsFunc(k.keys, func(r rune) bool { return r == ' ' || r == '+' }) {
		switch key {
		case "mod":
			key = words.T(ctx, "Ctrl")
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
func (n NavItem) key(ctx context.Context) string {
	for _, group := range keyMap {
		for _, binding := range group.keys {
			if binding.act == "go "+string(n) {
				return strings.Join(binding.caps(ctx), " ")
			}
		}
	}
	return ""
}
