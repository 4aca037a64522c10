package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// How far participants have read. A place without messages read has seq 0.

// MaxUnread is how far unread messages are counted.
const MaxUnread = 100

// MaxReaders is how many participants a conversation may have for its members to be told who has read what.
const MaxReaders = 300

// SetRead remembers how far the acting user has read: up to the message with this seq, 0 for all there are. Who has
// read further already stays there.
func (s *Store) SetRead(ctx context.Context, actor chat.Actor, conv chat.ConversationID, seq int64) error {
	return s.moveRead(ctx, actor, conv, func(read, last int64) int64 {
		if seq <= 0 || seq > last {
			seq = last
		}
		return max(read, seq)
	})
}

// MarkUnread takes back what the acting user has read: from the message with this seq on, 0 for the last one. What is
// unread already stays so.
func (s *Store) MarkUnread(ctx context.Context, actor chat.Actor, conv chat.ConversationID, seq int64) error {
	return s.moveRead(ctx, actor, conv, func(read, last int64) int64 {
		from := seq
		if from <= 0 || from > last {
			from = last
		}
		return max(0, min(read, from-1))
	})
}

// moveRead sets the acting user's own place among the messages, as to computes it from where they are and where the
// last standing message is.
func (s *Store) moveRead(ctx context.Context, actor chat.Actor, conv chat.ConversationID, to func(read, last int64) int64) error {
	return s.change(ctx, actor, func(t *Tx) error {
		f, err := t.facts(actor.App, conv)
		if err != nil {
			return err
		}
		if err := t.allow(chat.OpMessageMarkRead, f); err != nil {
			return err
		}
		ref := chat.ParticipantRef{App: actor.App, Conversation: conv, User: chat.UserID(actor.ID)}
		read, err := loadRead(t, ref)
		if err != nil {
			return err
		}
		var last, listed int64
		if err := t.row(`SELECT last_seq, read_write + read_only FROM conversations WHERE app_id = $1 AND id = $2`, string(ref.App), string(ref.Conversation)).Scan(&last, &listed); err != nil {
			return fmt.Errorf("load last message: %w", err)
		}
		seq := max(to(read, last), f.After)
		moved, err := t.setRead(ref, seq)
		if err != nil || !moved || listed > MaxReaders {
			return err
		}
		_, err = t.record(chat.Event{App: ref.App, Conversation: ref.Conversation, User: ref.User, Type: chat.MessageRead}, nil, chat.Image{"seq": seq})
		return err
	})
}

func loadRead(q querier, ref chat.ParticipantRef) (seq int64, err error) {
	err = q.row(`SELECT read_seq FROM participants WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, string(ref.App), string(ref.Conversation), string(ref.User)).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("load read: %w", err)
	}
	return seq, nil
}

// setRead tells whether it changed anything.
func (t *Tx) setRead(ref chat.ParticipantRef, seq int64) (moved bool, err error) {
	res, err := t.exec(`UPDATE participants SET read_seq = $4 WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3 AND read_seq <> $4`,
		string(ref.App), string(ref.Conversation), string(ref.User), seq)
	if err != nil {
		return false, fmt.Errorf("set read: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func countUnread(q querier, m *Membership) error {
	ref := m.Participant.ParticipantRef
	if err := q.row(`SELECT count(*) FROM (SELECT 1 FROM messages m WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.seq > $3 AND m.deleted_at = 0 AND m.sender_id <> $4 LIMIT $5)`,
		string(ref.App), string(ref.Conversation), max(m.ReadSeq, m.Participant.HistoryAfter), string(ref.User), MaxUnread).Scan(&m.Unread); err != nil {
		return fmt.Errorf("count unread: %w", err)
	}
	return nil
}

// Readers is how far each participant has read, for whom may read the conversation. It is empty in conversations with
// more than MaxReaders of them.
func (s *Store) Readers(ctx context.Context, actor chat.Actor, conv chat.ConversationID) (read map[chat.UserID]int64, err error) {
	read = map[chat.UserID]int64{}
	err = s.browse(ctx, actor, conv, chat.OpMessageRead, func(q querier) error {
		c, err := loadConversation(q, actor.App, conv)
		if err != nil || c.Counts.Listed() > MaxReaders {
			return err
		}
		f, err := loadFacts(q, actor, s.now(), actor.App, conv)
		if err != nil {
			return err
		}
		type reader struct {
			user chat.UserID
			seq  int64
		}
		rows, err := q.query(`SELECT user_id, read_seq FROM participants WHERE app_id = $1 AND conversation_id = $2 AND access <> 'None' ORDER BY joined_at, user_id`, string(actor.App), string(conv))
		all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (r reader, err error) {
			return r, row.Scan(&r.user, &r.seq)
		})
		for _, r := range all {
			read[r.user] = max(r.seq, f.After) // who has read what is hidden is hidden too
		}
		return err
	})
	return read, err
}
