package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// endsAt and historyFrom are a participant's terms in a list of participants p.
const (
	endsAt      = `coalesce((SELECT t.ends_at FROM terms t WHERE t.app_id = p.app_id AND t.conversation_id = p.conversation_id AND t.user_id = p.user_id), 0)`
	historyFrom = `coalesce((SELECT t.history_from FROM terms t WHERE t.app_id = p.app_id AND t.conversation_id = p.conversation_id AND t.user_id = p.user_id), 0)`
)

// keepTerms remembers the end and the cut that a server or an admin left a user. Those of browsers set none, and what they
// put back on the list has those that were left.
func (t *Tx) keepTerms(was place, p chat.Participant) error {
	had := was.participant
	ref := []any{string(p.App), string(p.Conversation), string(p.User)}
	if t.Actor.Kind == chat.UserActor {
		if had.Until.IsZero() && had.HistoryFrom.IsZero() {
			return nil
		}
		_, err := t.exec(`UPDATE terms SET gone = 0 WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, ref...)
		return err
	}
	if p.Until.IsZero() && p.HistoryFrom.IsZero() {
		if had.Until.IsZero() && had.HistoryFrom.IsZero() {
			return nil
		}
		_, err := t.exec(`DELETE FROM terms WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, ref...)
		return err
	}
	after := had.HistoryAfter
	if !had.HistoryFrom.Equal(p.HistoryFrom) {
		var err error
		if after, err = t.lastBefore(p); err != nil {
			return err
		}
	}
	if _, err := t.exec(`INSERT INTO terms (app_id, conversation_id, user_id, ends_at, history_from, history_after) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (app_id, conversation_id, user_id) DO UPDATE SET ends_at = excluded.ends_at, history_from = excluded.history_from, history_after = excluded.history_after, gone = 0`,
		append(ref, millis(p.Until), millis(p.HistoryFrom), after)...); err != nil {
		return fmt.Errorf("keep terms: %w", err)
	}
	return nil
}

// lastBefore is the seq of the last message that a participant's cut hides.
func (t *Tx) lastBefore(p chat.Participant) (seq int64, err error) {
	if p.HistoryFrom.IsZero() {
		return 0, nil
	}
	err = t.row(`SELECT seq FROM messages WHERE app_id = $1 AND conversation_id = $2 AND created_at <= $3 ORDER BY seq DESC LIMIT 1`,
		string(p.App), string(p.Conversation), millis(p.HistoryFrom)).Scan(&seq)
	if isMissing(err) {
		return 0, nil
	}
	return seq, err
}

// leaveTerms notes that somebody with terms is not on the list any more.
func (t *Tx) leaveTerms(p chat.Participant) error {
	if p.Until.IsZero() && p.HistoryFrom.IsZero() {
		return nil
	}
	_, err := t.exec(`UPDATE terms SET gone = 1 WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, string(p.App), string(p.Conversation), string(p.User))
	return err
}

// asNow checks a change and brings a cut that lies ahead, by a clock that is fast, to now.
func (t *Tx) asNow(change chat.ParticipantChange) (chat.ParticipantChange, error) {
	if from := change.HistoryFrom; from.Set && !from.Null && from.Value.Time().After(t.Now) {
		change.HistoryFrom.Value = chat.MomentOf(t.Now)
	}
	return change, change.Check(t.Now)
}

// endedAtOnce is how many participants one transaction ends.
const endedAtOnce = 200

// EndAccess takes those off their lists whose access is over, as the clock's own act: some at a time, and tells whether
// there may be more. Nothing waits for it: who is over has no standing before it comes.
func (s *Store) EndAccess(ctx context.Context) (more bool, err error) {
	var due []chat.ParticipantRef
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT t.app_id, t.conversation_id, t.user_id FROM terms t WHERE t.ends_at > 0 AND t.gone = 0 AND t.ends_at <= $1 ORDER BY t.ends_at LIMIT $2`, millis(s.now()), endedAtOnce)
		due, err = scan(rows, err, func(row interface{ Scan(...any) error }) (ref chat.ParticipantRef, err error) {
			return ref, row.Scan(&ref.App, &ref.Conversation, &ref.User)
		})
		return err
	})
	if err != nil || len(due) == 0 {
		return false, err
	}
	err = s.change(ctx, clock, func(t *Tx) error {
		for _, ref := range due {
			pl, err := loadPlace(t, ref)
			if chat.ReasonOf(err) == chat.ConversationMissing {
				continue
			}
			if err != nil {
				return err
			}
			if !pl.participant.Ended(t.Now) {
				continue // extended meanwhile
			}
			if !pl.taken() {
				if err := t.leaveTerms(pl.participant); err != nil {
					return err
				}
				continue
			}
			if _, err := t.endPlace(pl); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due) == endedAtOnce, err
}

// endPlace takes somebody off the list whose access is over. What was left to them stays.
func (t *Tx) endPlace(pl place) (chat.Event, error) {
	p := pl.participant
	if err := t.dropPlace(p); err != nil {
		return chat.Event{}, err
	}
	return t.record(chat.Event{Type: chat.ParticipantLeft, App: p.App, Conversation: p.Conversation, User: p.User}, p.Image(), chat.Image{"reason": "ended"})
}

// Ending is a participant whose access ends.
type Ending struct {
	chat.Participant
	Subject string // of the conversation
}

// EndingQuery asks for the participants whose access ends, the next first.
type EndingQuery struct {
	App          chat.AppID
	Conversation chat.ConversationID // "" for all
	User         chat.UserID         // "" for all
	Before       time.Time           // only those that end before it; zero for all
	Window
}

// Endings is a page of the participants whose access ends.
func (s *Store) Endings(ctx context.Context, eq EndingQuery) (p Page[Ending], err error) {
	err = s.read(ctx, func(q querier) error { p, err = listEndings(q, eq); return err })
	return p, err
}

func listEndings(q querier, eq EndingQuery) (Page[Ending], error) {
	compare, dir, edge := ">", "ASC", []any{int64(-1), "", ""}
	if eq.backward() {
		compare, dir = "<", "DESC"
	}
	if cursor := eq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "iss")
		if err != nil {
			return Page[Ending]{}, err
		}
		edge = at
	}
	args := append([]any{string(eq.App), eq.limit() + 1}, edge...)
	where := ""
	add := func(condition string, arg any) {
		args = append(args, arg)
		where += fmt.Sprintf(" AND "+condition, len(args))
	}
	if eq.Conversation != "" {
		add("t.conversation_id || '' = $%d", string(eq.Conversation))
	}
	if eq.User != "" {
		add("t.user_id || '' = $%d", string(eq.User))
	}
	if !eq.Before.IsZero() {
		add("t.ends_at < $%d", millis(eq.Before))
	}
	rows, err := q.query(fmt.Sprintf(`SELECT %s, c.subject FROM terms t
		CROSS JOIN participants p ON p.app_id = t.app_id AND p.conversation_id = t.conversation_id AND p.user_id = t.user_id
		CROSS JOIN users u ON u.app_id = t.app_id AND u.id = t.user_id CROSS JOIN conversations c ON c.app_id = t.app_id AND c.id = t.conversation_id
		WHERE t.app_id = $1 AND t.ends_at > 0 AND t.gone = 0 AND (t.ends_at, t.conversation_id, t.user_id) %s ($3, $4, $5)%s
		ORDER BY t.ends_at %s, t.conversation_id %s, t.user_id %s LIMIT $2`, participantColumns, compare, where, dir, dir, dir), args...)
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (e Ending, err error) {
		e.Participant, err = scanParticipant(eq.App)(withMore{row, []any{&e.Subject}})
		return e, err
	})
	if err != nil {
		return Page[Ending]{}, fmt.Errorf("list endings: %w", err)
	}
	return page(eq.Window, all, func(e Ending) string {
		return encodeCursor(millis(e.Until), string(e.Conversation), string(e.User))
	}), nil
}

