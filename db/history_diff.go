package db

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"time"

	"guestlist/db/chat"
)

// Difference is what became of a list between two moments: how many moved, by kind, and a page of them, by kind and user.
type Difference struct {
	Counts map[chat.MoveKind]int
	Moves  Page[chat.Move]
}

// ListDifference is what became of a list between two moments; the zero time of to is now.
func (s *Store) ListDifference(ctx context.Context, app chat.AppID, conv chat.ConversationID, from, to time.Time, w Window) (d Difference, err error) {
	err = s.read(ctx, func(q querier) error {
		moves, err := differ(q, app, conv, from, to)
		if err != nil {
			return err
		}
		d.Counts = countMoves(moves)
		if d.Moves, err = pageOfMoves(moves, w); err != nil {
			return err
		}
		return nameMoves(q, app, d.Moves.Items)
	})
	return d, err
}

func countMoves(moves []chat.Move) map[chat.MoveKind]int {
	n := map[chat.MoveKind]int{}
	for _, m := range moves {
		n[m.Kind()]++
	}
	return n
}

// differ are all moves between two moments, by kind and user.
func differ(q querier, app chat.AppID, conv chat.ConversationID, from, to time.Time) ([]chat.Move, error) {
	p, err := presentList(q, app, conv)
	if err != nil {
		return nil, err
	}
	if !to.IsZero() {
		if err := p.walkBack(q, to); err != nil {
			return nil, err
		}
	}
	later := *p
	later.Past = &chat.Past{Was: maps.Clone(p.Was)}
	if err := p.walkBack(q, from); err != nil {
		return nil, err
	}
	users := slices.Collect(maps.Keys(p.touched))
	now, err := later.nowOrAll(q, users)
	if err != nil {
		return nil, err
	}
	if p.replayed && !later.replayed { // everybody on the list now came later
		if err := later.everybody(q, now); err != nil {
			return nil, err
		}
		for user := range now {
			p.touched[user] = true
		}
		users = slices.Collect(maps.Keys(p.touched))
	}
	var moves []chat.Move
	for _, user := range users {
		m := chat.Move{User: user, Before: p.state(user, now), After: later.state(user, now)}
		if m.Kind() != chat.Unmoved {
			moves = append(moves, m)
		}
	}
	slices.SortFunc(moves, func(a, b chat.Move) int {
		return cmp.Or(cmp.Compare(moveRank(a), moveRank(b)), cmp.Compare(a.User, b.User))
	})
	return moves, nil
}

// nowOrAll are the present places of some users; of very many, those of everybody, which is quicker than one by one.
func (p *pastList) nowOrAll(q querier, users []chat.UserID) (map[chat.UserID]*chat.Participant, error) {
	if len(users) <= smallList {
		return p.now(q, users)
	}
	all := map[chat.UserID]*chat.Participant{}
	return all, p.everybody(q, all)
}

// everybody adds the whole list of now.
func (p *pastList) everybody(q querier, now map[chat.UserID]*chat.Participant) error {
	for w := (Window{Limit: pastStep}); ; {
		some, err := p.present(q, w)
		if err != nil {
			return err
		}
		for i := range some.Items {
			now[some.Items[i].User] = &some.Items[i]
		}
		if w.After = some.Next; w.After == "" {
			return nil
		}
	}
}

func moveRank(m chat.Move) int { return slices.Index(chat.MoveKinds, m.Kind()) }

func moveCursor(m chat.Move) string { return encodeCursor(int64(moveRank(m)), string(m.User)) }

func pageOfMoves(moves []chat.Move, w Window) (Page[chat.Move], error) {
	if cursor := w.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "is")
		if err != nil {
			return Page[chat.Move]{}, err
		}
		i, found := slices.BinarySearchFunc(moves, at, func(m chat.Move, at []any) int {
			return cmp.Or(cmp.Compare(int64(moveRank(m)), at[0].(int64)), cmp.Compare(string(m.User), at[1].(string)))
		})
		switch {
		case w.backward():
			moves = slices.Clone(moves[:i])
			slices.Reverse(moves)
		case found:
			moves = moves[i+1:]
		default:
			moves = moves[i:]
		}
	}
	return page(w, slices.Clone(moves[:min(len(moves), w.limit()+1)]), moveCursor), nil
}

// nameMoves fills in the names of those who are still there.
func nameMoves(q querier, app chat.AppID, moves []chat.Move) error {
	for i := range moves {
		for _, p := range []**chat.Participant{&moves[i].Before, &moves[i].After} {
			if *p == nil {
				continue
			}
			one := []chat.Participant{**p}
			if err := nameAll(q, app, one); err != nil {
				return err
			}
			*p = &one[0]
		}
	}
	return nil
}

// Restoration is a staged change that makes the list what it was at a moment: who came since goes, who went comes back,
// what changed is changed back, each only if ticked. Seen are the numbers that were looked at.
type Restoration struct {
	At    time.Time
	Parts map[chat.MoveKind]bool
	Seen  map[chat.MoveKind]int
}

// RestoreList makes a list what it was at a moment, as one change. It is refused as stale when the difference is not the
// one that was looked at, and when it is more than MaxBulk people. Who is no user any more stays away.
func (s *Store) RestoreList(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, r Restoration) (result BulkResult, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		result = BulkResult{}
		for _, op := range []chat.Operation{chat.OpParticipantAdd, chat.OpParticipantRemove, chat.OpParticipantEditAccess} {
			if err := t.allow(op, chat.Facts{App: app}); err != nil {
				return err
			}
		}
		moves, err := differ(t, app, conv, r.At, time.Time{})
		if err == nil {
			result, err = t.restoreMoves(app, conv, moves, r)
		}
		return err
	})
	return result, err
}

// restoreMoves takes back those of the moves that are ticked, as one change.
func (t *Tx) restoreMoves(app chat.AppID, conv chat.ConversationID, moves []chat.Move, r Restoration) (result BulkResult, err error) {
	if !maps.Equal(countMoves(moves), r.Seen) {
		return result, staleDifference()
	}
	moves = slices.DeleteFunc(moves, func(m chat.Move) bool { return !r.Parts[m.Kind()] })
	if len(moves) > MaxBulk {
		return result, chat.InvalidField("parts", fmt.Sprintf("are more than %d people, which is more than one change may be", MaxBulk))
	}
	batch := rand.Text()
	for _, m := range moves {
		e, err := t.moveBack(chat.ParticipantRef{App: app, Conversation: conv, User: m.User}, m, batch)
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
func (t *Tx) moveBack(ref chat.ParticipantRef, m chat.Move, batch string) (chat.Event, error) {
	pl, err := loadPlace(t, ref)
	if err != nil {
		return chat.Event{}, err
	}
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
