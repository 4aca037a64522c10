package db

import (
	"context"
	"encoding/json"
	"fmt"

	"guestlist/db/chat"
)

// The trash. What is deleted is gone from every door with the first transaction; its rows follow in steps that hold the
// writer for a moment each, and come back likewise. Small things take one transaction.

// trashed is an entry with what only the store needs.
type trashed struct {
	chat.Trashed
	key, object, ban, batch string
	deletion, undoes        int64
	erase                   bool
	actor                   chat.Actor // who deletes, restores or purges it
}

const trashColumns = `b.n, b.app_id, b.kind, b.id, b.name, b.places, b.messages, b.at, b.by, b.state,
	CASE b.kind WHEN 'user' THEN EXISTS (SELECT 1 FROM users u WHERE u.app_id = b.app_id AND u.id = b.id AND u.trash <> b.n)
		ELSE EXISTS (SELECT 1 FROM conversations c WHERE c.app_id = b.app_id AND c.id = b.id AND c.trash <> b.n) END`

func scanTrashed(row interface{ Scan(...any) error }) (t chat.Trashed, err error) {
	var at int64
	err = row.Scan(&t.N, &t.App, &t.Kind, &t.ID, &t.Name, &t.Places, &t.Messages, &at, &t.By, &t.State, &t.Taken)
	t.At = fromMillis(at)
	return t, err
}

func scanEntry(row interface{ Scan(...any) error }) (e trashed, err error) {
	var actor string
	e.Trashed, err = scanTrashed(withMore{row, []any{&e.key, &e.object, &e.ban, &e.batch, &e.deletion, &e.undoes, &e.erase, &actor}})
	if err == nil {
		e.actor, err = readActor(actor)
	}
	return e, err
}

const entryColumns = trashColumns + `, b.key, b.object, b.ban, b.batch, b.deletion, b.undoes, b.erase, b.actor`

func loadEntry(q querier, app chat.AppID, n int64) (trashed, error) {
	e, err := scanEntry(q.row(`SELECT `+entryColumns+` FROM trash b WHERE b.app_id = $1 AND b.n = $2 AND b.state <> 'gone' AND b.erase = 0`, string(app), n))
	if isMissing(err) {
		return e, chat.ErrNotInTrash()
	}
	return e, err
}

// TrashQuery asks for a page of an app's trash, what was deleted last first. Kind filters when set.
type TrashQuery struct {
	App  chat.AppID
	Kind chat.TrashKind
	Window
}

// Trash is a page of what is in an app's trash.
func (s *Store) Trash(ctx context.Context, tq TrashQuery) (p Page[chat.Trashed], err error) {
	compare, dir, edge := "<", "DESC", any(int64(1<<62))
	if tq.backward() {
		compare, dir, edge = ">", "ASC", int64(-1)
	}
	if cursor := tq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "i")
		if err != nil {
			return p, err
		}
		edge = at[0]
	}
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(fmt.Sprintf(`SELECT %s FROM trash b WHERE b.app_id = $1 AND b.n %s $2 AND b.state <> 'gone' AND b.erase = 0 AND ($3 = '' OR b.kind = $3) ORDER BY b.n %s LIMIT $4`,
			trashColumns, compare, dir), string(tq.App), edge, string(tq.Kind), tq.limit()+1)
		all, err := scan(rows, err, scanTrashed)
		p = page(tq.Window, all, func(t chat.Trashed) string { return encodeCursor(t.N) })
		return err
	})
	if err != nil {
		return p, fmt.Errorf("list trash: %w", err)
	}
	return p, nil
}

// Trashed is one thing in the trash.
func (s *Store) Trashed(ctx context.Context, app chat.AppID, n int64) (chat.Trashed, error) {
	var e trashed
	err := s.read(ctx, func(q querier) (err error) { e, err = loadEntry(q, app, n); return err })
	return e.Trashed, err
}

// savedActor is who wanted a change that goes on in later transactions, as its events name them.
type savedActor struct {
	Kind          chat.ActorKind
	ID, Name      string
	Source        chat.Source
	App           chat.AppID
	Role          chat.Role
	RequestID, IP string
}

func actorText(a chat.Actor) string {
	b, err := json.Marshal(savedActor{a.Kind, a.ID, a.Name, a.Source, a.App, a.Role, a.RequestID, a.IP})
	if err != nil {
		panic(err) // strings
	}
	return string(b)
}

