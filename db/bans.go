package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// Bans from all conversations. The ban stands with its first transaction; the user comes off the lists in steps, and back
// on them likewise when it is lifted. The places wait in set_aside meanwhile.

const (
	banColumns = `b.n, b.app_id, b.user_id, coalesce(u.name, ''), b.until, b.put_back, b.reason, b.at, b.banned_by, b.places, b.batch, b.state, b.actor`
	banTables  = `bans b JOIN users u ON u.app_id = b.app_id AND u.id = b.user_id AND u.trash = 0`
)

// banned is a ban with what only the store needs.
type banned struct {
	chat.Ban
	n            int64
	batch, state string
	actor        chat.Actor
}

// The states of a ban: the user comes off the lists, is off them, comes back on them, or stays off for good.
const (
	banEmptying  = "emptying"
	banKept      = "kept"
	banReturning = "returning"
	banDropping  = "dropping"
)

func banKey(n int64) string { return fmt.Sprintf("/ban%d", n) }

func scanBan(row interface{ Scan(...any) error }) (b banned, err error) {
	var until, at int64
	var actor string
	err = row.Scan(&b.n, &b.App, &b.User, &b.UserName, &until, &b.PutBack, &b.Reason, &at, &b.By, &b.Places, &b.batch, &b.state, &actor)
	b.Until, b.At = fromMillis(until), fromMillis(at)
	if err == nil {
		b.actor, err = readActor(actor)
	}
	return b, err
}

// loadBan is the row of a user's ban, whether it stands or not.
func loadBan(q querier, app chat.AppID, user chat.UserID) (b banned, exists bool, err error) {
	b, err = scanBan(q.row(`SELECT `+banColumns+` FROM `+banTables+` WHERE b.app_id = $1 AND b.user_id = $2`, string(app), string(user)))
	if isMissing(err) {
		return b, false, nil
	}
	return b, err == nil, err
}

// stands tells whether the ban keeps its user out.
func (b banned) stands(now time.Time) bool {
	return (b.state == banEmptying || b.state == banKept) && b.Ban.Stands(now)
}

// standingBan is a user's ban while it stands.
func standingBan(q querier, app chat.AppID, user chat.UserID, now time.Time) (chat.Ban, bool, error) {
	b, exists, err := loadBan(q, app, user)
	if err != nil {
		return chat.Ban{}, false, fmt.Errorf("load ban: %w", err)
	}
	return b.Ban, exists && b.stands(now), nil
}

// Ban is the ban of a user that stands; ok is false without one.
func (s *Store) Ban(ctx context.Context, app chat.AppID, user chat.UserID) (b chat.Ban, ok bool, err error) {
	err = s.read(ctx, func(q querier) error { b, ok, err = standingBan(q, app, user, s.now()); return err })
	return b, ok, err
}

// BannedAmong are those of these users who are banned.
func (s *Store) BannedAmong(ctx context.Context, app chat.AppID, users []chat.UserID) (all map[chat.UserID]bool, err error) {
	err = s.read(ctx, func(q querier) error {
		all = map[chat.UserID]bool{}
		for _, user := range users {
			_, stands, err := standingBan(q, app, user, s.now())
			if err != nil {
				return err
			}
			if stands {
				all[user] = true
			}
		}
		return nil
	})
	return all, err
}

// Bans is a page of an app's bans that stand, newest first.
func (s *Store) Bans(ctx context.Context, app chat.AppID, w Window) (p Page[chat.Ban], err error) {
	compare, dir, edge := "<", "DESC", any(int64(1<<62))
	if w.backward() {
		compare, dir, edge = ">", "ASC", int64(-1)
	}
	if cursor := w.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "i")
		if err != nil {
			return p, err
		}
		edge = at[0]
	}
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(fmt.Sprintf(`SELECT %s FROM %s WHERE b.app_id = $1 AND b.n %s $2 AND (b.state = 'emptying' OR b.state = 'kept') AND (b.until = 0 OR b.until > $3) ORDER BY b.n %s LIMIT $4`,
			banColumns, banTables, compare, dir), string(app), edge, millis(s.now()), w.limit()+1)
		all, err := scan(rows, err, scanBan)
		numbers := page(w, all, func(b banned) string { return encodeCursor(b.n) })
		p.Prev, p.Next = numbers.Prev, numbers.Next
		for _, b := range numbers.Items {
			p.Items = append(p.Items, b.Ban)
		}
		return err
	})
	if err != nil {
		return p, fmt.Errorf("list bans: %w", err)
	}
	return p, nil
}

