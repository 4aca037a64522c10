package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"guestlist/db/chat"
)

// stageAtOnce is how many lines of a stage are applied in one transaction. A longer one is applied by a job, in steps of
// stageStep.
const (
	stageAtOnce = 500
	stageStep   = 250
)

// StageResult says what applying a stage did. Batch names its events.
type StageResult struct {
	Batch                            string
	Added, Created, Changed, Removed int
	Told                             int      // lines that were not done after all
	Job                              chat.Job `json:"-"` // that applies a long one; its ID is "" when there is none
}

// Done is how many people something was done for.
func (r StageResult) Done() int { return r.Added + r.Changed + r.Removed }

// ApplyStage makes the change that a stage holds, as one bulk change: at once, or by a job when it is long. What changed
// since the list was looked at is not overridden: such lines are left, and say why.
func (s *Store) ApplyStage(ctx context.Context, actor chat.Actor, ref chat.StageRef, ticked chat.StageApply) (r StageResult, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		r = StageResult{Batch: rand.Text()}
		st, err := t.openStage(ref)
		if err != nil {
			return err
		}
		acting, err := t.mayApply(st, ticked)
		if err != nil {
			return err
		}
		if acting > stageAtOnce {
			c, err := loadConversation(t, st.App, st.Conversation)
			if err != nil {
				return err
			}
			name := c.Subject
			if name == "" {
				name = string(c.ID)
			}
			r.Job, err = t.startJob(chat.NewJob{App: st.App, Kind: chat.JobPeople, Title: st.Title + ": " + name, Conversation: st.Conversation, Params: stageParams{st.ID}, Total: acting, Batch: r.Batch})
			if err != nil {
				return err
			}
		}
		st.Removing, st.Batch, st.Job = ticked.Remove, r.Batch, r.Job.ID
		if _, err := t.exec(`UPDATE stages SET applied_at = $2, removing = $3, batch = $4, job_id = $5 WHERE n = $1`, st.N, millis(t.Now), flag(st.Removing), st.Batch, string(st.Job)); err != nil {
			return fmt.Errorf("apply stage: %w", err)
		}
		if r.Job.ID != "" {
			return nil
		}
		_, _, err = t.applyLines(st, 0, stageAtOnce+1, &r)
		return err
	})
	if err == nil && r.Job.ID != "" {
		s.queued.ring()
	}
	return r, err
}

// mayApply refuses what was not ticked and must be, and gives the number of lines that something is done for.
func (t *Tx) mayApply(st chat.Stage, ticked chat.StageApply) (int64, error) {
	acting, removals := st.Acting()
	if !st.Mode.Others() {
		ticked.Remove = true // the list names those who go
	}
	c, err := loadConversation(t, st.App, st.Conversation)
	if err != nil {
		return 0, err
	}
	if ticked.Remove {
		acting += removals
	}
	switch {
	case acting == 0 && removals > 0:
		return 0, chat.InvalidField("remove", "must be ticked: this list does nothing but remove people")
	case acting == 0:
		return 0, chat.InvalidField("lines", "hold nothing to do")
	case ticked.Remove && removals > 0 && st.Remain(c.Counts.Listed()) <= 0 && !ticked.Empty:
		return 0, chat.InvalidField("empty", "must be ticked: nobody would be left in this conversation")
	}
	return acting, nil
}

// stageParams say what a job applies, and stageCursor how far it is.
type (
	stageParams struct{ Stage chat.StageID }
	stageCursor struct {
		After  int
		Result StageResult
	}
)

// StageStep applies the next piece of a stage.
func (s *Store) StageStep(ctx context.Context, ref chat.JobRef) (chat.Job, error) {
	return s.stepJob(ctx, ref, func(t *Tx, j *chat.Job) error {
		var p stageParams
		var at stageCursor
		if err := firstError(unmarshal(j.Params, &p), unmarshal(j.Cursor, &at)); err != nil {
			return fmt.Errorf("apply a stage: %w", err)
		}
		st, err := loadStage(t, chat.StageRef{App: j.App, Conversation: j.Conversation, ID: p.Stage}, t.Now)
		if err != nil {
			return err
		}
		n, last, err := t.applyLines(st, at.After, stageStep, &at.Result)
		if err != nil {
			return err
		}
		at.After = last
		j.Done += int64(n)
		j.Note = at.Result.Text()
		if n < stageStep {
			j.State = chat.JobDone
		}
		j.Cursor, err = json.Marshal(at)
		return err
	})
}

