package live

import "guestlist/db/chat"

// GuestsNews is the type of the news that a guest came or went. It is no event: nothing was changed.
const GuestsNews chat.EventType = "guests"

// watch is somebody at the dashboard who is told what is new in an app.
type watch struct {
	out     chan chat.News
	wake    chan struct{}
	pending []chat.News
}

// maxPending is how much news may wait for a slow watcher before it loses its detail.
const maxPending = 100

// Watch tells what is new in an app, until stop is called. Who reads slowly loses detail and nothing else: there is
// always news of each type that something happened of.
func (n *Node) Watch(app chat.AppID) (<-chan chat.News, func()) {
	w := &watch{out: make(chan chat.News), wake: make(chan struct{}, 1)}
	stopped := make(chan struct{})
	n.mu.Lock()
	n.room(app).news[w] = true
	n.mu.Unlock()
	go func() {
		for {
			select {
			case <-w.wake:
			case <-stopped:
				return
			}
			n.mu.Lock()
			pending := w.pending
			w.pending = nil
			n.mu.Unlock()
			for _, news := range pending {
				select {
				case w.out <- news:
				case <-stopped:
					return
				}
			}
		}
	}()
	return w.out, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		if r := n.rooms[app]; r != nil && r.news[w] {
			delete(r.news, w)
			close(stopped)
			n.sweepRoom(app)
		}
	}
}

// sweepRoom forgets a room that nobody is in.
func (n *Node) sweepRoom(app chat.AppID) {
	if r := n.rooms[app]; r != nil && len(r.sessions) == 0 && len(r.news) == 0 {
		delete(n.rooms, app)
	}
}

// report tells the watchers of a room.
func (n *Node) report(r *room, news chat.News) {
	for w := range r.news {
		w.add(news)
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// add puts news behind what waits. Where too much waits, what is new of each type stays, without saying of what.
func (w *watch) add(news chat.News) {
	if len(w.pending) < maxPending {
		w.pending = append(w.pending, news)
		return
	}
	newest := map[chat.EventType]int{}
	var rest []chat.News
	for _, p := range append(w.pending, news) {
		i, seen := newest[p.Type]
		if !seen {
			i = len(rest)
			newest[p.Type], rest = i, append(rest, chat.News{})
		}
		rest[i] = chat.News{Seq: p.Seq, App: p.App, Type: p.Type}
	}
	w.pending = rest
}

// guestsChanged tells that a guest came into a conversation or left it.
func (n *Node) guestsChanged(o *opened) {
	s := o.session
	n.report(n.room(s.app), chat.News{App: s.app, Type: GuestsNews, Conversation: o.conv, User: s.user(), Kind: chat.UserActor, ActorID: string(s.user()), ActorName: s.proof.Actor.Name})
}