// GuestEndings are the conversations whose guest access ends or has ended, the next first, at most limit.
func (s *Store) GuestEndings(ctx context.Context, app chat.AppID, limit int) (all []chat.Conversation, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+conversationColumns+` FROM conversations c `+lastMessageJoin+` WHERE c.app_id = $1 AND c.guests_until > 0 ORDER BY c.guests_until, c.id LIMIT $2`, string(app), limit)
		found, err := scan(rows, err, scanConversation)
		for _, c := range found {
			all = append(all, c.v)
		}
		return err
	})
	return all, err
}

// NewEnd is how an end moves: by so much from where it is, or from now where that is past; to a time; or away.
type NewEnd struct {
	By   time.Duration
	To   time.Time
	None bool
}

func (n NewEnd) of(end, now time.Time) chat.Opt[chat.Moment] {
	switch {
	case n.None:
		return chat.Null[chat.Moment]()
	case n.By > 0:
		if end.Before(now) {
			end = now
		}
		return chat.Some(chat.MomentOf(end.Add(n.By)))
	}
	return chat.Some(chat.MomentOf(n.To))
}

// ExtendAccess moves the ends of several participants, all or none, as one change. Who is not on the list any more, or has
// no end, is left alone.
func (s *Store) ExtendAccess(ctx context.Context, actor chat.Actor, app chat.AppID, refs []chat.ParticipantRef, to NewEnd) (result PlacesResult, err error) {
	if len(refs) == 0 || len(refs) > MaxBulk {
		return PlacesResult{}, chat.InvalidField("ids", fmt.Sprintf("must name 1 to %d participants", MaxBulk))
	}
	err = s.change(ctx, actor, func(t *Tx) error {
		result = PlacesResult{}
		if err := t.allow(chat.OpParticipantEditAccess, chat.Facts{App: app}); err != nil {
			return err
		}
		batch := rand.Text()
		for _, ref := range refs {
			ref.App = app
			pl, err := loadPlace(t, ref)
			gone := chat.ReasonOf(err) == chat.ConversationMissing
			if err != nil && !gone {
				return err
			}
			if gone || !pl.taken() || pl.participant.Until.IsZero() {
				result.Unchanged = append(result.Unchanged, ref.Conversation)
				continue
			}
			change, err := t.asNow(chat.ParticipantChange{Until: to.of(pl.participant.Until, t.Now)})
			if err != nil {
				return err
			}
			e, err := t.updateParticipant(pl, change.Apply(pl.participant), chat.Event{Batch: batch})
			if err != nil {
				return err
			}
			if e.Seq == 0 {
				result.Unchanged = append(result.Unchanged, ref.Conversation)
				continue
			}
			result.Batch, result.Changed = batch, append(result.Changed, ref.Conversation)
		}
		return nil
	})
	return result, err
}

// hideLast leaves out a conversation's last message where a cut hides it.
func hideLast(c *chat.Conversation, after int64) {
	if c.LastMessage != nil && c.LastMessage.Seq <= after {
		c.LastMessage = nil
	}
}
