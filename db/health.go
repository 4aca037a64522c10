package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// maxOpen bounds how many conversations that stand open are named at once, the longest first.
const maxOpen = 20

// keepOpenSince notes since when a conversation lets guests in by its own word.
func (t *Tx) keepOpenSince(was chat.ConversationGuests, after chat.Conversation) error {
	if was.LetsIn() == after.Guests.LetsIn() {
		return nil
	}
	since := int64(0)
	if after.Guests.LetsIn() {
		since = millis(t.Now)
	}
	if _, err := t.exec(`UPDATE conversations SET guests_open_at = $3 WHERE app_id = $1 AND id = $2`, string(after.App), string(after.ID), since); err != nil {
		return fmt.Errorf("note guest access: %w", err)
	}
	return nil
}

// AccessHealth is what stands open in an app without need, most telling first.
func (s *Store) AccessHealth(ctx context.Context, app chat.AppID) (all []chat.Finding, err error) {
	f := chat.HealthFacts{Now: s.now()}
	if f.Keys, err = s.Keys(ctx, app); err != nil {
		return nil, err
	}
	err = s.read(ctx, func(q querier) error {
		if f.App, err = loadApp(q, app); err != nil {
			return err
		}
		if f.Settings, err = loadSettings(q, app); err != nil {
			return err
		}
		exposed, err := listEvents(q, EventQuery{App: app, Types: []chat.EventType{chat.KeyExposed}, Window: Window{Limit: 50}})
		if err != nil {
			return err
		}
		f.Shown = shownKeys(exposed.Items)
		if f.Admins, err = loadAdmins(q); err != nil {
			return err
		}
		f.Open, err = openConversations(q, app, millis(f.Now.Add(-chat.ConversationsOpenFor)))
		return err
	})
	if err != nil {
		return nil, err
	}
	return chat.Findings(f), nil
}

func openConversations(q querier, app chat.AppID, before int64) ([]chat.OpenConversation, error) {
	rows, err := q.query(`SELECT c.id, c.subject, c.guest_access, c.guests_open_at FROM conversations c
		WHERE c.app_id = $1 AND c.guests_open_at > 0 AND c.guests_open_at <= $2 ORDER BY c.guests_open_at, c.id LIMIT $3`, string(app), before, maxOpen)
	return scan(rows, err, func(row interface{ Scan(...any) error }) (o chat.OpenConversation, err error) {
		var since int64
		err = row.Scan(&o.Conversation.ID, &o.Conversation.Subject, &o.Conversation.Guests, &since)
		o.Conversation.App, o.Since = app, fromMillis(since)
		return o, err
	})
}

// shownKeys are the keys of events that say that a browser showed one, with the newest time.
func shownKeys(newestFirst []chat.Event) map[string]time.Time {
	all := map[string]time.Time{}
	for _, e := range newestFirst {
		if all[e.Subject].IsZero() {
			all[e.Subject] = e.At
		}
	}
	return all
}
