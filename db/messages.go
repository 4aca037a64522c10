package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"guestlist/db/chat"
)

const messageColumns = `m.seq, m.id, m.conversation_id, m.type, m.sender_id, coalesce(` + senderName + `, ''), m.as_guest, m.text, m.custom, m.origin, m.created_at, m.edited_at, m.deleted_at`

// senderName is the name of who wrote m: as it is now, or as it was when they were deleted.
const senderName = `coalesce(s.name, (SELECT g.name FROM trash g WHERE g.app_id = m.app_id AND g.key = m.sender_id))`

// knownAs is what people call who wrote a message.
func knownAs(sender chat.UserID, name string) string {
	if name == "" && sender.Gone() {
		return chat.ErasedName
	}
	return name
}

const messageTables = `messages m LEFT JOIN users s ON s.app_id = m.app_id AND s.id = m.sender_id`

func scanMessage(row interface{ Scan(...any) error }) (chat.Message, error) {
	var (
		m                        chat.Message
		custom                   jsonText
		created, edited, deleted int64
	)
	if err := row.Scan(&m.Seq, &m.ID, &m.Conversation, &m.Type, &m.Sender, &m.SenderName, &m.AsGuest, &m.Text, &custom, &m.Origin, &created, &edited, &deleted); err != nil {
		return m, err
	}
	m.CreatedAt, m.SenderName = fromMillis(created), knownAs(m.Sender, m.SenderName)
	if edited > 0 {
		m.EditedAt = fromMillis(edited)
	}
	if deleted > 0 {
		m.DeletedAt = fromMillis(deleted)
	}
	return m, custom.into(&m.Custom)
}

