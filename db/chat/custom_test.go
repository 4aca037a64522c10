package chat

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestPatchCustom(t *testing.T) {
	x, empty := "x", ""
	was := map[string]string{"a": "1", "b": "2"}
	for _, tc := range []struct {
		name   string
		change Opt[Custom]
		want   map[string]string
	}{
		{"not mentioned keeps", Opt[Custom]{}, map[string]string{"a": "1", "b": "2"}},
		{"null clears", Null[Custom](), nil},
		{"empty keeps", Some(Custom{}), map[string]string{"a": "1", "b": "2"}},
		{"other keys are kept", Some(Custom{"a": &x, "c": &x}), map[string]string{"a": "x", "b": "2", "c": "x"}},
		{"null deletes a key", Some(Custom{"a": nil, "missing": nil}), map[string]string{"b": "2"}},
		{"an empty string is a value", Some(Custom{"a": &empty}), map[string]string{"a": "", "b": "2"}},
	} {
		before := maps.Clone(was)
		if d := cmp.Diff(tc.want, patchCustom(was, tc.change), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
		if !maps.Equal(before, was) {
			t.Fatalf("%s: the state before was changed", tc.name)
		}
	}
}

func TestDiffCustomNamesOnlyWhatDiffers(t *testing.T) {
	one, two, empty := "1", "2", ""
	back, forth := DiffCustom(map[string]string{"same": "x", "changed": "1", "gone": "", "cleared": "1"},
		map[string]string{"same": "x", "changed": "2", "new": "1", "cleared": ""})
	if d := cmp.Diff(map[string]*string{"changed": &one, "gone": &empty, "cleared": &one, "new": nil}, back); d != "" {
		t.Errorf("back: %s", d)
	}
	if d := cmp.Diff(map[string]*string{"changed": &two, "gone": nil, "cleared": &empty, "new": &one}, forth); d != "" {
		t.Errorf("forth: %s", d)
	}
}
