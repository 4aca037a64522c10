package db

import (
	"context"
	"encoding/json"
	"fmt"

	"guestlist/db/chat"
)

// undoAtOnce is how many events one transaction takes back. A longer change is taken back by a job, in steps of undoStep.
const (
	undoAtOnce = 1000
	undoStep   = 250
)

// UndoResult says what undoing a bulk change did. Batch names the events of the undo itself.
type UndoResult struct {
	Batch   string
	Undone  int
	Skipped int      // had moved on, or were undone already
	Job     chat.Job // that takes back a change too long for one transaction; its ID is "" when there is none
}

// UndoBatch takes back one bulk change: all of it that still stands. It is an error when nothing of it does. A long change
// is taken back by a job.
func (s *Store) UndoBatch(ctx context.Context, actor chat.Actor, app chat.AppID, batch string) (UndoResult, error) {
	var result UndoResult
	err := s.change(ctx, actor, func(t *Tx) (err error) {
		result = UndoResult{Batch: undoneBatch(batch)}
		if err := t.allow(chat.OpUndo, chat.Facts{App: app}); err != nil {
			return err
		}
		if batch == "" {
			return noSuchBatch() // a query without a batch is one for every change
		}
		if err := t.batchSettled(app, batch); err != nil {
			return err
		}
		past, err := t.batchEvents(app, batch, 1<<62, undoAtOnce+1)
		if err != nil {
			return err
		}
		if len(past) > undoAtOnce {
			result.Job, err = t.startUndo(app, batch, result.Batch)
			return err
		}
		last, err := t.undoAll(past, &result)
		if err != nil {
			return err
		}
		if result.Undone == 0 {
			return last
		}
		return nil
	})
	if err == nil && result.Job.ID != "" {
		s.queued.ring()
	}
	return result, err
}

// undoAll takes back what stands of these events, newest first. last is why nothing more of it can be.
func (t *Tx) undoAll(past []chat.Event, result *UndoResult) (last, err error) {
	last = noSuchBatch()
	for _, e := range past {
		if e.Type == chat.UserCreated || e.Type == chat.JobStarted || e.Type == chat.JobEnded {
			continue // people stay when their place is taken back
		}
		switch _, err := t.undo(e, result.Batch); {
		case err == nil && e.Type == chat.GuestUnblocked:
			// the block of somebody who was added is part of taking their place back
		case err == nil:
			result.Undone++
		case chat.ReasonOf(err) == chat.CannotUndo:
			result.Skipped, last = result.Skipped+1, err
		default:
			return nil, err
		}
	}
	return last, nil
}

// batchEvents are the newest events of a bulk change before seq.
func (t *Tx) batchEvents(app chat.AppID, batch string, before int64, limit int) ([]chat.Event, error) {
	rows, err := t.query(`SELECT `+eventColumns+` FROM `+eventTables+` WHERE e.batch <> '' AND e.batch = $1 AND e.app_id = $2 AND e.seq < $3 ORDER BY e.seq DESC LIMIT $4`,
		batch, string(app), before, limit)
	all, err := scan(rows, err, scanEvent)
	if err != nil {
		return nil, fmt.Errorf("list a batch: %w", err)
	}
	return all, nil
}

// batchSettled refuses to take back what a job still does.
func (t *Tx) batchSettled(app chat.AppID, batch string) error {
	j, running, err := t.jobOfBatch(app, batch)
	if err == nil && running {
		return chat.CannotUndoError("“" + j.Title + "” is still at it. Stop that job first.")
	}
	return err
}

// jobOfBatch is the job that a bulk change is made by, while it has not ended.
func (t *Tx) jobOfBatch(app chat.AppID, batch string) (j chat.Job, running bool, err error) {
	j, err = scanJob(t.row(`SELECT `+jobColumns+` FROM jobs WHERE batch = $1 AND app_id = $2 AND (state = 'queued' OR state = 'running') LIMIT 1`, batch, string(app)))
	if isMissing(err) {
		return j, false, nil
	}
	return j, err == nil, err
}

// undoParams say what a job takes back, and undoCursor how far it is.
type (
	undoParams struct{ Batch string }
	undoCursor struct {
		Before          int64 // the seq that the next step starts below
		Undone, Skipped int
	}
)

// startUndo starts the job that takes a batch back, or finds the one that does so already.
func (t *Tx) startUndo(app chat.AppID, batch, as string) (chat.Job, error) {
	if j, running, err := t.jobOfBatch(app, as); err != nil || running {
		return j, err
	}
	var total int64
	var conv chat.ConversationID
	if err := t.row(`SELECT count(*), max(conversation_id) FROM events WHERE batch <> '' AND batch = $1 AND app_id = $2`, batch, string(app)).Scan(&total, &conv); err != nil {
		return chat.Job{}, fmt.Errorf("count a batch: %w", err)
	}
	return t.startJob(chat.NewJob{App: app, Kind: chat.JobUndo, Title: fmt.Sprintf("Undo %d changes", total), Conversation: conv, Params: undoParams{batch}, Total: total, Batch: as})
}

// UndoStep takes back the next piece of what an undo job is to take back.
func (s *Store) UndoStep(ctx context.Context, ref chat.JobRef) (chat.Job, error) {
	return s.stepJob(ctx, ref, func(t *Tx, j *chat.Job) error {
		var p undoParams
		at := undoCursor{Before: 1 << 62}
		if err := json.Unmarshal(j.Params, &p); err != nil {
			return fmt.Errorf("undo job: %w", err)
		}
		if j.Cursor != nil {
			if err := json.Unmarshal(j.Cursor, &at); err != nil {
				return fmt.Errorf("undo job: %w", err)
			}
		}
		if err := t.allow(chat.OpUndo, chat.Facts{App: j.App}); err != nil {
			return err
		}
		past, err := t.batchEvents(j.App, p.Batch, at.Before, undoStep)
		if err != nil {
			return err
		}
		result := UndoResult{Batch: j.Batch, Undone: at.Undone, Skipped: at.Skipped}
		if _, err := t.undoAll(past, &result); err != nil {
			return err
		}
		if len(past) > 0 {
			at = undoCursor{past[len(past)-1].Seq, result.Undone, result.Skipped}
		}
		if len(past) < undoStep {
			j.State = chat.JobDone
		}
		j.Done += int64(len(past))
		if j.Note = ""; at.Skipped > 0 {
			j.Note = fmt.Sprintf("%d had changed since and were left as they are.", at.Skipped)
		}
		j.Cursor, err = json.Marshal(at)
		return err
	})
}

func noSuchBatch() *chat.Error { return chat.CannotUndoError("There is no such change.") }

// undoneBatch names the change that takes a batch back.
func undoneBatch(batch string) string { return batch + "-undone" }