func loadMessage(q querier, app chat.AppID, conv chat.ConversationID, id string) (chat.Message, error) {
	m, err := scanMessage(q.row(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.id = $3 AND m.deleted_at = 0`,
		string(app), string(conv), id))
	if isMissing(err) {
		return m, noSuchMessage()
	}
	return m, err
}

func noSuchMessage() *chat.Error {
	return &chat.Error{Code: chat.NotFound, Reason: chat.MessageNotFound, Message: "There is no such message in this conversation.", Hint: "It may have been deleted."}
}

// SendMessage appends a message. A browser sends in its user's name, whatever m says; a server names a sender who is
// on the list, or sends a system message.
func (s *Store) SendMessage(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, m chat.NewMessage) (sent chat.Message, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		f, err := t.facts(app, conv)
		if err != nil {
			return err
		}
		var ops []chat.Operation
		if m.Type != chat.SystemMessage || actor.Kind != chat.AdminActor {
			ops = append(ops, chat.OpMessageSend)
		}
		if m.Type == chat.SystemMessage {
			ops = append(ops, chat.OpMessageSendSystem)
		}
		if chat.HasButtons(m.Text) {
			ops = append(ops, chat.OpMessageSendButtons)
		}
		if actor.Kind == chat.UserActor && m.Sender != "" && string(m.Sender) != actor.ID {
			ops = append(ops, chat.OpMessageSendAs)
		}
		for _, op := range ops {
			if err := t.allow(op, f); err != nil {
				return err
			}
		}
		if !f.Exists {
			return chat.ErrConversationNotFound(conv)
		}
		if err := m.Check(); err != nil {
			return err
		}
		if actor.Kind == chat.UserActor {
			m.Sender = chat.UserID(actor.ID)
		}
		sent, err = t.sendMessage(app, conv, m)
		return err
	})
	return sent, err
}

func (t *Tx) sendMessage(app chat.AppID, conv chat.ConversationID, m chat.NewMessage) (chat.Message, error) {
	sent := chat.Message{ID: "msg_" + rand.Text(), Conversation: conv, Type: chat.UserMessage, Sender: m.Sender, Text: m.Text, Custom: m.Custom, Origin: t.origin(), CreatedAt: t.Now}
	if m.Type == chat.SystemMessage {
		sent.Type, sent.Sender = chat.SystemMessage, ""
	} else if err := t.checkSender(chat.ParticipantRef{App: app, Conversation: conv, User: m.Sender}, &sent); err != nil {
		return sent, err
	}
	if err := t.appendMessage(app, &sent); err != nil {
		return sent, err
	}
	if sent.Sender != "" {
		if _, err := t.setRead(chat.ParticipantRef{App: app, Conversation: conv, User: sent.Sender}, sent.Seq); err != nil {
			return sent, err
		}
	}
	_, err := t.record(chat.Event{App: app, Conversation: conv, User: sent.Sender, Subject: sent.ID, Type: chat.MessageSent}, nil, nil)
	if err == nil && t.Actor.Kind == chat.AdminActor {
		_, err = t.record(chat.Event{App: app, Conversation: conv, Subject: sent.ID, Type: chat.MessageAnnounced}, nil, nil)
	}
	return sent, err
}

// origin names the door that a message came through.
func (t *Tx) origin() string {
	if t.Actor.Source == chat.Browser {
		return "web"
	}
	return "rest"
}

// checkSender refuses an unknown sender, and one for whom a server sends though they are not on the list. A browser's user
// who is not on it writes as a guest.
func (t *Tx) checkSender(ref chat.ParticipantRef, m *chat.Message) error {
	pl, err := loadPlace(t, ref)
	if err != nil {
		return err
	}
	if !pl.userExists {
		return unknownUser("sender", ref.User)
	}
	if t.Actor.Kind != chat.UserActor && (!pl.taken() || pl.participant.Ended(t.Now)) {
		return chat.InvalidField("sender", "is not a participant of this conversation")
	}
	m.SenderName, m.AsGuest = pl.userName, !pl.taken()
	return nil
}

// appendMessage stores a message behind the others and makes it the conversation's last.
func (t *Tx) appendMessage(app chat.AppID, m *chat.Message) error {
	if err := t.row(`SELECT coalesce(max(seq), 0) + 1 FROM messages WHERE app_id = $1 AND conversation_id = $2`, string(app), string(m.Conversation)).Scan(&m.Seq); err != nil {
		return fmt.Errorf("append message: %w", err)
	}
	if _, err := t.exec(`INSERT INTO messages (app_id, conversation_id, seq, id, type, sender_id, text, custom, origin, created_at, as_guest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		string(app), string(m.Conversation), m.Seq, m.ID, string(m.Type), string(m.Sender), m.Text, toJSON(m.Custom), m.Origin, millis(m.CreatedAt), m.AsGuest); err != nil {
		return fmt.Errorf("append message: %w", err)
	}
	if _, err := t.exec(`UPDATE conversations SET messages = messages + 1, last_seq = $3, last_activity_at = $4 WHERE app_id = $1 AND id = $2`,
		string(app), string(m.Conversation), m.Seq, millis(m.CreatedAt)); err != nil {
		return fmt.Errorf("append message: %w", err)
	}
	t.countMessage(app, m.CreatedAt)
	return nil
}

// EditMessage changes what change sets of a message. The zero event says that nothing differed.
func (s *Store) EditMessage(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, id string, change chat.MessageChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		before, err := t.askMessage(app, conv, id, chat.OpMessageEditOwn, chat.OpMessageEditOther)
		if err != nil {
			return err
		}
		after, err := change.Apply(before)
		if err != nil {
			return err
		}
		if actor.Kind == chat.UserActor && chat.HasButtons(after.Text) {
			return t.allow(chat.OpMessageSendButtons, chat.Facts{App: app, Exists: true, Place: chat.ReadWrite})
		}
		if after.Text == before.Text && toJSON(after.Custom) == toJSON(before.Custom) {
			return nil
		}
		if _, err := t.exec(`UPDATE messages SET text = $4, custom = $5, edited_at = $6 WHERE app_id = $1 AND conversation_id = $2 AND seq = $3`,
			string(app), string(conv), before.Seq, after.Text, toJSON(after.Custom), millis(t.Now)); err != nil {
			return fmt.Errorf("edit message: %w", err)
		}
		if after.Text != before.Text {
			if err := t.reindexMessage(app, conv, before.Seq, after.Text); err != nil {
				return err
			}
		}
		e, err = t.record(chat.Event{App: app, Conversation: conv, User: before.Sender, Subject: id, Type: chat.MessageEdited}, nil, nil)
		return err
	})
	return e, err
}

