package dashboard_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestListsLeaveAsFiles(t *testing.T) {
	s := fairSite(t)
	for range 3 {
		s.say("maya", "=HYPERLINK(\"https://bad.example\")\nsecond line")
	}
	s.say("bob", "hello")
	b := s.admin("mia", chat.Manage)
	rows := func(path string) [][]string {
		t.Helper()
		body, a := b.file(path)
		if a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename=") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
			t.Fatalf("%s: %d %v", path, a.StatusCode, a.Header)
		}
		all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		e := s.events()[0]
		if e.Type != chat.ListExported || e.ActorName != "mia" {
			t.Errorf("%s: %+v", path, e)
		}
		return all
	}
	for path, want := range map[string]int{
		"/apps/shop/export/users?as=csv": 4, "/apps/shop/export/users?as=csv&q=maya": 1, "/apps/shop/export/conversations?as=csv": 1, "/apps/shop/export/refusals?as=csv": 0,
		fair + "/export/participants?as=csv": 3, fair + "/export/participants?as=csv&access=Read": 0, fair + "/export/guests?as=csv": 0, fair + "/export/blocks?as=csv": 0,
		fair + "/export/messages?as=csv": 4, fair + "/export/messages?as=csv&q=hello": 1, fair + "/export?as=csv": 4,
	} {
		if got := len(rows(path)) - 1; got != want {
			t.Errorf("%s: %d rows, not %d", path, got, want)
		}
	}
	if got := rows(fair + "/export/messages?as=csv")[1][7]; got != "'=HYPERLINK(\"https://bad.example\")\nsecond line" {
		t.Errorf("%q", got)
	}
	if audit := rows("/apps/shop/export/audit?as=csv&what=exports"); len(audit) < 10 || audit[1][8] != "list.exported" {
		t.Errorf("%d %v", len(audit), audit[1])
	}
	var all struct {
		Conversation, Participants, Messages []map[string]any
	}
	body, _ := b.file(fair + "/export?as=json")
	if err := json.Unmarshal([]byte(body), &all); err != nil || len(all.Conversation) != 1 || len(all.Participants) != 3 || len(all.Messages) != 4 || all.Messages[3]["text"] != "hello" {
		t.Errorf("%+v %v", all, err)
	}
	if text, _ := b.file(fair + "/export?as=txt"); !strings.Contains(text, "  Maya (maya), ReadWrite\n") || !strings.Contains(text, "  Bob: hello\n") || !strings.Contains(text, "\n    second line\n") {
		t.Error(text)
	}
}

func TestExportsAreAskedFor(t *testing.T) {
	s := fairSite(t)
	mo, mia := s.admin("mo", chat.Moderator), s.admin("mia", chat.Manage)
	before := len(s.events())
	for path, want := range map[string]int{"/apps/shop/export/users?as=csv": 403, "/apps/shop/export/audit?as=json": 403} {
		if a := mo.get(path); a.Code != want {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	for path, want := range map[string]int{"/apps/shop/export/nothing?as=csv": 404, "/apps/shop/export/users?as=exe": 400, fair + "/export?as=pdf": 400, "/apps/shop/export/users": 400} {
		if a := mia.get(path); a.Code != want {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if got := len(s.events()); got != before {
		t.Errorf("%d events more", got-before)
	}
	if a := mo.get(fair + "/export/participants?as=json"); a.Code != 200 {
		t.Error(a.Code)
	}
	if _, err := s.store.RecordExport(t.Context(), dbtest.Vic, db.Export{App: "shop", Conversation: "fair", List: "participants"}); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error(err)
	}
}

// BenchmarkExport exports all users (GUESTLIST_BENCH_ROWS of them) as CSV over the network; the peak of the heap is told beside: it is the same for any number of them.
func BenchmarkExport(b *testing.B) {
	s := newSite(b)
	dbtest.App(b, s.store, "shop")
	users := 100_000
	if n, err := strconv.Atoi(os.Getenv("GUESTLIST_BENCH_ROWS")); err == nil {
		users = n
	}
	if err := s.store.Seed(b.Context(), db.SeedOptions{App: "shop", Users: users, Conversations: 1}); err != nil {
		b.Fatal(err)
	}
	admin := s.admin("mia", chat.Manage)
	runtime.GC()
	var peak, m runtime.MemStats
	for b.Loop() {
		lines := 0
		admin.stream("/apps/shop/export/users?as=csv", func(answer *http.Response) {
			buf := make([]byte, 64<<10)
			for more := true; more; {
				n, err := answer.Body.Read(buf)
				more = err == nil
				lines += strings.Count(string(buf[:n]), "\n")
				if runtime.ReadMemStats(&m); m.HeapInuse > peak.HeapInuse {
					peak = m
				}
			}
		})
		if lines != users+1 {
			b.Fatal(lines)
		}
	}
	b.ReportMetric(float64(peak.HeapInuse)/(1<<20), "MB-heap")
	b.ReportMetric(float64(users)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// stream reads an answer as it comes.
func (b *browser) stream(path string, read func(*http.Response)) {
	b.site.t.Helper()
	answer, err := b.client.Get(b.site.url + path)
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer answer.Body.Close()
	read(answer)
}

// file is an answer as a program gets it.
func (b *browser) file(path string) (body string, answer *http.Response) {
	b.site.t.Helper()
	b.stream(path, func(r *http.Response) {
		all, err := io.ReadAll(r.Body)
		if err != nil {
			b.site.t.Fatal(err)
		}
		body, answer = string(all), r
	})
	return body, answer
}
