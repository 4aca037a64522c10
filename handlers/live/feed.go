package live

import (
	"context"
	"slices"

	"guestlist/db"
	"guestlist/db/chat"
)

// tellFeeds tells those who have their list of conversations open which of them changed, each once for a batch of
// events, as they are now.
func (n *Node) tellFeeds(ctx context.Context, all []db.Told) error {
	changed := map[place][]db.Told{}
	var order []place
	for _, t := range all {
		p := place{t.App, t.Conversation}
		if t.Conversation == "" || !n.hasFeeds(t.App) {
			continue
		}
		if changed[p] == nil {
			order = append(order, p)
		}
		changed[p] = append(changed[p], t)
	}
	for _, p := range order {
		if err := n.tellFeed(ctx, p, changed[p]); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) hasFeeds(app chat.AppID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.rooms[app]
	return r != nil && len(r.feeds) > 0
}

// tellFeed tells the lists that a conversation is in, or was in until now.
func (n *Node) tellFeed(ctx context.Context, p place, events []db.Told) error {
	n.mu.Lock()
	var users []chat.UserID
	if r := n.rooms[p.app]; r != nil {
		for user := range r.feeds {
			users = append(users, user)
		}
	}
	n.mu.Unlock()
	in, err := n.Store.MembershipsIn(ctx, p.app, p.conv, users)
	if err != nil {
		return err
	}
	gone := frame{"type": "feed.removed", "conversation": p.conv}.encode()
	for _, user := range users {
		m, member := in[user]
		var data []byte
		switch {
		case member:
			data = frame{"type": "feed.updated", "conversation": n.Shapes.Conversation(m)}.encode()
		case slices.ContainsFunc(events, func(t db.Told) bool {
			return t.Type == chat.ConversationDeleted || t.Event.User == user && (t.Type == chat.ParticipantLeft || t.Type == chat.ParticipantUpdated)
		}):
			data = gone
		default:
			continue
		}
		n.mu.Lock()
		if r := n.rooms[p.app]; r != nil {
			for s := range r.feeds[user] {
				s.send(data)
			}
		}
		n.mu.Unlock()
	}
	return nil
}