// DeleteMessage takes a message away: its text is gone, its place stays. One that is gone already changes nothing. Of what
// an admin deletes the text is kept for chat.KeepMessages, for RestoreMessage.
func (s *Store) DeleteMessage(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, id string) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		m, err := t.askMessage(app, conv, id, chat.OpMessageDeleteOwn, chat.OpMessageDeleteOther)
		if chat.ReasonOf(err) == chat.MessageNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		e, err = t.deleteMessage(app, m, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) deleteMessage(app chat.AppID, m chat.Message, mark chat.Event) (chat.Event, error) {
	kind := chat.MessageDeleted
	if t.Actor.Kind == chat.AdminActor {
		kind = chat.MessageRemoved
		if _, err := t.exec(`INSERT INTO removed_messages (app_id, conversation_id, seq, text, custom, removed_at, removed_by)
			SELECT app_id, conversation_id, seq, text, custom, $4, $5 FROM messages WHERE app_id = $1 AND conversation_id = $2 AND seq = $3`,
			string(app), string(m.Conversation), m.Seq, millis(t.Now), t.Actor.Name); err != nil {
			return chat.Event{}, fmt.Errorf("keep message: %w", err)
		}
	}
	if _, err := t.exec(`UPDATE messages SET text = '', custom = '', deleted_at = $4 WHERE app_id = $1 AND conversation_id = $2 AND seq = $3`,
		string(app), string(m.Conversation), m.Seq, millis(t.Now)); err != nil {
		return chat.Event{}, fmt.Errorf("delete message: %w", err)
	}
	if err := t.countMessages(app, m.Conversation, -1); err != nil {
		return chat.Event{}, err
	}
	mark.App, mark.Conversation, mark.User, mark.Subject, mark.Type = app, m.Conversation, m.Sender, m.ID, kind
	return t.record(mark, nil, nil)
}

// countMessages adds to the number of a conversation's messages, and finds its last one anew.
func (t *Tx) countMessages(app chat.AppID, conv chat.ConversationID, n int64) error {
	if _, err := t.exec(`UPDATE conversations SET messages = messages + $3,
			last_seq = (SELECT coalesce(max(seq), 0) FROM messages WHERE app_id = $1 AND conversation_id = $2 AND deleted_at = 0) WHERE app_id = $1 AND id = $2`,
		string(app), string(conv), n); err != nil {
		return fmt.Errorf("count messages: %w", err)
	}
	return nil
}

// askMessage is the message, once the actor may do own with it if it is theirs, else other. Who can't see the
// conversation is told nothing of its messages.
func (t *Tx) askMessage(app chat.AppID, conv chat.ConversationID, id string, own, other chat.Operation) (chat.Message, error) {
	f, err := t.facts(app, conv)
	if err != nil {
		return chat.Message{}, err
	}
	if t.Actor.Kind == chat.UserActor {
		if err := t.allow(chat.OpMessageRead, f); err != nil {
			return chat.Message{}, err
		}
	}
	if !f.Exists {
		return chat.Message{}, chat.ErrConversationNotFound(conv)
	}
	m, err := loadMessage(t, app, conv, id)
	if err == nil && t.Actor.Kind == chat.UserActor && m.Seq <= f.After {
		m, err = chat.Message{}, noSuchMessage()
	}
	missing := chat.ReasonOf(err) == chat.MessageNotFound
	if err != nil && !missing {
		return m, err
	}
	op := other
	if missing && t.Actor.Kind == chat.UserActor || t.Actor.Kind == chat.UserActor && string(m.Sender) == t.Actor.ID {
		op = own
	}
	if err := t.allow(op, f); err != nil {
		return m, err
	}
	return m, err
}

