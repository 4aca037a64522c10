package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// noteForm keeps that the form of the change was sent, in the transaction of the change. Several changes of one request
// are one sending.
func (t *Tx) noteForm() error {
	if _, err := t.exec(`DELETE FROM sent_forms WHERE at < $1`, millis(t.Now.Add(-chat.SentFormKept))); err != nil {
		return fmt.Errorf("forget forms: %w", err)
	}
	res, err := t.exec(`INSERT INTO sent_forms (form, same, request_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (form) DO UPDATE SET request_id = excluded.request_id WHERE request_id = excluded.request_id`,
		t.Actor.Form.ID, t.Actor.Form.Same, t.Actor.RequestID, millis(t.Now))
	if err != nil {
		return fmt.Errorf("note form: %w", err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return chat.ErrAlreadyDone()
	}
	return err
}

// SentForm tells when a form was sent that changed something, and when the same was last sent from any making of its page.
// Zero times: never, or too long ago to know.
func (s *Store) SentForm(ctx context.Context, f chat.SentForm) (this, same time.Time, err error) {
	err = s.read(ctx, func(q querier) error {
		var at, last int64
		if err := q.row(`SELECT coalesce((SELECT at FROM sent_forms WHERE form = $1), 0), coalesce((SELECT max(at) FROM sent_forms WHERE same = $2), 0)`,
			f.ID, f.Same).Scan(&at, &last); err != nil {
			return fmt.Errorf("look for a form: %w", err)
		}
		this, same = fromMillis(at), fromMillis(last)
		return nil
	})
	return this, same, err
}
