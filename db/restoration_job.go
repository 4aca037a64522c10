package db

import (
	"context"
	"encoding/json"
	"fmt"

	"guestlist/db/chat"
)

// A restoration of many people. What is to be done lies in the table restorations, under the batch of the job; each step
// does some of it and takes it out.

// restoreStep is how many people one step restores.
const restoreStep = 250

// startRestoration stores what is to be done, a piece at a time, and starts the job, unless anything happened to the
// conversation behind seq, where the moves were found.
func (s *Store) startRestoration(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, moves []chat.Move, seq int64, batch string) (j chat.Job, err error) {
	for from := 0; from < len(moves); from += stageChunk {
		chunk := moves[from:min(len(moves), from+stageChunk)]
		if err := s.change(ctx, actor, func(t *Tx) error { return t.insertMoves(app, batch, from, chunk) }); err != nil {
			return j, err
		}
	}
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := mayRestore(t, actor, t.Now, app); err != nil {
			return err
		}
		c, err := loadConversation(t, app, conv)
		if err != nil {
			return err
		}
		if moved, err := movedSince(t, app, conv, seq); err != nil {
			return err
		} else if moved {
			return staleDifference()
		}
		name := c.Subject
		if name == "" {
			name = string(c.ID)
		}
		j, err = t.startJob(chat.NewJob{App: app, Kind: chat.JobRestore, Title: "Restore the list: " + name, Conversation: conv, Total: int64(len(moves)), Batch: batch})
		return err
	})
	if err == nil {
		s.queued.ring()
	}
	return j, err
}

func (t *Tx) insertMoves(app chat.AppID, batch string, from int, moves []chat.Move) error {
	if err := mayRestore(t, t.Actor, t.Now, app); err != nil {
		return err
	}
	for i, m := range moves {
		if _, err := t.exec(`INSERT INTO restorations (batch, n, app_id, user_id, before, after, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			batch, from+i, string(app), string(m.User), placeText(m.Before), placeText(m.After), millis(t.Now)); err != nil {
			return fmt.Errorf("store a restoration: %w", err)
		}
	}
	return nil
}

// placeText is a place as JSON; "" for none.
func placeText(p *chat.Participant) string {
	if p == nil {
		return ""
	}
	return string(image(p.Image()))
}

// RestorationResult says what a restoration did so far: for how many people, and for how many it did nothing.
type RestorationResult struct{ Restored, Left int }

// Text says what was done.
func (r RestorationResult) Text() string {
	text := fmt.Sprintf("%d restored.", r.Restored)
	if r.Left > 0 {
		text += fmt.Sprintf(" %d left as they are: gone, banned or changed since, or there was no room for them.", r.Left)
	}
	return text
}

// RestoreStep restores the next people of a restoration. Whose place is not what it was when the restoration was looked at
// keeps it.
func (s *Store) RestoreStep(ctx context.Context, ref chat.JobRef) (chat.Job, error) {
	return s.stepJob(ctx, ref, func(t *Tx, j *chat.Job) error {
		if err := mayRestore(t, t.Actor, t.Now, j.App); err != nil {
			return err
		}
		var so RestorationResult
		if err := unmarshal(j.Cursor, &so); err != nil {
			return fmt.Errorf("restore a list: %w", err)
		}
		moves, err := t.movesToDo(*j)
		if err != nil {
			return err
		}
		for _, m := range moves {
			done, err := t.restoreOne(*j, m)
			if err != nil {
				return err
			}
			if done {
				so.Restored++
			} else {
				so.Left++
			}
		}
		if _, err := t.exec(`DELETE FROM restorations WHERE batch = $1 AND n IN (SELECT n FROM restorations WHERE batch = $1 ORDER BY n LIMIT $2)`, j.Batch, len(moves)); err != nil {
			return err
		}
		j.Done += int64(len(moves))
		if len(moves) < restoreStep {
			j.State, so.Left = chat.JobDone, int(j.Total)-so.Restored
		}
		j.Note = so.Text()
		j.Cursor, err = json.Marshal(so)
		return err
	})
}

// movesToDo are the next moves that a job takes back.
func (t *Tx) movesToDo(j chat.Job) ([]chat.Move, error) {
	rows, err := t.query(`SELECT user_id, before, after FROM restorations WHERE batch = $1 ORDER BY n LIMIT $2`, j.Batch, restoreStep)
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (m chat.Move, err error) {
		var before, after string
		if err := row.Scan(&m.User, &before, &after); err != nil {
			return m, err
		}
		ref := chat.ParticipantRef{App: j.App, Conversation: j.Conversation, User: m.User}
		for _, side := range []struct {
			text string
			into **chat.Participant
		}{{before, &m.Before}, {after, &m.After}} {
			if side.text == "" {
				continue
			}
			p, err := chat.ReadParticipant(ref, json.RawMessage(side.text))
			if err != nil {
				return m, err
			}
			*side.into = &p
		}
		return m, nil
	})
	if err != nil {
		return nil, fmt.Errorf("list what is to be restored: %w", err)
	}
	return all, nil
}

// restoreOne takes one move back, if the place is still what the move made of it.
func (t *Tx) restoreOne(j chat.Job, m chat.Move) (done bool, err error) {
	pl, err := loadPlace(t, chat.ParticipantRef{App: j.App, Conversation: j.Conversation, User: m.User})
	if err != nil || pl.taken() != (m.After != nil) {
		return false, err
	}
	if m.After != nil {
		if _, differs := chat.DiffParticipant(*m.After, pl.participant); len(differs) > 0 {
			return false, nil
		}
	}
	e, err := t.moveBack(pl, m, j.Batch)
	if chat.ReasonOf(err) == chat.ParticipantLimit {
		return false, nil
	}
	return e.Seq != 0, err
}

// ForgetRestorations throws away what no job will do any more, a piece at a time; more tells whether there is more to do.
func (s *Store) ForgetRestorations(ctx context.Context) (more bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		more = false
		for batch := ""; ; {
			var at int64
			var needed bool
			err := t.row(`SELECT r.batch, r.made_at, EXISTS (SELECT 1 FROM jobs WHERE jobs.batch = r.batch AND (finished_at = 0 OR finished_at > $2)) FROM restorations r WHERE r.batch > $1 ORDER BY r.batch LIMIT 1`,
				batch, millis(t.Now.AddDate(0, 0, -chat.JobFileDays))).Scan(&batch, &at, &needed)
			if isMissing(err) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("forget restorations: %w", err)
			}
			if needed || at > millis(t.Now.AddDate(0, 0, -chat.StageDays)) {
				continue
			}
			more = true
			_, err = t.exec(`DELETE FROM restorations WHERE batch = $1 AND n IN (SELECT n FROM restorations WHERE batch = $1 ORDER BY n LIMIT $2)`, batch, stageChunk)
			return err
		}
	})
	return more, err
}
