package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

const conversationColumns = `c.n, c.app_id, c.id, c.subject, c.photo_url, c.welcome_messages, c.custom, c.guest_access, c.guests_until, c.created_at, c.last_activity_at,
	c.read_write, c.read_only, c.banned, c.messages, m.id, m.sender_id, m.text, m.origin, m.created_at, ` + senderName + `, m.seq, m.type`

const lastMessageJoin = `LEFT JOIN messages m ON m.app_id = c.app_id AND m.conversation_id = c.id AND m.seq = c.last_seq
	LEFT JOIN users s ON s.app_id = c.app_id AND s.id = m.sender_id`

func scanConversation(row interface{ Scan(...any) error }) (numbered[chat.Conversation], error) {
	var (
		c                                    numbered[chat.Conversation]
		welcome, custom                      jsonText
		created, active, guestsUntil         int64
		id, sender, text, origin, name, kind *string
		sent, seq                            *int64
	)
	err := row.Scan(&c.n, &c.v.App, &c.v.ID, &c.v.Subject, &c.v.PhotoURL, &welcome, &custom, &c.v.Guests, &guestsUntil, &created, &active,
		&c.v.Counts.ReadWrite, &c.v.Counts.Read, &c.v.Counts.None, &c.v.Messages, &id, &sender, &text, &origin, &sent, &name, &seq, &kind)
	if err != nil {
		return c, err
	}
	c.v.CreatedAt, c.v.LastActivityAt, c.v.GuestsUntil = fromMillis(created), fromMillis(active), fromMillis(guestsUntil)
	if id != nil {
		c.v.LastMessage = &chat.Message{ID: *id, Conversation: c.v.ID, Sender: chat.UserID(*sender), Text: *text, Origin: *origin, CreatedAt: fromMillis(*sent), Seq: *seq, Type: chat.MessageType(*kind)}
		if name != nil {
			c.v.LastMessage.SenderName = knownAs(c.v.LastMessage.Sender, *name)
		}
	}
	return c, firstError(welcome.into(&c.v.WelcomeMessages), custom.into(&c.v.Custom))
}

func loadNumberedConversation(q querier, app chat.AppID, id chat.ConversationID) (numbered[chat.Conversation], error) {
	c, err := scanConversation(q.row(`SELECT `+conversationColumns+` FROM conversations c `+lastMessageJoin+` WHERE c.app_id = $1 AND c.id = $2 AND c.trash = 0`, string(app), string(id)))
	if isMissing(err) {
		return c, chat.ErrConversationNotFound(id)
	}
	return c, err
}

func loadConversation(q querier, app chat.AppID, id chat.ConversationID) (chat.Conversation, error) {
	c, err := loadNumberedConversation(q, app, id)
	return c.v, err
}

// Conversation is one conversation.
func (s *Store) Conversation(ctx context.Context, app chat.AppID, id chat.ConversationID) (c chat.Conversation, err error) {
	err = s.read(ctx, func(q querier) error { c, err = loadConversation(q, app, id); return err })
	return c, err
}

// PutConversation creates a conversation, or changes what change sets of an existing one. participants are added with
// ReadWrite and all; who is on the list already keeps what they have, and nobody is removed. was holds the values that
// an editor saw; the zero value is not compared. The event is that of the conversation, empty when nothing changed.
func (s *Store) PutConversation(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.ConversationID, change, was chat.ConversationChange, participants ...chat.UserID) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		e, err = t.putConversation(app, id, change, was)
		if err != nil {
			return err
		}
		return t.addListed(app, id, participants)
	})
	return e, err
}

// CreateConversation is PutConversation for one that must not exist yet.
func (s *Store) CreateConversation(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.ConversationID, change chat.ConversationChange, participants ...chat.UserID) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if _, err := loadConversation(t, app, id); err == nil {
			return alreadyExists("id", "conversation", string(id))
		} else if chat.ReasonOf(err) != chat.ConversationMissing {
			return err
		}
		if e, err = t.putConversation(app, id, change, chat.ConversationChange{}); err != nil {
			return err
		}
		return t.addListed(app, id, participants)
	})
	return e, err
}

// EditConversation is PutConversation for one that must exist.
func (s *Store) EditConversation(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.ConversationID, change, was chat.ConversationChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if _, err := loadConversation(t, app, id); err != nil {
			return err
		}
		e, err = t.putConversation(app, id, change, was)
		return err
	})
	return e, err
}

