package chat

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpt(t *testing.T) {
	for _, tc := range []struct {
		name string
		opt  Opt[string]
		want string
	}{
		{"not mentioned keeps", Opt[string]{}, "was"},
		{"null clears", Null[string](), "none"},
		{"a value sets", Some("now"), "now"},
		{"an empty value sets too", Some(""), ""},
	} {
		if got := tc.opt.Or("was", "none"); got != tc.want {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
}

func TestOptReadsJSON(t *testing.T) {
	for body, want := range map[string]Opt[string]{
		`{}`:           {},
		`{"s":null}`:   Null[string](),
		`{"s":""}`:     Some(""),
		`{"s":"text"}`: Some("text"),
	} {
		var into struct {
			S Opt[string] `json:"s"`
		}
		if err := json.Unmarshal([]byte(body), &into); err != nil || into.S != want {
			t.Errorf("%s: %+v, %v", body, into.S, err)
		}
	}
}

func TestChangesReadTheirBodies(t *testing.T) {
	user := func(body string) (any, error) {
		var c UserChange
		err := json.Unmarshal([]byte(body), &c)
		return c, err
	}
	conversation := func(body string) (any, error) {
		var c ConversationChange
		err := json.Unmarshal([]byte(body), &c)
		return c, err
	}
	participant := func(body string) (any, error) {
		var c ParticipantChange
		err := json.Unmarshal([]byte(body), &c)
		return c, err
	}
	a := "a"
	for _, tc := range []struct {
		read func(string) (any, error)
		body string
		want any
	}{
		{user, `{}`, UserChange{}},
		{user, `{"id":"x","unknown":[1],"NAME":"no"}`, UserChange{}},
		{user, `{"name":"Ann","email":null,"phone":["1","2"]}`, UserChange{Name: Some("Ann"), Email: Null[[]string](), Phone: Some([]string{"1", "2"})}},
		{user, `{"custom":{"a":"a","b":null}}`, UserChange{Custom: Some(Custom{"a": &a, "b": nil})}},
		{user, `{"custom":[]}`, UserChange{Custom: Some(Custom{})}},
		{user, `{"custom":null}`, UserChange{Custom: Null[Custom]()}},
		{user, `{"configuration":"buyer"}`, UserChange{Role: Some("buyer")}},
		{user, `{"configuration":"buyer","role":"seller"}`, UserChange{Role: Some("seller")}},
		{user, `{"configuration":"buyer","role":null}`, UserChange{Role: Null[string]()}},
		{conversation, `{"subject":null,"welcomeMessages":["Hi"],"participants":["ann"]}`,
			ConversationChange{Subject: Null[string](), WelcomeMessages: Some([]string{"Hi"})}},
		{conversation, `{"guestAccess":"Read"}`, ConversationChange{Guests: Some(GuestsRead)}},
		{participant, `{"notify":true}`, ParticipantChange{Notify: Some(NotifyAll)}},
		{participant, `{"notify":false,"access":"None"}`, ParticipantChange{Notify: Some(NotifyNone), Access: Some(AccessNone)}},
		{participant, `{"notify":"MentionsOnly","access":null}`, ParticipantChange{Notify: Some(NotifyMentions), Access: Null[Access]()}},
	} {
		got, err := tc.read(tc.body)
		if d := cmp.Diff(tc.want, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", tc.body, err, d)
		}
	}
}

func TestChangesRefuseTheWrongKind(t *testing.T) {
	for _, tc := range []struct {
		into  any
		body  string
		field string
	}{
		{&UserChange{}, `{"name":1}`, "name"},
		{&UserChange{}, `{"email":"a@b.c"}`, "email"},
		{&UserChange{}, `{"email":[1]}`, "email"},
		{&UserChange{}, `{"custom":{"a":1}}`, "custom"},
		{&UserChange{}, `{"custom":["a"]}`, "custom"},
		{&UserChange{}, `{"pushTokens":{"fcm:1":"yes"}}`, "pushTokens"},
		{&ConversationChange{}, `{"subject":[]}`, "subject"},
		{&ConversationChange{}, `{"welcomeMessages":"Hi"}`, "welcomeMessages"},
		{&ConversationChange{}, `{"guestAccess":"read"}`, "guestAccess"},
		{&ParticipantChange{}, `{"access":"Write"}`, "access"},
		{&ParticipantChange{}, `{"access":1}`, "access"},
		{&ParticipantChange{}, `{"notify":"true"}`, "notify"},
		{&ParticipantChange{}, `{"notify":1}`, "notify"},
	} {
		err := json.Unmarshal([]byte(tc.body), tc.into)
		if e := AsError(err); e == nil || e.Reason != BadArgument || len(e.Fields[tc.field]) != 1 {
			t.Errorf("%s: %v", tc.body, err)
		}
	}
	for _, body := range []string{`[]`, `"x"`, `1`, `true`} {
		for _, into := range []any{&UserChange{}, &ConversationChange{}, &ParticipantChange{}} {
			if err := json.Unmarshal([]byte(body), into); ReasonOf(err) != BadJSON {
				t.Errorf("%s into %T: %v", body, into, err)
			}
		}
	}
	err := json.Unmarshal([]byte(`{"access":1,"notify":1}`), &ParticipantChange{})
	if e := AsError(err); e == nil || len(e.Fields) != 2 {
		t.Errorf("two wrong fields: %v", err)
	}
}
