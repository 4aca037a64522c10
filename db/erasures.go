package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// EraseUser deletes a person for good: their data, their places, and their name wherever the events hold it. Their
// messages stay without an author. What is large ends a moment later.
func (s *Store) EraseUser(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID) error {
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUserErase, chat.Facts{App: app, Exists: true}); err != nil {
			return err
		}
		_, err := t.binUser(app, id, chat.Event{}, true)
		return err
	})
}

// rememberNames keeps, for as long as the erasure takes, the names by which a person may stand in the events of others.
func (t *Tx) rememberNames(e *trashed) error {
	if err := t.row(`SELECT json_group_array(DISTINCT name) FROM (SELECT $3 AS name UNION ALL SELECT json_extract(e.after, '$.name') FROM events e
		WHERE e.app_id = $1 AND e.user_id = $2 AND e.user_id <> ''`+inAudit+` AND (e.type = 'user.created' OR e.type = 'user.updated')) WHERE name IS NOT NULL`,
		string(e.App), e.ID, e.Name).Scan(&e.object); err != nil {
		return fmt.Errorf("remember names: %w", err)
	}
	_, err := t.exec(`UPDATE trash SET object = $2 WHERE n = $1`, e.N, e.object)
	return err
}

// redactReach is how many events one transaction looks at for an erased person.
const redactReach = 10_000

// redact takes an erased person out of the events since they were created: what they were called, from where they came,
// and the values of their fields. Another key stands for them. What happened stays.
func (t *Tx) redact(e trashed, b *budget) error {
	var at, last int64
	if err := t.row(`SELECT redacted, (SELECT coalesce(max(seq), 0) FROM events) FROM trash WHERE n = $1`, e.N).Scan(&at, &last); err != nil {
		return err
	}
	if at == 0 {
		if err := t.forgetCaller(e); err != nil {
			return err
		}
		if err := t.row(`SELECT coalesce(max(seq), 1) - 1 FROM events e WHERE e.app_id = $1 AND e.user_id = $2 AND e.user_id <> ''`+inAudit+` AND e.type = 'user.created'`,
			string(e.App), e.ID).Scan(&at); err != nil {
			return err
		}
	}
	to := min(at+redactReach, last)
	if _, err := t.exec(`UPDATE participants SET joined_by = '' WHERE app_id = $1 AND joined_via = 'browser' AND (conversation_id, user_id) IN
		(SELECT conversation_id, user_id FROM events WHERE seq > $2 AND seq <= $3 AND app_id = $1 AND actor_kind = 'user' AND actor_id = $4 AND type = 'participant.joined')`,
		string(e.App), at, to, e.ID); err != nil {
		return fmt.Errorf("redact places: %w", err)
	}
	const theirs = `actor_kind = 'user' AND actor_id = $4`
	image := func(column string) string {
		return column + ` = CASE WHEN ` + column + ` = '' THEN '' WHEN user_id = $4 AND type NOT LIKE 'participant.%' THEN ''
			WHEN type LIKE 'participant.%' AND json_extract(` + column + `, '$.joinedBy') IN (SELECT value FROM json_each($6)) THEN json_replace(` + column + `, '$.joinedBy', '') ELSE ` + column + ` END`
	}
	if _, err := t.exec(`UPDATE events SET user_id = CASE user_id WHEN $4 THEN $5 ELSE user_id END, actor_id = CASE WHEN `+theirs+` THEN $5 ELSE actor_id END,
			actor_name = CASE WHEN `+theirs+` THEN '' ELSE actor_name END, ip = CASE WHEN `+theirs+` THEN '' ELSE ip END,
			subject = CASE WHEN user_id = $4 AND type LIKE 'user.%' THEN '' ELSE subject END, `+image("before")+`, `+image("after")+`
		WHERE seq > $2 AND seq <= $3 AND app_id = $1 AND (user_id = $4 OR `+theirs+` OR type LIKE 'participant.%'
			AND (json_extract(nullif(before, ''), '$.joinedBy') IN (SELECT value FROM json_each($6)) OR json_extract(nullif(after, ''), '$.joinedBy') IN (SELECT value FROM json_each($6))))`,
		string(e.App), at, to, e.ID, e.key, e.object); err != nil {
		return fmt.Errorf("redact events: %w", err)
	}
	if _, err := t.exec(`UPDATE trash SET redacted = $2 WHERE n = $1`, e.N, to); err != nil {
		return err
	}
	if to < last {
		*b = 0
	}
	return nil
}

// forgetCaller takes an erased person out of the counts of what browsers asked for.
func (t *Tx) forgetCaller(e trashed) error {
	for _, table := range []string{"call_hours", "refusals"} {
		if _, err := t.exec(`UPDATE `+table+` SET user_id = '' WHERE app_id = $1 AND user_id = $2`, string(e.App), e.ID); err != nil {
			return fmt.Errorf("forget calls: %w", err)
		}
	}
	return nil
}
