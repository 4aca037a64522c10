// Package export writes lists as files: CSV for spreadsheets, JSON for programs, JSON lines for archives, text for people.
// Rows are written as they come, so a list of any length takes no memory.
package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"guestlist/db/chat"
)

// Format is a kind of file.
type Format string

const (
	CSV   Format = "csv"
	JSON  Format = "json"  // one array
	Lines Format = "jsonl" // an object a line
	Text  Format = "txt"
)

// ContentType is what browsers are told.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case JSON:
		return "application/json"
	case Lines:
		return "application/jsonl"
	}
	return "text/plain; charset=utf-8"
}

// Writer writes the rows of one list.
type Writer interface {
	Row(values []any) error
	Close() error // writes the end; the file below stays open
}

// New is a Writer of rows with these columns. Values are texts, numbers, booleans, times, and lists and maps of texts.
func New(w io.Writer, f Format, columns []string) (Writer, error) {
	switch f {
	case CSV:
		c := &table{w: csv.NewWriter(w), row: make([]string, len(columns))}
		return c, c.w.Write(columns)
	case JSON, Lines:
		return &objects{w: w, columns: columns, array: f == JSON}, nil
	}
	return nil, chat.InvalidField("as", "must be csv, json or jsonl")
}

// table writes CSV.
type table struct {
	w   *csv.Writer
	row []string
}

func (t *table) Row(values []any) error {
	for i, v := range values {
		t.row[i] = cell(v)
	}
	return t.w.Write(t.row)
}

func (t *table) Close() error {
	t.w.Flush()
	return t.w.Error()
}

// cell is a value as spreadsheets read it. What they would take for a formula begins with an apostrophe.
func cell(v any) string {
	var text string
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		text = v
	case time.Time:
		return stamp(v)
	case []string, map[string]string:
		if b, _ := json.Marshal(v); string(b) != "null" {
			text = string(b)
		}
	default:
		text = fmt.Sprint(v)
	}
	return Harmless(text)
}

// Harmless is a text that no spreadsheet takes for a formula. Numbers stay as they are.
func Harmless(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) && !strings.HasPrefix(text, "＝") && !strings.HasPrefix(text, "＋") && !strings.HasPrefix(text, "－") && !strings.HasPrefix(text, "＠") {
		return text
	}
	return "'" + text
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// objects writes JSON, the fields in the order of the columns.
type objects struct {
	w       io.Writer
	columns []string
	array   bool
	n       int
	line    []byte
}

func (o *objects) Row(values []any) error {
	b := o.line[:0]
	switch {
	case o.array && o.n == 0:
		b = append(b, "[\n"...)
	case o.array:
		b = append(b, ",\n"...)
	}
	o.n++
	b = append(b, '{')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(o.columns[i])
		if err != nil {
			return err
		}
		if at, is := v.(time.Time); is {
			v = nil
			if !at.IsZero() {
				v = stamp(at)
			}
		}
		value, err := json.Marshal(v)
		if err != nil {
			return err
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	if b = append(b, '}'); !o.array {
		b = append(b, '\n')
	}
	o.line = b
	_, err := o.w.Write(b)
	return err
}

func (o *objects) Close() (err error) {
	switch {
	case o.array && o.n == 0:
		_, err = io.WriteString(o.w, "[]\n")
	case o.array:
		_, err = io.WriteString(o.w, "\n]\n")
	}
	return err
}
