package live

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"guestlist/db"
	"guestlist/db/chat"
)

const (
	batch      = 1000                   // events that are told together
	sweepEvery = 500 * time.Millisecond // ends what a clock ends
	retryAfter = time.Second
)

// Run tells what happens until ctx ends. What happened before it started is nobody's news.
func (n *Node) Run(ctx context.Context) error {
	if err := n.socket.Run(); err != nil {
		return err
	}
	seq, err := n.Store.LastSeq(ctx)
	switch {
	case ctx.Err() != nil: // told to end before it began
		return nil
	case err != nil:
		return err
	}
	n.mu.Lock()
	n.cursor = max(n.cursor, seq)
	n.mu.Unlock()
	woken, stop := n.Store.Wake()
	defer stop()
	var feeds sync.WaitGroup
	defer feeds.Wait()
	feeds.Go(func() { n.tellFeeds(ctx) })
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	for {
		again := n.follow(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-woken:
		case <-again:
		case <-sweep.C:
			n.sweep()
			n.sweepRights(ctx)
		}
	}
}

// follow tells all that is new. Where the store fails it is asked again later.
func (n *Node) follow(ctx context.Context) (again <-chan time.Time) {
	for ctx.Err() == nil {
		all, done, err := n.Store.Tail(ctx, n.seq(), batch, n.heard)
		if err == nil {
			err = n.tell(ctx, all, done)
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			n.Log.Error("live: what happened can't be told yet", "after", n.seq(), "error", err)
			return time.After(retryAfter)
		case done:
			return nil
		}
	}
	return nil
}

func (n *Node) seq() int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cursor
}

// heard tells whether anybody would be told what an event is about.
func (n *Node) heard(e chat.Event) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.rooms[e.App]
	return r != nil && (e.Conversation == "" && len(r.sessions) > 0 || len(r.convs[e.Conversation]) > 0)
}

// tell takes away the rights that are lost, then tells the others what happened. What is told shows things as they are
// now, which may be after the last event here: unless this is all there is, all rights it concerns are asked again.
func (n *Node) tell(ctx context.Context, all []db.Told, done bool) (err error) {
	defer func() {
		if r := recover(); r != nil { // whose rights aren't known is told nothing
			n.Log.Error("live: rights can't be asked for; all sockets start anew", "after", n.seq(), "error", fmt.Sprintf("%v\n%s", r, debug.Stack()))
			n.startAnew(all[len(all)-1].Seq)
		}
	}()
	for _, t := range all {
		if t.Type == chat.BackupRestored { // nothing that is known of anybody holds any more
			n.startAnew(all[len(all)-1].Seq)
			return nil
		}
		if err := n.guard(ctx, t); err != nil {
			return err
		}
	}
	if err := n.recheck(ctx, all, done); err != nil {
		return err
	}
	for _, t := range all {
		n.publish(ctx, t)
		n.mu.Lock()
		n.cursor = t.Seq
		n.mu.Unlock()
	}
	return nil
}

// startAnew lets all sockets connect again, and goes on behind seq.
func (n *Node) startAnew(seq int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cursor = seq
	for _, r := range n.rooms {
		for s := range r.sessions {
			n.drop(s, centrifuge.DisconnectServerError)
		}
	}
}

// publish sends one event's frames. One that can't be told stops no other.
func (n *Node) publish(ctx context.Context, t db.Told) {
	defer func() {
		if r := recover(); r != nil {
			n.Log.Error("live: an event can't be told", "seq", t.Seq, "type", t.Type, "error", fmt.Sprintf("%v\n%s", r, debug.Stack()))
		}
	}()
	if t.Broken != nil {
		n.Log.Error("live: what an event is about can't be read", "seq", t.Seq, "type", t.Type, "error", t.Broken)
	}
	if t.Person != nil {
		n.tellUser(ctx, t)
	}
	var data []byte
	if f := n.frame(t); f != nil {
		data = f.encode()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.rooms[t.App]
	if r == nil {
		return
	}
	n.noteFeed(r, t)
	n.report(r, chat.News{Seq: t.Seq, App: t.App, Type: t.Type, Conversation: t.Conversation, User: t.Event.User, Kind: t.Kind, ActorID: t.ActorID, ActorName: t.ActorName})
	if data == nil {
		return
	}
	for o := range r.convs[t.Conversation] {
		if hides(o, t) {
			continue
		}
		o.send(data)
		if t.Type == chat.ConversationDeleted {
			n.close(o)
		}
	}
}

// tellUser tells of a changed user to themself, to those who watch them, and where they take part.
func (n *Node) tellUser(ctx context.Context, t db.Told) {
	user := t.Event.User
	data := frame{"type": chat.UserUpdated, "e": t.Seq, "user": n.Shapes.User(*t.Person)}.encode()
	n.mu.Lock()
	r := n.rooms[t.App]
	if r == nil {
		n.mu.Unlock()
		return
	}
	convs := make([]chat.ConversationID, 0, len(r.convs))
	for conv := range r.convs {
		convs = append(convs, conv)
	}
	n.mu.Unlock()
	in, err := n.Store.TakesPartIn(ctx, t.App, user, convs)
	if err != nil {
		n.Log.Error("live: where a user takes part is unknown", "seq", t.Seq, "error", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	told := map[*session]bool{}
	to := func(s *session, by *opened) {
		if !told[s] {
			told[s] = by == nil || by != s.opening
			s.tell(data, by)
		}
	}
	for _, s := range r.users[user] {
		s.proof.Actor.Name = t.Person.Name
		to(s, nil)
		for conv, o := range s.open {
			if o.sent > 0 { // a guest is known by what they said
				in = append(in, conv)
			}
		}
	}
	for s := range r.watchers[user] {
		to(s, nil)
	}
	for _, conv := range in {
		for o := range r.convs[conv] {
			to(o.session, o)
		}
	}
}
