package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// How admins read, and bring back, what is said in a conversation.

// OpenMessages notes that an admin reads a conversation: once in chat.ReadingLasts, and each time they give a reason. The
// zero event says that it was noted already.
func (s *Store) OpenMessages(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, reason string) (e chat.Event, err error) {
	noted := func(q querier, now time.Time) (bool, error) {
		var at int64
		err := q.row(`SELECT at FROM readings WHERE app_id = $1 AND conversation_id = $2 AND admin_id = $3`, string(app), string(conv), actor.ID).Scan(&at)
		if isMissing(err) {
			return false, nil
		}
		age := now.Sub(fromMillis(at))
		return age >= 0 && age < chat.ReadingLasts, err
	}
	if reason == "" { // most pages only look
		done := false
		if err := s.read(ctx, func(q querier) error { done, err = noted(q, s.now()); return err }); err != nil || done {
			return e, err
		}
	}
	err = s.change(ctx, actor, func(t *Tx) error {
		e = chat.Event{}
		if err := mayRead(t, t.Now, actor, app, conv); err != nil {
			return err
		}
		if err := chat.CheckReading(reason); err != nil {
			return err
		}
		if done, err := noted(t, t.Now); err != nil || done && reason == "" {
			return err
		}
		if _, err := t.exec(`INSERT INTO readings (app_id, conversation_id, admin_id, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (app_id, conversation_id, admin_id) DO UPDATE SET at = excluded.at`, string(app), string(conv), actor.ID, millis(t.Now)); err != nil {
			return fmt.Errorf("note reading: %w", err)
		}
		var why chat.Image
		if reason != "" {
			why = chat.Image{"reason": reason}
		}
		e, err = t.record(chat.Event{App: app, Conversation: conv, Type: chat.MessagesOpened}, nil, why)
		return err
	})
	return e, err
}

// ReadMessages is a page of a conversation as admins read it: with the places of deleted messages, and for those who may
// bring them back with what they said.
func (s *Store) ReadMessages(ctx context.Context, actor chat.Actor, mq MessageQuery) (p Page[chat.Message], err error) {
	mq.Deleted = true
	err = s.read(ctx, func(q querier) error {
		if err := mayRead(q, s.now(), actor, mq.App, mq.Conversation); err != nil {
			return err
		}
		if p, err = listMessages(q, mq); err != nil {
			return err
		}
		if chat.Allow(actor, chat.OpMessageRestore, chat.Facts{App: mq.App, Now: s.now()}) != nil {
			return nil
		}
		for i, m := range p.Items {
			if m.DeletedAt.IsZero() {
				continue
			}
			if p.Items[i].Kept, err = loadKept(q, mq.App, mq.Conversation, m.Seq, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// loadKept is what a deleted message said; nil when that is kept no longer.
func loadKept(q querier, app chat.AppID, conv chat.ConversationID, seq int64, now time.Time) (*chat.KeptMessage, error) {
	var k chat.KeptMessage
	var at int64
	err := q.row(`SELECT text, removed_at, removed_by FROM removed_messages WHERE app_id = $1 AND conversation_id = $2 AND seq = $3`, string(app), string(conv), seq).Scan(&k.Text, &at, &k.By)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load kept message: %w", err)
	}
	if k.Until = fromMillis(at).Add(chat.KeepMessages); !now.Before(k.Until) {
		return nil, nil
	}
	return &k, nil
}

// RestoreMessage brings back a message that an admin deleted, as it was. One that stands already changes nothing.
func (s *Store) RestoreMessage(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, id string) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		e, err = t.restoreMessage(app, conv, id, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) restoreMessage(app chat.AppID, conv chat.ConversationID, id string, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpMessageRestore, chat.Facts{App: app}); err != nil {
		return chat.Event{}, err
	}
	m, err := loadAnyMessage(t, app, conv, id)
	if err != nil || m.DeletedAt.IsZero() {
		return chat.Event{}, err
	}
	kept, err := loadKept(t, app, conv, m.Seq, t.Now)
	if err != nil {
		return chat.Event{}, err
	}
	if kept == nil {
		return chat.Event{}, chat.ErrMessageGone()
	}
	for _, sql := range []string{
		`UPDATE messages SET deleted_at = 0, (text, custom) = (SELECT r.text, r.custom FROM removed_messages r WHERE r.app_id = $1 AND r.conversation_id = $2 AND r.seq = $3)
			WHERE app_id = $1 AND conversation_id = $2 AND seq = $3`,
		`DELETE FROM removed_messages WHERE app_id = $1 AND conversation_id = $2 AND seq = $3`,
	} {
		if _, err := t.exec(sql, string(app), string(conv), m.Seq); err != nil {
			return chat.Event{}, fmt.Errorf("restore message: %w", err)
		}
	}
	if err := t.countMessages(app, conv, 1); err != nil {
		return chat.Event{}, err
	}
	if err := t.reindexMessage(app, conv, m.Seq, kept.Text); err != nil {
		return chat.Event{}, err
	}
	mark.App, mark.Conversation, mark.User, mark.Subject, mark.Type = app, conv, m.Sender, id, chat.MessageRestored
	return t.record(mark, nil, nil)
}

// deleteAgain takes back that a message was brought back.
func (t *Tx) deleteAgain(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpMessageDeleteOther, chat.Facts{App: past.App}); err != nil {
		return chat.Event{}, err
	}
	m, err := loadMessage(t, past.App, past.Conversation, past.Subject)
	if err != nil {
		return chat.Event{}, err
	}
	return t.deleteMessage(past.App, m, mark)
}

// ForgetMessages ends what is kept of messages that admins deleted long enough ago, a bounded number at a time. more tells
// whether there are others.
func (s *Store) ForgetMessages(ctx context.Context) (more bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		res, err := t.exec(`DELETE FROM removed_messages WHERE (app_id, conversation_id, seq) IN
			(SELECT app_id, conversation_id, seq FROM removed_messages WHERE removed_at <= $1 ORDER BY removed_at LIMIT $2)`, millis(t.Now.Add(-chat.KeepMessages)), searchStep)
		if err != nil {
			return fmt.Errorf("forget messages: %w", err)
		}
		n, err := res.RowsAffected()
		more = n == searchStep
		return err
	})
	return more, err
}

