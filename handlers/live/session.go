package live

import (
	"context"
	"encoding/json"
	"time"

	"github.com/centrifugal/centrifuge"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
)

// session is one socket and what it has open. Its fields are guarded by the node's lock, but for those that only its
// own calls use: they run one after the other.
type session struct {
	visit
	node     *Node
	client   *centrifuge.Client
	claim    auth.Claim
	proof    auth.Proof
	revision int64 // of the node, when the proof was made
	since    time.Time
	gone     bool

	open    map[chat.ConversationID]*opened
	watched map[chat.UserID]bool
	feed    bool
	opening *opened // what is being opened by the call that runs now
	held    []held  // frames that wait for the answer of that call

	bucket float64   // calls that may come at once
	filled time.Time // when the bucket was; the zero time fills it
}

func (s *session) user() chat.UserID { return chat.UserID(s.proof.Actor.ID) }

func (s *session) expiresAt() *int64 {
	if s.proof.Expires.IsZero() {
		return nil
	}
	ms := s.proof.Expires.UnixMilli()
	return &ms
}

// actor is who acts in a call.
func (s *session) actor(requestID string, asGuest bool) chat.Actor {
	a := s.proof.Actor
	a.RequestID, a.AsGuest = requestID, asGuest
	return a
}

// held is a frame that waits, and the conversation it came by; nil for one that came by none.
type held struct {
	frame []byte
	by    *opened
}

// send puts a frame into the queue of the socket, behind the answer of a call that opens something now.
func (s *session) send(frame []byte) { s.tell(frame, nil) }

// tell sends a frame that came by a conversation. One that is refused to be opened takes its frames with it.
func (s *session) tell(frame []byte, by *opened) {
	switch {
	case s.gone:
	case s.opening != nil && len(s.held) < maxHeld:
		s.held = append(s.held, held{frame, by})
	case s.opening != nil:
		s.node.drop(s, centrifuge.DisconnectSlow)
	default:
		_ = s.client.Send(frame) // one that fails closes the socket
	}
}

// maxHeld is how many frames may wait for an answer.
const maxHeld = 1000

// room is all sessions of an app, by what they are told of.
type room struct {
	sessions map[*session]bool
	users    map[chat.UserID][]*session // oldest first
	convs    map[chat.ConversationID]map[*opened]bool
	watchers map[chat.UserID]map[*session]bool
	feeds    map[chat.UserID]map[*session]bool
	news     map[*watch]bool
}

// room is the app's room, which is made when somebody comes.
func (n *Node) room(app chat.AppID) *room {
	r := n.rooms[app]
	if r == nil {
		r = &room{map[*session]bool{}, map[chat.UserID][]*session{}, map[chat.ConversationID]map[*opened]bool{}, map[chat.UserID]map[*session]bool{}, map[chat.UserID]map[*session]bool{}, map[*watch]bool{}}
		n.rooms[app] = r
	}
	return r
}

// in is the app's room to look into; an empty one when nobody is there.
func (n *Node) in(app chat.AppID) *room {
	if r := n.rooms[app]; r != nil {
		return r
	}
	return &room{}
}

const maxSockets = 20 // of one user

// enter registers a session. What may have ended it since its proof is asked again, now that it can be found.
func (n *Node) enter(s *session) {
	n.mu.Lock()
	s.since = n.Store.Now()
	s.open, s.watched = map[chat.ConversationID]*opened{}, map[chat.UserID]bool{}
	r, user := n.room(s.app), s.user()
	r.sessions[s] = true
	r.users[user] = append(r.users[user], s)
	if len(r.users[user]) == 1 {
		n.flip(r, user, true)
	}
	if len(r.users[user]) > maxSockets {
		n.end(oldest(r.users[user]), chat.ErrSignedInElsewhere())
	}
	stale := s.revision != n.revision
	n.mu.Unlock()
	for stale {
		stale = n.prove(s)
	}
}

// oldest is the socket that makes room: one whose user isn't proven, before one whose user is.
func oldest(all []*session) *session {
	for _, s := range all {
		if !s.proof.Actor.Verified {
			return s
		}
	}
	return all[0]
}

// prove asks again whether the session stands, and tells whether even that is out of date by now.
func (n *Node) prove(s *session) (stale bool) {
	n.mu.Lock()
	revision, again := n.revision, &session{visit: s.visit, claim: s.claim}
	n.mu.Unlock()
	_, err := n.identify(context.Background(), again)
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case err != nil && chat.AsError(err) == nil:
		n.drop(s, centrifuge.DisconnectServerError)
	case err != nil:
		n.end(s, err)
	}
	s.revision = revision
	return n.revision != revision && !s.gone
}

// leave takes a session out of all registers.
func (n *Node) leave(s *session) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.remove(s)
}

func (n *Node) remove(s *session) {
	if s.gone {
		return
	}
	s.gone, s.held = true, nil
	r, user := n.room(s.app), s.user()
	for _, o := range s.open {
		n.close(o)
	}
	if s.opening != nil {
		n.close(s.opening)
	}
	for watched := range s.watched {
		unset(r.watchers, watched, s)
	}
	unset(r.feeds, user, s)
	delete(r.sessions, s)
	rest := r.users[user][:0:0]
	for _, other := range r.users[user] {
		if other != s {
			rest = append(rest, other)
		}
	}
	r.users[user] = rest
	if len(rest) == 0 {
		delete(r.users, user)
		n.flip(r, user, false)
	}
	n.sweepRoom(s.app)
}

// drop ends a session that may come back.
func (n *Node) drop(s *session, why centrifuge.Disconnect) {
	if s.gone {
		return
	}
	n.remove(s)
	s.client.Disconnect(why)
}

// end ends a session for good and says why, as far as it fits into the last frame of a socket.
func (n *Node) end(s *session, err error) {
	code := uint32(4500)
	switch chat.ReasonOf(err) {
	case chat.TokenExpired:
		code = 4501
	case chat.KeyDeactivatedNow:
		code = 4502
	case chat.IdentityRequired:
		code = 4503
	case chat.SignedInElsewhere:
		code = 4504
	case chat.OriginNotAllowed:
		code = 4505
	case chat.AppNotFound:
		code = 4506
	case chat.SignaturesOff:
		code = 4507
	case chat.Banned:
		code = 4508
	case chat.UserNotFound:
		code = 4509
	}
	f := web.Fail(err, "")
	if e := chat.AsError(err); e != nil {
		f.Message = e.Message
	}
	f.Reasons = nil
	reason, _ := json.Marshal(f)
	if len(reason) > maxReason {
		f.Message = ""
		reason, _ = json.Marshal(f)
	}
	n.drop(s, centrifuge.Disconnect{Code: code, Reason: string(reason)})
}

// maxReason is what a closing frame of a WebSocket holds beside its code.
const maxReason = 123

func set[K comparable, V comparable](index map[K]map[V]bool, key K, value V) {
	if index[key] == nil {
		index[key] = map[V]bool{}
	}
	index[key][value] = true
}

func unset[K comparable, V comparable](index map[K]map[V]bool, key K, value V) {
	delete(index[key], value)
	if len(index[key]) == 0 {
		delete(index, key)
	}
}
