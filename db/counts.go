package db

import "guestlist/db/chat"

// counts are what a change adds to the kept totals. They are summed over a whole commit and written once, since every
// change of an app would otherwise rewrite the same two rows.
type counts map[countKey]appCount

type countKey struct {
	app  chat.AppID
	hour int64 // 0 for the totals of the app
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
	if t.counts == nil {
		t.counts = counts{}
	}
	t.counts.add(counts{{app: app}: c})
}

// countEvent adds an event to its hour.
func (t *Tx) countEvent(e chat.Event) {
	if t.counts == nil {
		t.counts = counts{}
	}
	t.counts.add(counts{{e.App, millis(e.At) / hourMillis}: {events: 1, firstSeq: e.Seq}})
}

const hourMillis = 3_600_000

func (w *writer) flush(all counts) error {
	for k, c := range all {
		var err error
		if k.hour == 0 {
			err = w.conn.run(`UPDATE apps SET users = users + $2, conversations = conversations + $3, participants = participants + $4 WHERE id = $1`,
				string(k.app), c.users, c.conversations, c.participants)
		} else {
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
