package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guestlist/db/chat"
)

// backupList is the list of participants of a conversation in a backup: who, with which access and notifications.
func (s *Store) backupList(ctx context.Context, actor chat.Actor, name string, app chat.AppID, conv chat.ConversationID) (list map[chat.UserID]chat.Participant, err error) {
	if err := s.read(ctx, func(q querier) error { return allow(q, actor, s.now(), chat.OpBackupRead, chat.Facts{}) }); err != nil {
		return nil, err
	}
	path, err := s.BackupFile(name)
	if err != nil {
		return nil, err
	}
	if _, err := s.lookInside(ctx, path); err != nil {
		return nil, err
	}
	db, err := openBackup(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	c, err := newConn(ctx, db)
	if err != nil {
		return nil, err
	}
	defer c.close()
	list = map[chat.UserID]chat.Participant{}
	err = c.snapshot(ctx, func(q querier) error {
		there := 0
		if err := q.row(`SELECT count(*) FROM conversations WHERE app_id = $1 AND id = $2`, string(app), string(conv)).Scan(&there); err != nil {
			return err
		}
		if there == 0 {
			return &chat.Error{Code: chat.NotFound, Reason: chat.ConversationMissing, Message: "This backup has no such conversation.", Hint: "Check its ID, or take another backup."}
		}
		// The columns that every schema has, so that backups of older programs can be compared too.
		rows, err := q.query(`SELECT user_id, access, notify, joined_at, joined_by, joined_via FROM participants WHERE app_id = $1 AND conversation_id = $2 ORDER BY joined_at, user_id`, string(app), string(conv))
		all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (p chat.Participant, err error) {
			var joined int64
			p.App, p.Conversation = app, conv
			err = row.Scan(&p.User, &p.Access, &p.Notify, &joined, &p.JoinedBy, &p.JoinedVia)
			p.JoinedAt = fromMillis(joined)
			return p, err
		})
		for _, p := range all {
			list[p.User] = p
		}
		return err
	})
	if err != nil && chat.AsError(err) == nil {
		err = fmt.Errorf("read the list of a backup: %w", err)
	}
	return list, err
}

// BackupDifference is what became of a conversation's list since a backup: all moves from that list to the one of now.
func (s *Store) BackupDifference(ctx context.Context, actor chat.Actor, name string, app chat.AppID, conv chat.ConversationID) (moves []chat.Move, counts map[chat.MoveKind]int, err error) {
	then, err := s.backupList(ctx, actor, name, app, conv)
	if err != nil {
		return nil, nil, err
	}
	err = s.read(ctx, func(q querier) error {
		if _, err := loadConversation(q, app, conv); err != nil {
			return err
		}
		if moves, err = movesSince(q, app, conv, then); err != nil {
			return err
		}
		return nameMoves(q, app, moves)
	})
	return moves, countMoves(moves), err
}

// movesSince are the moves from a list to the one of now, by kind and user.
func movesSince(q querier, app chat.AppID, conv chat.ConversationID, then map[chat.UserID]chat.Participant) ([]chat.Move, error) {
	rows, err := q.query(`SELECT `+participantColumns+` FROM participants p CROSS JOIN users u ON u.app_id = p.app_id AND u.id = p.user_id WHERE p.app_id = $1 AND p.conversation_id = $2 ORDER BY p.joined_at, p.user_id`,
		string(app), string(conv))
	now, err := scan(rows, err, scanParticipant(app))
	if err != nil {
		return nil, fmt.Errorf("compare lists: %w", err)
	}
	var moves []chat.Move
	seen := map[chat.UserID]bool{}
	for _, p := range now {
		seen[p.User] = true
		was, listed := then[p.User]
		switch {
		case !listed:
			moves = append(moves, chat.Move{User: p.User, After: &p})
		case was.Access != p.Access || was.Notify != p.Notify:
			back := p // what a backup doesn't tell stays
			back.Access, back.Notify = was.Access, was.Notify
			moves = append(moves, chat.Move{User: p.User, Before: &back, After: &p})
		}
	}
	for user, was := range then {
		if !seen[user] {
			moves = append(moves, chat.Move{User: user, Before: &was})
		}
	}
	slices.SortFunc(moves, func(a, b chat.Move) int {
		if ra, rb := moveRank(a), moveRank(b); ra != rb {
			return ra - rb
		}
		return strings.Compare(string(a.User), string(b.User))
	})
	return moves, nil
}

// RestoreBackupList makes a conversation's list what it was in a backup, as one change, each part only if ticked. It is
// refused as stale when the difference is not the one that was looked at.
func (s *Store) RestoreBackupList(ctx context.Context, actor chat.Actor, name string, app chat.AppID, conv chat.ConversationID, r Restoration) (result BulkResult, err error) {
	then, err := s.backupList(ctx, actor, name, app, conv)
	if err != nil {
		return result, err
	}
	return s.restoreList(ctx, actor, app, conv, r, func(q querier) ([]chat.Move, error) { return movesSince(q, app, conv, then) })
}
