package chat

import "strings"

// Clash is a field that two admins changed at once and not alike, in words.
type Clash struct {
	Field  string // as the form names it; custom.KEY for a custom field
	Was    string // what both saw; "" when nobody can tell
	Theirs string // what is stored now
	Mine   string // what was not saved
}

// ErrClash refuses a save until somebody chose, for each field, between theirs and mine.
func ErrClash(message, hint string, clashes ...Clash) *Error {
	e := &Error{Code: Conflict, Reason: StaleChange, Message: message, Hint: hint, Fields: map[string][]string{}, Clashes: clashes}
	for _, c := range clashes {
		field, _, _ := strings.Cut(c.Field, ".")
		e.Fields[field] = append(e.Fields[field], "was changed meanwhile from "+c.Was+" to "+c.Theirs+"; you wrote "+c.Mine)
	}
	return e
}