// BanUser keeps a user out of all conversations: off all lists, each with its event, and in through no door. A ban that
// stands is replaced.
func (s *Store) BanUser(ctx context.Context, actor chat.Actor, app chat.AppID, user chat.UserID, n chat.NewBan) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUserBan, chat.Facts{App: app, Exists: true}); err != nil {
			return err
		}
		b, err := n.Ban(app, user, actor.Name, t.Now)
		if err != nil {
			return err
		}
		e, err = t.ban(b, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) ban(b chat.Ban, e chat.Event) (chat.Event, error) {
	u, err := loadUser(t, b.App, b.User)
	if err != nil {
		return e, err
	}
	was, exists, err := loadBan(t, b.App, b.User)
	if err != nil {
		return e, err
	}
	var before chat.Image
	b.Places = u.v.Conversations
	if exists && was.stands(t.Now) {
		before = was.Image()
		b.Places += was.Places
	}
	batch := rand.Text()
	if _, err := t.exec(`INSERT INTO bans (app_id, user_id, reason, until, put_back, at, banned_by, places, batch, state, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'emptying', $10)
		ON CONFLICT (app_id, user_id) DO UPDATE SET reason = excluded.reason, until = excluded.until, put_back = excluded.put_back, at = excluded.at, banned_by = excluded.banned_by,
			places = excluded.places, batch = excluded.batch, state = excluded.state, actor = excluded.actor`,
		string(b.App), string(b.User), b.Reason, millis(b.Until), flag(b.PutBack), millis(b.At), b.By, b.Places, batch, actorText(t.Actor)); err != nil {
		return e, fmt.Errorf("ban user: %w", err)
	}
	e.App, e.User, e.Subject, e.Type = b.App, b.User, u.v.Name, chat.UserBanned
	after := b.Image()
	after["places"] = b.Places
	if e, err = t.record(e, before, after); err != nil {
		return e, err
	}
	return e, t.stepBanOf(b.App, b.User)
}

// LiftBan lets a user in again: putBack brings them back on the lists that the ban took them off. Where no ban stands,
// nothing changes.
func (s *Store) LiftBan(ctx context.Context, actor chat.Actor, app chat.AppID, user chat.UserID, putBack bool) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUserBan, chat.Facts{App: app, Exists: true}); err != nil {
			return err
		}
		if _, err := loadUser(t, app, user); err != nil {
			return err
		}
		b, exists, err := loadBan(t, app, user)
		if err != nil || !exists || !b.stands(t.Now) {
			return err
		}
		e, err = t.liftBan(b, putBack, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) liftBan(b banned, putBack bool, e chat.Event) (chat.Event, error) {
	state := banDropping
	if putBack {
		state = banReturning
	}
	if _, err := t.exec(`UPDATE bans SET state = $2, actor = $3, batch = $4 WHERE n = $1`, b.n, state, actorText(t.Actor), rand.Text()); err != nil {
		return e, fmt.Errorf("lift ban: %w", err)
	}
	e.App, e.User, e.Subject, e.Type = b.App, b.User, b.UserName, chat.UserUnbanned
	was := b.Image()
	was["places"] = b.Places
	e, err := t.record(e, was, chat.Image{"putBack": putBack})
	if err != nil {
		return e, err
	}
	return e, t.stepBanOf(b.App, b.User)
}

