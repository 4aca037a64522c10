package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

// Limits on the shape of JSON.
const (
	maxDepth = 32
	maxKeys  = 1000
)

// ReadJSON reads a request's body into v. No body leaves v as it is. The body must be one JSON value of valid UTF-8
// without NUL and without half characters, at most 32 deep, with no key twice and at most 1,000 keys in one object;
// anything else is refused before v is touched. Keys that v doesn't know are ignored.
func ReadJSON(c echo.Context, v any) error {
	body, err := body(c)
	if err != nil || len(body) == 0 {
		return err
	}
	if err := CheckJSON(body); err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		if e := chat.AsError(err); e != nil {
			return e
		}
		return badJSON("has a value of the wrong type")
	}
	return nil
}

// IgnoreJSON reads a body that has nothing to say to this call, as strictly as any other.
func IgnoreJSON(c echo.Context) error { return ReadJSON(c, new(json.RawMessage)) }

// body is the request's body after its headers were checked. Calls without a body may leave out its type.
func body(c echo.Context) ([]byte, error) {
	r := c.Request()
	kind := r.Header.Get(echo.HeaderContentType)
	if kind != "" {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != echo.MIMEApplicationJSON {
			return nil, wrongType()
		}
	}
	b, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, BodyTooLarge(tooLarge.Limit)
	case err != nil:
		return nil, badJSON("ended too early")
	}
	if b = bytes.Trim(b, " \t\r\n"); len(b) > 0 && kind == "" {
		return nil, wrongType()
	}
	return b, nil
}

func wrongType() *chat.Error {
	return &chat.Error{Code: chat.Unsupported, Reason: chat.WrongContentType, Message: "The body is not sent as JSON.", Hint: "Send Content-Type: application/json."}
}

func badJSON(why string) *chat.Error {
	return &chat.Error{Code: chat.Invalid, Reason: chat.BadJSON, Message: "The body " + why + ".", Hint: "Nothing was changed.", Fields: map[string][]string{"body": {why}}}
}

// CheckJSON walks the tokens of a JSON text once and says what about it is refused.
func CheckJSON(b []byte) error {
	if !utf8.Valid(b) {
		return badJSON("is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	w := walker{d}
	if err := w.value(0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return badJSON("has text behind its JSON")
	}
	if halfCharacter(b) {
		return badJSON("has half of a character (an unpaired surrogate)")
	}
	return nil
}

// halfCharacter tells whether valid JSON escapes half of a surrogate pair. Decoders replace it silently, and two
// different texts would become one.
func halfCharacter(b []byte) bool {
	high := false // the escape before was a first half
	for i := 0; i < len(b); i++ {
		unit := rune(0)
		if b[i] == '\\' {
			if i++; b[i] == 'u' {
				n, _ := strconv.ParseUint(string(b[i+1:i+5]), 16, 16)
				unit, i = rune(n), i+4
			}
		}
		low := unit >= 0xDC00 && unit <= 0xDFFF
		if low != high {
			return true
		}
		high = unit >= 0xD800 && unit <= 0xDBFF
	}
	return false
}

type walker struct{ d *json.Decoder }

func (w walker) token() (json.Token, error) {
	t, err := w.d.Token()
	if err != nil {
		return nil, badJSON("is not valid JSON")
	}
	if s, ok := t.(string); ok && strings.IndexByte(s, 0) >= 0 {
		return nil, badJSON("contains a NUL character")
	}
	return t, nil
}

// value reads one value that stands inside depth others.
func (w walker) value(depth int) error {
	t, err := w.token()
	if err != nil {
		return err
	}
	if _, nests := t.(json.Delim); nests && depth >= maxDepth {
		return badJSON("is nested deeper than 32 levels")
	}
	switch t {
	case json.Delim('{'):
		return w.object(depth)
	case json.Delim('['):
		for w.d.More() {
			if err := w.value(depth + 1); err != nil {
				return err
			}
		}
		_, err = w.token()
	}
	return err
}

func (w walker) object(depth int) error {
	seen := map[string]bool{}
	for w.d.More() {
		t, err := w.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if seen[key] {
			return badJSON("has the key “" + key + "” twice")
		}
		seen[key] = true
		if len(seen) > maxKeys {
			return badJSON("has an object of more than 1,000 keys")
		}
		if err := w.value(depth + 1); err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}
