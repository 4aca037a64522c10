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
	Results       int64 // of the app's jobs, which they may be in: an erasure removes them
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
	return u, q.row(`SELECT (SELECT count(*) FROM (SELECT 1 FROM messages WHERE app_id = $1 AND sender_id = $2 AND sender_id <> '' LIMIT $3)),
		(SELECT count(*) FROM jobs WHERE app_id = $1 AND file_until > 0)`, string(app), string(id), MaxCounted).Scan(&u.Messages, &u.Results)
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
		if err := t.rememberPerson(&entry); err != nil {
			return chat.Event{}, err
		}
	}
	e, err := t.record(mark, was, nil)
	if err != nil {
		return e, err
	}
	return e, t.binned(entry, e)
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
