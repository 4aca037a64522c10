package jobs

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Everything of an app comes into one archive, whose manifest tells what is in it, and nothing of another app.
func TestAnAppIsExportedWhole(t *testing.T) {
	s, _ := dbtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- New(s, slog.New(slog.DiscardHandler)).Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other", "stranger")
	if err := s.Seed(t.Context(), db.SeedOptions{App: "shop", Users: 2500, Conversations: 30, Participants: 3, Big: 1200}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "conv-1", chat.NewMessage{Type: chat.SystemMessage, Text: "Gates open"}); err != nil {
		t.Fatal(err)
	}
	ana := dbtest.Ana
	if _, err := s.StartExport(t.Context(), ana, "shop"); chat.ReasonOf(err) != chat.ReauthRequired {
		t.Error("without a recent password:", err)
	}
	ana.AuthAt = s.Now()
	job, err := s.StartExport(t.Context(), ana, "shop")
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); !job.State.Ended(); time.Sleep(20 * time.Millisecond) {
		if job, err = s.Job(t.Context(), job.JobRef); err != nil || time.Now().After(end) {
			t.Fatal(job, err)
		}
	}
	if job.State != chat.JobDone || !strings.HasSuffix(job.FileName, ".tar.gz") {
		t.Fatalf("%+v", job)
	}
	file, err := os.Open(s.JobFile(job.ID))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	var manifest struct {
		Format, App string
		Rows        map[string]int
	}
	archive := tar.NewReader(zip)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Name == "manifest.json" {
			if err := json.NewDecoder(archive).Decode(&manifest); err != nil {
				t.Fatal(err)
			}
			continue
		}
		part, _, _ := strings.Cut(header.Name, "/")
		for scan := bufio.NewScanner(archive); scan.Scan(); rows[part]++ {
			if !json.Valid(scan.Bytes()) || strings.Contains(scan.Text(), "stranger") {
				t.Fatalf("%s: %s", header.Name, scan.Text())
			}
		}
	}
	a, err := s.App(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	if manifest.Format != "guestlist-app-1" || manifest.App != "shop" || int64(rows["users"]) != a.Users || int64(rows["conversations"]) != a.Conversations || int64(rows["participants"]) != a.Participants || rows["messages"] != 1 || rows["audit"] == 0 {
		t.Errorf("%+v %v %+v", manifest, rows, a)
	}
	for part, n := range manifest.Rows {
		if rows[part] != n {
			t.Errorf("%s: the manifest says %d, there are %d", part, n, rows[part])
		}
	}
}
