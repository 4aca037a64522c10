package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// EraseUser deletes a person for good: their data, their places, their name wherever the events hold it, what is kept of
// their deleted messages, and the lines of waiting lists that name them. Results of exports that were made before go too.
// Their messages stay without an author. What is large ends a moment later.
func (s *Store) EraseUser(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID) error {
	ended := false
	err := s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUserErase, chat.Facts{App: app, Exists: true}); err != nil {
			return err
		}
		_, err := t.binUser(app, id, chat.Event{}, true)
		ended = t.erased
		return err
	})
	if err == nil && ended {
		err = s.SweepJobFiles(ctx)
	}
	return err
}

// rememberPerson keeps, for as long as the erasure takes, the names by which a person may stand in the events of others, and
// the texts that name them in a list.
func (t *Tx) rememberPerson(e *trashed) error {
	if err := t.row(`WITH told AS (SELECT e.after FROM events e WHERE e.app_id = $1 AND e.user_id = $2 AND e.user_id <> ''`+inAudit+` AND (e.type = 'user.created' OR e.type = 'user.updated')),
		names AS (SELECT $3 AS name UNION SELECT json_extract(after, '$.name') FROM told),
		texts AS (SELECT $2 AS text UNION SELECT name FROM names UNION SELECT m.value FROM told, json_each(told.after, '$.email') m
			UNION SELECT m.value FROM users u, json_each(nullif(u.email, '')) m WHERE u.app_id = $1 AND u.id = $2)
		SELECT json_object('names', json((SELECT json_group_array(name) FROM names WHERE name <> '')), 'texts', json((SELECT json_group_array(lower(text)) FROM texts WHERE text <> '')))`,
		string(e.App), e.ID, e.Name).Scan(&e.object); err != nil {
		return fmt.Errorf("remember a person: %w", err)
	}
	_, err := t.exec(`UPDATE trash SET object = $2 WHERE n = $1`, e.N, e.object)
	return err
}

