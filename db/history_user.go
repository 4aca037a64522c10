package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
)

// PlaceAt is a user's place in a conversation at a moment. Gone says that the conversation was deleted since.
type PlaceAt struct {
	Participant chat.Participant
	Subject     string
	Gone        bool
}

// PlacesAt are the conversations that a user was on the list of at a moment, in the order they joined: one page of them,
// and how many there are. Places from an import in conversations that were deleted since are not among them.
func (s *Store) PlacesAt(ctx context.Context, app chat.AppID, user chat.UserID, at time.Time, w Window) (p Page[PlaceAt], n int, err error) {
	err = s.read(ctx, func(q querier) error {
		if _, err := loadUser(q, app, user); err != nil {
			return err
		}
		all, err := placesAt(q, app, user, at)
		if err != nil {
			return err
		}
		n = len(all)
		if p, err = pageOfPlaces(all, w); err != nil {
			return err
		}
		for i := range p.Items {
			c, err := there(loadConversation(q, app, p.Items[i].Participant.Conversation))
			if err != nil {
				return err
			}
			if p.Items[i].Gone = c == nil; c != nil {
				p.Items[i].Subject = c.Subject
			}
		}
		return nil
	})
	return p, n, err
}

func pageOfPlaces(all []PlaceAt, w Window) (Page[PlaceAt], error) {
	cursor := func(p PlaceAt) string {
		return encodeCursor(millis(p.Participant.JoinedAt), string(p.Participant.Conversation))
	}
	if c := w.cursor(); c != "" {
		keys, err := decodeCursor(c, "is")
		if err != nil {
			return Page[PlaceAt]{}, err
		}
		edge := PlaceAt{Participant: chat.Participant{JoinedAt: fromMillis(keys[0].(int64))}}
		edge.Participant.Conversation = chat.ConversationID(keys[1].(string))
		all = slices.DeleteFunc(all, func(p PlaceAt) bool {
			if w.backward() {
				return byPlace(p, edge) >= 0
			}
			return byPlace(p, edge) <= 0
		})
		if w.backward() {
			slices.Reverse(all)
		}
	}
	return page(w, all[:min(len(all), w.limit()+1)], cursor), nil
}

func byPlace(a, b PlaceAt) int {
	if d := a.Participant.JoinedAt.Compare(b.Participant.JoinedAt); d != 0 {
		return d
	}
	return strings.Compare(string(a.Participant.Conversation), string(b.Participant.Conversation))
}

func placesAt(q querier, app chat.AppID, user chat.UserID, at time.Time) ([]PlaceAt, error) {
	now, err := placesNow(q, app, user)
	if err != nil {
		return nil, err
	}
	pasts, err := userPasts(q, app, user, at)
	if err != nil {
		return nil, err
	}
	deleted, err := deletedSince(q, app, at)
	if err != nil {
		return nil, err
	}
	for conv := range deleted {
		if pasts[conv] == nil {
			pasts[conv] = chat.NewPast(chat.Conversation{})
		}
	}
	var all []PlaceAt
	add := func(p *chat.Participant) {
		if p != nil && !p.JoinedAt.After(at) {
			all = append(all, PlaceAt{Participant: *p})
		}
	}
	for conv, past := range pasts {
		was, told := past.Was[user]
		if !deleted[conv] && told && (was.Out || was.Whole != nil || now[conv] != nil) {
			add(was.Of(now[conv]))
			continue
		}
		replayed := &pastList{Past: &chat.Past{Was: map[chat.UserID]chat.PastPlace{}}, app: app, conv: conv, at: at}
		if err := replayed.replayUser(q, user); err != nil {
			return nil, err
		}
		add(replayed.Was[user].Of(nil))
	}
	for conv, p := range now {
		if pasts[conv] == nil {
			add(p)
		}
	}
	slices.SortFunc(all, byPlace)
	return all, nil
}

