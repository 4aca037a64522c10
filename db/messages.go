package db

import (
	"context"
	"crypto/rand"
	"fmt"

	"guestlist/db/chat"
)

// ImportMessages appends messages as they are, oldest first: no event, no news. It fills demonstrations and benchmarks.
func (s *Store) ImportMessages(ctx context.Context, app chat.AppID, conv chat.ConversationID, messages []chat.Message) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		for _, m := range messages {
			var seq int64
			err := t.row(`SELECT last_seq + 1 FROM conversations WHERE app_id = $1 AND id = $2`, string(app), string(conv)).Scan(&seq)
			if isMissing(err) {
				return chat.ErrConversationNotFound(conv)
			}
			if err != nil {
				return err
			}
			if m.ID == "" {
				m.ID = "msg_" + rand.Text()
			}
			if _, err := t.exec(`INSERT INTO messages (app_id, conversation_id, seq, id, sender_id, text, origin, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				string(app), string(conv), seq, m.ID, string(m.Sender), m.Text, m.Origin, millis(m.CreatedAt)); err != nil {
				return fmt.Errorf("import message: %w", err)
			}
			if _, err := t.exec(`UPDATE conversations SET messages = messages + 1, last_seq = $3, last_activity_at = $4 WHERE app_id = $1 AND id = $2`,
				string(app), string(conv), seq, millis(m.CreatedAt)); err != nil {
				return fmt.Errorf("import message: %w", err)
			}
		}
		return nil
	})
}
