package db

import (
	"context"
	"sync"
)

// alarm wakes those who follow the events. A signal says that there is something new, not how much: several commits may
// be one signal, and who is woken reads on from where they were.
type alarm struct {
	mu      sync.Mutex
	waiting map[chan struct{}]bool
}

func (a *alarm) ring() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := range a.waiting {
		select {
		case c <- struct{}{}:
		default: // it has a signal to come for already
		}
	}
}

// ring wakes the followers when one of the changes recorded an event.
func (w *writer) ring(stored []*change) {
	for _, c := range stored {
		if c.err == nil && c.panic == nil && c.tx.told {
			w.woken.ring()
			return
		}
	}
}

// Wake gives a signal after each commit that wrote events, until stop is called. A signal that nobody takes stays; a
// second one is the same. Events that are there already give none.
func (s *Store) Wake() (woken <-chan struct{}, stop func()) { return s.write.woken.listen() }

func (a *alarm) listen() (woken <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[chan struct{}]bool{}
	}
	a.waiting[c] = true
	return c, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.waiting, c)
	}
}

// LastSeq is the seq of the newest event; 0 when there is none.
func (s *Store) LastSeq(ctx context.Context) (seq int64, err error) {
	err = s.read(ctx, func(q querier) error {
		seq, err = lastSeq(q)
		return err
	})
	return seq, err
}

func lastSeq(q querier) (seq int64, err error) {
	err = q.row(`SELECT coalesce(max(seq), 0) FROM events`).Scan(&seq)
	return seq, err
}