// MessageQuery asks for a page of a conversation's messages, newest first.
type MessageQuery struct {
	App          chat.AppID
	Conversation chat.ConversationID
	Deleted      bool  // with the places of deleted ones
	after        int64 // only those behind this seq
	Window
}

// Messages is a page of a conversation's messages, for whom may read them.
func (s *Store) Messages(ctx context.Context, actor chat.Actor, mq MessageQuery) (p Page[chat.Message], err error) {
	err = s.read(ctx, func(q querier) error {
		if mq.after, err = visibleAfter(q, s.now(), actor, mq.App, mq.Conversation); err != nil {
			return err
		}
		p, err = listMessages(q, mq)
		return err
	})
	return p, err
}

// Message is one message, for whom may read it.
func (s *Store) Message(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, id string) (m chat.Message, err error) {
	err = s.read(ctx, func(q querier) error {
		after, err := visibleAfter(q, s.now(), actor, app, conv)
		if err != nil {
			return err
		}
		if m, err = loadMessage(q, app, conv, id); err == nil && m.Seq <= after {
			m, err = chat.Message{}, noSuchMessage()
		}
		return err
	})
	return m, err
}

// mayRead asks whether the actor may read what is said in a conversation.
func mayRead(q querier, now time.Time, actor chat.Actor, app chat.AppID, conv chat.ConversationID) error {
	_, err := visibleAfter(q, now, actor, app, conv)
	return err
}

// visibleAfter is mayRead, and the seq that what the actor may see lies behind: 0 for everything.
func visibleAfter(q querier, now time.Time, actor chat.Actor, app chat.AppID, conv chat.ConversationID) (int64, error) {
	f, err := loadFacts(q, actor, now, app, conv)
	if err != nil {
		return 0, err
	}
	if err := allow(q, actor, now, chat.OpMessageRead, f); err != nil {
		return 0, err
	}
	if !f.Exists {
		return 0, chat.ErrConversationNotFound(conv)
	}
	if actor.Kind != chat.UserActor {
		return 0, nil // their cut is a user's of that id, not theirs
	}
	return f.After, nil
}

func listMessages(q querier, mq MessageQuery) (Page[chat.Message], error) {
	compare, dir, edge := "<", "DESC", any(int64(1<<62))
	if mq.backward() {
		compare, dir, edge = ">", "ASC", int64(-1)
	}
	if cursor := mq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "i")
		if err != nil {
			return Page[chat.Message]{}, err
		}
		edge = at[0]
	}
	standing := " AND m.deleted_at = 0"
	if mq.Deleted {
		standing = ""
	}
	rows, err := q.query(fmt.Sprintf(`SELECT %s FROM %s WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.seq %s $3 AND m.seq > $5%s ORDER BY m.seq %s LIMIT $4`,
		messageColumns, messageTables, compare, standing, dir), string(mq.App), string(mq.Conversation), edge, mq.limit()+1, mq.after)
	all, err := scan(rows, err, scanMessage)
	if err != nil {
		return Page[chat.Message]{}, fmt.Errorf("list messages: %w", err)
	}
	return page(mq.Window, all, func(m chat.Message) string { return encodeCursor(m.Seq) }), nil
}

// ImportMessages appends messages as they are, oldest first: no event, no news. It fills demonstrations and benchmarks.
func (s *Store) ImportMessages(ctx context.Context, app chat.AppID, conv chat.ConversationID, messages []chat.Message) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		if _, err := loadConversation(t, app, conv); err != nil {
			return err
		}
		for _, m := range messages {
			m.Conversation, m.Type = conv, chat.UserMessage
			if m.ID == "" {
				m.ID = "msg_" + rand.Text()
			}
			if err := t.appendMessage(app, &m); err != nil {
				return err
			}
		}
		return nil
	})
}