// erasure are the moves that take a person out of what is kept of others.
func (t *Tx) erasure(e trashed) []func(*budget) error {
	return []func(*budget) error{
		func(b *budget) error { return t.redact(e, b) },
		func(b *budget) error { return t.forgetLines(e, b) },
		func(*budget) error { return t.forgetMoves(e) },
	}
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
	if err := t.redactAside(e, at, to); err != nil {
		return err
	}
	const theirs = `actor_kind = 'user' AND actor_id = $4`
	image := func(column string) string {
		return column + ` = CASE WHEN ` + column + ` = '' THEN '' WHEN user_id = $4 AND type NOT LIKE 'participant.%' THEN ''
			WHEN type LIKE 'participant.%' AND json_extract(` + column + `, '$.joinedBy') IN (SELECT value FROM json_each($6, '$.names')) THEN json_replace(` + column + `, '$.joinedBy', '') ELSE ` + column + ` END`
	}
	if _, err := t.exec(`UPDATE events SET user_id = CASE user_id WHEN $4 THEN $5 ELSE user_id END, actor_id = CASE WHEN `+theirs+` THEN $5 ELSE actor_id END,
			actor_name = CASE WHEN `+theirs+` THEN '' ELSE actor_name END, ip = CASE WHEN `+theirs+` THEN '' ELSE ip END,
			subject = CASE WHEN user_id = $4 AND type LIKE 'user.%' THEN '' ELSE subject END, `+image("before")+`, `+image("after")+`
		WHERE seq > $2 AND seq <= $3 AND app_id = $1 AND (user_id = $4 OR `+theirs+` OR type LIKE 'participant.%'
			AND (json_extract(nullif(before, ''), '$.joinedBy') IN (SELECT value FROM json_each($6, '$.names')) OR json_extract(nullif(after, ''), '$.joinedBy') IN (SELECT value FROM json_each($6, '$.names'))))`,
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

// redactAside is redact for the places of others that wait: for a conversation or a user in the trash, or a ban to end.
func (t *Tx) redactAside(e trashed, from, to int64) error {
	_, err := t.exec(`WITH brought AS (SELECT DISTINCT conversation_id, user_id FROM events WHERE seq > $2 AND seq <= $3 AND app_id = $1 AND actor_kind = 'user' AND actor_id = $4 AND type = 'participant.joined'),
			convs AS (SELECT conversation_id AS id, conversation_id AS at FROM brought UNION SELECT c.id, c.key FROM trash c WHERE c.app_id = $1 AND c.kind = 'conversation' AND c.id IN (SELECT conversation_id FROM brought)),
			people AS (SELECT user_id AS id, user_id AS at FROM brought
				UNION SELECT u.id, u.key FROM trash u WHERE u.app_id = $1 AND u.kind = 'user' AND u.id IN (SELECT user_id FROM brought)
				UNION SELECT u.id, '/ban' || json_extract(u.ban, '$.n') FROM trash u WHERE u.app_id = $1 AND u.kind = 'user' AND u.ban <> '' AND u.id IN (SELECT user_id FROM brought)
				UNION SELECT x.user_id, '/ban' || x.n FROM bans x WHERE x.app_id = $1 AND x.user_id IN (SELECT user_id FROM brought))
		UPDATE set_aside SET row = json_replace(row, '$.joined_by', '') WHERE app_id = $1 AND part = 'participants' AND seq = 0
			AND (conversation_id, user_id) IN (SELECT convs.at, people.at FROM brought JOIN convs ON convs.id = brought.conversation_id JOIN people ON people.id = brought.user_id)
			AND json_extract(row, '$.joined_by') IN (SELECT value FROM json_each($5, '$.names'))`,
		string(e.App), from, to, e.ID, e.object)
	if err != nil {
		return fmt.Errorf("redact what is set aside: %w", err)
	}
	return nil
}

// linesAsOne is how many staged lines that are looked at cost as much as a row that is moved.
const linesAsOne = 100

// forgetLines takes the lines that name an erased person out of the lists that wait, one list after the other.
func (t *Tx) forgetLines(e trashed, b *budget) error {
	for *b > 0 {
		var stage, lines int64
		err := t.row(`SELECT s.n, (SELECT coalesce(max(line), 0) FROM staged_lines WHERE stage_n = s.n) FROM stages s
			WHERE s.n > (SELECT coalesce(json_extract(object, '$.stage'), 0) FROM trash WHERE n = $1) AND s.app_id = $2 ORDER BY s.n LIMIT 1`, e.N, string(e.App)).Scan(&stage, &lines)
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look for lists: %w", err)
		}
		if _, err := t.exec(`WITH texts AS (SELECT value FROM json_each($3, '$.texts'))
			DELETE FROM staged_lines WHERE stage_n = $1 AND (user_id = $2 OR lower(typed) IN texts OR lower(name) IN texts OR lower(email) IN texts
				OR near <> '' AND EXISTS (SELECT 1 FROM json_each(near) WHERE value = $2))`, stage, e.ID, e.object); err != nil {
			return fmt.Errorf("forget lines: %w", err)
		}
		if _, err := t.exec(`UPDATE trash SET object = json_set(object, '$.stage', $2) WHERE n = $1`, e.N, stage); err != nil {
			return err
		}
		b.spend(1+lines/linesAsOne, 1)
	}
	return nil
}

// forgetMoves takes an erased person out of the restorations that wait.
func (t *Tx) forgetMoves(e trashed) error {
	if _, err := t.exec(`DELETE FROM restorations WHERE app_id = $1 AND user_id = $2`, string(e.App), e.ID); err != nil {
		return fmt.Errorf("forget restorations: %w", err)
	}
	image := func(column string) string {
		return column + ` = CASE WHEN ` + column + ` = '' THEN '' WHEN json_extract(` + column + `, '$.joinedBy') IN names THEN json_replace(` + column + `, '$.joinedBy', '') ELSE ` + column + ` END`
	}
	if _, err := t.exec(`WITH names AS (SELECT value FROM json_each($2, '$.names')) UPDATE restorations SET `+image("before")+`, `+image("after")+` WHERE app_id = $1
		AND (json_extract(nullif(before, ''), '$.joinedBy') IN names OR json_extract(nullif(after, ''), '$.joinedBy') IN names)`, string(e.App), e.object); err != nil {
		return fmt.Errorf("redact restorations: %w", err)
	}
	return nil
}

// forgetRemoved ends what is kept of deleted messages by a user: of those that the next step of renameSender and renameUser
// gives another author, wherever their conversation is.
func (t *Tx) forgetRemoved(app chat.AppID, user string, b budget) error {
	const standing = `(SELECT conversation_id, seq FROM messages WHERE app_id = $1 AND sender_id = $2 AND sender_id <> '' LIMIT $3)`
	const waiting = `(SELECT conversation_id, part, seq FROM set_aside WHERE app_id = $1 AND user_id = $2 AND user_id <> '' LIMIT $3)`
	for _, sql := range []string{
		`DELETE FROM removed_messages WHERE app_id = $1 AND (conversation_id, seq) IN ` + standing,
		`DELETE FROM set_aside WHERE app_id = $1 AND part = 'removed_messages' AND user_id = '' AND (conversation_id, seq) IN (SELECT conversation_id, seq FROM ` + waiting + ` WHERE part = 'messages')`,
		`DELETE FROM set_aside WHERE app_id = $1 AND part = 'removed_messages' AND user_id = '' AND (conversation_id, seq) IN
			(SELECT '/' || c.trash, m.seq FROM ` + standing + ` m JOIN conversations c ON c.app_id = $1 AND c.id = m.conversation_id WHERE c.trash <> 0)`,
	} {
		if _, err := t.exec(sql, string(app), user, int64(b)); err != nil {
			return fmt.Errorf("forget deleted messages: %w", err)
		}
	}
	return nil
}
