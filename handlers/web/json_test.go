package web_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

func read(body, kind string, into any) error {
	r := httptest.NewRequest("PUT", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	if kind == "" {
		r.Header.Del("Content-Type")
	}
	return web.ReadJSON(echo.New().NewContext(r, httptest.NewRecorder()), into)
}

func keys(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`"k%d":0`, i)
	}
	return "{" + strings.Join(list, ",") + "}"
}

func nested(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func TestReadJSONRefusesWhatTwoReadersCouldTakeDifferently(t *testing.T) {
	for name, body := range map[string]string{
		"cut": `{"a":`, "cut string": `{"a":"`, "text behind": `{} {}`, "comma behind": `{},`, "comment": `{} // x`, "trailing comma": `{"a":1,}`, "single quotes": `{'a':1}`,
		"bare word": `hello`, "form feed": "{}\f", "NaN": `{"a":NaN}`, "leading zero": `{"a":01}`, "byte order mark": "\ufeff{}", "twice": `{"a":1,"a":1}`, "twice, escaped": `{"a":1,"\u0061":1}`,
		"twice inside": `{"x":[{"a":1,"a":2}]}`, "NUL": `{"a":"\u0000"}`, "NUL in a key": `{"\u0000":1}`, "raw NUL": "{\"a\":\"\x00\"}", "raw newline": "{\"a\":\"\n\"}",
		"invalid UTF-8": "{\"a\":\"\xff\"}", "overlong": "{\"a\":\"\xc0\xaf\"}", "raw surrogate": "{\"a\":\"\xed\xa0\x80\"}", "half, first": `{"a":"\ud83d"}`, "half, second": `{"a":"\ude00"}`,
		"halves swapped": `{"a":"\ude00\ud83d"}`, "half, then text": `{"a":"\ud83dx\ude00"}`, "half in a key": `{"\ud83d":1}`, "33 deep": nested(33), "1,001 keys": keys(1001),
	} {
		into := json.RawMessage("untouched")
		if err := read(body, "application/json", &into); chat.ReasonOf(err) != chat.BadJSON || chat.AsError(err).Fields["body"] == nil {
			t.Errorf("%s: %v", name, err)
		}
		if string(into) != "untouched" {
			t.Errorf("%s was refused and read: %s", name, into)
		}
	}
}

func TestReadJSONTakesWhatClientsSend(t *testing.T) {
	for _, body := range []string{`{}`, ` {"a":1} ` + "\r\n", `[]`, `null`, `"x"`, `0`, `{"a":"\ud83d\ude00 😀 \\ud83d \u00fc"}`, `{"a":{"k":1},"b":{"k":1}}`, nested(32), keys(1000),
		fmt.Sprintf(`{"a":%s,"b":%s}`, keys(1000), keys(1000))} {
		var into any
		if err := read(body, "application/json; charset=utf-8", &into); err != nil {
			t.Errorf("%.40s: %v", body, err)
		}
	}
	into := 7
	if err := read("", "", &into); err != nil || into != 7 {
		t.Error("no body changes nothing", err)
	}
	if err := read(" \n", "", &into); err != nil || into != 7 {
		t.Error("a blank body is no body", err)
	}
}

func TestReadJSONRefusesOtherTypes(t *testing.T) {
	for _, kind := range []string{"", "text/plain", "text/json", "application/jsonp", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json, text/plain", ";"} {
		var into any
		if err := read(`{}`, kind, &into); chat.ReasonOf(err) != chat.WrongContentType {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

// Whatever ReadJSON takes, the standard reader takes and reads the same; what it refuses it leaves untouched.
func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}]}`, `{"a":1,"a":2}`, `{"\ud800":1}`, `"\\ud800"`, "\"\xff\"", nested(33), `{} x`, `1e999`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var ours, theirs any
		err := read(body, "application/json", &ours)
		if err != nil {
			if chat.AsError(err) == nil || ours != nil {
				t.Fatalf("%q: %v %v", body, err, ours)
			}
			return
		}
		if strings.Trim(body, " \t\r\n") == "" {
			return
		}
		if err := json.Unmarshal([]byte(body), &theirs); err != nil || !reflect.DeepEqual(ours, theirs) {
			t.Fatalf("%q: %v; %v, %v", body, err, ours, theirs)
		}
	})
}
