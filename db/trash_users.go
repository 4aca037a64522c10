package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"guestlist/db/chat"
)

// MaxCounted is how far messages of one user are counted before they are deleted.
const MaxCounted = 100_000

// UserTraces is what deleting a user would touch.
type UserTraces struct {
	Conversations int64 // whose list they are on
	Messages      int64 // that stay, without who wrote them; counted to MaxCounted
}

// TracesOf counts what deleting a user would touch.
func (s *Store) TracesOf(ctx context.Context, app chat.AppID, id chat.UserID) (u UserTraces, err error) {
	err = s.read(ctx, func(q querier) error { u, err = loadTraces(q, app, id); return err })
	return u, err
}

func loadTraces(q querier, app chat.AppID, id chat.UserID) (u UserTraces, err error) {
	who, err := loadUser(q, app, id)
	if err != nil {
		return u, err
	}
	u.Conversations = who.v.Conversations
	err = q.row(`SELECT count(*) FROM (SELECT 1 FROM messages WHERE app_id = $1 AND sender_id = $2 AND sender_id <> '' LIMIT $3)`, string(app), string(id), MaxCounted).Scan(&u.Messages)
	return u, err
}

// DeleteUser puts a user into the trash: off all lists, each with its event. Their messages stay with their name.
func (s *Store) DeleteUser(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUserDelete, chat.Facts{App: app, Exists: true}); err != nil {
			return err
		}
		e, err = t.binUser(app, id, chat.Event{}, false)
		return err
	})
	return e, err
}

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

func (t *Tx) binUser(app chat.AppID, id chat.UserID, mark chat.Event, erase bool) (chat.Event, error) {
	if err := t.allow(chat.OpUserDelete, chat.Facts{App: app, Exists: true}); err != nil {
		return chat.Event{}, err
	}
	u, err := loadUser(t, app, id)
	if err != nil {
		return chat.Event{}, err
	}
	traces, err := loadTraces(t, app, id)
	if err != nil {
		return chat.Event{}, err
	}
	ban, err := t.banText(app, id)
	if err != nil {
		return chat.Event{}, err
	}
	entry, err := t.bin(trashed{Trashed: chat.Trashed{App: app, Kind: chat.TrashedUser, ID: string(id), Name: u.v.Name, Places: traces.Conversations, Messages: traces.Messages},
		ban: ban, batch: rand.Text(), erase: erase}, "users")
	if err != nil {
		return chat.Event{}, err
	}
	t.count(app, appCount{users: -1})
	mark.App, mark.User, mark.Subject, mark.Type = app, id, u.v.Name, chat.UserDeleted
	was := chat.Image{"trash": entry.N, "conversations": traces.Conversations, "messages": traces.Messages}
	if erase {
		mark.Type, mark.Subject = chat.UserErased, ""
		if err := t.rememberNames(&entry); err != nil {
			return chat.Event{}, err
		}
	}
	e, err := t.record(mark, was, nil)
	if err != nil {
		return e, err
	}
	return e, t.binned(entry, e)
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

// banText is a user's ban as it is kept in the trash; "" without one.
func (t *Tx) banText(app chat.AppID, user chat.UserID) (text string, err error) {
	row, err := asJSON(t, "bans", "x")
	if err != nil {
		return "", err
	}
	if err = t.row(`SELECT `+row+` FROM bans x WHERE x.app_id = $1 AND x.user_id = $2`, string(app), string(user)).Scan(&text); isMissing(err) {
		return "", nil
	}
	return text, err
}

// unbinBan brings a restored user's ban back.
func (t *Tx) unbinBan(e trashed) error {
	if e.ban == "" {
		return nil
	}
	into, values, err := fromJSON(t, "bans", "$2", map[string]string{"app_id": "$1", "user_id": "$3"})
	if err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO bans (`+into+`) SELECT `+values+` WHERE true ON CONFLICT DO NOTHING`, string(e.App), e.ban, e.ID); err != nil {
		return fmt.Errorf("bring a ban back: %w", err)
	}
	return nil
}

// banKey is what the places of a user in the trash wait under who was banned before; "" of one who wasn't.
func (e trashed) banKey() (string, error) {
	if e.ban == "" {
		return "", nil
	}
	var ban struct{ N int64 }
	err := json.Unmarshal([]byte(e.ban), &ban)
	return banKey(ban.N), err
}