func (t *Tx) stepBanOf(app chat.AppID, user chat.UserID) error {
	b, _, err := loadBan(t, app, user)
	if err != nil {
		return err
	}
	return t.stepBan(b)
}

// stepBan moves as many places as one transaction may.
func (t *Tx) stepBan(b banned) error {
	if b.actor.Kind != "" {
		me := t.Actor
		t.Actor = b.actor
		defer func() { t.Actor = me }()
	}
	left, user := budget(stepRows), string(b.User)
	var err error
	switch b.state {
	case banEmptying:
		err = t.setPlacesAside(b.App, user, banKey(b.n), b.batch, &left)
	case banReturning:
		err = t.putUserBack(b.App, banKey(b.n), user, b.batch, &left)
	case banDropping:
		err = t.dropAside(b.App, banKey(b.n), &left)
	}
	if err != nil || left <= 0 {
		return err // the rest is for the next step
	}
	if b.state == banEmptying {
		_, err = t.exec(`UPDATE bans SET state = 'kept' WHERE n = $1`, b.n)
	} else {
		_, err = t.exec(`DELETE FROM bans WHERE n = $1`, b.n)
	}
	if err != nil {
		return fmt.Errorf("end a step of a ban: %w", err)
	}
	return nil
}

// tidyBans does one step of what is on its way, or ends one ban whose time is over.
func (t *Tx) tidyBans() error {
	b, err := scanBan(t.row(`SELECT ` + banColumns + ` FROM ` + banTables + ` WHERE b.state <> 'kept' ORDER BY b.n LIMIT 1`))
	if err == nil {
		return t.stepBan(b)
	}
	if !isMissing(err) {
		return err
	}
	b, err = scanBan(t.row(`SELECT `+banColumns+` FROM `+banTables+` WHERE b.until > 0 AND b.until <= $1 AND b.state = 'kept' ORDER BY b.until LIMIT 1`, millis(t.Now)))
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = t.liftBan(b, b.PutBack, chat.Event{})
	return err
}

// undoBan lifts a ban, with all places back, or bans again as it was.
func (t *Tx) undoBan(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpUserBan, chat.Facts{App: past.App, Exists: true}); err != nil {
		return chat.Event{}, err
	}
	now, exists, err := loadBan(t, past.App, past.User)
	if err != nil {
		return chat.Event{}, err
	}
	stands := exists && now.stands(t.Now)
	if past.Type == chat.UserUnbanned {
		if stands {
			return chat.Event{}, chat.CannotUndoError("They are banned again already.")
		}
		return t.banAgain(past, past.Before, mark)
	}
	at, err := bannedAt(past.After)
	switch {
	case err != nil:
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	case !stands:
		return chat.Event{}, chat.CannotUndoError("The ban has ended or was lifted already.")
	case !now.At.Equal(at):
		return chat.Event{}, movedOn()
	case past.Before != nil:
		return t.banAgain(past, past.Before, mark)
	}
	return t.liftBan(now, true, mark)
}

type banImage struct {
	Until   *int64 `json:"until"`
	Reason  string `json:"reason"`
	PutBack bool   `json:"putBack"`
	At      int64  `json:"at"`
	By      string `json:"by"`
}

func bannedAt(image json.RawMessage) (time.Time, error) {
	var was banImage
	err := json.Unmarshal(image, &was)
	return fromMillis(was.At), err
}

func (t *Tx) banAgain(past chat.Event, image json.RawMessage, mark chat.Event) (chat.Event, error) {
	var was banImage
	if err := json.Unmarshal(image, &was); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	b := chat.Ban{App: past.App, User: past.User, Reason: was.Reason, PutBack: was.PutBack, At: fromMillis(was.At), By: was.By}
	if was.Until != nil {
		b.Until = fromMillis(*was.Until)
	}
	if !b.Stands(t.Now) {
		return chat.Event{}, chat.CannotUndoError("The ban would have ended by now.")
	}
	return t.ban(b, mark)
}
