package db

import "testing"

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "x", encodeCursor(int64(1), "maya"), encodeCursor(int64(-1)), "aS9z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, kinds := range []string{"i", "ii", "is"} {
			values, err := decodeCursor(cursor, kinds)
			if err != nil {
				continue
			}
			again, err := decodeCursor(encodeCursor(values...), kinds)
			if err != nil || len(again) != len(values) || again[0] != values[0] {
				t.Fatalf("%q: %v, again %v (%v)", cursor, values, again, err)
			}
		}
	})
}