func readActor(text string) (chat.Actor, error) {
	var a savedActor
	if text == "" {
		return chat.Actor{}, nil
	}
	err := json.Unmarshal([]byte(text), &a)
	return chat.Actor{Kind: a.Kind, ID: a.ID, Name: a.Name, Source: a.Source, App: a.App, Role: a.Role, RequestID: a.RequestID, IP: a.IP}, err
}

// bin makes the entry of something that is being deleted, and hides it from every door.
func (t *Tx) bin(e trashed, table string) (trashed, error) {
	row, err := asJSON(t, table, "x")
	if err != nil {
		return e, err
	}
	e.At, e.By, e.State, e.actor = t.Now, t.Actor.Name, chat.TrashEmptying, t.Actor
	if err := t.row(`SELECT `+row+` FROM `+table+` x WHERE x.app_id = $1 AND x.id = $2`, string(e.App), e.ID).Scan(&e.object); err != nil {
		return e, fmt.Errorf("read what is deleted: %w", err)
	}
	res, err := t.exec(`INSERT INTO trash (app_id, kind, id, key, name, object, ban, places, messages, at, by, batch, state, erase, actor) VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, $11, 'emptying', $12, $13)`,
		string(e.App), string(e.Kind), e.ID, e.Name, e.object, e.ban, e.Places, e.Messages, millis(e.At), e.By, e.batch, flag(e.erase), actorText(t.Actor))
	if err != nil {
		return e, fmt.Errorf("put into the trash: %w", err)
	}
	if e.N, err = res.LastInsertId(); err != nil {
		return e, err
	}
	e.key = chat.TrashKey(e.N)
	if _, err := t.exec(`UPDATE trash SET key = $2 WHERE n = $1`, e.N, e.key); err != nil {
		return e, err
	}
	if _, err := t.exec(`UPDATE `+table+` SET trash = $3 WHERE app_id = $1 AND id = $2`, string(e.App), e.ID, e.N); err != nil {
		return e, fmt.Errorf("hide what is deleted: %w", err)
	}
	if _, err := t.exec(`DELETE FROM `+table+`_search WHERE rowid IN (SELECT n FROM `+table+` WHERE app_id = $1 AND id = $2)`, string(e.App), e.ID); err != nil {
		return e, fmt.Errorf("unindex what is deleted: %w", err)
	}
	return e, nil
}

// binned notes the event of a deletion, and moves as many rows as one transaction may.
func (t *Tx) binned(e trashed, event chat.Event) error {
	if _, err := t.exec(`UPDATE trash SET deletion = $2 WHERE n = $1`, e.N, event.Seq); err != nil {
		return err
	}
	e.deletion = event.Seq
	return t.step(e)
}

