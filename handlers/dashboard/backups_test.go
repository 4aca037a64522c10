package dashboard_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

func (s *site) serverEvents() []chat.Event {
	s.t.Helper()
	p, err := s.store.Events(s.t.Context(), db.EventQuery{Window: db.Window{Limit: 100}})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Items
}

// upload sends a file as a browser does.
func (b *browser) upload(path string, file []byte) answer {
	b.site.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	w, err := parts.CreateFormFile("file", "copy.db")
	if err != nil {
		b.site.t.Fatal(err)
	}
	w.Write(file)
	parts.Close()
	return b.do(http.MethodPost, path, body.String(), map[string]string{"Content-Type": parts.FormDataContentType()})
}

func TestBackingUpAndRestoring(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	made := b.post("/backups")
	page := made.Header.Get("Location")
	if made.Code != http.StatusSeeOther || !strings.HasPrefix(page, "/backups/guestlist-20260314-110000-asked.db") {
		t.Fatal(made.Code, page, made.text())
	}
	if e := s.serverEvents()[0]; e.Type != chat.BackupMade || e.ActorName != "ana" {
		t.Fatalf("%+v", e)
	}
	if text := b.get(page).text(); !strings.Contains(text, "Restore everything") || !strings.Contains(text, "Conversations11") {
		t.Error(text)
	}
	if _, err := s.store.DeleteConversation(t.Context(), chat.CommandLine, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	events := len(s.serverEvents())
	if a := b.post(page+"/restore", "typed", "yes"); a.Code != http.StatusBadRequest && a.Code != http.StatusUnprocessableEntity || len(s.serverEvents()) != events {
		t.Error(a.Code)
	}
	if a := b.post(page+"/restore", "typed", "restore"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != "/backups" {
		t.Fatal(a.Code, a.text())
	}
	list := b.get("/backups")
	if !strings.Contains(list.says(), "Restored. What was there before is kept as") || list.Find("[data-testid=backup]").Length() != 2 {
		t.Error(list.says())
	}
	if a := b.get(fair); a.Code != http.StatusOK {
		t.Error("the conversation is not back, or who restored was signed out:", a.Code)
	}
	// The file leaves as it is, comes back, and goes.
	var file []byte
	r, err := b.client.PostForm(s.url+page+"/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	file, _ = io.ReadAll(r.Body)
	r.Body.Close()
	if r.StatusCode != 200 || !bytes.HasPrefix(file, []byte("SQLite format 3")) || s.serverEvents()[0].Type != chat.BackupTaken {
		t.Fatal(r.StatusCode, len(file), s.serverEvents()[0])
	}
	if a := b.upload("/backups/upload", file); a.Code != http.StatusSeeOther || !strings.Contains(a.Header.Get("Location"), "-uploaded.db") {
		t.Error(a.Code, a.text())
	}
	if a := b.upload("/backups/upload", file[:5000]); a.Code != http.StatusConflict || !strings.Contains(a.text(), "This file is damaged") {
		t.Error(a.Code, a.text())
	}
	if a := b.post(page + "/delete"); a.Code != http.StatusSeeOther || b.get(page).Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	if a := b.post("/backups/plan", "hour", "3", "keep", "30"); a.Code != http.StatusSeeOther {
		t.Error(a.Code)
	}
	if p, err := s.store.BackupPlan(t.Context()); err != nil || p.Hour != 3 || p.KeepDays != 30 {
		t.Errorf("%+v %v", p, err)
	}
	if a := b.post("/backups/plan", "hour", "25", "keep", "0"); a.Code < 400 || !strings.Contains(a.text(), "must be an hour from 0 to 23") {
		t.Error(a.Code)
	}
}

// After ten minutes each of them asks for the password, and does nothing before.
func TestBackupsAskForThePassword(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	page := b.post("/backups").Header.Get("Location")
	s.clock.Add(chat.ReauthWindow + time.Second)
	events := len(s.serverEvents())
	for _, path := range []string{"/backups", "/backups/plan", page + "/restore", page + "/download", page + "/delete"} {
		a := b.post(path, "hour", "3", "keep", "3", "typed", "restore")
		if a.Code < 400 || a.Find("input[name=password]").Length() == 0 {
			t.Errorf("%s: %d %s", path, a.Code, a.text())
		}
		if a := b.post(path, "hour", "3", "keep", "3", "typed", "restore", "password", "wrong"); a.Code < 400 {
			t.Errorf("%s with a wrong password: %d", path, a.Code)
		}
	}
	if a := b.upload("/backups/upload", []byte("x")); a.Code < 400 || a.Find("input[name=password]").Length() == 0 {
		t.Errorf("upload: %d", a.Code)
	}
	if got := len(s.serverEvents()); got != events {
		t.Errorf("%d events more", got-events)
	}
	if a := b.post(page+"/delete", "password", password); a.Code != http.StatusSeeOther {
		t.Error(a.Code, a.text())
	}
}

func TestOneListIsRestoredFromABackup(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	page := b.post("/backups").Header.Get("Location")
	if _, err := s.store.RemoveParticipant(t.Context(), chat.CommandLine, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "bob"}); err != nil {
		t.Fatal(err)
	}
	compared := b.get(page + "/participants?app=shop&conversation=fair")
	if compared.Code != 200 || compared.Find("[data-testid=move]").Length() != 1 || compared.Find("input[name='part.out'][checked]").Length() != 1 {
		t.Fatal(compared.Code, compared.text())
	}
	if a := b.post(page+"/participants", "app", "shop", "conversation", "fair", "part.out", "true", "seen.out", "7"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "The list changed while you were looking") {
		t.Error(a.Code, a.text())
	}
	if a := b.post(page+"/participants", "app", "shop", "conversation", "fair", "part.out", "true", "seen.out", "1"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != fair {
		t.Fatal(a.Code, a.text())
	}
	if list := b.get(fair); !strings.Contains(list.text(), "Bob") || !strings.Contains(list.says(), "List restored: 1 changed.") {
		t.Error(list.says())
	}
	if a := b.get(page + "/participants?app=shop&conversation=nope"); a.Code != http.StatusNotFound || !strings.Contains(a.text(), "no such conversation") {
		t.Error(a.Code, a.text())
	}
}
