package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

const stageColumns = `n, app_id, conversation_id, id, mode, title, read_as, access, notify, made_by, made_at, applied_at, removing, batch, job_id`

func scanStage(row interface{ Scan(...any) error }) (st chat.Stage, err error) {
	var made, applied int64
	err = row.Scan(&st.N, &st.App, &st.Conversation, &st.ID, &st.Mode, &st.Title, &st.ReadAs, &st.Access, &st.Notify, &st.By, &made, &applied, &st.Removing, &st.Batch, &st.Job)
	st.At, st.AppliedAt = fromMillis(made), fromMillis(applied)
	return st, err
}

// loadStage is a stage with its counts. One that is still being made is not there yet, nor one whose day is over.
func loadStage(q querier, ref chat.StageRef, now time.Time) (chat.Stage, error) {
	st, err := scanStage(q.row(`SELECT `+stageColumns+` FROM stages WHERE id = $1 AND app_id = $2 AND conversation_id = $3 AND ready = 1 AND (made_at > $4 OR applied_at > 0)`,
		string(ref.ID), string(ref.App), string(ref.Conversation), millis(now.AddDate(0, 0, -chat.StageDays))))
	if isMissing(err) {
		return st, chat.ErrStageNotFound()
	}
	if err != nil {
		return st, fmt.Errorf("load stage: %w", err)
	}
	rows, err := q.query(`SELECT verdict, count(*) FROM staged_lines WHERE stage_n = $1 GROUP BY verdict`, st.N)
	if err != nil {
		return st, err
	}
	defer rows.Close()
	for st.Counts = map[chat.Verdict]int64{}; rows.Next(); {
		var v chat.Verdict
		var n int64
		if err := rows.Scan(&v, &n); err != nil {
			return st, err
		}
		st.Counts[v] = n
	}
	if err := rows.Err(); err != nil {
		return st, err
	}
	return st, q.row(`SELECT count(*) FROM staged_lines WHERE stage_n = $1 AND outcome <> ''`, st.N).Scan(&st.Told)
}

// Stage is one stage of a conversation.
func (s *Store) Stage(ctx context.Context, ref chat.StageRef) (st chat.Stage, err error) {
	err = s.read(ctx, func(q querier) error { st, err = loadStage(q, ref, s.now()); return err })
	return st, err
}

const lineColumns = `l.line, l.typed, l.user_id, l.name, l.email, l.access, l.notify, l.choice, l.verdict, l.why, l.near, l.outcome`

func scanLine(row interface{ Scan(...any) error }) (l chat.StagedLine, err error) {
	var near jsonText
	err = row.Scan(&l.N, &l.Typed, &l.User, &l.Name, &l.Email, &l.Access, &l.Notify, &l.Choice, &l.Verdict, &l.Why, &near, &l.Outcome, &l.UserName)
	return l, firstError(err, near.into(&l.Near))
}

// StagedQuery asks for a page of a stage's lines, in their order. Verdict filters; Told shows what was not done after all.
type StagedQuery struct {
	Stage   int64
	App     chat.AppID
	Verdict chat.Verdict
	Told    bool
	Window
}

// StagedLines is a page of a stage's lines.
func (s *Store) StagedLines(ctx context.Context, sq StagedQuery) (p Page[chat.StagedLine], err error) {
	err = s.read(ctx, func(q querier) error { p, err = stagedLines(q, sq); return err })
	return p, err
}

func stagedLines(q querier, sq StagedQuery) (p Page[chat.StagedLine], err error) {
	compare, dir, at := ">", "ASC", any(int64(-1))
	if sq.backward() {
		compare, dir, at = "<", "DESC", any(int64(1<<62))
	}
	if cursor := sq.cursor(); cursor != "" {
		keys, err := decodeCursor(cursor, "i")
		if err != nil {
			return p, err
		}
		at = keys[0]
	}
	where, args := "", []any{sq.Stage, string(sq.App), at, sq.limit() + 1}
	switch {
	case sq.Told:
		where = " AND l.outcome <> ''"
	case sq.Verdict != "":
		where, args = " AND l.verdict = $5", append(args, string(sq.Verdict))
	}
	rows, err := q.query(`SELECT `+lineColumns+`, coalesce(u.name, '') FROM staged_lines l LEFT JOIN users u ON u.app_id = $2 AND u.id = l.user_id
		WHERE l.stage_n = $1 AND l.line `+compare+` $3`+where+` ORDER BY l.line `+dir+` LIMIT $4`, args...)
	all, err := scan(rows, err, scanLine)
	if err != nil {
		return p, fmt.Errorf("list staged lines: %w", err)
	}
	return page(sq.Window, all, func(l chat.StagedLine) string { return encodeCursor(int64(l.N)) }), nil
}

// stageChunk is how many lines one transaction stores: people's changes wait for none of them long.
const stageChunk = 2000

