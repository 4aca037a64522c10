package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"guestlist/db/chat"
)

const (
	eventColumns = `e.seq, e.app_id, e.at, e.actor_kind, e.actor_id, e.actor_name, e.source, e.request_id, e.ip, e.type, e.conversation_id, e.user_id,
		e.subject, e.before, e.after, e.batch, e.undoes, e.reason, coalesce(undo.seq, 0), coalesce(u.name, ''), coalesce(c.subject, '')`
	eventTables = `events e
		LEFT JOIN events undo ON undo.undoes = e.seq AND undo.undoes <> 0
		LEFT JOIN users u ON u.app_id = e.app_id AND u.id = e.user_id
		LEFT JOIN conversations c ON c.app_id = e.app_id AND c.id = e.conversation_id`
)

// record writes the event of a change, in the transaction of the change. e says what was changed; who, when and
// through which door come from the transaction.
func (t *Tx) record(e chat.Event, before, after chat.Image) (chat.Event, error) {
	e.At, e.Kind, e.ActorID, e.ActorName = t.Now, t.Actor.Kind, t.Actor.ID, t.Actor.Name
	e.Source, e.RequestID, e.IP = t.Actor.Source, t.Actor.RequestID, t.Actor.IP
	e.Before, e.After = image(before), image(after)
	part, err := t.partOf(e.Batch)
	if err != nil {
		return e, err
	}
	res, err := t.exec(`INSERT INTO events (app_id, at, actor_kind, actor_id, actor_name, source, request_id, ip, type, class, conversation_id, user_id, subject, before, after, batch, undoes, reason, part)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		string(e.App), millis(e.At), string(e.Kind), e.ActorID, e.ActorName, string(e.Source), e.RequestID, e.IP, string(e.Type), int64(e.Type.Class()),
		string(e.Conversation), string(e.User), e.Subject, string(e.Before), string(e.After), e.Batch, e.Undoes, e.Reason, flag(part))
	if err != nil {
		return e, fmt.Errorf("record event: %w", err)
	}
	if e.Seq, err = res.LastInsertId(); err != nil {
		return e, err
	}
	t.told = true
	if !e.Type.Talk() {
		t.countEvent(e)
	}
	return e, nil
}

// partOf tells whether a bulk change has an event already: then the next one is a part of its entry.
func (t *Tx) partOf(batch string) (part bool, err error) {
	if batch == "" || t.batch == batch {
		return batch != "", nil
	}
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM events WHERE batch <> '' AND batch = $1)`, batch).Scan(&part); err != nil {
		return part, fmt.Errorf("look for a batch: %w", err)
	}
	t.batch = batch
	return part, nil
}

func image(i chat.Image) json.RawMessage {
	if i == nil {
		return nil
	}
	b, err := json.Marshal(i)
	if err != nil {
		panic(err) // images hold strings, numbers, lists and maps of them
	}
	return b
}

func scanEvent(row interface{ Scan(...any) error }) (chat.Event, error) {
	var (
		e             chat.Event
		at            int64
		before, after string
	)
	err := row.Scan(&e.Seq, &e.App, &at, &e.Kind, &e.ActorID, &e.ActorName, &e.Source, &e.RequestID, &e.IP, &e.Type, &e.Conversation, &e.User,
		&e.Subject, &before, &after, &e.Batch, &e.Undoes, &e.Reason, &e.Undone, &e.UserName, &e.ConversationSubject)
	e.At = fromMillis(at)
	if before != "" {
		e.Before = json.RawMessage(before)
	}
	if after != "" {
		e.After = json.RawMessage(after)
	}
	return e, err
}

func loadEvent(q querier, app chat.AppID, seq int64) (chat.Event, error) {
	e, err := scanEvent(q.row(`SELECT `+eventColumns+` FROM `+eventTables+` WHERE e.seq = $1 AND e.app_id = $2`, seq, string(app)))
	if isMissing(err) {
		return e, &chat.Error{Code: chat.NotFound, Reason: chat.EventNotFound, Message: "There is no such entry in the audit log.", Hint: "Check its number."}
	}
	return e, err
}

