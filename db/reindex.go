package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// Custom values came to the search indexes late. What was stored before is indexed again in small steps, while the server
// runs; where that stands is in the database, so that a restart goes on.

// reindexStep is how many rows one step looks at.
const reindexStep = 1000

// Reindex does what is left to index again, until it is done or ctx ends. It leaves room for others between its steps.
func (s *Store) Reindex(ctx context.Context) error {
	for {
		left, err := s.reindexStep(ctx)
		if err != nil || !left {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// reindexStep indexes the next rows again, in one transaction with where it stands; left tells whether there are more.
func (s *Store) reindexStep(ctx context.Context) (left bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		var what string
		var from, last int64
		err := t.row(`SELECT what, n FROM reindex ORDER BY what LIMIT 1`).Scan(&what, &from)
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("index again: %w", err)
		}
		left = true
		if what == "users" {
			err = reindex(t, "users", userColumns+` FROM users u WHERE u.n`, "u.n", from, scanUser, func(u chat.User) (chat.AppID, string, bool) { return u.App, userText(u), len(u.Custom) > 0 })
		} else {
			err = reindex(t, "conversations", conversationColumns+` FROM conversations c `+lastMessageJoin+` WHERE c.n`, "c.n", from, scanConversation,
				func(c chat.Conversation) (chat.AppID, string, bool) {
					return c.App, conversationText(c), len(c.Custom) > 0
				})
		}
		if err != nil {
			return err
		}
		if err := t.row(`SELECT coalesce(max(n), 0) FROM ` + what).Scan(&last); err != nil {
			return err
		}
		if from+reindexStep >= last {
			_, err = t.exec(`DELETE FROM reindex WHERE what = $1`, what)
		} else {
			_, err = t.exec(`UPDATE reindex SET n = $2 WHERE what = $1`, what, from+reindexStep)
		}
		return err
	})
	return left, err
}

func reindex[T any](t *Tx, table, list, key string, from int64, one func(interface{ Scan(...any) error }) (numbered[T], error), text func(T) (chat.AppID, string, bool)) error {
	rows, err := t.query(`SELECT `+list+` > $1 AND `+key+` <= $2 ORDER BY `+key, from, from+reindexStep)
	all, err := scan(rows, err, one)
	if err != nil {
		return fmt.Errorf("index again: %w", err)
	}
	for _, row := range all {
		if app, words, changed := text(row.v); changed {
			if err := t.index(table+"_search", app, row.n, words); err != nil {
				return err
			}
		}
	}
	return nil
}