func (t *Tx) addListed(app chat.AppID, id chat.ConversationID, users []chat.UserID) error {
	var unknown, banned []string
	for _, user := range users {
		pl, err := loadPlace(t, chat.ParticipantRef{App: app, Conversation: id, User: user})
		if err != nil {
			return err
		}
		if pl.taken() {
			continue
		}
		switch _, err := t.addParticipant(pl, chat.ParticipantChange{}, ""); {
		case chat.ReasonOf(err) == chat.UserNotFound:
			unknown = append(unknown, "there is no user “"+string(user)+"”")
		case chat.ReasonOf(err) == chat.UserBannedFromAll:
			banned = append(banned, "“"+string(user)+"” is banned from all conversations")
		case err != nil:
			return err
		}
	}
	if len(unknown) > 0 {
		return &chat.Error{Code: chat.Invalid, Reason: chat.UserNotFound, Message: "Some participants are not users of this app.",
			Hint: "Create them first; nothing was changed.", Fields: map[string][]string{"participants": unknown}}
	}
	if len(banned) > 0 {
		return &chat.Error{Code: chat.Invalid, Reason: chat.UserBannedFromAll, Message: "Some participants are banned from all conversations.",
			Hint: "Lift their bans in the dashboard first; nothing was changed.", Fields: map[string][]string{"participants": banned}}
	}
	return nil
}

func (t *Tx) putConversation(app chat.AppID, id chat.ConversationID, change, was chat.ConversationChange) (chat.Event, error) {
	before, err := loadNumberedConversation(t, app, id)
	exists := err == nil
	if err != nil && chat.ReasonOf(err) != chat.ConversationMissing {
		return chat.Event{}, err
	}
	op := chat.OpConversationEdit
	if !exists {
		op = chat.OpConversationCreate
		before.v = newConversation(t, app, id)
	}
	if err := t.allow(op, chat.Facts{App: app, Exists: exists, Guests: before.v.Guests}); err != nil {
		return chat.Event{}, err
	}
	if exists {
		change, was = change.Onto(was, before.v)
	}
	after, err := change.Apply(before.v)
	if err != nil {
		return chat.Event{}, err
	}
	if exists {
		if err := staleConversation(before.v, after, was); err != nil {
			return chat.Event{}, err
		}
	}
	return t.saveConversation(before, after, exists, chat.Event{})
}

func newConversation(t *Tx, app chat.AppID, id chat.ConversationID) chat.Conversation {
	return chat.Conversation{App: app, ID: id, CreatedAt: t.Now, LastActivityAt: t.Now, Guests: chat.GuestsInherit}
}

func staleConversation(now, wanted chat.Conversation, was chat.ConversationChange) error {
	seen, err := was.Apply(now)
	if err != nil {
		return err
	}
	theirs, base := chat.DiffConversation(now, seen)
	_, mine := chat.DiffConversation(now, wanted)
	return staleFields(theirs, base, mine)
}

// saveConversation stores a conversation and records what changed; e carries what is special about the event.
func (t *Tx) saveConversation(before numbered[chat.Conversation], after chat.Conversation, exists bool, e chat.Event) (chat.Event, error) {
	was, now := chat.DiffConversation(before.v, after)
	if exists && len(now) == 0 {
		return chat.Event{}, nil
	}
	if !exists {
		if err := t.free(chat.TrashedConversation, after.App, string(after.ID)); err != nil {
			return e, err
		}
	}
	res, err := t.exec(`INSERT INTO conversations (app_id, id, subject, photo_url, welcome_messages, custom, guest_access, created_at, last_activity_at, guests_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (app_id, id) DO UPDATE SET subject = excluded.subject, photo_url = excluded.photo_url, welcome_messages = excluded.welcome_messages,
			custom = excluded.custom, guest_access = excluded.guest_access, guests_until = excluded.guests_until`,
		string(after.App), string(after.ID), after.Subject, after.PhotoURL, toJSON(after.WelcomeMessages), toJSON(after.Custom), string(after.Guests),
		millis(after.CreatedAt), millis(after.LastActivityAt), millis(after.GuestsUntil))
	if err != nil {
		return e, fmt.Errorf("save conversation: %w", err)
	}
	if err := t.keepOpenSince(before.v.Guests, after); err != nil {
		return e, err
	}
	e.App, e.Conversation, e.Subject, e.Type = after.App, after.ID, after.Subject, chat.ConversationUpdated
	n := before.n
	if !exists {
		if n, err = res.LastInsertId(); err != nil {
			return e, err
		}
		e.Type, was = chat.ConversationCreated, nil
		t.count(after.App, appCount{conversations: 1})
	}
	if !exists || conversationText(before.v) != conversationText(after) {
		if err := t.index("conversations_search", after.App, n, conversationText(after)); err != nil {
			return e, err
		}
	}
	return t.record(e, was, now)
}

// ConversationOrder is how a list of conversations is ordered.
type ConversationOrder int

const (
	ByActivity ConversationOrder = iota // of the last message, else of the creation
	ByAge                               // of the creation
)

// ConversationQuery asks for a page of an app's conversations, newest first. Search finds subjects, ids and custom
// values; its finds are in the order of their creation. The message times bound the last message and leave out conversations without one.
type ConversationQuery struct {
	App                                 chat.AppID
	Search                              string
	Order                               ConversationOrder
	OldestFirst                         bool
	LastMessageBefore, LastMessageAfter time.Time
	Start                               time.Time                    // where the list starts in its own order; zero for its start
	Match                               func(chat.Conversation) bool // keeps what it likes; nil keeps all
	KeptOut                             bool                         // of one user: also those that the user is kept out of
	Unread                              bool                         // of one user: only those with something to read
	now                                 time.Time                    // of one user: whose access is over by then is left out
	Window
}

