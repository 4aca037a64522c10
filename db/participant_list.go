package db

import (
	"context"
	"fmt"
	"strings"

	"guestlist/db/chat"
)

// ParticipantQuery asks for a page of a conversation's participants, in the order they joined or, with Newest, the other
// way round. Access and Notify filter when set; Search finds names and ids, in an order of its own. Listed leaves out who
// has access None.
type ParticipantQuery struct {
	App          chat.AppID
	Conversation chat.ConversationID
	Access       chat.Access
	Notify       chat.Notify
	Search       string
	Listed       bool
	Newest       bool
	Window
}

const participantColumns = `p.conversation_id, p.user_id, p.access, p.notify, p.joined_at, p.joined_by, p.joined_via, u.name, u.photo_url, ` + endsAt + `, ` + historyFrom

func scanParticipant(app chat.AppID) func(interface{ Scan(...any) error }) (chat.Participant, error) {
	return func(row interface{ Scan(...any) error }) (chat.Participant, error) {
		p := chat.Participant{}
		p.App = app
		var joined, ends, from int64
		err := row.Scan(&p.Conversation, &p.User, &p.Access, &p.Notify, &joined, &p.JoinedBy, &p.JoinedVia, &p.UserName, &p.PhotoURL, &ends, &from)
		p.JoinedAt, p.Until, p.HistoryFrom = fromMillis(joined), fromMillis(ends), fromMillis(from)
		return p, err
	}
}

// Participant is one participant, bans included.
func (s *Store) Participant(ctx context.Context, ref chat.ParticipantRef) (chat.Participant, error) {
	var pl place
	err := s.read(ctx, func(q querier) (err error) {
		pl, err = loadPlace(q, ref)
		if err == nil && !pl.taken() {
			err = chat.ErrParticipantNotFound(ref)
		}
		return err
	})
	return pl.participant, err
}

// Participants is a page of a conversation's participants. A conversation that doesn't exist is not found.
func (s *Store) Participants(ctx context.Context, pq ParticipantQuery) (p Page[chat.Participant], err error) {
	err = s.read(ctx, func(q querier) error {
		c, err := loadConversation(q, pq.App, pq.Conversation)
		if err != nil {
			return err
		}
		if len(searchWords(pq.Search)) > 0 {
			p, err = searchParticipants(q, pq, c.Counts.All())
			return err
		}
		p, err = listParticipants(q, pq)
		return err
	})
	return p, err
}

func participantCursor(p chat.Participant) string {
	return encodeCursor(millis(p.JoinedAt), string(p.User))
}

// ParticipantCursor is the cursor behind one participant, for lists that continue after an id.
func (s *Store) ParticipantCursor(ctx context.Context, ref chat.ParticipantRef) (string, error) {
	p, err := s.Participant(ctx, ref)
	return participantCursor(p), err
}

// listParticipants reads one index in order. The filters for rare values each have an index of their own, which SQLite
// takes only if the query repeats the index's condition. CROSS JOIN keeps SQLite from starting at the users.
func listParticipants(q querier, pq ParticipantQuery) (Page[chat.Participant], error) {
	sql, args := participantSelect(pq)
	args[2], args[3] = int64(-1<<62), ""
	dir := "ASC"
	if pq.backward() != pq.Newest {
		dir, args[2] = "DESC", int64(1<<62)
		sql = strings.Replace(sql, "> ($3, $4)", "< ($3, $4)", 1)
	}
	if cursor := pq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "is")
		if err != nil {
			return Page[chat.Participant]{}, err
		}
		args[2], args[3] = at[0], at[1]
	}
	rows, err := q.query(sql+fmt.Sprintf(" ORDER BY p.joined_at %s, p.user_id %s LIMIT $5", dir, dir), args...)
	all, err := scan(rows, err, scanParticipant(pq.App))
	if err != nil {
		return Page[chat.Participant]{}, fmt.Errorf("list participants: %w", err)
	}
	return page(pq.Window, all, participantCursor), nil
}

// participantSelect is the list without its order; arguments 3 and 4 are the keyset.
func participantSelect(pq ParticipantQuery) (string, []any) {
	sql := `SELECT ` + participantColumns + ` FROM participants p CROSS JOIN users u ON u.app_id = $1 AND u.id = p.user_id AND u.trash = 0
		WHERE p.app_id = $1 AND p.conversation_id = $2 AND (p.joined_at, p.user_id) > ($3, $4)`
	args := []any{string(pq.App), string(pq.Conversation), nil, nil, pq.limit() + 1}
	if pq.Access != "" {
		args = append(args, string(pq.Access))
		sql += fmt.Sprintf(" AND p.access = $%d", len(args))
		if pq.Access != chat.ReadWrite {
			sql += " AND p.access <> 'ReadWrite'"
		}
	}
	if pq.Notify != "" {
		args = append(args, string(pq.Notify))
		sql += fmt.Sprintf(" AND p.notify = $%d", len(args))
		if pq.Notify != chat.NotifyAll {
			sql += " AND p.notify <> 'true'"
		}
	}
	if pq.Listed {
		sql += " AND p.access IN ('ReadWrite', 'Read')"
	}
	return sql, args
}

// smallList is up to how many participants a search reads the list itself; a longer one is searched through the index
// of the app's users.
const smallList = 2000

func searchParticipants(q querier, pq ParticipantQuery, size int64) (Page[chat.Participant], error) {
	if size > smallList {
		return searchLongList(q, pq)
	}
	all := pq
	all.Window = Window{Limit: smallList}
	list, err := listParticipants(q, all)
	if err != nil {
		return list, err
	}
	words := searchWords(pq.Search)
	var found []chat.Participant
	for _, p := range list.Items {
		text := fold(p.UserName + " " + string(p.User))
		match := true
		for _, w := range words {
			match = match && strings.Contains(text, w)
		}
		if match {
			found = append(found, p)
		}
	}
	return Page[chat.Participant]{Items: found[:min(len(found), pq.limit())]}, nil
}

func searchLongList(q querier, pq ParticipantQuery) (Page[chat.Participant], error) {
	n, err := appNumber(q, pq.App)
	if err != nil {
		return Page[chat.Participant]{}, err
	}
	sql := `SELECT ` + participantColumns + ` FROM users_search f
		CROSS JOIN users u ON u.n = f.rowid
		CROSS JOIN participants p ON p.app_id = $1 AND p.conversation_id = $2 AND p.user_id = u.id
		WHERE f.users_search MATCH $3`
	args := []any{string(pq.App), string(pq.Conversation), searchQuery(n, pq.Search), pq.limit()}
	if pq.Access != "" {
		args = append(args, string(pq.Access))
		sql += fmt.Sprintf(" AND p.access = $%d", len(args))
	}
	if pq.Notify != "" {
		args = append(args, string(pq.Notify))
		sql += fmt.Sprintf(" AND p.notify = $%d", len(args))
	}
	rows, err := q.query(sql+" ORDER BY f.rowid LIMIT $4", args...)
	found, err := scan(rows, err, scanParticipant(pq.App))
	if err != nil {
		return Page[chat.Participant]{}, fmt.Errorf("search participants: %w", err)
	}
	return Page[chat.Participant]{Items: found}, nil
}
