package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"guestlist/db/chat"
)

// writer commits concurrent changes together (group commit): each holds or fails alone, one fsync serves all, and a
// caller gets its answer only after that fsync. A caller that finds the writer free leads: it runs its own change and
// whatever else waits by then, commits, hands the lead to the next one waiting, and answers. Nobody waits on purpose for
// others to come; the fsync itself does the gathering.
type writer struct {
	db       *sql.DB
	conn     *conn // used by the leader only
	maxBatch int
	now      func() time.Time
	failed   func() // called when the disk can't be trusted any more
	woken    alarm  // rung after each commit that wrote events

	mu     sync.Mutex
	led    bool
	closed bool
	queue  []*change
	idle   sync.Cond
}

// change is one caller's share of a commit.
type change struct {
	actor chat.Actor
	fn    func(*Tx) error
	tx    *Tx
	err   error
	panic any
	leads chan bool // true: you lead now; false: your change is done
	alone bool      // not a change: its caller wants the writer for itself
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
// only what fn did. fn may run more than once, each time from the state before it. Once the change is accepted, a cancelled ctx no longer stops it.
func (w *writer) do(ctx context.Context, actor chat.Actor, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &change{actor: actor, fn: fn, leads: make(chan bool, 1)}
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
	for i, c := range w.queue[:n] {
		if c.alone {
			n = i
			break
		}
	}
	batch := w.queue[:n:n]
	w.queue = append([]*change(nil), w.queue[n:]...)
	w.mu.Unlock()

	w.commit(batch)

	w.pass()
	for _, c := range batch[1:] {
		c.leads <- false
	}
}

// pass hands the lead to the next one waiting.
func (w *writer) pass() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) > 0 {
		w.queue[0].leads <- true
		return
	}
	w.led = false
	w.idle.Broadcast()
}

// alone runs fn while no change does: those that come meanwhile wait. fn may not change anything through the writer.
func (w *writer) alone(fn func() error) error {
	c := &change{alone: true, leads: make(chan bool, 1)}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return unavailable(errors.New("the store is closed"))
	}
	w.queue = append(w.queue, c)
	lead := !w.led
	w.led = true
	w.mu.Unlock()
	if !lead {
		<-c.leads
	}
	w.mu.Lock()
	w.queue = w.queue[1:]
	w.mu.Unlock()
	defer w.pass()
	return fn()
}

// commit runs a batch and puts it on disk. A member that fails after it wrote something is taken out, with its error,
// and the others run again from the start: seldom needed, that is cheaper than a savepoint for each.
func (w *writer) commit(batch []*change) {
	now := w.now().UTC().Truncate(time.Millisecond)
	batch = slices.Clone(batch)
	for {
		spoiler, err := w.attempt(batch, now)
		if spoiler < 0 {
			w.finish(batch, err)
			return
		}
		batch = slices.Delete(batch, spoiler, spoiler+1)
	}
}

// attempt runs the batch in one transaction. Where a member failed after it wrote, all is rolled back and the member's
// place is given, else -1.
func (w *writer) attempt(batch []*change, now time.Time) (spoiler int, err error) {
	if err := w.conn.run("BEGIN IMMEDIATE"); err != nil {
		return -1, err
	}
	sum := counts{}
	for i, c := range batch {
		c.tx = &Tx{w: w, counts: counts{}, Actor: c.actor, Now: now}
		c.perform()
		switch failed := c.err != nil || c.panic != nil; {
		case failed && c.tx.wrote:
			_ = w.conn.run("ROLLBACK") // a full disk has rolled back by itself
			return i, nil
		case !failed:
			sum.add(c.tx.counts)
		}
	}
	if err = w.flush(sum); err == nil {
		err = w.conn.run("COMMIT")
	}
	if err != nil {
		_ = w.conn.run("ROLLBACK")
	}
	return -1, err
}

func (c *change) perform() {
	defer func() { c.panic = recover() }()
	c.err = c.fn(c.tx)
}

// finish tells those whose change would have been stored that the commit failed.
func (w *writer) finish(batch []*change, err error) {
	if err == nil {
		w.ring(batch)
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
	told   bool   // an event was recorded
	erased bool   // an erasure ended, and files are to go with it
	batch  string // that the last event of a bulk change belongs to
	counts counts

	Actor chat.Actor
	Now   time.Time // of the commit, to the millisecond
}

func (t *Tx) query(text string, args ...any) (*sql.Rows, error) { return t.w.conn.query(text, args...) }

func (t *Tx) row(text string, args ...any) *sql.Row { return t.w.conn.row(text, args...) }

func (t *Tx) exec(text string, args ...any) (sql.Result, error) {
	t.wrote = true
	return t.w.conn.exec(text, args...)
}

// change runs fn as one transaction of actor. A form that changed something before is refused, with nothing done.
func (s *Store) change(ctx context.Context, actor chat.Actor, fn func(*Tx) error) error {
	return s.write.do(ctx, actor, func(t *Tx) error {
		if err := fn(t); err != nil || actor.Form.ID == "" || !t.wrote {
			return err
		}
		return t.noteForm()
	})
}

// allow asks the rule in the change.
func (t *Tx) allow(op chat.Operation, f chat.Facts) error {
	return allow(t, t.Actor, t.Now, op, f)
}

// judge notes whether the acting user is banned.
func judge(q querier, f *chat.Facts, user chat.UserID, now time.Time) error {
	ban, stands, err := standingBan(q, f.App, user, now)
	f.Banned, f.BannedUntil = stands, ban.Until
	return err
}

// allow asks the rule. Admins are judged by the role they have by now in the app that it is about. The switches, which only
// browsers are judged by, are loaded for browsers only.
func allow(q querier, actor chat.Actor, now time.Time, op chat.Operation, f chat.Facts) error {
	f.Now = now
	if actor.Kind == chat.AdminActor {
		var err error
		if actor, err = standing(q, actor, f.App, now); err != nil {
			return err
		}
	}
	if actor.Kind == chat.UserActor {
		settings, err := loadSettings(q, f.App)
		if err != nil {
			return err
		}
		f.Security = settings.Security()
		if err := judge(q, &f, chat.UserID(actor.ID), now); err != nil {
			return err
		}
	}
	if actor.Observed != nil {
		if why := chat.Observe(actor, op, f); why != "" {
			actor.Observed(why)
		}
	}
	return chat.Allow(actor, op, f)
}
