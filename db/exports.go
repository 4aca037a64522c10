package db

import (
	"context"

	"guestlist/db/chat"
)

// Export names a list that leaves as a file.
type Export struct {
	App          chat.AppID
	Conversation chat.ConversationID // whose list it is; "" for one of the app
	List         string
	As           string
	Filter       string // as the address of the page had it
}

// RecordExport asks whether the actor may take a list along, and notes that they do. It is called before the first row is
// read.
func (s *Store) RecordExport(ctx context.Context, actor chat.Actor, x Export) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		op := chat.OpExportList
		if x.Conversation != "" {
			op = chat.OpExportConversation
		}
		if err := t.allow(op, chat.Facts{App: x.App, Exists: true}); err != nil {
			return err
		}
		if _, err := loadApp(t, x.App); err != nil {
			return err
		}
		if x.Conversation != "" {
			if _, err := loadConversation(t, x.App, x.Conversation); err != nil {
				return err
			}
		}
		after := chat.Image{"as": x.As}
		if x.Filter != "" {
			after["filter"] = x.Filter
		}
		e, err = t.record(chat.Event{App: x.App, Conversation: x.Conversation, Subject: x.List, Type: chat.ListExported}, nil, after)
		return err
	})
	return e, err
}

// StartExport starts the job that writes everything of an app into one file.
func (s *Store) StartExport(ctx context.Context, actor chat.Actor, app chat.AppID) (j chat.Job, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpExportApp, chat.Facts{App: app}); err != nil {
			return err
		}
		a, err := loadApp(t, app)
		if err != nil {
			return err
		}
		j, err = t.startJob(chat.NewJob{App: app, Kind: chat.JobExport, Title: "Export " + a.Name})
		return err
	})
	if err == nil {
		s.queued.ring()
	}
	return j, err
}

// ParticipantsBehind are those of all conversations of an app behind one of them, in a fixed order.
func (s *Store) ParticipantsBehind(ctx context.Context, app chat.AppID, behind chat.Participant, limit int) (all []chat.Participant, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+participantColumns+` FROM participants p LEFT JOIN users u ON u.app_id = p.app_id AND u.id = p.user_id
			WHERE p.app_id = $1 AND (p.conversation_id, p.joined_at, p.user_id) > ($2, $3, $4) ORDER BY p.conversation_id, p.joined_at, p.user_id LIMIT $5`,
			string(app), string(behind.Conversation), millis(behind.JoinedAt), string(behind.User), limit)
		all, err = scan(rows, err, scanParticipant(app))
		return err
	})
	return all, err
}

// MessagesBehind are those of all conversations of an app behind one of them, in a fixed order.
func (s *Store) MessagesBehind(ctx context.Context, app chat.AppID, behind chat.Message, limit int) (all []chat.Message, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND (m.conversation_id, m.seq) > ($2, $3) ORDER BY m.conversation_id, m.seq LIMIT $4`,
			string(app), string(behind.Conversation), behind.Seq, limit)
		all, err = scan(rows, err, scanMessage)
		return err
	})
	return all, err
}
