package db

import (
	"context"
	"fmt"
	"strings"

	"guestlist/db/chat"
)

// loadLine is one line of a stage.
func (t *Tx) loadLine(st chat.Stage, line int) (chat.StagedLine, error) {
	l, err := scanLine(t.row(`SELECT `+lineColumns+`, coalesce(u.name, '') FROM staged_lines l LEFT JOIN users u ON u.app_id = $3 AND u.id = l.user_id
		WHERE l.stage_n = $1 AND l.line = $2`, st.N, line, string(st.App)))
	if isMissing(err) {
		return l, chat.ErrStageNotFound()
	}
	return l, err
}

// FixStaged changes one line of a stage and says again what becomes of it, and of the lines that name the same people.
func (s *Store) FixStaged(ctx context.Context, actor chat.Actor, ref chat.StageRef, line int, fix chat.StageFix) error {
	return s.change(ctx, actor, func(t *Tx) error {
		st, err := t.openStage(ref)
		if err != nil {
			return err
		}
		l, err := t.loadLine(st, line)
		if err != nil {
			return err
		}
		before := l.User
		if err := t.fix(st, &l, fix); err != nil {
			return err
		}
		if err := t.saveLine(st, l); err != nil {
			return err
		}
		for _, user := range []chat.UserID{before, l.User} {
			if user != "" {
				if err := t.judgeAgain(st, user); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// fix makes the change in the line itself.
func (t *Tx) fix(st chat.Stage, l *chat.StagedLine, fix chat.StageFix) error {
	switch {
	case fix.Text != "" || fix.User != "":
		*l = chat.StagedLine{N: l.N, Typed: strings.TrimSpace(fix.Text), Access: l.Access, Notify: l.Notify}
		if fix.User != "" {
			l.Typed, l.By = string(fix.User), "id"
		}
		one := []chat.StagedLine{*l}
		if err := whom(t, st.App, one); err != nil {
			return err
		}
		if *l = one[0]; l.User == "" && l.Verdict == "" {
			l.Verdict = chat.BadLine
		}
	case fix.Again:
		l.Choice = chat.ChoiceNone
	case fix.Choice == chat.ChoiceSkip:
		l.Choice = chat.ChoiceSkip
	case fix.Choice == chat.ChoiceCreate:
		if l.User == "" {
			return chat.InvalidField("line", "names nobody who could be created")
		}
		if err := t.allow(chat.OpUserCreate, chat.Facts{App: st.App}); err != nil {
			return err
		}
		l.Choice = chat.ChoiceCreate
		if name := strings.TrimSpace(fix.Name); name != "" {
			l.Name = name
		}
		if _, err := l.NewUser().Apply(chat.User{}); err != nil {
			return err
		}
	}
	if l.User == "" && l.Choice == chat.ChoiceSkip {
		l.Verdict = chat.IsSkipped
	} else if l.User == "" && fix.Again { // it was looked up before
		again := []chat.StagedLine{{N: l.N, Typed: l.Typed, By: l.By, Name: l.Name, Email: l.Email, Access: l.Access, Notify: l.Notify}}
		if err := whom(t, st.App, again); err != nil {
			return err
		}
		*l = again[0]
	}
	return nil
}

func (t *Tx) saveLine(st chat.Stage, l chat.StagedLine) error {
	if _, err := t.exec(`UPDATE staged_lines SET typed = $3, user_id = $4, name = $5, email = $6, choice = $7, verdict = $8, why = $9, near = $10 WHERE stage_n = $1 AND line = $2`,
		st.N, l.N, l.Typed, string(l.User), l.Name, l.Email, string(l.Choice), string(l.Verdict), l.Why, toJSON(l.Near)); err != nil {
		return fmt.Errorf("save a staged line: %w", err)
	}
	return nil
}

// judgeAgain says what becomes of all lines that name a user: the first that isn't skipped counts, the others are the same
// once more. Whom no line names any more is one of the others again.
func (t *Tx) judgeAgain(st chat.Stage, user chat.UserID) error {
	rows, err := t.query(`SELECT `+lineColumns+`, '' FROM staged_lines l WHERE l.stage_n = $1 AND l.user_id <> '' AND l.user_id = $2 ORDER BY l.line`, st.N, string(user))
	lines, err := scan(rows, err, scanLine)
	if err != nil {
		return fmt.Errorf("list the lines of a user: %w", err)
	}
	all, err := standings(t, st.App, st.Conversation, []chat.StagedLine{{User: user}}, t.Now)
	if err != nil {
		return err
	}
	at, naming := all[user], false
	for _, l := range lines {
		if l.Typed == "" {
			continue
		}
		naming = true
		if l.Verdict, l.Why = st.Mode.Judge(l, at); l.Choice != chat.ChoiceSkip && at.NamedBy == 0 {
			at.NamedBy = l.N
		}
		if err := t.saveLine(st, l); err != nil {
			return err
		}
	}
	return t.judgeOther(st, user, lines, naming, at.Place.Rank() > 0)
}

// judgeOther keeps the line of somebody who would go because the list doesn't name them.
func (t *Tx) judgeOther(st chat.Stage, user chat.UserID, lines []chat.StagedLine, named, listed bool) error {
	if !st.Mode.Others() {
		return nil
	}
	for _, l := range lines {
		if l.Typed != "" {
			continue
		}
		switch {
		case named:
			_, err := t.exec(`DELETE FROM staged_lines WHERE stage_n = $1 AND line = $2`, st.N, l.N)
			return err
		case l.Choice == chat.ChoiceSkip:
			l.Verdict = chat.IsSkipped
		default:
			l.Verdict = chat.WillRemove
		}
		return t.saveLine(st, l)
	}
	if named || !listed {
		return nil
	}
	var last int
	if err := t.row(`SELECT coalesce(max(line), 0) FROM staged_lines WHERE stage_n = $1`, st.N).Scan(&last); err != nil {
		return err
	}
	return t.insertLines(st.N, []chat.StagedLine{{N: last + 1, User: user, Verdict: chat.WillRemove}})
}

// ChooseStaged decides for all lines of a verdict at once: unknown people are created or skipped.
func (s *Store) ChooseStaged(ctx context.Context, actor chat.Actor, ref chat.StageRef, verdict chat.Verdict, choice chat.StageChoice) error {
	return s.change(ctx, actor, func(t *Tx) error {
		st, err := t.openStage(ref)
		if err != nil {
			return err
		}
		becomes := chat.IsSkipped
		switch {
		case choice == chat.ChoiceCreate && verdict == chat.IsUnknown && st.Mode.Adds():
			becomes = chat.WillCreate
			if err := t.allow(chat.OpUserCreate, chat.Facts{App: st.App}); err != nil {
				return err
			}
		case choice == chat.ChoiceSkip:
		default:
			return chat.InvalidField("do", "is nothing that can be done with all of these")
		}
		_, err = t.exec(`UPDATE staged_lines SET choice = $3, verdict = $4, why = '' WHERE stage_n = $1 AND verdict = $2`, st.N, string(verdict), string(choice), string(becomes))
		return err
	})
}
