package live

import (
	"context"

	"guestlist/db"
	"guestlist/db/chat"
)

// right asks what the actor may do in a conversation; who can't read it is refused.
func (n *Node) right(ctx context.Context, actor chat.Actor, conv chat.ConversationID) (chat.Right, error) {
	all, err := n.Store.Rights(ctx, actor.App, conv, []chat.Actor{actor})
	if err != nil {
		return chat.Right{}, err
	}
	if !all[0].Read {
		return all[0], refusal(all[0])
	}
	return all[0], nil
}

// refusal is what who can't read a conversation is told: guests why they aren't let in, where that may be said.
func refusal(r chat.Right) error {
	if r.Enter != nil {
		return r.Enter
	}
	return r.Refusal
}

// place is one conversation of an app; conv is "" for all of them.
type place struct {
	app  chat.AppID
	conv chat.ConversationID
}

// whose are the users whose rights in a place may have changed; nil for everybody's.
type whose map[chat.UserID]bool

// affected are the rights that an event may have changed.
func affected(e chat.Event) (p place, user chat.UserID, some bool) {
	switch e.Type {
	case chat.ParticipantJoined, chat.ParticipantUpdated, chat.ParticipantLeft, chat.GuestBlocked, chat.GuestUnblocked:
		return place{e.App, e.Conversation}, e.User, true
	case chat.ConversationCreated, chat.ConversationUpdated:
		return place{e.App, e.Conversation}, "", true
	case chat.SettingsUpdated, chat.AppUpdated:
		return place{e.App, ""}, "", true
	}
	return place{}, "", false
}

