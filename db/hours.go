package db

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"guestlist/db/chat"
)

// Hours are the hours of an app since a time in which anything happened, oldest first. They are kept counts, a row for each
// hour: a million conversations make them no slower.
func (s *Store) Hours(ctx context.Context, app chat.AppID, since time.Time) (all []chat.Hour, err error) {
	from := millis(since) / hourMillis
	hours := map[int64]*chat.Hour{}
	at := func(n int64) *chat.Hour {
		if hours[n] == nil {
			hours[n] = &chat.Hour{Start: fromMillis(n * hourMillis)}
		}
		return hours[n]
	}
	err = s.read(ctx, func(q querier) error {
		clear(hours)
		for _, part := range []struct {
			sql string
			add func(h *chat.Hour, n [5]int64)
		}{
			{`SELECT hour, users, conversations, participants, messages, guests FROM app_hours WHERE app_id = $1 AND hour >= $2 ORDER BY hour`,
				func(h *chat.Hour, n [5]int64) {
					h.Users, h.Conversations, h.Participants, h.Messages, h.Guests = n[0], n[1], n[2], n[3], n[4]
				}},
			{`SELECT hour, events, 0, 0, 0, 0 FROM event_hours WHERE app_id = $1 AND hour >= $2 ORDER BY hour`, func(h *chat.Hour, n [5]int64) { h.Changes = n[0] }},
			{`SELECT hour, CAST(sum(CASE WHEN outcome = 'refused' THEN calls ELSE 0 END) AS INTEGER), 0, 0, 0, 0 FROM call_hours WHERE app_id = $1 AND hour >= $2 GROUP BY hour ORDER BY hour`,
				func(h *chat.Hour, n [5]int64) { h.Refused = n[0] }},
		} {
			rows, err := q.query(part.sql, string(app), from)
			if _, err = scan(rows, err, func(row interface{ Scan(...any) error }) (struct{}, error) {
				var hour int64
				var n [5]int64
				err := row.Scan(&hour, &n[0], &n[1], &n[2], &n[3], &n[4])
				if err == nil {
					part.add(at(hour), n)
				}
				return struct{}{}, err
			}); err != nil {
				return fmt.Errorf("read hours: %w", err)
			}
		}
		return nil
	})
	for _, n := range slices.Sorted(maps.Keys(hours)) {
		all = append(all, *hours[n])
	}
	return all, err
}

// Doors counts the changes of an app since a time, to the hour, by the door they came through.
func (s *Store) Doors(ctx context.Context, app chat.AppID, since time.Time) (all []chat.DoorCount, err error) {
	sums := map[chat.Source]int64{}
	err = s.read(ctx, func(q querier) error {
		clear(sums)
		rows, err := q.query(`SELECT door, events FROM event_doors WHERE app_id = $1 AND hour >= $2`, string(app), millis(since)/hourMillis)
		_, err = scan(rows, err, func(row interface{ Scan(...any) error }) (c chat.DoorCount, err error) {
			if err = row.Scan(&c.Door, &c.Changes); err == nil {
				sums[c.Door] += c.Changes
			}
			return c, err
		})
		return err
	})
	for _, door := range []chat.Source{chat.Dashboard, chat.REST, chat.Browser, chat.System} {
		if sums[door] > 0 {
			all = append(all, chat.DoorCount{Door: door, Changes: sums[door]})
		}
	}
	return all, err
}

// MostActive bounds how far ActiveConversations counts.
const MostActive = 10_000

// ActiveConversations counts the conversations of an app in which something was said since a time, up to MostActive.
func (s *Store) ActiveConversations(ctx context.Context, app chat.AppID, since time.Time) (n int64, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.row(`SELECT count(*) FROM (SELECT 1 FROM conversations WHERE app_id = $1 AND last_activity_at >= $2 LIMIT $3)`, string(app), millis(since), MostActive).Scan(&n)
	})
	return n, err
}

// CountGuests notes how many guests apps have at once, where that is more than was noted in this hour. It is no change
// that the audit log knows.
func (s *Store) CountGuests(ctx context.Context, guests map[chat.AppID]int64) error {
	return s.change(ctx, clock, func(t *Tx) error {
		for app, n := range guests {
			if _, err := t.exec(`INSERT INTO app_hours (app_id, hour, users, conversations, participants, messages, guests)
				SELECT id, CAST($2 AS INTEGER), 0, 0, 0, 0, CAST($3 AS INTEGER) FROM apps WHERE id = $1
				ON CONFLICT (app_id, hour) DO UPDATE SET guests = CASE WHEN app_hours.guests < excluded.guests THEN excluded.guests ELSE app_hours.guests END`,
				string(app), millis(t.Now)/hourMillis, n); err != nil {
				return fmt.Errorf("count guests: %w", err)
			}
		}
		return nil
	})
}
