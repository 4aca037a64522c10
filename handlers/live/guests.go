package live

import (
	"slices"
	"strings"

	"guestlist/db/chat"
)

// Guests are who has a conversation open as a guest now, the longest first. Somebody who is there twice is one guest.
func (n *Node) Guests(app chat.AppID, conv chat.ConversationID) []chat.Guest {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.rooms[app]
	if r == nil {
		return nil
	}
	by := map[chat.UserID]*chat.Guest{}
	for o := range r.convs[conv] {
		if !o.isGuest() {
			continue
		}
		user := o.session.user()
		g := by[user]
		if g == nil {
			g = &chat.Guest{App: app, Conversation: conv, User: user, Since: o.since}
			by[user] = g
		}
		if !o.since.After(g.Since) {
			g.Name, g.Since, g.Origin, g.IP, g.Access = o.session.proof.Actor.Name, o.since, o.session.origin, chat.CoarseIP(o.session.ip), o.right.Access
		}
		g.Messages += o.sent
	}
	all := make([]chat.Guest, 0, len(by))
	for _, g := range by {
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b chat.Guest) int {
		if d := a.Since.Compare(b.Since); d != 0 {
			return d
		}
		return strings.Compare(string(a.User), string(b.User))
	})
	return all
}

// GuestCounts are the conversations of an app that have guests now, with how many.
func (n *Node) GuestCounts(app chat.AppID) map[chat.ConversationID]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	counts := map[chat.ConversationID]int{}
	r := n.rooms[app]
	if r == nil {
		return counts
	}
	for conv, open := range r.convs {
		users := map[chat.UserID]bool{}
		for o := range open {
			if o.isGuest() {
				users[o.session.user()] = true
			}
		}
		if len(users) > 0 {
			counts[conv] = len(users)
		}
	}
	return counts
}

// isGuest tells whether the answer that let a guest in is out.
func (o *opened) isGuest() bool { return o.right.Guest && o.session.open[o.conv] == o }

// Online tells whether a user has a socket.
func (n *Node) Online(app chat.AppID, user chat.UserID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.rooms[app]
	return r != nil && len(r.users[user]) > 0
}

// flip tells those who watch a user that they came or went.
func (n *Node) flip(r *room, user chat.UserID, online bool) {
	if len(r.watchers[user]) == 0 {
		return
	}
	data := frame{"type": "online", "user": user, "online": online}.encode()
	for s := range r.watchers[user] {
		s.send(data)
	}
}

// countSent counts a message of a guest.
func (n *Node) countSent(c *call) {
	id, err := c.conversation()
	if err != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if o := c.session.open[id]; o != nil && o.isGuest() {
		o.sent++
	}
}
