package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"guestlist/db/chat"
)

// Bounds of a table that somebody sends. What is larger is refused whole.
const (
	MaxTable     = 16 << 20 // bytes
	MaxRows      = 200_000
	MaxColumns   = 64
	maxCellBytes = 1 << 20
)

// separators of columns, in the order in which they are tried.
const separators = "\t;,|"

// ReadTable reads a list or a table as people paste it or as programs export it: CSV with any of the usual separators, or
// one thing a line. Empty rows are left out; rows keep the number of the line that they start on.
func ReadTable(text []byte) ([]TableRow, error) {
	if len(text) > MaxTable {
		return nil, tableError(fmt.Sprintf("is larger than %d MiB", MaxTable>>20))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, tableError("is not plain text in UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(text), -1, false, true
	rows, err := readRows(r)
	if errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote) { // names hold quotes too
		r = csv.NewReader(bytes.NewReader(text))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
		rows, err = readRows(r)
	}
	if err != nil && chat.AsError(err) == nil {
		return nil, tableError("can't be read: " + err.Error())
	}
	return rows, err
}

// TableRow is one row of a table with the line that it starts on.
type TableRow struct {
	Line  int
	Cells []string
}

func readRows(r *csv.Reader) ([]TableRow, error) {
	var rows []TableRow
	for {
		record, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if len(record) > MaxColumns && r.Comma != '\n' && len(rows) > 0 {
			return nil, tableError(fmt.Sprintf("has more than %d columns in line %d", MaxColumns, line))
		}
		empty := true
		for i, cell := range record {
			if len(cell) > maxCellBytes {
				return nil, tableError(fmt.Sprintf("has a cell that is too long in line %d", line))
			}
			record[i] = FromCell(strings.TrimSpace(cell))
			empty = empty && record[i] == ""
		}
		if empty {
			continue
		}
		if rows = append(rows, TableRow{line, record}); len(rows) > MaxRows {
			return nil, tableError(fmt.Sprintf("has more than %s rows", "200,000"))
		}
	}
}

// separator is the one that the first line holds most of, or else the first lines, outside of quotes.
func separator(text []byte) rune {
	text = bytes.TrimLeft(text, "\r\n")
	best, most := ',', 0
	for _, s := range separators {
		first, all := occurrences(text, s)
		if n := first<<20 + all; n > most {
			best, most = s, n
		}
	}
	return best
}

// occurrences counts a separator in the first line and in the first twenty.
func occurrences(text []byte, separator rune) (first, all int) {
	quoted, lines := false, 0
	for _, c := range string(text[:min(len(text), 8<<10)]) {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			if lines++; lines == 20 {
				return first, all
			}
		case c == separator && !quoted && lines == 0:
			first++
			all++
		case c == separator && !quoted:
			all++
		}
	}
	return first, all
}

func tableError(why string) error { return chat.InvalidField("list", why) }

// TableWriter writes CSV that no spreadsheet takes for formulas. ReadTable reads the same cells back.
type TableWriter struct{ csv *csv.Writer }

// NewTableWriter writes rows to w.
func NewTableWriter(w io.Writer) TableWriter {
	t := TableWriter{csv.NewWriter(w)}
	t.csv.UseCRLF = true
	return t
}

// Row writes one row.
func (t TableWriter) Row(cells ...string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = ToCell(c)
	}
	return t.csv.Write(safe)
}

// Flush writes what is still held back.
func (t TableWriter) Flush() error {
	t.csv.Flush()
	return t.csv.Error()
}

// ToCell is a text as a cell of a file that spreadsheets open: one that they could take for a formula gets a quote in front.
func ToCell(s string) string {
	if formula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// FromCell is the text that ToCell made a cell of.
func FromCell(s string) string {
	if rest, quoted := strings.CutPrefix(s, "'"); quoted && formula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

// formula tells what a spreadsheet may run, behind blanks too.
func formula(s string) bool {
	s = strings.TrimLeft(s, " \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000\ufeff")
	if s == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", first)
}
