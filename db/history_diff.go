package db

import (
	"cmp"
	"context"
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
