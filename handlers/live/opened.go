package live

import (
	"time"

	"guestlist/db/chat"
)

// opened is a conversation that a session has open, or is opening.
type opened struct {
	session *session
	conv    chat.ConversationID // "" for the list of conversations while it is opened
	asGuest bool
	right   chat.Right
	since   time.Time
	sent    int   // messages, while a guest
	told    bool  // the answer says right
	refusal error // the right was lost before the answer was out
}

// begin registers a conversation that is being opened. One that was open is closed: it is opened anew.
func (n *Node) begin(s *session, id chat.ConversationID, asGuest bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	o := &opened{session: s, conv: id, asGuest: asGuest, since: n.Store.Now()}
	if was := s.open[id]; was != nil {
		o.since, o.sent = was.since, was.sent
		n.close(was)
	}
	if len(s.open) >= maxOpen {
		return errTooMany("conversations are open")
	}
	if !s.gone {
		s.opening = o
		set(n.room(s.app).convs, id, o)
	}
	return nil
}

// answered notes the right that the answer will say: the one that the tail asked for meanwhile, if it did.
func (n *Node) answered(s *session, r chat.Right) chat.Right {
	n.mu.Lock()
	defer n.mu.Unlock()
	o := s.opening
	switch {
	case o == nil:
		return r
	case !o.told:
		o.right, o.told = r, true
	}
	return o.right
}

// settle ends the opening of what the answer was just sent for, and sends what was held back behind it. What was held
// back of a conversation that was refused goes no further.
func (n *Node) settle(s *session, ok bool) {
	o, waiting := s.opening, s.held
	s.opening, s.held = nil, nil
	switch {
	case s.gone:
		return
	case o.conv == "":
		if !ok {
			s.feed = false
			unset(n.in(s.app).feeds, s.user(), s)
		}
	case ok:
		s.open[o.conv] = o
		if o.right.Guest {
			n.guestsChanged(o)
		}
	default:
		n.close(o)
	}
	for _, h := range waiting {
		if ok || h.by != o {
			s.send(h.frame)
		}
	}
}

// close takes an opened conversation out of the registers.
func (n *Node) close(o *opened) {
	s := o.session
	if o.conv == "" {
		return
	}
	unset(n.in(s.app).convs, o.conv, o)
	if s.open[o.conv] == o {
		delete(s.open, o.conv)
		if o.right.Guest {
			n.guestsChanged(o)
		}
	}
}

func (o *opened) send(frame []byte) { o.session.tell(frame, o) }

// access is what may be done, as answers and frames say it: by a guest too.
func access(r chat.Right) *chat.Access {
	if r.Access.Rank() == 0 {
		return nil
	}
	return &r.Access
}
