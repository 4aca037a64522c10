package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

func table(t testing.TB, text string) string {
	t.Helper()
	rows, err := web.ReadTable([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d:%s\n", r.Line, strings.Join(r.Cells, "|"))
	}
	return b.String()
}

func TestTablesOfEverySeparator(t *testing.T) {
	for text, want := range map[string]string{
		"maya\nbob\n\n  \nzoe":               "1:maya\n2:bob\n5:zoe\n",
		"id,name\r\nmaya,\"Lind, Maya\"\r\n": "1:id|name\n2:maya|Lind, Maya\n",
		"maya;Maya, M.\nbob;Bob, B.":         "1:maya|Maya, M.\n2:bob|Bob, B.\n",
		"maya\tMaya, M.;x\nbob\tBob":         "1:maya|Maya, M.;x\n2:bob|Bob\n",
		"maya|Maya\nbob|Bob":                 "1:maya|Maya\n2:bob|Bob\n",
		"\ufeffmaya, bob,zoe":                "1:maya|bob|zoe\n",
		"maya \"the cat\" lind\nbob":         "1:maya \"the cat\" lind\n2:bob\n",
		"'=x\n'maya\n'+49 1":                 "1:=x\n2:'maya\n3:+49 1\n",
		"\"two\nlines\",a\nb,c":              "1:two\nlines|a\n3:b|c\n",
		"":                                   "",
	} {
		if got := table(t, text); got != want {
			t.Errorf("%q is\n%s and not\n%s", text, got, want)
		}
	}
}

// What is too large, or no text, is refused whole and soon.
func TestBombsAreRefused(t *testing.T) {
	for name, text := range map[string][]byte{
		"too large":    bytes.Repeat([]byte("a"), web.MaxTable+1),
		"long cell":    bytes.Repeat([]byte("a"), 2<<20),
		"many rows":    bytes.Repeat([]byte("a\n"), web.MaxRows+1),
		"many columns": append([]byte("a\n"), bytes.Repeat([]byte("a,"), 100_000)...),
		"NUL":          []byte("a\x00b"),
		"UTF-16":       {0xff, 0xfe, 'a', 0},
		"packed":       {0x1f, 0x8b, 8, 0, 0xff},
		"open quote":   []byte("\"" + strings.Repeat("a\n", 1<<20)),
	} {
		rows, err := web.ReadTable(text)
		if e := chat.AsError(err); e == nil || e.Code != chat.Invalid || len(e.Fields["list"]) == 0 || rows != nil {
			t.Errorf("%s: %v, %d rows", name, err, len(rows))
		}
	}
	if got := table(t, strings.Repeat("\n", 10_000_000)+"maya"); got != "10000001:maya\n" {
		t.Errorf("empty rows: %.50s", got)
	}
}

func TestFormulasAreNone(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@a", "\ta", "\ra", "\na", "＝1", "＠a", "  =1", "\u00a0=1", "'=1", "''=1"} {
		if cell := web.ToCell(s); !strings.HasPrefix(cell, "'") || web.FromCell(cell) != s {
			t.Errorf("%q is the cell %q, which is read as %q", s, cell, web.FromCell(cell))
		}
	}
	for _, s := range []string{"", "maya", "a=b", "'maya", "'", "''", "a@b.example"} {
		if web.ToCell(s) != s || web.FromCell(s) != s {
			t.Errorf("%q was changed", s)
		}
	}
}

// What was written is read back, cell by cell.
func FuzzCSVRoundTrip(f *testing.F) {
	for _, s := range []string{"maya", "=1", "'=1", "a,b", "a;b\"c", "line\nbreak", "'", "+49"} {
		f.Add(s, "x")
		f.Add("x", s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		clean := func(s string) string {
			return strings.TrimSpace(strings.ToValidUTF8(strings.NewReplacer("\x00", "", "\r", "", "\ufeff", "").Replace(s), ""))
		}
		a, b = clean(a), clean(b)
		var out bytes.Buffer
		w := web.NewTableWriter(&out)
		if err := errors.Join(w.Row("id", "name", "reason"), w.Row("x", a, b)); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, err := web.ReadTable(out.Bytes())
		if err != nil {
			t.Fatalf("%q %q: %v", a, b, err)
		}
		if len(rows) != 2 || len(rows[1].Cells) != 3 || rows[1].Cells[1] != a || rows[1].Cells[2] != b {
			t.Errorf("%q %q became %+v", a, b, rows)
		}
	})
}