func placesNow(q querier, app chat.AppID, user chat.UserID) (map[chat.ConversationID]*chat.Participant, error) {
	rows, err := q.query(`SELECT `+participantColumns+` FROM participants p CROSS JOIN users u ON u.app_id = $1 AND u.id = $2 WHERE p.app_id = $1 AND p.user_id = $2`, string(app), string(user))
	all, err := scan(rows, err, scanParticipant(app))
	now := map[chat.ConversationID]*chat.Participant{}
	for i := range all {
		now[all[i].Conversation] = &all[i]
	}
	return now, err
}

// userPasts takes back the user's events since at, conversation by conversation.
func userPasts(q querier, app chat.AppID, user chat.UserID, at time.Time) (map[chat.ConversationID]*chat.Past, error) {
	pasts := map[chat.ConversationID]*chat.Past{}
	from, err := firstSeq(q, app, at)
	if err != nil || from == 0 {
		return pasts, err
	}
	n := 0
	rows, err := q.query(`SELECT `+pastColumns+`, e.conversation_id FROM events e WHERE e.app_id = $1 AND e.user_id <> '' AND e.user_id = $2`+inAudit+`
		AND e.seq >= $3 AND e.at > $4 ORDER BY e.seq DESC LIMIT $5`, string(app), string(user), from, millis(at), chat.MaxWalk+1)
	err = each(rows, err, scanUserPast(app), func(e chat.Event) error {
		if n++; n > chat.MaxWalk {
			return chat.TooLongAgo(at)
		}
		if e.Conversation == "" {
			return nil
		}
		if pasts[e.Conversation] == nil {
			pasts[e.Conversation] = chat.NewPast(chat.Conversation{})
		}
		return pasts[e.Conversation].Back(e)
	})
	if err != nil {
		return nil, fmt.Errorf("walk a user back: %w", err)
	}
	return pasts, nil
}

func scanUserPast(app chat.AppID) func(interface{ Scan(...any) error }) (chat.Event, error) {
	return func(row interface{ Scan(...any) error }) (chat.Event, error) {
		var conv chat.ConversationID
		e, err := scanPast(app, "")(withMore{row, []any{&conv}})
		e.Conversation = conv
		return e, err
	}
}

// deletedSince are the conversations of an app that were deleted since at and are not back, or came back from before it.
func deletedSince(q querier, app chat.AppID, at time.Time) (map[chat.ConversationID]bool, error) {
	deleted := map[chat.ConversationID]bool{}
	from, err := firstSeq(q, app, at)
	if err != nil || from == 0 {
		return deleted, err
	}
	rows, err := q.query(`SELECT e.conversation_id, e.type FROM events e WHERE e.app_id = $1`+isRare+` AND e.type IN ('conversation.deleted', 'conversation.restored') AND e.seq >= $2 AND e.at > $3 LIMIT $4`,
		string(app), from, millis(at), chat.MaxWalk)
	type move struct {
		conv chat.ConversationID
		kind chat.EventType
	}
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (m move, err error) { return m, row.Scan(&m.conv, &m.kind) })
	times := map[chat.ConversationID]int{}
	for _, m := range all {
		if times[m.conv]++; m.kind == chat.ConversationRestored {
			times[m.conv] -= 2
		}
	}
	for conv, n := range times {
		if n != 0 { // what went into the trash and came back has its list
			deleted[conv] = true
		}
	}
	return deleted, err
}

// replayUser is replay for one user: their place is made anew from their own events.
func (p *pastList) replayUser(q querier, user chat.UserID) error {
	rows, err := q.query(`SELECT `+pastColumns+` FROM events e WHERE e.app_id = $1 AND e.user_id <> '' AND e.user_id = $2`+inAudit+` AND e.conversation_id = $3
		AND e.at <= $4 ORDER BY e.seq LIMIT $5`, string(p.app), string(user), string(p.conv), millis(p.at), chat.MaxWalk)
	return each(rows, err, scanPast(p.app, p.conv), p.forth)
}