// recheck asks again for the rights that a batch of events may have changed, and cuts what was lost.
func (n *Node) recheck(ctx context.Context, all []db.Told, done bool) error {
	asked := map[place]whose{}
	for _, t := range all {
		p, user, some := affected(t.Event)
		switch users, seen := asked[p]; {
		case !done && t.Conversation != "":
			asked[place{t.App, t.Conversation}] = nil
		case some && (user == "" || seen && users == nil):
			asked[p] = nil
		case some && !seen:
			asked[p] = whose{user: true}
		case some:
			users[user] = true
		}
	}
	for p, users := range asked {
		if _, whole := asked[place{p.app, ""}]; whole && p.conv != "" {
			continue
		}
		for _, conv := range n.openIn(p) {
			if err := n.recheckConversation(ctx, p.app, conv, users, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// openIn lists the conversations of a place that somebody has open.
func (n *Node) openIn(p place) []chat.ConversationID {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.rooms[p.app]
	switch {
	case r == nil:
		return nil
	case p.conv != "" && r.convs[p.conv] == nil:
		return nil
	case p.conv != "":
		return []chat.ConversationID{p.conv}
	}
	all := make([]chat.ConversationID, 0, len(r.convs))
	for conv := range r.convs {
		all = append(all, conv)
	}
	return all
}

// askedAtOnce is how many rights are asked for in one snapshot.
const askedAtOnce = 500

func (n *Node) recheckConversation(ctx context.Context, app chat.AppID, conv chat.ConversationID, users whose, all []db.Told) error {
	n.mu.Lock()
	var open []*opened
	var actors []chat.Actor
	for o := range n.in(app).convs[conv] {
		if users == nil || users[o.session.user()] {
			open, actors = append(open, o), append(actors, o.session.actor("", o.asGuest))
		}
	}
	n.mu.Unlock()
	for len(open) > 0 {
		some := min(len(open), askedAtOnce)
		rights, err := n.Store.Rights(ctx, app, conv, actors[:some])
		if err != nil {
			return err
		}
		n.mu.Lock()
		for i, o := range open[:some] {
			n.change(o, rights[i], all)
		}
		n.mu.Unlock()
		open, actors = open[some:], actors[some:]
	}
	return nil
}

// change gives an opened conversation the right that is left, and tells its browser where that differs.
func (n *Node) change(o *opened, r chat.Right, all []db.Told) {
	s := o.session
	if s.gone || !n.in(s.app).convs[o.conv][o] {
		return
	}
	if !r.Read {
		if s.opening == o { // it never had it: what is said to strangers
			o.refusal = refusal(r)
			unset(n.in(s.app).convs, o.conv, o)
			return
		}
		if why := whyCut(o, r, all); why != nil { // a deleted conversation has its own frame
			s.send(frame{"type": "cut", "conversation": o.conv, "error": failed(why)}.encode())
			n.close(o)
		}
		return
	}
	was := o.right
	o.right = r
	if s.opening == o && !o.told {
		o.told = true // the answer says it
		return
	}
	if was.Access != r.Access || was.Guest != r.Guest || was.Write != r.Write {
		f := frame{"type": "rights", "conversation": o.conv, "access": access(r), "guest": r.Guest}
		if r.WriteRefusal != nil {
			f["error"] = failed(r.WriteRefusal)
		}
		o.send(f.encode())
		if was.Guest != r.Guest && s.opening != o {
			n.guestsChanged(o)
		}
	}
}

// whyCut words the loss of a conversation; nil for one that was deleted.
func whyCut(o *opened, r chat.Right, all []db.Told) error {
	for _, t := range all {
		if t.App == o.session.app && t.Conversation == o.conv && t.Type == chat.ConversationDeleted {
			return nil
		}
	}
	return r.Lost
}

// guard ends the sessions that an event may end.
func (n *Node) guard(ctx context.Context, t db.Told) error {
	app := t.App
	var again func(*session) bool
	switch t.Type {
	case chat.KeyDeactivated, chat.KeyDeleted:
		again = func(s *session) bool { return s.proof.Key == t.Subject }
	case chat.SettingsUpdated, chat.AppUpdated:
		again = func(*session) bool { return true }
	case chat.AppDeleted:
		app, again = chat.AppID(t.Subject), func(*session) bool { return true }
	case chat.UserBanned, chat.UserDeleted, chat.UserErased:
		return n.sendAway(ctx, t)
	default:
		return nil
	}
	n.mu.Lock()
	n.revision++
	var doubtful []*session
	if r := n.rooms[app]; r != nil {
		for s := range r.sessions {
			if again(s) {
				doubtful = append(doubtful, s)
			}
		}
	}
	n.mu.Unlock()
	if len(doubtful) == 0 {
		return nil
	}
	return n.examine(ctx, t, app, doubtful)
}

// sendAway ends the sessions of a user who was banned or deleted. An erased one is known by their key only once that is done.
func (n *Node) sendAway(ctx context.Context, t db.Told) error {
	why := error(chat.ErrUserDeleted())
	if t.Type == chat.UserBanned {
		ban, stands, err := n.Store.Ban(ctx, t.App, t.Event.User)
		if err != nil {
			return err
		}
		if !stands { // lifted by now
			return nil
		}
		why = chat.ErrBanned(ban.Until)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.revision++
	if r := n.rooms[t.App]; r != nil {
		for _, s := range append([]*session(nil), r.users[t.Event.User]...) {
			n.end(s, why)
		}
	}
	return nil
}

// examine ends the sessions whose reason to be is gone: their key, their origin, that no proof was needed, or that a
// signature was enough.
func (n *Node) examine(ctx context.Context, t db.Told, app chat.AppID, doubtful []*session) error {
	settings, err := n.Store.Settings(ctx, app)
	missing := chat.ReasonOf(err) == chat.AppNotFound || t.Type == chat.AppDeleted
	if err != nil && !missing {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range doubtful {
		switch {
		case missing:
			n.end(s, chat.ErrAppNotFound())
		case t.Type == chat.KeyDeactivated || t.Type == chat.KeyDeleted:
			if s.proof.Key == t.Subject { // it may have another one by now
				n.end(s, chat.ErrKeyDeactivated())
			}
		case settings.Security().RequireIdentity && !s.proof.Actor.Verified:
			n.end(s, chat.ErrIdentityRequired())
		case s.proof.Signed && !settings.Security().AcceptSignatures:
			n.end(s, chat.ErrSignaturesOff())
		case !s.own && !settings.OriginAllowed(s.origin):
			n.end(s, chat.ErrOriginNotAllowed(s.origin))
		}
	}
	return nil
}

// hides tells whether an event is about a message that whoever has the conversation open may not see.
func hides(o *opened, t db.Told) bool {
	switch {
	case o.right.After == 0:
		return false
	case t.Message != nil:
		return t.Message.Seq <= o.right.After
	case t.Type == chat.MessageRead:
		return readSeq(t) <= o.right.After
	}
	return false
}

// sweepRights asks again for the rights that the clock has taken.
func (n *Node) sweepRights(ctx context.Context) {
	now := n.Store.Now()
	due := map[place]whose{}
	n.mu.Lock()
	for app, r := range n.rooms {
		for conv, all := range r.convs {
			for o := range all {
				if at := o.right.Until; !at.IsZero() && !at.After(now) {
					p := place{app, conv}
					if due[p] == nil {
						due[p] = whose{}
					}
					due[p][o.session.user()] = true
				}
			}
		}
	}
	n.mu.Unlock()
	for p, users := range due {
		if err := n.recheckConversation(ctx, p.app, p.conv, users, nil); err != nil && ctx.Err() == nil {
			n.Log.Error("live: rights that ended are not taken yet", "app", p.app, "conversation", p.conv, "error", err)
		}
	}
}

// sweep ends the sessions whose token has expired.
func (n *Node) sweep() {
	now := n.Store.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.rooms {
		for s := range r.sessions {
			if at := s.proof.Expires; !at.IsZero() && !at.After(now) {
				n.end(s, chat.ErrTokenExpired())
			}
		}
	}
}