// Conversations is a page of an app's conversations.
func (s *Store) Conversations(ctx context.Context, cq ConversationQuery) (p Page[chat.Conversation], err error) {
	err = s.read(ctx, func(q querier) error {
		p, err = matching(cq.Window, cq.Match, func(w Window) (Page[chat.Conversation], error) {
			cq.Window = w
			if cq.Order == ByAge || cq.Search != "" {
				return conversationsByAge(q, cq)
			}
			return conversationsByActivity(q, cq)
		})
		return err
	})
	return p, err
}

// matching reads pages until one is filled with what match keeps.
func matching[T any](w Window, match func(T) bool, read func(Window) (Page[T], error)) (Page[T], error) {
	if match == nil {
		return read(w)
	}
	found, next := Page[T]{}, w
	next.Limit = max(w.limit(), 200)
	for {
		p, err := read(next)
		if err != nil {
			return found, err
		}
		for _, v := range p.Items {
			if match(v) && len(found.Items) < w.limit() {
				found.Items = append(found.Items, v)
			}
		}
		if len(found.Items) == w.limit() || p.Next == "" {
			return found, nil
		}
		next.After = p.Next
	}
}

func conversationsByAge(q querier, cq ConversationQuery) (Page[chat.Conversation], error) {
	where, args := bounds(cq, "c.created_at", 4)
	rows, err := readAgeList(q, ageList{table: "conversations", alias: "c", columns: conversationColumns, joins: lastMessageJoin, app: cq.App,
		search: cq.Search, oldestFirst: cq.OldestFirst, where: where, args: args, window: cq.Window}, scanConversation)
	if err != nil {
		return Page[chat.Conversation]{}, fmt.Errorf("list conversations: %w", err)
	}
	return unnumbered(cq.Window, rows), nil
}

func conversationsByActivity(q querier, cq ConversationQuery) (Page[chat.Conversation], error) {
	descending := cq.OldestFirst == cq.backward()
	compare, dir, at, id := "<", "DESC", any(int64(1<<62)), any("")
	if !descending {
		compare, dir, at = ">", "ASC", int64(-1)
	}
	if cursor := cq.cursor(); cursor != "" {
		keys, err := decodeCursor(cursor, "is")
		if err != nil {
			return Page[chat.Conversation]{}, err
		}
		at, id = keys[0], keys[1]
	}
	where, more := bounds(cq, "c.last_activity_at", 5)
	args := append([]any{string(cq.App), at, id, cq.limit() + 1}, more...)
	rows, err := q.query(fmt.Sprintf(`SELECT %s FROM conversations c %s
		WHERE c.app_id = $1 AND c.trash = 0 AND (c.last_activity_at, c.id) %s ($2, $3) %s ORDER BY c.last_activity_at %s, c.id %s LIMIT $4`,
		conversationColumns, lastMessageJoin, compare, where, dir, dir), args...)
	all, err := scan(rows, err, scanConversation)
	if err != nil {
		return Page[chat.Conversation]{}, fmt.Errorf("list conversations: %w", err)
	}
	p := page(cq.Window, all, func(c numbered[chat.Conversation]) string { return activityCursor(c.v) })
	out := unnumbered(Window{Limit: len(p.Items)}, p.Items)
	out.Prev, out.Next = p.Prev, p.Next
	return out, nil
}

func activityCursor(c chat.Conversation) string {
	return encodeCursor(millis(c.LastActivityAt), string(c.ID))
}

// bounds are the conditions on times; by is the column that orders the list.
func bounds(cq ConversationQuery, by string, from int) (where string, args []any) {
	add := func(condition string, at time.Time) {
		if !at.IsZero() {
			where += fmt.Sprintf(" AND "+condition, from+len(args))
			args = append(args, millis(at))
		}
	}
	add("c.messages > 0 AND c.last_activity_at < $%d", cq.LastMessageBefore)
	add("c.messages > 0 AND c.last_activity_at > $%d", cq.LastMessageAfter)
	if cq.OldestFirst {
		add(by+" > $%d", cq.Start)
	} else {
		add(by+" < $%d", cq.Start)
	}
	return where, args
}

// ConversationCursor is the cursor behind one conversation, for lists that continue after an id.
func (s *Store) ConversationCursor(ctx context.Context, app chat.AppID, id chat.ConversationID, order ConversationOrder) (cursor string, err error) {
	err = s.read(ctx, func(q querier) error {
		c, err := loadNumberedConversation(q, app, id)
		if cursor = encodeCursor(c.n); order == ByActivity {
			cursor = activityCursor(c.v)
		}
		return err
	})
	return cursor, err
}
