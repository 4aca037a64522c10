package chat

import (
	"encoding/json"
	"errors"
	"slices"
)

// Opt is a value of a change: not mentioned (keep), null (clear), or set. The zero Opt keeps.
type Opt[T any] struct {
	Set   bool // mentioned at all
	Null  bool // mentioned as null
	Value T
}

// Some is an Opt that sets v.
func Some[T any](v T) Opt[T] { return Opt[T]{Set: true, Value: v} }

// Null is an Opt that clears.
func Null[T any]() Opt[T] { return Opt[T]{Set: true, Null: true} }

// Or is the value after the change, where was is the value before and none what null stands for.
func (o Opt[T]) Or(was, none T) T {
	switch {
	case !o.Set:
		return was
	case o.Null:
		return none
	}
	return o.Value
}

// UnmarshalJSON tells null from a value. A key that is missing leaves the Opt untouched.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	*o = Opt[T]{Set: true}
	if string(b) == "null" {
		o.Null = true
		return nil
	}
	if _, list := any(o.Value).([]string); list {
		var items []*string // null is no item, though Go reads it as an empty one
		if err := json.Unmarshal(b, &items); err != nil || slices.Contains(items, nil) {
			return errors.New("not a list of strings")
		}
	}
	return json.Unmarshal(b, &o.Value)
}

// decodeFields reads the named keys of a JSON object into their targets. Names match exactly; other keys are ignored.
func decodeFields(b []byte, fields map[string]jsonField) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(b, &object); err != nil {
		return &Error{Code: Invalid, Reason: BadJSON, Message: "The body is not a JSON object.", Hint: "Send an object, or no body at all.",
			Fields: map[string][]string{"body": {"is not a JSON object"}}}
	}
	problems := fieldErrors{}
	for name, f := range fields {
		raw, ok := object[name]
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, f.into); err != nil {
			problems.add(name, "must be "+f.is)
		}
	}
	return problems.err()
}

// jsonField is where a JSON value goes, and what it must be, in words.
type jsonField struct {
	into any
	is   string
}
