package chat

import (
	"strings"
	"testing"
)

func TestIDs(t *testing.T) {
	for id, why := range map[string]string{
		"a":                            "",
		"nina@example.com":             "",
		"u_1:2+3 4":                    "",
		"Zoë 日本 👩":                     "",
		"a%2Fb":                        "", // decoded once, by the door
		"...":                          "",
		" a":                           "",
		strings.Repeat("x", 255):       "",
		strings.Repeat("é", 127) + "x": "",
		"":                             "is empty",
		strings.Repeat("x", 256):       "is longer than 255 bytes",
		strings.Repeat("é", 128):       "is longer than 255 bytes",
		"a\xff":                        "is not valid UTF-8",
		".":                            "may not be “.” or “..”",
		"..":                           "may not be “.” or “..”",
		"a/b":                          "contains “/”",
		"a\x00":                        "contains a control or invisible character",
		"a\nb":                         "contains a control or invisible character",
		"a\u200b":                      "contains a control or invisible character", // zero-width space
		"a\u200d":                      "contains a control or invisible character", // zero-width joiner
		"a\u202eb":                     "contains a control or invisible character", // right-to-left override
		"a\u2066b":                     "contains a control or invisible character", // isolate
		"a\u2028b":                     "contains a control or invisible character", // line separator
		"a\u00ad":                      "contains a control or invisible character", // soft hyphen
		"a\U000e0041":                  "contains a control or invisible character", // tag character
		"a\ufffd":                      "contains a control or invisible character",
		" ":                            "is blank",
		"\u00a0\u3000":                 "is blank",
	} {
		user, err := ParseUserID(id)
		if why == "" {
			if err != nil || user != UserID(id) {
				t.Errorf("%q: %q, %v", id, user, err)
			}
			continue
		}
		if user != "" || ReasonOf(err) != BadID || AsError(err).Code != Invalid {
			t.Errorf("%q: %q, %v", id, user, err)
		} else if got := AsError(err).Fields["userId"]; len(got) != 1 || got[0] != why {
			t.Errorf("%q: %v, want %q", id, got, why)
		}
	}
}

func TestIDFieldsAreNamed(t *testing.T) {
	_, app := ParseAppID("")
	_, user := ParseUserID("")
	_, conversation := ParseConversationID("")
	for field, err := range map[string]error{"appId": app, "userId": user, "conversationId": conversation} {
		if e := AsError(err); e == nil || len(e.Fields[field]) != 1 || e.Message != "The "+field+" is empty." {
			t.Errorf("%s: %+v", field, e)
		}
	}
	if id, err := ParseAppID("shop"); id != "shop" || err != nil {
		t.Error(id, err)
	}
	if id, err := ParseConversationID("fair"); id != "fair" || err != nil {
		t.Error(id, err)
	}
}

// Ids are compared byte for byte: nothing is folded or normalised on the way in.
func TestIDsStayAsTheyAre(t *testing.T) {
	for _, id := range []string{"Ann", "ann", "é", "e\u0301", "ﬁ", " x "} {
		if got, err := ParseUserID(id); string(got) != id || err != nil {
			t.Errorf("%q became %q, %v", id, got, err)
		}
	}
}
