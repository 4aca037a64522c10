package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// What a stage can be made of beside a list: another conversation, and a rule.

// RosterOf is who is on the list of a conversation, as lines that name them, with the access that they have there.
func (s *Store) RosterOf(ctx context.Context, app chat.AppID, conv chat.ConversationID) (lines []chat.StagedLine, c chat.Conversation, err error) {
	err = s.read(ctx, func(q querier) error {
		if c, err = loadConversation(q, app, conv); err != nil {
			return err
		}
		lines, err = roster(q, app, conv)
		return err
	})
	return lines, c, err
}

func roster(q querier, app chat.AppID, conv chat.ConversationID) ([]chat.StagedLine, error) {
	rows, err := q.query(`SELECT user_id, access FROM participants WHERE app_id = $1 AND conversation_id = $2 AND access <> 'None' ORDER BY joined_at, user_id`, string(app), string(conv))
	n := 0
	lines, err := scan(rows, err, func(row interface{ Scan(...any) error }) (l chat.StagedLine, err error) {
		n++
		l.N = n
		err = row.Scan(&l.User, &l.Access)
		l.Typed = string(l.User)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("list a roster: %w", err)
	}
	return lines, nil
}

// SilentIn is who is on a list since before a time and has not written in the conversation since.
func (s *Store) SilentIn(ctx context.Context, app chat.AppID, conv chat.ConversationID, since time.Time) (lines []chat.StagedLine, err error) {
	err = s.read(ctx, func(q querier) error {
		wrote := map[chat.UserID]bool{}
		rows, err := q.query(`SELECT sender_id FROM messages WHERE app_id = $1 AND conversation_id = $2 AND created_at >= $3`, string(app), string(conv), millis(since))
		ids, err := scan(rows, err, scanID)
		if err != nil {
			return fmt.Errorf("list who wrote: %w", err)
		}
		for _, id := range ids {
			wrote[id] = true
		}
		lines, err = s.rosterWhere(q, app, conv, `p.joined_at < $3`, []any{millis(since)}, func(id chat.UserID, _ map[string]string) bool { return !wrote[id] })
		return err
	})
	return lines, err
}

// CustomIn is who is on a list and has this value in this custom field.
func (s *Store) CustomIn(ctx context.Context, app chat.AppID, conv chat.ConversationID, key, value string) (lines []chat.StagedLine, err error) {
	err = s.read(ctx, func(q querier) error {
		lines, err = s.rosterWhere(q, app, conv, `u.custom <> ''`, nil, func(_ chat.UserID, custom map[string]string) bool {
			has, ok := custom[key]
			return ok && has == value
		})
		return err
	})
	return lines, err
}

// rosterWhere is a roster with a condition in SQL, for what is cheap to leave out, and one in Go.
func (s *Store) rosterWhere(q querier, app chat.AppID, conv chat.ConversationID, where string, args []any, is func(chat.UserID, map[string]string) bool) (lines []chat.StagedLine, err error) {
	if _, err := loadConversation(q, app, conv); err != nil {
		return nil, err
	}
	rows, err := q.query(`SELECT p.user_id, u.custom FROM participants p CROSS JOIN users u ON u.app_id = $1 AND u.id = p.user_id
		WHERE p.app_id = $1 AND p.conversation_id = $2 AND p.access <> 'None' AND `+where+` ORDER BY p.joined_at, p.user_id`, append([]any{string(app), string(conv)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list a roster: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id chat.UserID
		var text string
		var custom map[string]string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		if text != "" {
			if err := json.Unmarshal([]byte(text), &custom); err != nil {
				return nil, err
			}
		}
		if is(id, custom) {
			lines = append(lines, chat.StagedLine{N: len(lines) + 1, Typed: string(id), User: id})
		}
	}
	return lines, rows.Err()
}