// MakeStage puts a list of people together with what applying it would do. It changes nothing but the stage.
func (s *Store) MakeStage(ctx context.Context, actor chat.Actor, n chat.NewStage, lines []chat.StagedLine) (chat.StageRef, error) {
	ref := chat.StageRef{App: n.App, Conversation: n.Conversation, ID: chat.StageID("list_" + strings.ToLower(rand.Text()))}
	if len(lines) == 0 {
		return ref, chat.InvalidField("list", "names nobody")
	}
	var stage int64
	err := s.change(ctx, actor, func(t *Tx) error {
		if err := t.mayStage(n); err != nil {
			return err
		}
		res, err := t.exec(`INSERT INTO stages (app_id, id, conversation_id, mode, title, read_as, access, notify, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			string(n.App), string(ref.ID), string(n.Conversation), string(n.Mode), n.Title, n.ReadAs, string(n.Access), string(n.Notify), actor.Name, millis(t.Now))
		if err != nil {
			return fmt.Errorf("make stage: %w", err)
		}
		stage, err = res.LastInsertId()
		return err
	})
	if err != nil {
		return ref, err
	}
	if err := s.read(ctx, func(q querier) error { lines, err = judgeAll(q, n, lines, s.now()); return err }); err != nil {
		return ref, err
	}
	for from := 0; from < len(lines); from += stageChunk {
		chunk := lines[from:min(len(lines), from+stageChunk)]
		if err := s.change(ctx, actor, func(t *Tx) error { return t.insertLines(stage, chunk) }); err != nil {
			return ref, err
		}
	}
	return ref, s.change(ctx, actor, func(t *Tx) error {
		_, err := t.exec(`UPDATE stages SET ready = 1 WHERE n = $1`, stage)
		return err
	})
}

// mayStage asks for what applying will need, so that nobody fills in a list in vain.
func (t *Tx) mayStage(n chat.NewStage) error {
	for _, op := range []chat.Operation{chat.OpParticipantAdd, chat.OpParticipantRemove} {
		if err := t.allow(op, chat.Facts{App: n.App, Exists: true}); err != nil {
			return err
		}
	}
	if n.Create {
		if err := t.allow(chat.OpUserCreate, chat.Facts{App: n.App}); err != nil {
			return err
		}
	}
	_, err := loadConversation(t, n.App, n.Conversation)
	return err
}

// insertAtOnce is how many lines one statement stores.
const insertAtOnce = 100

func (t *Tx) insertLines(stage int64, lines []chat.StagedLine) error {
	for len(lines) > 0 {
		n := min(len(lines), insertAtOnce)
		if n < insertAtOnce {
			n = 1
		}
		var values strings.Builder
		args := make([]any, 0, 12*n)
		for i, l := range lines[:n] {
			if i > 0 {
				values.WriteString(", ")
			}
			values.WriteString("(" + placeholders(12*i+1, 12) + ")")
			args = append(args, stage, l.N, l.Typed, string(l.User), l.Name, l.Email, string(l.Access), string(l.Notify), string(l.Choice), string(l.Verdict), l.Why, toJSON(l.Near))
		}
		if _, err := t.exec(`INSERT INTO staged_lines (stage_n, line, typed, user_id, name, email, access, notify, choice, verdict, why, near) VALUES `+values.String(), args...); err != nil {
			return fmt.Errorf("stage lines: %w", err)
		}
		lines = lines[n:]
	}
	return nil
}

// DiscardStage throws a stage away that was not applied.
func (s *Store) DiscardStage(ctx context.Context, actor chat.Actor, ref chat.StageRef) error {
	return s.change(ctx, actor, func(t *Tx) error {
		st, err := t.openStage(ref)
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM stages WHERE n = $1`, st.N)
		return err
	})
}

// openStage is a stage that the actor may change and apply.
func (t *Tx) openStage(ref chat.StageRef) (chat.Stage, error) {
	if err := t.mayStage(chat.NewStage{App: ref.App, Conversation: ref.Conversation}); err != nil {
		return chat.Stage{}, err
	}
	st, err := loadStage(t, ref, t.Now)
	if err == nil && !st.AppliedAt.IsZero() {
		err = &chat.Error{Code: chat.Conflict, Reason: chat.StaleChange, Message: "This list was applied already.", Hint: "Reload the page to see what came of it."}
	}
	return st, err
}

// ForgetStages throws away the lists whose day is over, a piece at a time; more tells whether there is more to do.
func (s *Store) ForgetStages(ctx context.Context) (more bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		more = false
		st, err := scanStage(t.row(`SELECT `+stageColumns+` FROM stages WHERE made_at <= $1
			AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = stages.job_id AND jobs.state <> 'done' AND (jobs.finished_at = 0 OR jobs.finished_at > $2)) ORDER BY made_at LIMIT 1`,
			millis(t.Now.AddDate(0, 0, -chat.StageDays)), millis(t.Now.AddDate(0, 0, -chat.JobFileDays))))
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("forget stages: %w", err)
		}
		more = true
		res, err := t.exec(`DELETE FROM staged_lines WHERE stage_n = $1 AND line IN (SELECT line FROM staged_lines WHERE stage_n = $1 ORDER BY line LIMIT $2)`, st.N, stageChunk)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == stageChunk {
			return err
		}
		_, err = t.exec(`DELETE FROM stages WHERE n = $1`, st.N)
		return err
	})
	return more, err
}

func unmarshal(text json.RawMessage, into any) error {
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, into)
}
