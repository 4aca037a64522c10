package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// Membership is a conversation together with one user's place on its list.
type Membership struct {
	Conversation chat.Conversation
	Participant  chat.Participant
	ReadSeq      int64 // the last message that the user has read
	Unread       int   // messages of others behind it, counted to MaxUnread
}

// UserConversations is a page of the conversations that user is on the list of, as cq orders and filters them; those
// that keep the user out are in it when cq says so. The order is computed over the user's own conversations, so a page
// costs what their number costs.
// An unknown user is not found.
func (s *Store) UserConversations(ctx context.Context, user chat.UserID, cq ConversationQuery) (p Page[Membership], err error) {
	cq.now = s.now()
	err = s.read(ctx, func(q querier) error {
		if _, err := loadUser(q, cq.App, user); err != nil {
			return err
		}
		var match func(Membership) bool
		if cq.Match != nil || cq.Unread {
			match = func(m Membership) bool {
				return (!cq.Unread || m.Unread > 0) && (cq.Match == nil || cq.Match(m.Conversation))
			}
		}
		p, err = matching(cq.Window, match, func(w Window) (Page[Membership], error) {
			cq.Window = w
			p, err := userConversations(q, user, cq)
			if err == nil && cq.Unread {
				err = countUnreads(q, p.Items)
			}
			return p, err
		})
		if err != nil || cq.Unread {
			return err
		}
		return countUnreads(q, p.Items)
	})
	return p, err
}

func countUnreads(q querier, all []Membership) error {
	for i := range all {
		if err := countUnread(q, &all[i]); err != nil {
			return err
		}
	}
	return nil
}

func userConversations(q querier, user chat.UserID, cq ConversationQuery) (Page[Membership], error) {
	descending := cq.OldestFirst == cq.backward()
	compare, dir, at, n := "<", "DESC", any(int64(1<<62)), any(int64(1<<62))
	if !descending {
		compare, dir, at, n = ">", "ASC", int64(-1), int64(-1)
	}
	if cursor := cq.cursor(); cursor != "" {
		keys, err := decodeCursor(cursor, "ii")
		if err != nil {
			return Page[Membership]{}, err
		}
		at, n = keys[0], keys[1]
	}
	by := "c.last_activity_at"
	if cq.Order == ByAge {
		by = "c.created_at"
	}
	where, more := bounds(cq, by, 8)
	args := append([]any{string(cq.App), string(user), at, n, cq.limit() + 1, cq.KeptOut, millis(cq.now)}, more...)
	rows, err := q.query(fmt.Sprintf(`SELECT %s, p.access, p.notify, p.joined_at, p.joined_by, p.joined_via, p.read_seq, coalesce(t.ends_at, 0), coalesce(t.history_from, 0), coalesce(t.history_after, 0)
		FROM participants p CROSS JOIN conversations c ON c.app_id = $1 AND c.id = p.conversation_id %s
		LEFT JOIN terms t ON t.app_id = $1 AND t.conversation_id = p.conversation_id AND t.user_id = $2
		WHERE p.app_id = $1 AND p.user_id = $2 AND c.trash = 0 AND (p.access <> 'None' AND (t.ends_at IS NULL OR t.ends_at = 0 OR t.ends_at > $7) OR $6) AND (%s, c.n) %s ($3, $4) %s
		ORDER BY %s %s, c.n %s LIMIT $5`, conversationColumns, lastMessageJoin, by, compare, where, by, dir, dir), args...)
	all, err := scan(rows, err, scanMembership(user))
	if err != nil {
		return Page[Membership]{}, fmt.Errorf("list a user's conversations: %w", err)
	}
	p := page(cq.Window, all, func(m numbered[Membership]) string {
		key := m.v.Conversation.LastActivityAt
		if cq.Order == ByAge {
			key = m.v.Conversation.CreatedAt
		}
		return encodeCursor(millis(key), m.n)
	})
	out := unnumbered(Window{Limit: len(p.Items)}, p.Items)
	out.Prev, out.Next = p.Prev, p.Next
	return out, nil
}

func scanMembership(user chat.UserID) func(interface{ Scan(...any) error }) (numbered[Membership], error) {
	return func(row interface{ Scan(...any) error }) (numbered[Membership], error) {
		p := chat.Participant{}
		var joined, read, ends, from int64
		c, err := scanConversation(withMore{row, []any{&p.Access, &p.Notify, &joined, &p.JoinedBy, &p.JoinedVia, &read, &ends, &from, &p.HistoryAfter}})
		hideLast(&c.v, p.HistoryAfter)
		p.ParticipantRef = chat.ParticipantRef{App: c.v.App, Conversation: c.v.ID, User: user}
		p.JoinedAt, p.Until, p.HistoryFrom = fromMillis(joined), fromMillis(ends), fromMillis(from)
		return numbered[Membership]{c.n, Membership{Conversation: c.v, Participant: p, ReadSeq: read}}, err
	}
}

// withMore scans columns behind those that another scan function knows.
type withMore struct {
	row  interface{ Scan(...any) error }
	more []any
}

func (w withMore) Scan(into ...any) error { return w.row.Scan(append(into, w.more...)...) }

// UserConversationCursor is the cursor behind one of a user's conversations, for lists that continue after an id.
func (s *Store) UserConversationCursor(ctx context.Context, app chat.AppID, id chat.ConversationID, order ConversationOrder) (cursor string, err error) {
	err = s.read(ctx, func(q querier) error {
		c, err := loadNumberedConversation(q, app, id)
		key := c.v.LastActivityAt
		if order == ByAge {
			key = c.v.CreatedAt
		}
		cursor = encodeCursor(millis(key), c.n)
		return err
	})
	return cursor, err
}
