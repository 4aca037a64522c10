package chat

import (
	"encoding/json"
	"errors"
	"maps"
)

// Custom is a patch of custom fields: a nil value deletes its key, other keys are kept.
type Custom map[string]*string

// UnmarshalJSON reads an object of strings and nulls. An empty array stands for an empty object, as PHP sends it.
func (c *Custom) UnmarshalJSON(b []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(b, &list) == nil {
		if len(list) > 0 {
			return errors.New("custom: a list")
		}
		*c = Custom{}
		return nil
	}
	return json.Unmarshal(b, (*map[string]*string)(c))
}

// Fields are what the patch makes of no fields at all.
func (c Custom) Fields() map[string]string { return patchCustom(nil, Some(c)) }

// patchCustom is the custom fields after a change; was stays untouched.
func patchCustom(was map[string]string, change Opt[Custom]) map[string]string {
	if !change.Set {
		return was
	}
	now := map[string]string{}
	if !change.Null {
		maps.Copy(now, was)
	}
	for k, v := range change.Value {
		if v == nil {
			delete(now, k)
		} else {
			now[k] = *v
		}
	}
	return now
}

// DiffCustom gives the patches that lead from one state to the other and back: only keys that differ are in them.
func DiffCustom(before, after map[string]string) (back, forth map[string]*string) {
	back, forth = map[string]*string{}, map[string]*string{}
	for k, v := range before {
		if w, ok := after[k]; !ok || w != v {
			back[k], forth[k] = &v, nil
		}
	}
	for k, v := range after {
		w, ok := before[k]
		if ok && w == v {
			continue
		}
		forth[k] = &v
		if !ok {
			back[k] = nil
		}
	}
	return back, forth
}
