package db

import (
	"fmt"
	"slices"
	"strings"

	"guestlist/db/chat"
)

// Rows that wait in set_aside for what they belong to. Each is named by a conversation and a user, by their ids or by the
// keys of what is in the trash, or of a ban. It is put back once both are ids, in whatever order they come back.

// stepRows is how many rows one transaction moves: so few that nobody waits for it.
const stepRows = 500

// budget is how many rows a transaction may still move.
type budget int

func (b *budget) spend(rows int64, each int) { *b -= budget(rows) * budget(each) }

// placeCost is what a place on a list costs, whose move is an event with its counts, in plain rows.
const placeCost = 4

// part is one of the tables whose rows are set aside.
type part struct {
	table, user string // user is the column of the user
	order       string // of the rows of one conversation
}

var (
	participantsPart = part{"participants", "user_id", "joined_at, user_id"}
	messagesPart     = part{"messages", "sender_id", "seq"}
	removedPart      = part{"removed_messages", "", "seq"} // goes before its messages and comes after them
	ceilingsPart     = part{"ceilings", "user_id", "user_id"}
	blocksPart       = part{"guest_blocks", "user_id", "user_id"}
	termsPart        = part{"terms", "user_id", "user_id"}

	parts = []part{participantsPart, removedPart, messagesPart, ceilingsPart, blocksPart, termsPart}
)

// columns are the names of a table's columns with what stands in for them where an older row lacks them.
func columns(q querier, table string) (names, defaults []string, err error) {
	rows, err := q.query(`SELECT name, coalesce(dflt_value, 'NULL') FROM pragma_table_info($1) ORDER BY cid`, table)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, nil, err
		}
		names, defaults = append(names, name), append(defaults, value)
	}
	return names, defaults, rows.Err()
}

// asJSON is an expression for a row of a table as JSON by column, but for the names that it is set aside by.
func asJSON(q querier, table, alias string) (string, error) {
	names, _, err := columns(q, table)
	var pairs []string
	for _, name := range names {
		switch name {
		case "app_id", "conversation_id", "user_id", "sender_id":
			continue
		}
		pairs = append(pairs, "'"+name+"', "+alias+"."+name)
	}
	return "json_object(" + strings.Join(pairs, ", ") + ")", err
}

// fromJSON are the columns of a table and the expressions that read them from JSON, but for those that instead gives.
func fromJSON(q querier, table, row string, instead map[string]string) (into, values string, err error) {
	names, defaults, err := columns(q, table)
	exprs := make([]string, len(names))
	for i, name := range names {
		if exprs[i] = instead[name]; exprs[i] == "" {
			exprs[i] = fmt.Sprintf("coalesce(json_extract(%s, '$.%s'), %s)", row, name, defaults[i])
		}
	}
	return strings.Join(names, ", "), strings.Join(exprs, ", "), err
}

// talk tells what people said from what belongs to a user.
func (p part) talk() bool { return p == messagesPart || p == removedPart }

// seqOf is the number of a row within its part.
func (p part) seqOf(alias string) string {
	if p.talk() {
		return alias + ".seq"
	}
	return "0"
}

// userKey is the user of a row, by the key of one who is on the way to the trash.
func (p part) userKey() (expr, join string) {
	switch p {
	case messagesPart:
		return "p.sender_id", ""
	case removedPart:
		return "''", ""
	}
	return "CASE WHEN u.trash = 0 THEN p.user_id ELSE '/' || u.trash END", "JOIN users u ON u.app_id = p.app_id AND u.id = p.user_id"
}

// setConversationAside moves rows of a conversation's part under its key, as many as b allows.
func (t *Tx) setConversationAside(p part, app chat.AppID, id, key string, b *budget) error {
	row, err := asJSON(t, p.table, "p")
	if err != nil {
		return err
	}
	user, join := p.userKey()
	args := []any{string(app), id, int64(*b), key}
	if p == messagesPart {
		if _, err := t.exec(`DELETE FROM messages_search WHERE rowid IN (SELECT c.n * 4294967296 + m.seq FROM conversations c
			JOIN (SELECT seq FROM messages WHERE app_id = $1 AND conversation_id = $2 ORDER BY seq LIMIT $3) m WHERE c.app_id = $1 AND c.id = $2 AND c.indexed_seq >= m.seq)`, args[:3]...); err != nil {
			return fmt.Errorf("unindex messages: %w", err)
		}
	}
	if _, err := t.exec(fmt.Sprintf(`INSERT INTO set_aside (app_id, conversation_id, part, seq, user_id, row)
		SELECT p.app_id, $4, '%s', %s, %s, %s FROM (SELECT * FROM %s WHERE app_id = $1 AND conversation_id = $2 ORDER BY %s LIMIT $3) p %s`,
		p.table, p.seqOf("p"), user, row, p.table, p.order, join), args...); err != nil {
		return fmt.Errorf("set %s aside: %w", p.table, err)
	}
	where := fmt.Sprintf(`DELETE FROM %s WHERE app_id = $1 AND conversation_id = $2 AND (%s) IN (SELECT %s FROM %s WHERE app_id = $1 AND conversation_id = $2 ORDER BY %s LIMIT $3)`,
		p.table, p.order, p.order, p.table, p.order)
	if p == participantsPart {
		return t.recount(app, id, -1, b, where+` RETURNING user_id, access`, args[:3]...)
	}
	return t.moved(b, where, args[:3]...)
}

