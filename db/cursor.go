package db

import (
	"encoding/base64"
	"strconv"
	"strings"

	"guestlist/db/chat"
)

// Page is one page of a list and the cursors of its neighbours; a cursor is empty where there is no neighbour.
type Page[T any] struct {
	Items []T
	Prev  string
	Next  string
}

// Window asks for a page: after or before a cursor, or from the start when both are empty.
type Window struct {
	After, Before string
	Limit         int
}

const defaultLimit = 50

func (w Window) limit() int {
	if w.Limit <= 0 {
		return defaultLimit
	}
	return w.Limit
}

// backward tells whether the page is read against the order of its list.
func (w Window) backward() bool { return w.Before != "" && w.After == "" }

func (w Window) cursor() string {
	if w.After != "" {
		return w.After
	}
	return w.Before
}

// encodeCursor makes the opaque name of a place in a total order.
func encodeCursor(parts ...any) string {
	text := make([]string, len(parts))
	for i, p := range parts {
		switch p := p.(type) {
		case int64:
			text[i] = "i" + strconv.FormatInt(p, 10)
		case string:
			text[i] = "s" + p
		}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(text, "/")))
}

// decodeCursor reads a cursor of the given kinds ("i" integer, "s" text without "/"), one letter a part.
func decodeCursor(cursor, kinds string) ([]any, error) {
	bad := chat.InvalidField("cursor", "is not one that this list gave out")
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, bad
	}
	parts := strings.Split(string(b), "/")
	if len(parts) != len(kinds) {
		return nil, bad
	}
	values := make([]any, len(parts))
	for i, p := range parts {
		if p == "" || p[0] != kinds[i] {
			return nil, bad
		}
		if values[i] = any(p[1:]); kinds[i] == 'i' {
			n, err := strconv.ParseInt(p[1:], 10, 64)
			if err != nil {
				return nil, bad
			}
			values[i] = n
		}
	}
	return values, nil
}

// page turns up to limit+1 rows, read in the window's direction, into a page in the list's order.
func page[T any](w Window, rows []T, cursor func(T) string) Page[T] {
	more := len(rows) > w.limit()
	if more {
		rows = rows[:w.limit()]
	}
	if w.backward() {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	p := Page[T]{Items: rows}
	if len(rows) == 0 {
		return p
	}
	if more || w.backward() {
		p.Next = cursor(rows[len(rows)-1])
	}
	if w.After != "" || (w.backward() && more) {
		p.Prev = cursor(rows[0])
	}
	return p
}
