package chat

import (
	"strings"
	"testing"
	"time"
)

func TestAdminChangeCheck(t *testing.T) {
	for _, tc := range []struct {
		in    AdminChange
		name  string // afterwards
		field string // refused for; "" when fine
	}{
		{AdminChange{"ana@example.com", "Ana", Owner, nil, time.Time{}}, "Ana", ""},
		{AdminChange{"a@b", "", Owner, nil, time.Time{}}, "a", ""},
		{AdminChange{"  ana@example.com ", "", Viewer, nil, time.Time{}}, "ana", ""},
		{AdminChange{`"a@b"@example.com`, "", Manage, nil, time.Time{}}, `"a@b"`, ""},
		{AdminChange{strings.Repeat("a", 242) + "@example.com", "A", Viewer, nil, time.Time{}}, "A", ""},
		{AdminChange{strings.Repeat("a", 243) + "@example.com", "A", Viewer, nil, time.Time{}}, "", "email"},
		{AdminChange{"", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"ana", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"@example.com", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"ana@", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"a b@example.com", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"Ana <ana@example.com>", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"a@b.c,d@e.f", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"ana@example.com\nbcc: x", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"ana\u202e@example.com", "Ana", Owner, nil, time.Time{}}, "", "email"},
		{AdminChange{"ana@example.com", "A\nna", Owner, nil, time.Time{}}, "", "name"},
		{AdminChange{"ana@example.com", strings.Repeat("a", 1001), Owner, nil, time.Time{}}, "", "name"},
		{AdminChange{"ana@example.com", "Ana", "root", nil, time.Time{}}, "", "role"},
		{AdminChange{"ana@example.com", "Ana", "", nil, time.Time{}}, "", "role"},
		{AdminChange{"ana@example.com", "Ana", "", AppRoles{"shop": Viewer}, time.Time{}}, "Ana", ""},
		{AdminChange{"ana@example.com", "Ana", "", AppRoles{"shop": "root"}, time.Time{}}, "", "apps"},
		{AdminChange{"ana@example.com", "Ana", "", AppRoles{"": Viewer}, time.Time{}}, "", "apps"},
	} {
		got, err := tc.in.Check()
		if tc.field == "" {
			if err != nil || got.Name != tc.name || got.Email != strings.TrimSpace(tc.in.Email) || got.Role != tc.in.Role {
				t.Errorf("%+v: %+v, %v", tc.in, got, err)
			}
			continue
		}
		if e := AsError(err); e == nil || len(e.Fields) != 1 || len(e.Fields[tc.field]) != 1 {
			t.Errorf("%+v: %v, want a refusal of %s alone", tc.in, err, tc.field)
		}
	}
}

func TestPasswordLength(t *testing.T) {
	for n, fine := range map[int]bool{0: false, 11: false, 12: true, 128: true, 129: false} {
		err := CheckPassword("password", strings.Repeat("ü", n))
		if (err == nil) != fine {
			t.Errorf("%d characters: %v", n, err)
		}
		if !fine && AsError(err).Fields["password"] == nil {
			t.Errorf("%d characters: the field is not named", n)
		}
	}
}

func TestRoles(t *testing.T) {
	for i, role := range Roles {
		if got, err := ParseRole(string(role)); got != role || err != nil {
			t.Errorf("%s: %s, %v", role, got, err)
		}
		for j, other := range Roles {
			if role.Includes(other) != (i <= j) {
				t.Errorf("%s includes %s: %v", role, other, role.Includes(other))
			}
		}
		if role.Includes("") || Role("").Includes(role) || Role("root").Includes(role) {
			t.Errorf("%s: a role that is none counts", role)
		}
	}
	for _, s := range []string{"", "Owner", "root"} {
		if _, err := ParseRole(s); AsError(err) == nil {
			t.Errorf("%q is a role", s)
		}
	}
}

func TestAppChangeCheck(t *testing.T) {
	for _, tc := range []struct {
		in     AppChange
		fields []string
	}{
		{AppChange{ID: "shop", Name: "Shop"}, nil},
		{AppChange{ID: "a/b", Name: "Shop"}, []string{"id"}},
		{AppChange{ID: "", Name: "Shop"}, []string{"id"}},
		{AppChange{ID: "shop", Name: ""}, []string{"name"}},
		{AppChange{ID: "shop", Name: strings.Repeat("a", 1001)}, []string{"name"}},
		{AppChange{}, []string{"id", "name"}},
	} {
		err := tc.in.Check()
		if len(tc.fields) == 0 {
			if err != nil {
				t.Errorf("%+v: %v", tc.in, err)
			}
			continue
		}
		e := AsError(err)
		if e == nil || len(e.Fields) != len(tc.fields) {
			t.Fatalf("%+v: %v", tc.in, err)
		}
		for _, f := range tc.fields {
			if len(e.Fields[f]) != 1 {
				t.Errorf("%+v: %v", tc.in, e.Fields)
			}
		}
	}
}
