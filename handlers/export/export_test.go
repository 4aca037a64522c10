package export_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/handlers/export"
)

var at = time.Date(2026, 3, 14, 11, 0, 0, 0, time.UTC)

func written(t *testing.T, f export.Format, users ...chat.User) string {
	t.Helper()
	var b strings.Builder
	w, err := export.New(&b, f, export.Users.Columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if err := w.Row(export.Users.Row(u)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSpreadsheetsFindNoFormula(t *testing.T) {
	bad := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "＝1"}
	for _, text := range bad {
		rows, err := csv.NewReader(strings.NewReader(written(t, export.CSV, chat.User{ID: chat.UserID(text), Name: text, Role: text, CreatedAt: at}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range rows[1] {
			if strings.ContainsRune("=+-@\t\r\n", []rune(cell + " ")[0]) {
				t.Errorf("%q: column %s is %q", text, rows[0][i], cell)
			}
		}
	}
	if got := export.Harmless("plain -1"); got != "plain -1" {
		t.Error(got)
	}
}

func TestFormatsSayTheSame(t *testing.T) {
	maya := chat.User{ID: "maya", Name: "Maya \"M\" \u2028Lindqvist, <b>", Email: []string{"a@b.example"}, Custom: map[string]string{"k": "v"}, Conversations: 3, CreatedAt: at}
	var objects []map[string]any
	if err := json.Unmarshal([]byte(written(t, export.JSON, maya, maya)), &objects); err != nil || len(objects) != 2 {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(written(t, export.Lines, maya)), &line); err != nil {
		t.Fatal(err)
	}
	for _, o := range []map[string]any{objects[1], line} {
		if o["name"] != maya.Name || o["conversations"] != 3.0 || o["createdAt"] != "2026-03-14T11:00:00.000Z" || o["custom"].(map[string]any)["k"] != "v" {
			t.Errorf("%v", o)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(written(t, export.CSV, maya))).ReadAll()
	if err != nil || rows[1][1] != maya.Name || rows[1][2] != `["a@b.example"]` || rows[1][13] != "2026-03-14T11:00:00.000Z" {
		t.Errorf("%v %v", rows, err)
	}
	if got := written(t, export.JSON); got != "[]\n" {
		t.Errorf("%q", got)
	}
}

func FuzzNoCellIsAFormula(f *testing.F) {
	f.Add("=1+1")
	f.Fuzz(func(t *testing.T, text string) {
		if got := export.Harmless(text); got != "" && strings.ContainsRune("=+-@", rune(got[0])) {
			t.Errorf("%q", got)
		}
	})
}
