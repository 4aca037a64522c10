package chat

import (
	"slices"
	"strings"
	"testing"
)

func TestMergeList(t *testing.T) {
	for _, c := range []struct{ base, mine, theirs, want string }{
		{"a b", "a b c", "a b d", "a b d c"}, // both added
		{"a b", "a b c", "a b c", "a b c"},   // both added the same
		{"a b c", "b c", "a b d", "b d"},     // one removed, one changed another
		{"a b c", "a c", "a c", "a c"},       // both removed the same
		{"a b", "x a b", "a y", "x a y"},     // before and behind
		{"a", "b", "c", "!"},                 // both changed the same
		{"a b", "b", "x b", "!"},             // removed and changed
		{"a b c", "a", "a b x c", "!"},       // added inside of what went
		{"", "a", "b", "b a"},                // both began
		{"a b c d", "a x c d", "a b c y", "a x c y"},
		{"a b", "", "", ""},
	} {
		got, ok := mergeList(strings.Fields(c.base), strings.Fields(c.mine), strings.Fields(c.theirs))
		text := strings.Join(got, " ")
		if !ok {
			text = "!"
		}
		if text != c.want {
			t.Errorf("%+v: %s", c, text)
		}
	}
}

// What only one side did is in the result, whatever it was.
func TestMergeListLosesNothing(t *testing.T) {
	lists := [][]string{nil}
	for _, a := range []string{"a", "b", "c"} {
		for _, l := range slices.Clone(lists) {
			lists = append(lists, append(slices.Clone(l), a))
		}
	}
	for _, base := range lists {
		for _, mine := range lists {
			for _, theirs := range lists {
				got, ok := mergeList(base, mine, theirs)
				if !ok {
					continue
				}
				for _, entry := range []string{"a", "b", "c"} {
					in := func(l []string) bool { return slices.Contains(l, entry) }
					want := in(mine)
					if in(mine) == in(base) {
						want = in(theirs)
					}
					if in(got) != want {
						t.Errorf("%v, mine %v, theirs %v: %v", base, mine, theirs, got)
					}
				}
			}
		}
	}
}

func TestSettingsAreJoined(t *testing.T) {
	for _, c := range []struct {
		key                     SettingKey
		was, mine, theirs, want string
	}{
		{SettingAllowedOrigins, "https://a.example", "https://a.example\nhttps://b.example", "https://a.example\nhttps://c.example", "https://a.example\nhttps://c.example\nhttps://b.example"},
		{SettingAllowedOrigins, "https://a.example", "https://b.example", "https://c.example", "!"},
		{SettingAllowedOrigins, "https://a.example\nhttps://b.example", "https://b.example", "https://a.example", "!"}, // nothing left would let everybody in
		{SettingTheme, "", `{"accent":"#111111"}`, `{"radius":"4px"}`, `{"accent":"#111111","radius":"4px"}`},
		{SettingTheme, "", `{"radius":"6px"}`, `{"radius":"4px"}`, "!"},
		{SettingTheme, `{"radius":"4px"}`, "", `{"accent":"#111111","radius":"4px"}`, `{"accent":"#111111"}`},
		{SettingTheme, "", `{"text":"#767676"}`, `{"background":"#cccccc"}`, "!"}, // together they can't be read
		{SettingGuests, "follow", "never", "every", "!"},
	} {
		joined, ok := SettingChange{Key: c.key, Value: c.mine, Was: Some(c.was)}.Onto(Setting{Key: c.key, Value: c.theirs})
		got := joined.Value
		if !ok {
			got = "!"
		}
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
		if _, ok := (SettingChange{Key: c.key, Value: c.mine}).Onto(Setting{Key: c.key, Value: c.theirs}); ok {
			t.Error("joined without knowing from what")
		}
	}
}

func TestStandingsAreJoined(t *testing.T) {
	saw := Standing{Role: Manage, Apps: AppRoles{"shop": Viewer}}
	mine, theirs := saw, saw
	mine.Apps, theirs.Role = AppRoles{"shop": Viewer, "fair": Owner}, Viewer
	if got, err := mine.Onto(saw, theirs); err != nil || !got.Equal(Standing{Role: Viewer, Apps: mine.Apps}) {
		t.Errorf("%+v %v", got, err)
	}
	mine.Role = Owner
	if _, err := mine.Onto(saw, theirs); ReasonOf(err) != StaleChange || !strings.Contains(err.Error(), "from “admin, viewer of shop” to “viewer, viewer of shop”") {
		t.Errorf("%v", err)
	}
	plan := BackupPlan{Hour: 3, KeepDays: 7}
	if got, err := (BackupPlan{Hour: 4, KeepDays: 7}).Onto(plan, BackupPlan{Hour: 3, KeepDays: 9}); err != nil || got != (BackupPlan{Hour: 4, KeepDays: 9}) {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := (BackupPlan{Hour: 4, KeepDays: 7}).Onto(plan, BackupPlan{Hour: -1, KeepDays: 7}); err == nil || !strings.Contains(err.Error(), "from 03:00 to never") {
		t.Errorf("%v", err)
	}
}