// loadAnyMessage is loadMessage for one that may be deleted.
func loadAnyMessage(q querier, app chat.AppID, conv chat.ConversationID, id string) (chat.Message, error) {
	m, err := scanMessage(q.row(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.id = $3`, string(app), string(conv), id))
	if isMissing(err) {
		return m, noSuchMessage()
	}
	return m, err
}

// MessageCursor is the place right before a message, for a page that begins with it.
func (s *Store) MessageCursor(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, id string) (cursor string, err error) {
	err = s.read(ctx, func(q querier) error {
		if err := mayRead(q, s.now(), actor, app, conv); err != nil {
			return err
		}
		m, err := loadAnyMessage(q, app, conv, id)
		cursor = encodeCursor(m.Seq - 1)
		return err
	})
	return cursor, err
}

// MessagesSince is the place right before the first message of a time or later; "" when there is none. Messages are in the
// order they were sent or imported in, and this takes their times to be in that order too.
func (s *Store) MessagesSince(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, at time.Time) (cursor string, err error) {
	err = s.read(ctx, func(q querier) error {
		if err := mayRead(q, s.now(), actor, app, conv); err != nil {
			return err
		}
		var end int64
		if err := q.row(`SELECT coalesce(max(seq), 0) + 1 FROM messages WHERE app_id = $1 AND conversation_id = $2`, string(app), string(conv)).Scan(&end); err != nil {
			return fmt.Errorf("find messages by time: %w", err)
		}
		low, high := int64(1), end // all below low are earlier; high and later ones are not
		for low < high {
			var seq, sent int64
			if err := q.row(`SELECT seq, created_at FROM messages WHERE app_id = $1 AND conversation_id = $2 AND seq >= $3 ORDER BY seq LIMIT 1`,
				string(app), string(conv), low+(high-low)/2).Scan(&seq, &sent); err != nil {
				return fmt.Errorf("find messages by time: %w", err)
			}
			if sent < millis(at) {
				low = seq + 1
			} else {
				high = low + (high-low)/2
			}
		}
		if cursor = encodeCursor(low - 1); low == end {
			cursor = ""
		}
		return nil
	})
	return cursor, err
}

// MessagesInOrder is a page of a conversation's messages, oldest first, for whom may read them.
func (s *Store) MessagesInOrder(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, w Window) (p Page[chat.Message], err error) {
	err = s.read(ctx, func(q querier) error {
		if err := mayRead(q, s.now(), actor, app, conv); err != nil {
			return err
		}
		from := int64(0)
		if w.After != "" {
			at, err := decodeCursor(w.After, "i")
			if err != nil {
				return err
			}
			from = at[0].(int64)
		}
		rows, err := q.query(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.seq > $3 AND m.deleted_at = 0 ORDER BY m.seq LIMIT $4`,
			string(app), string(conv), from, w.limit()+1)
		all, err := scan(rows, err, scanMessage)
		if err != nil {
			return fmt.Errorf("list messages: %w", err)
		}
		p = page(Window{After: w.After, Limit: w.Limit}, all, func(m chat.Message) string { return encodeCursor(m.Seq) })
		return nil
	})
	return p, err
}