// moved runs a statement whose rows count.
func (t *Tx) moved(b *budget, sql string, args ...any) error {
	res, err := t.exec(sql, args...)
	if err != nil {
		return fmt.Errorf("move rows: %w", err)
	}
	n, err := res.RowsAffected()
	b.spend(n, 1)
	return err
}

// recount runs a statement that returns the users and accesses of places that it moves, and keeps the totals.
func (t *Tx) recount(app chat.AppID, conv string, by int64, b *budget, sql string, args ...any) error {
	t.wrote = true
	rows, err := t.query(sql, args...)
	if err != nil {
		return fmt.Errorf("move places: %w", err)
	}
	defer rows.Close()
	var sum perAccess
	var n int64
	for rows.Next() {
		var user chat.UserID
		var access chat.Access
		if err := rows.Scan(&user, &access); err != nil {
			return fmt.Errorf("move places: %w", err)
		}
		t.countMembership(app, user, by)
		sum.add(counted(access, by))
		n++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("move places: %w", err)
	}
	b.spend(n, 1)
	if n == 0 {
		return nil
	}
	t.count(app, appCount{participants: by * n})
	_, err = t.exec(`UPDATE conversations SET read_write = read_write + $3, read_only = read_only + $4, banned = banned + $5 WHERE app_id = $1 AND id = $2`,
		string(app), conv, sum.readWrite, sum.read, sum.none)
	return err
}

