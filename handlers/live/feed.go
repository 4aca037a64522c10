package live

import (
	"context"

	"guestlist/db"
	"guestlist/db/chat"
)

// feedChange is what happened to a conversation since the lists it is in were last told.
type feedChange struct {
	left    map[chat.UserID]bool // who may have lost it
	deleted int64                // seq of the event that deleted it; 0 while it stands
}

// noteFeed notes a change for those who have their list of conversations open. They are told beside the tail, which
// never waits for them, each conversation once for all that happened meanwhile.
func (n *Node) noteFeed(r *room, t db.Told) {
	if t.Conversation == "" || len(r.feeds) == 0 || t.Type.Unseen() {
		return
	}
	p := place{t.App, t.Conversation}
	c := n.feeds[p]
	if c == nil {
		c = &feedChange{left: map[chat.UserID]bool{}}
		n.feeds[p] = c
	}
	switch t.Type {
	case chat.ParticipantLeft, chat.ParticipantUpdated:
		c.left[t.Event.User] = true
	case chat.ConversationDeleted:
		c.deleted = t.Seq
	}
	select {
	case n.feedsChanged <- struct{}{}:
	default:
	}
}

// tellFeeds tells the lists until ctx ends.
func (n *Node) tellFeeds(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.feedsChanged:
		}
		n.mu.Lock()
		changed := n.feeds
		n.feeds = map[place]*feedChange{}
		n.mu.Unlock()
		for p, c := range changed {
			if err := n.tellFeed(ctx, p, c); err != nil && ctx.Err() == nil {
				n.Log.Error("live: lists of conversations were not told", "app", p.app, "conversation", p.conv, "error", err)
			}
		}
	}
}

// tellFeed tells the lists that a conversation is in, or was in until now, how it is now.
func (n *Node) tellFeed(ctx context.Context, p place, c *feedChange) error {
	n.mu.Lock()
	r := n.in(p.app)
	users := make([]chat.UserID, 0, len(r.feeds))
	for user := range r.feeds {
		users = append(users, user)
	}
	n.mu.Unlock()
	in, err := n.Store.MembershipsIn(ctx, p.app, p.conv, users)
	if err != nil {
		return err
	}
	if c.deleted > 0 {
		were, err := n.Store.WereIn(ctx, p.app, p.conv, c.deleted)
		if err != nil {
			return err
		}
		for _, user := range were {
			c.left[user] = true
		}
	}
	gone := frame{"type": "feed.removed", "conversation": p.conv}.encode()
	for _, user := range users {
		data := gone
		if m, member := in[user]; member {
			data = frame{"type": "feed.updated", "conversation": n.Shapes.Conversation(m)}.encode()
		} else if !c.left[user] {
			continue
		}
		n.mu.Lock()
		for s := range n.in(p.app).feeds[user] {
			s.send(data)
		}
		n.mu.Unlock()
	}
	return nil
}
