package chat

import (
	"fmt"
	"strings"
	"testing"
)

func repeat(n int) string { return strings.Repeat("é", n) } // two bytes each: limits count characters

func items(n int) []string { return make([]string, n) }

func customOf(keys int) Custom {
	c := Custom{}
	for i := range keys {
		v := ""
		c[fmt.Sprint("k", i)] = &v
	}
	return c
}

func one(key, value string) Custom { return Custom{key: &value} }

// TestUserLimits: each change is either fine or refused for that field alone, and at the limit it is fine.
func TestUserLimits(t *testing.T) {
	ann := User{Name: "Ann"}
	https := "https://"
	for field, changes := range map[string][2]UserChange{
		"name":             {{Name: Some(repeat(1000))}, {Name: Some(repeat(1001))}},
		"photoUrl":         {{PhotoURL: Some(https + repeat(1992))}, {PhotoURL: Some(https + repeat(1993))}},
		"headerPhotoUrl":   {{HeaderPhotoURL: Some("HTTP://a")}, {HeaderPhotoURL: Some("javascript:alert(1)")}},
		"welcomeMessage":   {{WelcomeMessage: Some(repeat(10000))}, {WelcomeMessage: Some(repeat(10001))}},
		"availabilityText": {{AvailabilityText: Some(repeat(10000))}, {AvailabilityText: Some(repeat(10001))}},
		"role":             {{Role: Some(repeat(1000))}, {Role: Some(repeat(1001))}},
		"locale":           {{Locale: Some(repeat(1000))}, {Locale: Some(repeat(1001))}},
		"email":            {{Email: Some(items(50))}, {Email: Some(items(51))}},
		"phone":            {{Phone: Some([]string{repeat(10000)})}, {Phone: Some([]string{repeat(10001)})}},
		"custom":           {{Custom: Some(customOf(50))}, {Custom: Some(customOf(51))}},
		"pushTokens":       {{PushTokens: Some(map[string]*bool{"fcm:a\nb": new(true), "apns:c": nil})}, {PushTokens: Some(map[string]*bool{"fcm:a\x00b": new(true)})}},
	} {
		if _, err := changes[0].Apply(ann); err != nil {
			t.Errorf("%s at its limit: %v", field, err)
		}
		_, err := changes[1].Apply(ann)
		if e := AsError(err); e == nil || e.Code != Invalid || len(e.Fields) != 1 || len(e.Fields[field]) != 1 {
			t.Errorf("%s over its limit: %v", field, err)
		}
	}
}

func TestConversationLimits(t *testing.T) {
	for field, changes := range map[string][2]ConversationChange{
		"subject":         {{Subject: Some(repeat(1000))}, {Subject: Some(repeat(1001))}},
		"photoUrl":        {{PhotoURL: Some("")}, {PhotoURL: Some("//example.com/a.png")}},
		"welcomeMessages": {{WelcomeMessages: Some(items(50))}, {WelcomeMessages: Some(items(51))}},
		"custom":          {{Custom: Some(one(repeat(100), repeat(10000)))}, {Custom: Some(one(repeat(101), ""))}},
		"guestAccess":     {{Guests: Some(GuestsRead)}, {Guests: Some(ConversationGuests("Write"))}},
	} {
		if _, err := changes[0].Apply(Conversation{}); err != nil {
			t.Errorf("%s at its limit: %v", field, err)
		}
		_, err := changes[1].Apply(Conversation{})
		if e := AsError(err); e == nil || e.Code != Invalid || len(e.Fields) != 1 || len(e.Fields[field]) != 1 {
			t.Errorf("%s over its limit: %v", field, err)
		}
	}
}

func TestCustomLimits(t *testing.T) {
	for problem, c := range map[string]Custom{
		"has a value (k) that is longer than 10000 characters": one("k", repeat(10001)),
		"has a value (k) that contains a NUL byte":             one("k", "\x00"),
		"has a value (k) that is not valid UTF-8":              one("k", "\xff"),
		"has a key that is longer than 100 characters":         one(repeat(101), ""),
		"has an empty key":      one("", "v"),
		"has more than 50 keys": customOf(51),
	} {
		_, err := ConversationChange{Custom: Some(c)}.Apply(Conversation{})
		if e := AsError(err); e == nil || e.Fields["custom"][0] != problem {
			t.Errorf("got %v, want %q", err, problem)
		}
	}
}

// The limit is on what results: keys that are there count, keys that go don't.
func TestCustomLimitCountsTheResult(t *testing.T) {
	full, err := ConversationChange{Custom: Some(customOf(50))}.Apply(Conversation{})
	if err != nil {
		t.Fatal(err)
	}
	more := one("new", "v")
	if _, err := (ConversationChange{Custom: Some(more)}).Apply(full); err == nil {
		t.Error("a 51st key was accepted")
	}
	more["k0"] = nil
	if _, err := (ConversationChange{Custom: Some(more)}).Apply(full); err != nil {
		t.Errorf("one key instead of another: %v", err)
	}
}

func TestNamesHideNothing(t *testing.T) {
	for name, fine := range map[string]bool{
		"Ann": true, "👩\u200d🚀": true, "Ann\u202e": false, "Ann\nBob": false, "a\u200bb": false, "a\x00": false, "\xff": false, "\ufeffAnn": false,
	} {
		_, err := UserChange{Name: Some(name)}.Apply(User{})
		if (err == nil) != fine {
			t.Errorf("%q: %v", name, err)
		}
		_, err = ConversationChange{Subject: Some(name)}.Apply(Conversation{})
		if (err == nil) != fine {
			t.Errorf("subject %q: %v", name, err)
		}
	}
}

// What was stored before a rule came stands in the way of no other change.
func TestOldNamesHinderNoOtherChange(t *testing.T) {
	if c, err := (ConversationChange{Custom: Some(one("k", "v"))}).Apply(Conversation{Subject: "  "}); err != nil || c.Subject != "  " || c.Custom["k"] != "v" {
		t.Errorf("%+v, %v", c, err)
	}
	if u, err := (UserChange{Role: Some("seller")}).Apply(User{Name: "  "}); err != nil || u.Name != "  " || u.Role != "seller" {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestUsersHaveNames(t *testing.T) {
	for _, c := range []UserChange{{}, {Name: Null[string]()}, {Name: Some("")}} {
		if _, err := c.Apply(User{}); AsError(err) == nil || AsError(err).Fields["name"] == nil {
			t.Errorf("%+v: %v", c.Name, err)
		}
	}
	if _, err := (UserChange{Name: Null[string]()}).Apply(User{Name: "Ann"}); err == nil {
		t.Error("a name was removed")
	}
}

func TestSeveralProblemsAreAllNamed(t *testing.T) {
	_, err := UserChange{PhotoURL: Some("x"), Role: Some(repeat(1001))}.Apply(User{})
	if e := AsError(err); e == nil || len(e.Fields) != 3 || e.Reason != BadArgument {
		t.Errorf("got %+v", e)
	}
}