// putConversationBack puts rows under a conversation's key back under its id. What waits for a user as well waits on.
func (t *Tx) putConversationBack(p part, app chat.AppID, key, id string, b *budget) error {
	here := " AND (user_id < '/' OR user_id >= '0')"
	if p.talk() {
		here = ""
	}
	some := fmt.Sprintf(`FROM set_aside WHERE app_id = $1 AND conversation_id = $2 AND part = '%s'%s ORDER BY seq, user_id LIMIT $3`, p.table, here)
	into, values, err := fromJSON(t, p.table, "row", map[string]string{"app_id": "$1", "conversation_id": "$4", p.user: "user_id"})
	if err != nil {
		return err
	}
	limit := int64(*b)
	insert := fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s %s`, p.table, into, values, some)
	if p == participantsPart {
		err = t.recount(app, id, 1, b, insert+` RETURNING user_id, access`, string(app), key, limit, id)
	} else {
		err = t.moved(b, insert, string(app), key, limit, id)
	}
	if err != nil {
		return err
	}
	free := budget(0)
	if err := t.moved(&free, fmt.Sprintf(`DELETE FROM set_aside WHERE app_id = $1 AND conversation_id = $2 AND part = '%s' AND (seq, user_id) IN (SELECT seq, user_id %s)`, p.table, some),
		string(app), key, limit); err != nil || *b <= 0 || p.talk() {
		return err
	}
	return t.moved(b, fmt.Sprintf(`UPDATE set_aside SET conversation_id = $4 WHERE app_id = $1 AND conversation_id = $2 AND part = '%s'
		AND user_id IN (SELECT user_id FROM set_aside WHERE app_id = $1 AND conversation_id = $2 AND part = '%s' AND user_id >= '/' AND user_id < '0' LIMIT $3)`, p.table, p.table),
		string(app), key, int64(*b), id)
}

// renameConversation changes the name of a conversation on rows that wait for a user.
func (t *Tx) renameConversation(app chat.AppID, from, to string, b *budget) error {
	return t.moved(b, `UPDATE set_aside SET conversation_id = $3 WHERE app_id = $1 AND conversation_id = $2 AND (part, seq, user_id) IN
		(SELECT part, seq, user_id FROM set_aside WHERE app_id = $1 AND conversation_id = $2 LIMIT $4)`, string(app), from, to, int64(*b))
}

// renameUser changes the name of a user on rows that wait for a conversation.
func (t *Tx) renameUser(app chat.AppID, from, to string, b *budget) error {
	return t.moved(b, `UPDATE set_aside SET user_id = $3 WHERE app_id = $1 AND user_id = $2 AND user_id <> '' AND (conversation_id, part, seq) IN
		(SELECT conversation_id, part, seq FROM set_aside WHERE app_id = $1 AND user_id = $2 AND user_id <> '' LIMIT $4)`, string(app), from, to, int64(*b))
}

// renameSender changes who wrote messages.
func (t *Tx) renameSender(app chat.AppID, from, to string, b *budget) error {
	return t.moved(b, `UPDATE messages SET sender_id = $3 WHERE app_id = $1 AND (conversation_id, seq) IN
		(SELECT conversation_id, seq FROM messages WHERE app_id = $1 AND sender_id = $2 AND sender_id <> '' LIMIT $4)`, string(app), from, to, int64(*b))
}

// setPlacesAside takes a user off all lists, each with its event, and keeps the places under key; "" keeps none.
func (t *Tx) setPlacesAside(app chat.AppID, user, key, batch string, b *budget) error {
	for *b > 0 {
		rows, err := t.query(`SELECT p.conversation_id, c.trash FROM participants p JOIN conversations c ON c.app_id = p.app_id AND c.id = p.conversation_id
			WHERE p.app_id = $1 AND p.user_id = $2 LIMIT $3`, string(app), user, 1+int64(*b)/placeCost)
		type at struct {
			conv  string
			trash int64
		}
		all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (a at, err error) { return a, row.Scan(&a.conv, &a.trash) })
		if err != nil || len(all) == 0 {
			return err
		}
		for _, a := range all {
			if err := t.setPlaceAside(app, user, key, batch, a.conv, a.trash); err != nil {
				return err
			}
		}
		b.spend(int64(len(all)), placeCost)
	}
	return nil
}

func (t *Tx) setPlaceAside(app chat.AppID, user, key, batch, conv string, trash int64) error {
	if key != "" {
		row, err := asJSON(t, "participants", "p")
		if err != nil {
			return err
		}
		under := conv
		if trash != 0 {
			under = chat.TrashKey(trash)
		}
		if _, err := t.exec(`INSERT INTO set_aside (app_id, conversation_id, part, seq, user_id, row)
			SELECT p.app_id, $4, 'participants', 0, $5, `+row+` FROM participants p WHERE p.app_id = $1 AND p.user_id = $2 AND p.conversation_id = $3`,
			string(app), user, conv, under, key); err != nil {
			return fmt.Errorf("set place aside: %w", err)
		}
	}
	if trash != 0 {
		free := budget(0)
		return t.recount(app, conv, -1, &free, `DELETE FROM participants WHERE app_id = $1 AND user_id = $2 AND conversation_id = $3 RETURNING user_id, access`, string(app), user, conv)
	}
	pl, err := loadPlace(t, chat.ParticipantRef{App: app, Conversation: chat.ConversationID(conv), User: chat.UserID(user)})
	if err != nil {
		return err
	}
	pl.ceiling = "" // what was left to them stays as it is
	_, err = t.deleteParticipant(pl, chat.Event{Batch: batch})
	return err
}

// setUserAside moves a user's rows of a part other than places and messages under their key.
func (t *Tx) setUserAside(p part, app chat.AppID, user, key string, b *budget) error {
	row, err := asJSON(t, p.table, "p")
	if err != nil {
		return err
	}
	some := fmt.Sprintf(`FROM %s WHERE app_id = $1 AND user_id = $2 ORDER BY conversation_id LIMIT $3`, p.table)
	limit := int64(*b)
	if _, err := t.exec(fmt.Sprintf(`INSERT INTO set_aside (app_id, conversation_id, part, seq, user_id, row)
		SELECT p.app_id, CASE WHEN c.trash = 0 THEN p.conversation_id ELSE '/' || c.trash END, '%s', 0, $4, %s
		FROM (SELECT * %s) p JOIN conversations c ON c.app_id = p.app_id AND c.id = p.conversation_id`, p.table, row, some), string(app), user, limit, key); err != nil {
		return fmt.Errorf("set %s aside: %w", p.table, err)
	}
	return t.moved(b, fmt.Sprintf(`DELETE FROM %s WHERE app_id = $1 AND user_id = $2 AND conversation_id IN (SELECT conversation_id %s)`, p.table, some), string(app), user, limit)
}

// putUserBack puts rows under a key back under a user: places with their event. What waits for a conversation waits on.
func (t *Tx) putUserBack(app chat.AppID, key, user, batch string, b *budget) error {
	for *b > 0 {
		rows, err := t.query(`SELECT s.conversation_id, s.part, coalesce(c.trash, 0) FROM set_aside s LEFT JOIN conversations c ON c.app_id = s.app_id AND c.id = s.conversation_id
			WHERE s.app_id = $1 AND s.user_id = $2 AND s.user_id <> '' AND s.part <> 'messages' LIMIT $3`, string(app), key, 1+int64(*b)/placeCost)
		all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (w waiting, err error) {
			return w, row.Scan(&w.conv, &w.part, &w.trash)
		})
		if err != nil {
			return err
		}
		for _, w := range all {
			if err := t.putRowBack(app, key, user, batch, w); err != nil {
				return err
			}
		}
		b.spend(int64(len(all)), placeCost)
		if len(all) == 0 {
			return t.renameUser(app, key, user, b) // messages in the trash
		}
	}
	return nil
}

// waiting is a row of a user that is set aside.
type waiting struct {
	conv, part string
	trash      int64
}

func (t *Tx) putRowBack(app chat.AppID, key, user, batch string, w waiting) error {
	at := []any{string(app), w.conv, w.part, key}
	if w.trash != 0 || strings.HasPrefix(w.conv, "/") {
		under := w.conv
		if w.trash != 0 {
			under = chat.TrashKey(w.trash)
		}
		_, err := t.exec(`UPDATE set_aside SET user_id = $5, conversation_id = $6 WHERE app_id = $1 AND conversation_id = $2 AND part = $3 AND seq = 0 AND user_id = $4`, append(at, user, under)...)
		return err
	}
	into, values, err := fromJSON(t, w.part, "row", map[string]string{"app_id": "$1", "conversation_id": "$2", "user_id": "$5"})
	if err != nil {
		return err
	}
	const one = ` FROM set_aside WHERE app_id = $1 AND conversation_id = $2 AND part = $3 AND seq = 0 AND user_id = $4`
	if _, err := t.exec(`INSERT INTO `+w.part+` (`+into+`) SELECT `+values+one, append(at, user)...); err != nil {
		return fmt.Errorf("put %s back: %w", w.part, err)
	}
	if _, err := t.exec(`DELETE`+one, at...); err != nil || w.part != "participants" {
		return err
	}
	ref := chat.ParticipantRef{App: app, Conversation: chat.ConversationID(w.conv), User: chat.UserID(user)}
	pl, err := loadPlace(t, ref)
	if err != nil {
		return err
	}
	if err := t.countParticipants(ref, counted(pl.participant.Access, 1), 1); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE terms SET gone = 0 WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, string(app), w.conv, user); err != nil {
		return fmt.Errorf("put terms back: %w", err)
	}
	_, err = t.record(chat.Event{Type: chat.ParticipantJoined, App: app, Conversation: ref.Conversation, User: ref.User, Batch: batch}, nil, pl.participant.Image())
	return err
}

// dropAside deletes rows that wait under a key, which may be a conversation's or a user's.
func (t *Tx) dropAside(app chat.AppID, key string, b *budget) error {
	t.wrote = true
	rows, err := t.query(`DELETE FROM set_aside WHERE app_id = $1 AND conversation_id = $2 AND (part, seq, user_id) IN
		(SELECT part, seq, user_id FROM set_aside WHERE app_id = $1 AND conversation_id = $2 LIMIT $3) RETURNING user_id`, string(app), key, int64(*b))
	of, err := scan(rows, err, func(row interface{ Scan(...any) error }) (user chat.UserID, err error) { return user, row.Scan(&user) })
	if err != nil {
		return fmt.Errorf("drop what was set aside: %w", err)
	}
	b.spend(int64(len(of)), 1)
	slices.Sort(of)
	for _, user := range slices.Compact(of) {
		if user.Gone() {
			if err := t.forgetAuthor(app, string(user)); err != nil {
				return err
			}
		}
	}
	if *b <= 0 {
		return nil
	}
	return t.moved(b, `DELETE FROM set_aside WHERE app_id = $1 AND user_id = $2 AND user_id <> '' AND part <> 'messages' AND (conversation_id, part, seq) IN
		(SELECT conversation_id, part, seq FROM set_aside WHERE app_id = $1 AND user_id = $2 AND user_id <> '' AND part <> 'messages' LIMIT $3)`, string(app), key, int64(*b))
}
