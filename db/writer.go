package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"guestlist/db/chat"
)

// writer commits concurrent changes together (group commit): each runs in a savepoint of its own, one fsync serves all,
// and a caller gets its answer only after that fsync. A caller that finds the writer free leads: it runs its own change
// and whatever else waits by then, commits, hands the lead to the next one waiting, and answers. Nobody waits on purpose
// for others to come; the fsync itself does the gathering.
type writer struct {
	db       *sql.DB
	conn     *conn // used by the leader only
	maxBatch int
	now      func() time.Time
	failed   func() // called when the disk can't be trusted any more

	mu     sync.Mutex
	led    bool
	closed bool
	queue  []*change
	idle   sync.Cond
}

// change is one caller's share of a commit.
type change struct {
	tx    *Tx
	fn    func(*Tx) error
	err   error
	panic any
	leads chan bool // true: you lead now; false: your change is done
}

const defaultBatch = 256

func newWriter(ctx context.Context, db *sql.DB, maxBatch int, now func() time.Time, failed func()) (*writer, error) {
	if maxBatch == 0 {
		maxBatch = defaultBatch
	}
	conn, err := newConn(ctx, db)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: conn, maxBatch: maxBatch, now: now, failed: failed}
	w.idle.L = &w.mu
	return w, nil
}

// do runs fn in a transaction of its own as far as fn can tell, and returns after it is on disk. An error of fn undoes
// only what fn did. Once the change is accepted, a cancelled ctx no longer stops it.
func (w *writer) do(ctx context.Context, actor chat.Actor, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &change{tx: &Tx{w: w, Actor: actor}, fn: fn, leads: make(chan bool, 1)}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return unavailable(errors.New("the store is closed"))
	}
	w.queue = append(w.queue, c)
	lead := !w.led
	w.led = true
	w.mu.Unlock()
	if lead || <-c.leads {
		w.lead()
	}
	if c.panic != nil {
		panic(c.panic)
	}
	return writeError(c.err)
}

// lead commits one batch, in which the leader's own change is first, and passes the lead on.
func (w *writer) lead() {
	w.mu.Lock()
	n := min(len(w.queue), w.maxBatch)
	batch := w.queue[:n:n]
	w.queue = append([]*change(nil), w.queue[n:]...)
	w.mu.Unlock()

	w.commit(batch)

	w.mu.Lock()
	if len(w.queue) > 0 {
		w.queue[0].leads <- true
	} else {
		w.led = false
		w.idle.Broadcast()
	}
	w.mu.Unlock()
	for _, c := range batch[1:] {
		c.leads <- false
	}
}

func (w *writer) commit(batch []*change) {
	now := w.now().UTC().Truncate(time.Millisecond)
	err := w.conn.run("BEGIN IMMEDIATE")
	if err == nil {
		counts := counts{}
		for _, c := range batch {
			c.tx.Now = now
			w.perform(c)
			if c.err == nil && c.panic == nil {
				counts.add(c.tx.counts)
			}
		}
		if err = w.flush(counts); err == nil {
			err = w.conn.run("COMMIT")
		}
		if err != nil {
			_ = w.conn.run("ROLLBACK")
		}
	}
	if err == nil {
		return
	}
	if diskFailed(err) {
		w.failed()
	}
	for _, c := range batch {
		if c.err == nil {
			c.err = fmt.Errorf("commit: %w", err)
		}
	}
}

// perform runs one change inside the open transaction. Its savepoint is set by its first write, so a change that is
// refused before it wrote anything costs nothing.
func (w *writer) perform(c *change) {
	defer func() {
		if c.panic = recover(); c.panic != nil || c.err != nil {
			if c.tx.wrote {
				if err := w.conn.run("ROLLBACK TO member"); err != nil && c.err == nil {
					c.err = err
				}
			}
		}
		if c.tx.wrote {
			if err := w.conn.run("RELEASE member"); err != nil && c.err == nil {
				c.err = err
			}
		}
	}()
	c.err = c.fn(c.tx)
}

// close waits for accepted changes and ends the connection, which empties the write-ahead log.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	for w.led {
		w.idle.Wait()
	}
	w.mu.Unlock()
	return errors.Join(w.conn.close(), w.db.Close())
}

// Tx is one change inside a commit.
type Tx struct {
	w      *writer
	wrote  bool
	counts counts

	Actor chat.Actor
	Now   time.Time // of the commit, to the millisecond
}

func (t *Tx) query(text string, args ...any) (*sql.Rows, error) { return t.w.conn.query(text, args...) }

func (t *Tx) row(text string, args ...any) *sql.Row { return t.w.conn.row(text, args...) }

func (t *Tx) exec(text string, args ...any) (sql.Result, error) {
	if !t.wrote {
		if err := t.w.conn.run("SAVEPOINT member"); err != nil {
			return nil, err
		}
		t.wrote = true
	}
	return t.w.conn.exec(text, args...)
}

// change runs fn as one transaction of actor.
func (s *Store) change(ctx context.Context, actor chat.Actor, fn func(*Tx) error) error {
	return s.write.do(ctx, actor, fn)
}

// allow asks the rule. Facts that only browsers are judged by are loaded for browsers only.
func (t *Tx) allow(op chat.Operation, f chat.Facts) error {
	f.Now = t.Now
	if t.Actor.Kind == chat.UserActor {
		settings, err := loadSettings(t, f.App)
		if err != nil {
			return err
		}
		f.Security = settings.Security()
	}
	return chat.Allow(t.Actor, op, f)
}
