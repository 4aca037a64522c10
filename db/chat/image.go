package chat

import "reflect"

// Image is one side of an event: the changed fields by their API names. It is itself a valid body of the change that
// leads to that side, so undo reads it back with the decoder of the change.
type Image map[string]any

type fieldValue struct {
	name  string
	value any
}

type fieldValues []fieldValue

// diff compares two lists made by the same method and keeps what differs.
func (f fieldValues) diff(g fieldValues) (was, now Image) {
	was, now = Image{}, Image{}
	for i := range f {
		if !reflect.DeepEqual(f[i].value, g[i].value) {
			was[f[i].name], now[g[i].name] = f[i].value, g[i].value
		}
	}
	return was, now
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func listOrNull(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}
