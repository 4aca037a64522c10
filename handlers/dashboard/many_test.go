package dashboard_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

const many = "/apps/shop/conversations/fair/participants/many"

// sendFile posts a form with a file.
func (b *browser) sendFile(path, file string, form ...string) answer {
	b.site.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(form); i += 2 {
		if err := w.WriteField(form[i], form[i+1]); err != nil {
			b.site.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "list.csv")
	if err == nil {
		_, err = io.WriteString(part, file)
	}
	if err != nil || w.Close() != nil {
		b.site.t.Fatal(err)
	}
	return b.do(http.MethodPost, path, body.String(), map[string]string{"Content-Type": w.FormDataContentType()})
}

// rejects is the table of what a list leaves out.
func (b *browser) rejects(list string) string {
	b.site.t.Helper()
	r, err := b.client.Get(b.site.url + list + "/rejects.csv")
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		b.site.t.Fatal(r.StatusCode, r.Header, err)
	}
	return string(text)
}

// A file becomes a list; what is left out is a table that no spreadsheet takes for formulas, and that can be sent again.
func TestAListOfAFileAndItsRejects(t *testing.T) {
	s := fairSite(t)
	mod := s.admin("mia", chat.Moderator)
	a := mod.sendFile(many, "id,name,access\nmaya,,\n=cmd(),Evil,Read\nzoo,,Write\n", "mode", "add")
	list := a.Header.Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(list, "/apps/shop/conversations/fair/lists/list_") {
		t.Fatalf("%d %s", a.Code, list)
	}
	text := mod.rejects(list)
	for _, want := range []string{"person,name,access,notify,problem,line\r\n", "'=cmd(),Evil,Read,,", "zoo,,,,"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	again := mod.sendFile(many, text, "mode", "add")
	if second := mod.rejects(again.Header.Get("Location")); !strings.Contains(second, "'=cmd(),Evil,Read,,") {
		t.Errorf("pasted again: %q", second)
	}
	if a := mod.get(list); strings.Contains(a.Find("main").Text(), "Create all") {
		t.Error("a moderator is offered to create users")
	}
	before := len(s.events())
	for path, form := range map[string][]string{
		"/lines/3":   {"do", "create", "name", "Evil"},
		"/lines/99":  {"do", "skip"},
		"/lines/x":   {"do", "skip"},
		"/lines/2":   {"do", "nothing"},
		"/all":       {"verdict", "unknown", "do", "create"},
		"/apply":     {"remove", "true"},
		"_x/apply":   nil,
		"_x/discard": nil,
	} {
		if a := mod.post(list+path, form...); a.Code == http.StatusOK {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if a := s.admin("vic", chat.Viewer).get(list); a.Code != http.StatusForbidden {
		t.Error("a viewer sees a list:", a.Code)
	}
	if len(s.events())-before > 1 { // the apply added maya, where she was not in
		t.Errorf("%d events", len(s.events())-before)
	}
}

// What can't become a list says why, by its field, and keeps what was typed.
func TestWhatIsNoList(t *testing.T) {
	s := fairSite(t)
	mia := s.admin("mia", chat.Manage)
	before := len(s.events())
	for name, form := range map[string][]string{
		"list":  {"mode", "add", "list", ""},
		"mode":  {"mode", "nothing", "list", "maya"},
		"other": {"from", "conversation", "mode", "add", "other", "nope"},
		"days":  {"from", "rule", "rule", "silent", "days", "many"},
		"key":   {"from", "rule", "rule", "custom", "key", ""},
		"rule":  {"from", "rule"},
	} {
		a := mia.post(many, form...)
		if a.Code != http.StatusUnprocessableEntity || a.Find("[role=alert]").Length() == 0 {
			t.Errorf("%s: %d", name, a.Code)
		}
		if field := a.Find("#" + name); field.Length() == 1 && field.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s is not marked", name)
		}
	}
	if a := mia.sendFile(many, strings.Repeat("a", web.MaxListBody), "mode", "add"); a.Code != http.StatusRequestEntityTooLarge {
		t.Error("a list that is too large:", a.Code)
	}
	if a := mia.post("/apps/shop/users/new", "name", strings.Repeat("a", web.MaxBody)); a.Code != http.StatusRequestEntityTooLarge {
		t.Error("other forms take more now:", a.Code)
	}
	if len(s.events()) != before {
		t.Error("a refusal left something")
	}
}

// The result of a job is collected by who may, as a file; what others ask for is not there.
func TestPagesOfJobs(t *testing.T) {
	s := fairSite(t)
	mia := s.admin("mia", chat.Manage)
	a := mia.get("/apps/shop/jobs")
	if a.Code != http.StatusOK || !strings.Contains(a.Find("main").Text(), "No job yet") {
		t.Error(a.Code)
	}
	for _, path := range []string{"/apps/shop/jobs/nope", "/apps/shop/jobs/nope/file"} {
		if a := mia.get(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	for _, path := range []string{"/apps/shop/jobs/nope/cancel", "/apps/shop/jobs/nope/restart"} {
		if a := mia.post(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}
