package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guestlist/db/chat"
)

// Messages are found by an index only where a conversation is long. Sending writes nothing into it: IndexMessages enters
// what long conversations have behind it, and a search reads through the rest, so that it finds what was sent just now. The
// index proposes, the text decides.

// MessageSearch asks for the messages of a conversation that hold a text, newest first. What is set filters. Only After of
// the window counts.
type MessageSearch struct {
	App          chat.AppID
	Conversation chat.ConversationID
	Text         string
	From         chat.UserID
	Guests       bool // only what guests sent
	System       bool // only system messages
	Window
}

// MessageFinds is a page of what was found.
type MessageFinds struct {
	Items []chat.Message
	Next  string    // where to look further; "" when all was looked through
	Back  time.Time // how far back this page looked, when it ended before it was full; else zero
}

// Bounds of one page's work.
const (
	searchReach = 20_000 // messages read through
	searchStep  = 500
	proposals   = 100 // of the index at a time
)

// SearchMessages is a page of what a search finds, for whom may read the conversation.
func (s *Store) SearchMessages(ctx context.Context, actor chat.Actor, ms MessageSearch) (found MessageFinds, err error) {
	err = s.read(ctx, func(q querier) error {
		after, err := visibleAfter(q, s.now(), actor, ms.App, ms.Conversation)
		if err != nil {
			return err
		}
		found, err = searchMessages(q, ms)
		found.Items = slices.DeleteFunc(found.Items, func(m chat.Message) bool { return m.Seq <= after })
		return err
	})
	return found, err
}

func searchMessages(q querier, ms MessageSearch) (found MessageFinds, err error) {
	from := int64(1) << 32
	if ms.After != "" {
		at, err := decodeCursor(ms.After, "i")
		if err != nil {
			return found, err
		}
		from = at[0].(int64)
	}
	var n, indexed int64
	if err := q.row(`SELECT n, indexed_seq FROM conversations WHERE app_id = $1 AND id = $2`, string(ms.App), string(ms.Conversation)).Scan(&n, &indexed); err != nil {
		return found, fmt.Errorf("search messages: %w", err)
	}
	words := searchWords(ms.Text)
	if len(words) == 0 {
		indexed = 0 // nothing to look up
	}
	for looked := 0; ; {
		var batch []chat.Message
		var last bool
		behind := from > indexed+1 // what the index doesn't have is read first
		switch {
		case !behind && indexed == 0:
			return found, nil
		case behind:
			batch, last, err = messagesBelow(q, ms, from, indexed)
		default:
			batch, last, err = indexedMessages(q, ms, n, from, messageTerms(words))
		}
		if err != nil {
			return found, err
		}
		for _, m := range batch {
			from = m.Seq
			if !ms.wants(m, words) {
				continue
			}
			if found.Items = append(found.Items, m); len(found.Items) == ms.limit() {
				found.Next = encodeCursor(from)
				return found, nil
			}
		}
		looked += len(batch)
		switch {
		case last && behind && indexed > 0:
			from = indexed + 1
		case last:
			return found, nil
		case looked >= searchReach:
			found.Next, found.Back = encodeCursor(from), batch[len(batch)-1].CreatedAt
			return found, nil
		}
	}
}

// messagesBelow are the next messages below from, none of them below the floor; last tells that there are no more.
func messagesBelow(q querier, ms MessageSearch, from, floor int64) (all []chat.Message, last bool, err error) {
	rows, err := q.query(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.seq < $3 AND m.seq > $4 AND m.deleted_at = 0 ORDER BY m.seq DESC LIMIT $5`,
		string(ms.App), string(ms.Conversation), from, floor, searchStep)
	if all, err = scan(rows, err, scanMessage); err != nil {
		return nil, false, fmt.Errorf("search messages: %w", err)
	}
	return all, len(all) < searchStep, nil
}

// indexedMessages are the next messages below from that the index proposes.
func indexedMessages(q querier, ms MessageSearch, n, from int64, terms string) (all []chat.Message, last bool, err error) {
	base := n << 32
	rows, err := q.query(`SELECT rowid FROM messages_search WHERE messages_search MATCH $1 AND rowid BETWEEN $2 AND $3 ORDER BY rowid DESC LIMIT $4`,
		terms, base, base+min(from, 1<<32)-1, proposals)
	ids, err := scan(rows, err, func(row interface{ Scan(...any) error }) (id int64, err error) { return id, row.Scan(&id) })
	if err != nil {
		return nil, false, fmt.Errorf("search messages: %w", err)
	}
	for _, id := range ids {
		m, err := scanMessage(q.row(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.seq = $3`,
			string(ms.App), string(ms.Conversation), id-base))
		if err != nil {
			return nil, false, fmt.Errorf("search messages: %w", err)
		}
		all = append(all, m)
	}
	return all, len(ids) < proposals, nil
}

