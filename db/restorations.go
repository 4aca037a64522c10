package db

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"guestlist/db/chat"
)

// Restoration is a staged change that makes the list what it was at a moment: who came since goes, who went comes back,
// what changed is changed back, each only if ticked. Seen are the numbers that were looked at.
type Restoration struct {
	At    time.Time
	Parts map[chat.MoveKind]bool
	Seen  map[chat.MoveKind]int
}

// RestoreList makes a list what it was at a moment, as one change; of more than MaxBulk people by a job. It is refused as
// stale when the difference is not the one that was looked at. Who is no user any more stays away.
func (s *Store) RestoreList(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, r Restoration) (BulkResult, error) {
	return s.restoreList(ctx, actor, app, conv, r, func(q querier) ([]chat.Move, error) { return differ(q, app, conv, r.At, time.Time{}) })
}

// restoreList takes back those of the moves to the list of now that are ticked.
func (s *Store) restoreList(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, r Restoration, all func(querier) ([]chat.Move, error)) (result BulkResult, err error) {
	var moves []chat.Move
	var seq int64
	err = s.read(ctx, func(q querier) error {
		if err := mayRestore(q, actor, s.now(), app); err != nil {
			return err
		}
		if seq, err = lastSeq(q); err == nil {
			moves, err = ticked(q, r, all)
		}
		return err
	})
	if err != nil {
		return result, err
	}
	if len(moves) > MaxBulk {
		result.Batch = rand.Text()
		result.Job, err = s.startRestoration(ctx, actor, app, conv, moves, seq, result.Batch)
		return result, err
	}
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := mayRestore(t, actor, t.Now, app); err != nil {
			return err
		}
		if moved, err := movedSince(t, app, conv, seq); err != nil {
			return err
		} else if moved {
			if moves, err = ticked(t, r, all); err != nil {
				return err
			}
		}
		result, err = t.restoreMoves(app, conv, moves)
		return err
	})
	return result, err
}

func mayRestore(q querier, actor chat.Actor, now time.Time, app chat.AppID) error {
	for _, op := range []chat.Operation{chat.OpParticipantAdd, chat.OpParticipantRemove, chat.OpParticipantEditAccess} {
		if err := allow(q, actor, now, op, chat.Facts{App: app}); err != nil {
			return err
		}
	}
	return nil
}

// ticked are those of all moves that are to be taken back, when they are the ones that were looked at.
func ticked(q querier, r Restoration, all func(querier) ([]chat.Move, error)) ([]chat.Move, error) {
	moves, err := all(q)
	if err == nil && !maps.Equal(countMoves(moves), r.Seen) {
		err = staleDifference()
	}
	return slices.DeleteFunc(moves, func(m chat.Move) bool { return !r.Parts[m.Kind()] }), err
}

// movedSince tells whether anything happened to a conversation behind seq.
func movedSince(q querier, app chat.AppID, conv chat.ConversationID, seq int64) (moved bool, err error) {
	err = q.row(`SELECT EXISTS (SELECT 1 FROM events e WHERE e.app_id = $1 AND e.conversation_id <> '' AND e.conversation_id = $2`+inAudit+` AND e.seq > $3)`,
		string(app), string(conv), seq).Scan(&moved)
	return moved, err
}

// restoreMoves takes moves back as one change.
func (t *Tx) restoreMoves(app chat.AppID, conv chat.ConversationID, moves []chat.Move) (result BulkResult, err error) {
	if len(moves) > MaxBulk { // they were fewer a moment ago
		return result, staleDifference()
	}
	batch := rand.Text()
	for _, m := range moves {
		pl, err := loadPlace(t, chat.ParticipantRef{App: app, Conversation: conv, User: m.User})
		if err != nil {
			return result, err
		}
		e, err := t.moveBack(pl, m, batch)
		if err != nil {
			return result, err
		}
		if e.Seq == 0 {
			result.Unchanged = append(result.Unchanged, m.User)
			continue
		}
		result.Batch, result.Changed = batch, append(result.Changed, m.User)
	}
	return result, nil
}

func staleDifference() *chat.Error {
	return &chat.Error{Code: chat.Conflict, Reason: chat.StaleChange, Message: "Not restored. The list changed while you were looking.",
		Hint: "Nothing was changed. Look at the difference as it is now, and restore again."}
}

// moveBack gives a user what they had before a move.
func (t *Tx) moveBack(pl place, m chat.Move, batch string) (chat.Event, error) {
	switch m.Kind() {
	case chat.MovedIn:
		return t.removeParticipant(pl, batch)
	case chat.Changed:
		after := pl.participant
		after.Access, after.Notify, after.Until, after.HistoryFrom = m.Before.Access, m.Before.Notify, m.Before.Until, m.Before.HistoryFrom
		if after.Ended(t.Now) {
			return chat.Event{}, nil // what they had is over by now
		}
		return t.updateParticipant(pl, after, chat.Event{Batch: batch})
	}
	if !pl.userExists || m.Before.Ended(t.Now) {
		return chat.Event{}, nil
	}
	if pl.limit > 0 && m.Before.Access != chat.AccessNone && pl.counts.Listed() >= pl.limit {
		return chat.Event{}, participantLimit(pl.limit)
	}
	back := *m.Before
	back.UserName = pl.userName
	e, err := t.insertParticipant(pl, back, chat.Event{Batch: batch})
	if chat.ReasonOf(err) == chat.UserBannedFromAll {
		return chat.Event{}, nil // till the ban is lifted
	}
	return e, err
}