// Event is one event of an app.
func (s *Store) Event(ctx context.Context, app chat.AppID, seq int64) (e chat.Event, err error) {
	err = s.read(ctx, func(q querier) error { e, err = loadEvent(q, app, seq); return err })
	return e, err
}

// requestReach bounds the search for what no index knows, since every change would pay for one: the changes of a request,
// and those of a conversation's guest access.
const requestReach = 250_000

// EventQuery asks for a page of an app's events, newest first. What is set filters. App "" asks for those of the whole
// server: apps created and deleted, admins.
type EventQuery struct {
	App          chat.AppID
	Conversation chat.ConversationID
	User         chat.UserID
	ActorKind    chat.ActorKind // with ActorID, or alone
	ActorID      string
	Source       chat.Source
	Types        []chat.EventType
	Batch        string
	Entries      bool      // bulk changes as one: their first event, with how many there are
	RequestID    string    // the changes of one request, looked for among the newest requestReach events
	Seq          int64     // one event by its number; 0 for all
	From, To     time.Time // from inclusive, to exclusive
	Window
}

// Events is a page of an app's events.
func (s *Store) Events(ctx context.Context, eq EventQuery) (p Page[chat.Event], err error) {
	err = s.read(ctx, func(q querier) error {
		if p, err = listEvents(q, eq); err != nil || !eq.Entries {
			return err
		}
		for i := range p.Items {
			if err := countBatch(q, &p.Items[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// countBatch says of the first event of a bulk change how many there are, and whether the change was taken back.
func countBatch(q querier, e *chat.Event) error {
	if e.Batch == "" {
		return nil
	}
	if err := q.row(`SELECT count(*), EXISTS (SELECT 1 FROM events WHERE batch <> '' AND batch = $2) FROM events WHERE batch <> '' AND batch = $1`, e.Batch, undoneBatch(e.Batch)).
		Scan(&e.BatchSize, &e.BatchUndone); err != nil {
		return fmt.Errorf("count a batch: %w", err)
	}
	return nil
}

func listEvents(q querier, eq EventQuery) (Page[chat.Event], error) {
	b := conditions{}
	b.add("e.app_id = ?", string(eq.App))
	b.sql += inAudit
	if eq.Entries {
		b.sql += " AND e.part = 0"
	}
	if eq.Conversation != "" {
		b.add("e.conversation_id <> '' AND e.conversation_id = ?", string(eq.Conversation))
	}
	if eq.User != "" {
		b.add("e.user_id <> '' AND e.user_id = ?", string(eq.User))
	}
	if eq.ActorKind != "" {
		b.add("e.actor_kind = ?", string(eq.ActorKind))
	}
	if eq.ActorID != "" {
		b.add("e.actor_id = ?", eq.ActorID)
	}
	if eq.Source != "" {
		b.add("e.source = ?", string(eq.Source))
	}
	if eq.Batch != "" {
		b.add("e.batch <> '' AND e.batch = ?", eq.Batch)
	}
	if eq.RequestID != "" {
		last, err := lastSeq(q)
		if err != nil {
			return Page[chat.Event]{}, err
		}
		b.add("e.request_id = ?", eq.RequestID)
		b.add("e.seq > ?", last-requestReach)
	}
	if eq.Seq != 0 {
		b.add("e.seq = ?", eq.Seq)
	}
	if len(eq.Types) > 0 {
		b.addTypes(eq.Types)
	}
	if !eq.From.IsZero() {
		seq, err := firstSeq(q, eq.App, eq.From)
		if err != nil {
			return Page[chat.Event]{}, err
		}
		b.add("e.seq >= ?", seq)
		b.add("e.at >= ?", millis(eq.From))
	}
	if !eq.To.IsZero() {
		b.add("e.at < ?", millis(eq.To))
		if seq, err := firstSeq(q, eq.App, eq.To.Add(time.Hour)); err != nil {
			return Page[chat.Event]{}, err
		} else if seq > 0 {
			b.add("e.seq < ?", seq)
		}
	}
	dir := "DESC"
	if eq.backward() {
		dir = "ASC"
	}
	if cursor := eq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "i")
		if err != nil {
			return Page[chat.Event]{}, err
		}
		if eq.backward() {
			b.add("e.seq > ?", at[0])
		} else {
			b.add("e.seq < ?", at[0])
		}
	}
	b.args = append(b.args, eq.limit()+1)
	rows, err := q.query(fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY e.seq %s LIMIT $%d`, eventColumns, eventTables, b.sql, dir, len(b.args)), b.args...)
	all, err := scan(rows, err, scanEvent)
	if err != nil {
		return Page[chat.Event]{}, fmt.Errorf("list events: %w", err)
	}
	return page(eq.Window, all, func(e chat.Event) string { return encodeCursor(e.Seq) }), nil
}

// GuestAccessChange is the newest event that set a conversation's own guest access, looked for among the newest
// requestReach events; the zero event when nobody did.
func (s *Store) GuestAccessChange(ctx context.Context, app chat.AppID, conv chat.ConversationID) (e chat.Event, err error) {
	err = s.read(ctx, func(q querier) error {
		last, err := lastSeq(q)
		if err != nil {
			return err
		}
		e, err = scanEvent(q.row(`SELECT `+eventColumns+` FROM `+eventTables+` WHERE e.app_id = $1 AND e.conversation_id <> '' AND e.conversation_id = $2`+inAudit+`
			AND e.seq > $3 AND e.type IN ('conversation.created', 'conversation.updated') AND instr(e.after, '"guestAccess"') > 0 ORDER BY e.seq DESC LIMIT 1`,
			string(app), string(conv), last-requestReach))
		if isMissing(err) {
			e, err = chat.Event{}, nil
		}
		return err
	})
	return e, err
}

// EventsAfter are the events of all apps behind seq, in order, what people say among them: for those who listen.
func (s *Store) EventsAfter(ctx context.Context, seq int64, limit int) (all []chat.Event, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+eventColumns+` FROM `+eventTables+` WHERE e.seq > $1 ORDER BY e.seq LIMIT $2`, seq, limit)
		all, err = scan(rows, err, scanEvent)
		return err
	})
	return all, err
}

// firstSeq is where the events of the hour of at, or the first later one, start; 0 when there are none.
func firstSeq(q querier, app chat.AppID, at time.Time) (seq int64, err error) {
	err = q.row(`SELECT first_seq FROM event_hours WHERE app_id = $1 AND hour >= $2 ORDER BY hour LIMIT 1`, string(app), millis(at)/hourMillis).Scan(&seq)
	if isMissing(err) {
		return 0, nil
	}
	return seq, err
}

// EventsSince counts an app's events since a time, to the hour.
func (s *Store) EventsSince(ctx context.Context, app chat.AppID, from time.Time) (n int64, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.row(`SELECT CAST(coalesce(sum(events), 0) AS INTEGER) FROM event_hours WHERE app_id = $1 AND hour >= $2`, string(app), millis(from)/hourMillis).Scan(&n)
	})
	return n, err
}

// conditions builds a WHERE with numbered arguments; each condition writes ? for its one argument.
type conditions struct {
	sql  string
	args []any
}

func (c *conditions) add(sql string, arg any) {
	c.args = append(c.args, arg)
	if c.sql != "" {
		c.sql += " AND "
	}
	for i := range len(sql) {
		if sql[i] == '?' {
			c.sql += fmt.Sprintf("%s$%d%s", sql[:i], len(c.args), sql[i+1:])
			return
		}
	}
}

// Which events an index holds, word for word as the migrations say it: SQLite takes an index only for a query that repeats
// its condition.
const (
	inAudit = " AND e.class > 0"
	isRare  = " AND e.class > 1"
)

func (c *conditions) addTypes(types []chat.EventType) {
	rare := true
	for _, t := range types {
		rare = rare && t.Class() == chat.Rare
	}
	if rare { // lets SQLite take the index
		c.sql += isRare
	}
	c.sql += " AND e.type IN (" + placeholders(len(c.args)+1, len(types)) + ")"
	for _, t := range types {
		c.args = append(c.args, string(t))
	}
}
