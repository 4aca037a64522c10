package jobs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/export"
)

// The export of an app is a tar.gz of JSON lines, some hundred rows to each file in it: users/000001.jsonl and so on. Each
// step is compressed by itself, so the archive grows behind what earlier steps wrote; gzip reads the pieces as one.

// exportRows is how many rows a step writes.
const exportRows = 1000

// exportCursor is where the next step starts.
type exportCursor struct {
	Part   int // of exportParts
	After  string
	Behind chat.Message // of the last row: the conversation, and its place in it
	User   chat.UserID
	Files  int            // of this part
	Counts map[string]int // rows of each part
}

// exportParts write the next rows of one noun each; more tells whether there may be others.
var exportParts = []struct {
	name  string
	write func(context.Context, *db.Store, chat.AppID, *exportCursor, io.Writer) (rows int, more bool, err error)
}{
	{"users", func(ctx context.Context, s *db.Store, app chat.AppID, at *exportCursor, w io.Writer) (int, bool, error) {
		p, err := s.Users(ctx, db.UserQuery{App: app, Window: db.Window{After: at.After, Limit: exportRows}})
		at.After = p.Next
		return lines(w, export.Users, p.Items, p.Next != "", err)
	}},
	{"conversations", func(ctx context.Context, s *db.Store, app chat.AppID, at *exportCursor, w io.Writer) (int, bool, error) {
		p, err := s.Conversations(ctx, db.ConversationQuery{App: app, Order: db.ByAge, Window: db.Window{After: at.After, Limit: exportRows}})
		at.After = p.Next
		return lines(w, export.Conversations, p.Items, p.Next != "", err)
	}},
	{"participants", func(ctx context.Context, s *db.Store, app chat.AppID, at *exportCursor, w io.Writer) (int, bool, error) {
		behind := chat.Participant{JoinedAt: at.Behind.CreatedAt}
		behind.Conversation, behind.User = at.Behind.Conversation, at.User
		all, err := s.ParticipantsBehind(ctx, app, behind, exportRows)
		if n := len(all); n > 0 {
			at.Behind, at.User = chat.Message{Conversation: all[n-1].Conversation, CreatedAt: all[n-1].JoinedAt}, all[n-1].User
		}
		return lines(w, export.Participants, all, len(all) == exportRows, err)
	}},
	{"messages", func(ctx context.Context, s *db.Store, app chat.AppID, at *exportCursor, w io.Writer) (int, bool, error) {
		all, err := s.MessagesBehind(ctx, app, at.Behind, exportRows)
		if n := len(all); n > 0 {
			at.Behind = chat.Message{Conversation: all[n-1].Conversation, Seq: all[n-1].Seq}
		}
		return lines(w, export.Messages, all, len(all) == exportRows, err)
	}},
	{"settings", func(ctx context.Context, s *db.Store, app chat.AppID, _ *exportCursor, w io.Writer) (int, bool, error) {
		settings, err := s.Settings(ctx, app)
		var all []chat.Setting
		for key, v := range settings {
			v.Key = key
			all = append(all, v)
		}
		return lines(w, export.Settings, all, false, err)
	}},
	{"audit", func(ctx context.Context, s *db.Store, app chat.AppID, at *exportCursor, w io.Writer) (int, bool, error) {
		p, err := s.Events(ctx, db.EventQuery{App: app, Window: db.Window{After: at.After, Limit: exportRows}})
		at.After = p.Next
		return lines(w, export.Events, p.Items, p.Next != "", err)
	}},
}

func lines[T any](w io.Writer, noun export.Noun[T], all []T, more bool, err error) (int, bool, error) {
	if err != nil {
		return 0, false, err
	}
	out, err := export.New(w, export.Lines, noun.Columns)
	if err != nil {
		return 0, false, err
	}
	for _, v := range all {
		if err := out.Row(noun.Row(v)); err != nil {
			return 0, false, err
		}
	}
	return len(all), more, out.Close()
}

// exportStep writes the next file into the archive, and the manifest as the last one.
func exportStep(ctx context.Context, s *Step) error {
	at := exportCursor{Counts: map[string]int{}}
	if len(s.Job.Cursor) > 0 {
		if err := json.Unmarshal(s.Job.Cursor, &at); err != nil {
			return err
		}
	}
	a, err := s.Store.App(ctx, s.Job.App)
	if err != nil {
		return err
	}
	p := chat.JobProgress{Done: s.Job.Done, Total: max(s.Job.Total, a.Users+a.Conversations+a.Participants)}
	var body bytes.Buffer
	name, last := "manifest.json", at.Part == len(exportParts)
	if last {
		err = json.NewEncoder(&body).Encode(map[string]any{"format": "guestlist-app-1", "app": a.ID, "name": a.Name, "live": a.Live, "madeAt": s.Store.Now().UTC().Format(time.RFC3339), "rows": at.Counts})
		p.Finished, p.FileName = true, fmt.Sprintf("%s-%s.tar.gz", a.ID, s.Store.Now().UTC().Format("20060102-150405"))
	} else {
		part := exportParts[at.Part]
		rows, more, failed := part.write(ctx, s.Store, a.ID, &at, &body)
		err = failed
		at.Files++
		name = fmt.Sprintf("%s/%06d.jsonl", part.name, at.Files)
		at.Counts[part.name] += rows
		p.Done, p.Note = p.Done+int64(rows), part.name
		if !more {
			at.Part, at.After, at.Behind, at.User, at.Files = at.Part+1, "", chat.Message{}, "", 0
		}
	}
	if err != nil {
		return err
	}
	p.Total = max(p.Total, p.Done)
	p.Cursor = at
	if p.FileSize, err = s.Append(func(w io.Writer) error { return archive(w, name, body.Bytes(), s.Store.Now(), last) }); err != nil {
		return err
	}
	return s.Save(ctx, p)
}

// archive writes one file of a tar, compressed by itself; the last one ends the tar.
func archive(w io.Writer, name string, body []byte, at time.Time, last bool) error {
	zip := gzip.NewWriter(w)
	out := tar.NewWriter(zip)
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(body)), ModTime: at, Format: tar.FormatPAX}); err != nil {
		return err
	}
	if _, err := out.Write(body); err != nil {
		return err
	}
	end := out.Flush
	if last {
		end = out.Close
	}
	if err := end(); err != nil {
		return err
	}
	return zip.Close()
}