// unbin brings the row of something back, still hidden, unless it is there yet.
func (t *Tx) unbin(e trashed, table string, instead map[string]string) error {
	instead["app_id"], instead["trash"] = "$1", "$3"
	// Its number orders it by age. Should a new one have got it, another one is given.
	instead["n"] = `CASE WHEN EXISTS (SELECT 1 FROM ` + table + ` WHERE n = json_extract($2, '$.n')) THEN NULL ELSE json_extract($2, '$.n') END`
	into, values, err := fromJSON(t, table, "$2", instead)
	if err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO `+table+` (`+into+`) SELECT `+values, string(e.App), e.object, e.N); err != nil {
		return fmt.Errorf("bring back: %w", err)
	}
	return nil
}

// setState notes where an entry is on its way.
func (t *Tx) setState(e *trashed, state chat.TrashState) error {
	e.State = state
	_, err := t.exec(`UPDATE trash SET state = $2, actor = $3, undoes = $4 WHERE n = $1`, e.N, string(state), actorText(e.actor), e.undoes)
	if err != nil {
		return fmt.Errorf("note the state of the trash: %w", err)
	}
	return nil
}

// Restore brings back what is in the trash: whole, with what it had. It is refused while another one has its id. What is
// large comes back a moment later; till then the event is the zero one.
func (s *Store) Restore(ctx context.Context, actor chat.Actor, app chat.AppID, n int64) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.restore(app, n, 0); return err })
	return e, err
}

func (t *Tx) restore(app chat.AppID, n, undoes int64) (chat.Event, error) {
	e, err := loadEntry(t, app, n)
	if chat.ReasonOf(err) == chat.TrashNotFound {
		if denied := t.allow(chat.OpTrashRestore, chat.Facts{App: app}); denied != nil {
			return chat.Event{}, denied
		}
	}
	if err != nil {
		return chat.Event{}, err
	}
	if err := t.allow(chat.OpTrashRestore, chat.Facts{App: app}); err != nil {
		return chat.Event{}, err
	}
	switch {
	case e.State == chat.TrashRestoring:
		return chat.Event{}, nil
	case e.State == chat.TrashPurging:
		return chat.Event{}, chat.ErrNotInTrash()
	case e.Taken:
		return chat.Event{}, chat.ErrIDTaken(e.Kind, e.ID)
	}
	if e.State == chat.TrashKept {
		if e.Kind == chat.TrashedUser {
			err = t.unbin(e, "users", map[string]string{"conversations": "0"})
		} else {
			err = t.unbin(e, "conversations", map[string]string{"read_write": "0", "read_only": "0", "banned": "0", "indexed_seq": "0"})
		}
		if err != nil {
			return chat.Event{}, err
		}
	}
	if e.State == chat.TrashEmptying && e.Kind == chat.TrashedConversation {
		if err := t.unindexMessages(e); err != nil {
			return chat.Event{}, err
		}
	}
	e.actor, e.undoes = t.Actor, undoes
	if err := t.setState(&e, chat.TrashRestoring); err != nil {
		return chat.Event{}, err
	}
	if err := t.step(e); err != nil {
		return chat.Event{}, err
	}
	back, err := scanEvent(t.row(`SELECT ` + eventColumns + ` FROM ` + eventTables + ` WHERE e.seq = (SELECT max(seq) FROM events) AND (e.type = 'user.restored' OR e.type = 'conversation.restored')`))
	if isMissing(err) {
		return chat.Event{}, nil
	}
	return back, err
}

// unindexMessages lets all messages of a conversation be indexed again that was called back half-way.
func (t *Tx) unindexMessages(e trashed) error {
	for _, sql := range []string{
		`DELETE FROM messages_search WHERE rowid BETWEEN (SELECT n * 4294967296 FROM conversations WHERE app_id = $1 AND id = $2) AND (SELECT n * 4294967296 + 4294967295 FROM conversations WHERE app_id = $1 AND id = $2)`,
		`UPDATE conversations SET indexed_seq = 0 WHERE app_id = $1 AND id = $2`,
	} {
		if _, err := t.exec(sql, string(e.App), e.ID); err != nil {
			return fmt.Errorf("unindex messages: %w", err)
		}
	}
	return nil
}

// Purge deletes for good what is in the trash.
func (s *Store) Purge(ctx context.Context, actor chat.Actor, app chat.AppID, n int64) error {
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTrashPurge, chat.Facts{App: app}); err != nil {
			return err
		}
		e, err := loadEntry(t, app, n)
		if err != nil {
			return err
		}
		switch e.State {
		case chat.TrashPurging:
			return nil
		case chat.TrashKept:
			return t.purge(e)
		}
		return chat.ErrInMotion(e.Kind, e.ID)
	})
}

// purge starts the end of an entry. What it was is in its event as numbers only.
func (t *Tx) purge(e trashed) error {
	e.actor = t.Actor
	if err := t.setState(&e, chat.TrashPurging); err != nil {
		return err
	}
	event := chat.Event{App: e.App, Subject: e.Name, Type: chat.ConversationPurged, Conversation: chat.ConversationID(e.ID)}
	if e.Kind == chat.TrashedUser {
		event.Type, event.Conversation, event.User = chat.UserPurged, "", chat.UserID(e.ID)
	}
	if _, err := t.record(event, chat.Image{"trash": e.N, "deletedAt": millis(e.At)}, nil); err != nil {
		return err
	}
	return t.step(e)
}

// undoDeletion restores what an event deleted.
func (t *Tx) undoDeletion(past chat.Event) (chat.Event, error) {
	var was struct {
		Trash int64 `json:"trash"`
	}
	if err := json.Unmarshal(past.Before, &was); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	e, err := t.restore(past.App, was.Trash, past.Seq)
	switch chat.ReasonOf(err) {
	case chat.TrashNotFound:
		return e, chat.CannotUndoError("It is not in the trash any more.")
	case chat.IDTaken:
		return e, chat.CannotUndoError("The id belongs to another one by now. See the trash for what to do.")
	}
	return e, err
}
