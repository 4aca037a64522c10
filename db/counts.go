package db

import "guestlist/db/chat"

// counts are what a change adds to the kept totals. They are summed over a whole commit and written once, since changes
// that come together touch the same few rows.
type counts map[countKey]appCount

type countKey struct {
	app  chat.AppID
	user chat.UserID // of the totals of a user
	hour int64       // of the events of an hour; without user and hour: of the totals of the app
}

type appCount struct {
	users, conversations, participants int64
	events, firstSeq                   int64
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
		c[k] = was
	}
}

// count adds to the totals of app with this change.
func (t *Tx) count(app chat.AppID, c appCount) {
	t.counts.add(counts{{app: app}: c})
}

// countMembership adds to the number of conversations that user is on the list of.
func (t *Tx) countMembership(app chat.AppID, user chat.UserID, n int64) {
	t.counts.add(counts{{app: app, user: user}: {conversations: n}})
}

// countEvent adds an event to its hour.
func (t *Tx) countEvent(e chat.Event) {
	t.counts.add(counts{{app: e.App, hour: millis(e.At) / hourMillis}: {events: 1, firstSeq: e.Seq}})
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
		default:
			err = w.conn.run(`INSERT INTO event_hours (app_id, hour, events, first_seq) VALUES ($1, $2, $3, $4)
				ON CONFLICT (app_id, hour) DO UPDATE SET events = event_hours.events + excluded.events`,
				string(k.app), k.hour, c.events, c.firstSeq)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