// Text says what was done.
func (r StageResult) Text() string {
	text := ""
	say := func(n int, what string) {
		if n > 0 {
			text += fmt.Sprintf("%d %s. ", n, what)
		}
	}
	say(r.Added, "added")
	say(r.Created, "of them created")
	say(r.Changed, "changed")
	say(r.Removed, "removed")
	say(r.Told, "not done, because something changed meanwhile")
	if text == "" {
		return "Nothing was changed."
	}
	return text[:len(text)-1]
}

// applyLines does what the next lines after one ask for. It gives how many it looked at, and the last of them.
func (t *Tx) applyLines(st chat.Stage, after, limit int, r *StageResult) (n, last int, err error) {
	removing := ""
	if st.Removing || !st.Mode.Others() {
		removing = ", 'remove'"
	}
	rows, err := t.query(`SELECT `+lineColumns+`, '' FROM staged_lines l WHERE l.stage_n = $1 AND l.line > $2 AND l.verdict IN ('add', 'create', 'change'`+removing+`) ORDER BY l.line LIMIT $3`, st.N, after, limit)
	lines, err := scan(rows, err, scanLine)
	if err != nil {
		return 0, after, fmt.Errorf("list lines to apply: %w", err)
	}
	for _, l := range lines {
		last = l.N
		why, err := t.applyLine(st, l, r)
		if err != nil {
			return 0, after, err
		}
		if why == "" {
			continue
		}
		r.Told++
		if _, err := t.exec(`UPDATE staged_lines SET outcome = $3 WHERE stage_n = $1 AND line = $2`, st.N, l.N, why); err != nil {
			return 0, after, err
		}
	}
	return len(lines), last, nil
}

// applyLine does what one line asks for, or says why it is not done: it was looked at before, and is looked at again now.
func (t *Tx) applyLine(st chat.Stage, l chat.StagedLine, r *StageResult) (why string, err error) {
	pl, err := loadPlace(t, chat.ParticipantRef{App: st.App, Conversation: st.Conversation, User: l.User})
	if err != nil {
		return "", err
	}
	now := pl.participant.Access
	switch l.Verdict {
	case chat.WillRemove:
		if now.Rank() == 0 {
			return "They were not on the list any more.", nil
		}
		_, err = t.removeParticipant(pl, st.Batch)
		r.Removed++
		return "", err
	case chat.WillChange:
		if now.Rank() == 0 {
			return "They were not on the list any more.", nil
		}
		e, err := t.changeParticipant(pl, l.Wants("", ""), st.Batch)
		if err == nil && e.Seq == 0 {
			return "They had it already.", nil
		}
		r.Changed++
		return "", err
	}
	_, banned, err := standingBan(t, st.App, l.User, t.Now)
	switch {
	case err != nil:
		return "", err
	case banned:
		return "They are banned from all conversations by now.", nil
	case now == chat.AccessNone:
		return "They are kept out by now.", nil
	case pl.taken():
		return "They were on the list already.", nil
	case pl.limit > 0 && pl.counts.Listed() >= pl.limit:
		return fmt.Sprintf("The conversation has as many participants as the app allows (%d).", pl.limit), nil
	case !pl.userExists && l.Verdict == chat.WillAdd:
		return "The user is gone.", nil
	case !pl.userExists:
		if _, err := t.putUser(st.App, l.User, l.NewUser(), chat.UserChange{}, st.Batch); err != nil {
			return "", err
		}
		pl.userExists, pl.userName = true, l.Name
		r.Created++
	}
	_, err = t.addParticipant(pl, l.Wants(st.Access, st.Notify), st.Batch)
	if chat.ReasonOf(err) == chat.UserBannedFromAll {
		return "They are banned from all conversations by now.", nil
	}
	r.Added++
	return "", err
}
