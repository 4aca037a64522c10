package db

import (
	"time"

	"guestlist/db/chat"
)

// counts are what a change adds to the kept totals. They are summed over a whole commit and written once, since changes
// that come together touch the same few rows.
type counts map[countKey]appCount

type countKey struct {
	app  chat.AppID
	user chat.UserID // of the totals of a user
	hour int64       // of the events of an hour; without user and hour: of the totals of the app
	door chat.Source // of the events of an hour that came through one door
}

type appCount struct {
	users, conversations, participants int64
	events, firstSeq                   int64
	messages                           int64
}

func (c counts) add(other counts) {
	for k, v := range other {
		was := c[k]
		if was.firstSeq == 0 {
			was.firstSeq = v.firstSeq
		}
		was.users += v.users
		was.conversations += v.conversations
		was.participants += v.participants
		was.events += v.events
		was.messages += v.messages
		c[k] = was
	}
}

// count adds to the totals of app, and to what it became in this hour, with this change.
func (t *Tx) count(app chat.AppID, c appCount) {
	t.counts.add(counts{{app: app}: c, {app: app, hour: millis(t.Now) / hourMillis}: c})
}

// countMessage adds a message to the hour that it was sent in.
func (t *Tx) countMessage(app chat.AppID, at time.Time) {
	t.counts.add(counts{{app: app, hour: millis(at) / hourMillis}: {messages: 1}})
}

// countMembership adds to the number of conversations that user is on the list of.
func (t *Tx) countMembership(app chat.AppID, user chat.UserID, n int64) {
	t.counts.add(counts{{app: app, user: user}: {conversations: n}})
}

// countEvent adds an event to its hour, and to that of the door it came through.
func (t *Tx) countEvent(e chat.Event) {
	hour, c := millis(e.At)/hourMillis, appCount{events: 1, firstSeq: e.Seq}
	t.counts.add(counts{{app: e.App, hour: hour}: c, {app: e.App, hour: hour, door: e.Source}: c})
}

const hourMillis = 3_600_000

func (w *writer) flush(all counts) error {
	for k, c := range all {
		var err error
		switch {
		case k.user != "":
			if c.conversations != 0 {
				err = w.conn.run(`UPDATE users SET conversations = conversations + $3 WHERE app_id = $1 AND id = $2`, string(k.app), string(k.user), c.conversations)
			}
		case k.hour == 0:
			err = w.conn.run(`UPDATE apps SET users = users + $2, conversations = conversations + $3, participants = participants + $4 WHERE id = $1`,
				string(k.app), c.users, c.conversations, c.participants)
		case k.door != "":
			err = w.conn.run(`INSERT INTO event_doors (app_id, hour, door, events) VALUES ($1, $2, $3, $4)
				ON CONFLICT (app_id, hour, door) DO UPDATE SET events = event_doors.events + excluded.events`, string(k.app), k.hour, string(k.door), c.events)
		default:
			err = w.flushHour(k, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// flushHour adds to an hour of an app: how many events, and what it became. Apps that are gone became nothing.
func (w *writer) flushHour(k countKey, c appCount) error {
	if c.events > 0 {
		if err := w.conn.run(`INSERT INTO event_hours (app_id, hour, events, first_seq) VALUES ($1, $2, $3, $4)
				ON CONFLICT (app_id, hour) DO UPDATE SET events = event_hours.events + excluded.events`,
			string(k.app), k.hour, c.events, c.firstSeq); err != nil {
			return err
		}
	}
	if c.users == 0 && c.conversations == 0 && c.participants == 0 && c.messages == 0 {
		return nil
	}
	return w.conn.run(`INSERT INTO app_hours (app_id, hour, users, conversations, participants, messages, guests)
		SELECT id, CAST($2 AS INTEGER), CAST($3 AS INTEGER), CAST($4 AS INTEGER), CAST($5 AS INTEGER), CAST($6 AS INTEGER), 0 FROM apps WHERE id = $1
		ON CONFLICT (app_id, hour) DO UPDATE SET users = app_hours.users + excluded.users, conversations = app_hours.conversations + excluded.conversations,
			participants = app_hours.participants + excluded.participants, messages = app_hours.messages + excluded.messages`,
		string(k.app), k.hour, c.users, c.conversations, c.participants, c.messages)
}