func (ms MessageSearch) wants(m chat.Message, words []string) bool {
	switch {
	case !m.DeletedAt.IsZero():
		return false
	case ms.From != "" && m.Sender != ms.From, ms.Guests && !m.AsGuest, ms.System && m.Type != chat.SystemMessage:
		return false
	case len(words) == 0:
		return true
	}
	text := searchText(m.Text)
	for _, word := range words {
		if utf8.RuneCountInString(word) == 1 {
			word = "  " + word
		}
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// messageTerms is the index query for all of these words: every run of three characters that a text with them must have.
func messageTerms(words []string) string {
	var all []string
	for _, word := range words {
		runes := []rune(word)
		if len(runes) < 3 {
			all = append(all, "("+strings.Join(trigramsOfShort(word), " OR ")+")")
			continue
		}
		for i := range len(runes) - 2 {
			all = append(all, phrase(string(runes[i:i+3])))
		}
	}
	return strings.Join(all, " AND ")
}

// IndexMessages enters a bounded number of messages of the conversation that has most to enter. more tells whether there is
// more to do.
func (s *Store) IndexMessages(ctx context.Context) (more bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		var n, indexed int64
		var app, conv string
		err := t.row(`SELECT n, app_id, id, indexed_seq FROM conversations WHERE last_seq - indexed_seq > 2000 AND trash = 0 ORDER BY last_seq - indexed_seq DESC LIMIT 1`).Scan(&n, &app, &conv, &indexed)
		if more = err == nil; isMissing(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("index messages: %w", err)
		}
		rows, err := t.query(`SELECT seq, text FROM messages WHERE app_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`, app, conv, indexed, searchStep)
		type text struct {
			seq  int64
			text string
		}
		all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (m text, err error) { return m, row.Scan(&m.seq, &m.text) })
		if err != nil {
			return fmt.Errorf("index messages: %w", err)
		}
		for _, m := range all {
			if m.text == "" {
				continue
			}
			if err := t.indexMessage(n, m.seq, m.text); err != nil {
				return err
			}
		}
		if len(all) == 0 {
			return fmt.Errorf("index messages: %s of %s has none behind %d", conv, app, indexed)
		}
		_, err = t.exec(`UPDATE conversations SET indexed_seq = $2 WHERE n = $1`, n, all[len(all)-1].seq)
		return err
	})
	return more && err == nil, err
}

func (t *Tx) indexMessage(n, seq int64, text string) error {
	if _, err := t.exec(`INSERT INTO messages_search (rowid, text) VALUES ($1, $2)`, n<<32+seq, searchText(text)); err != nil {
		return fmt.Errorf("index message: %w", err)
	}
	return nil
}

// reindexMessage enters the new text of a message that the index had; the old one has left it with the change.
func (t *Tx) reindexMessage(app chat.AppID, conv chat.ConversationID, seq int64, text string) error {
	var n, indexed int64
	if err := t.row(`SELECT n, indexed_seq FROM conversations WHERE app_id = $1 AND id = $2`, string(app), string(conv)).Scan(&n, &indexed); err != nil {
		return fmt.Errorf("index message: %w", err)
	}
	if seq > indexed {
		return nil
	}
	return t.indexMessage(n, seq, text)
}
