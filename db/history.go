package db

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
)

// The past of lists. Nothing of it is stored: the list of a moment is the list of now with the events since taken back,
// so it is right for lists that were filled without events, and costs what happened since.

// MomentQuery asks who was on a list at a moment, in the order they joined. Access filters when set; Search finds names
// and ids.
type MomentQuery struct {
	App          chat.AppID
	Conversation chat.ConversationID
	At           time.Time
	Access       chat.Access
	Search       string
	Window
}

// Moment is a conversation's list at a moment, and what the switches said then.
type Moment struct {
	Exists   bool // the conversation was there
	Counts   chat.Counts
	Security chat.Security
	Guests   chat.ConversationGuests
	Replayed bool // the list is of a conversation that was deleted since: who came on it without an event is not on it
	List     Page[chat.Participant]
}

// ListAt is the list of a conversation at a moment. A moment with too many changes since is refused.
func (s *Store) ListAt(ctx context.Context, mq MomentQuery) (m Moment, err error) {
	err = s.read(ctx, func(q querier) error {
		p, err := loadPast(q, mq.App, mq.Conversation, mq.At)
		if err != nil {
			return err
		}
		m = Moment{Exists: p.exists, Counts: p.Counts, Guests: chat.GuestsUntil(p.Guests, p.Until, mq.At), Replayed: p.replayed}
		if m.Security, err = securityAt(q, mq.App, mq.At); err != nil {
			return err
		}
		if len(searchWords(mq.Search)) > 0 {
			m.List.Items, err = p.find(q, mq)
			return err
		}
		m.List, err = p.list(q, mq)
		return err
	})
	return m, err
}

// pastList is a list at a moment.
type pastList struct {
	*chat.Past
	app      chat.AppID
	conv     chat.ConversationID
	at       time.Time
	exists   bool
	replayed bool                 // Was is the whole list: nobody on the list of now was on it
	touched  map[chat.UserID]bool // by the events that were taken back last
	away     map[int64]pastAway   // the lists that went into the trash, by their number there
}

// pastAway is a list that may come back with its conversation.
type pastAway struct {
	was    map[chat.UserID]chat.PastPlace
	guests chat.ConversationGuests
	until  time.Time
}

// presentList is the list of now.
func presentList(q querier, app chat.AppID, conv chat.ConversationID) (*pastList, error) {
	c, err := loadConversation(q, app, conv)
	return &pastList{Past: chat.NewPast(c), app: app, conv: conv, exists: true}, err
}

func loadPast(q querier, app chat.AppID, conv chat.ConversationID, at time.Time) (*pastList, error) {
	p, err := presentList(q, app, conv)
	if err != nil {
		return p, err
	}
	return p, p.walkBack(q, at)
}

// pastColumns are as much of an event as taking it back needs.
const pastColumns = `e.seq, e.at, e.type, e.user_id, e.before, e.after`

func scanPast(app chat.AppID, conv chat.ConversationID) func(interface{ Scan(...any) error }) (chat.Event, error) {
	return func(row interface{ Scan(...any) error }) (chat.Event, error) {
		e := chat.Event{App: app, Conversation: conv}
		var at int64
		var before, after string
		err := row.Scan(&e.Seq, &at, &e.Type, &e.User, &before, &after)
		e.At, e.Before, e.After = fromMillis(at), []byte(before), []byte(after)
		return e, err
	}
}

// walkBack takes back what happened since at, from where the list stands.
func (p *pastList) walkBack(q querier, at time.Time) error {
	until := int64(1 << 62)
	if !p.at.IsZero() {
		until = millis(p.at)
	}
	p.at, p.touched = at, map[chat.UserID]bool{}
	from, err := firstSeq(q, p.app, at)
	if err != nil {
		return err
	}
	if from == 0 {
		return p.leaveOutLater(q)
	}
	lost, n := false, 0
	binned := map[int64]*chat.Past{} // the lists that came back from the trash later, by their number there
	rows, err := q.query(`SELECT `+pastColumns+` FROM events e WHERE e.app_id = $1 AND e.conversation_id <> '' AND e.conversation_id = $2`+inAudit+`
		AND e.seq >= $3 AND e.at > $4 AND e.at <= $5 ORDER BY e.seq DESC LIMIT $6`, string(p.app), string(p.conv), from, millis(at), until, chat.MaxWalk+1)
	err = each(rows, err, scanPast(p.app, p.conv), func(e chat.Event) error {
		if n++; n > chat.MaxWalk {
			return chat.TooLongAgo(at)
		}
		switch e.Type {
		case chat.ConversationCreated:
			p.exists = false
		case chat.ConversationRestored:
			binned[e.Trash()], p.Past, p.exists = p.Past, emptyPast(), false
		case chat.ConversationDeleted:
			if back, ok := binned[e.Trash()]; ok {
				p.Past, p.exists, lost = back, true, false
			} else {
				lost = true
			}
		}
		if lost {
			return nil
		}
		if e.User != "" {
			p.touched[e.User] = true
		}
		return p.Back(e)
	})
	if err != nil {
		return fmt.Errorf("walk back: %w", err)
	}
	switch {
	case lost:
		return p.replay(q)
	case !p.exists && len(binned) > 0: // it was in the trash
		p.replayed = true
		return nil
	}
	return p.leaveOutLater(q)
}

// emptyPast is a list with nobody on it.
func emptyPast() *chat.Past {
	return &chat.Past{Guests: chat.GuestsInherit, Was: map[chat.UserID]chat.PastPlace{}}
}

// leaveOutLater takes off those who joined later than the moment though no event says so, as imports do.
func (p *pastList) leaveOutLater(q querier) error {
	if p.replayed {
		return nil
	}
	type later struct {
		user   chat.UserID
		access chat.Access
	}
	rows, err := q.query(`SELECT user_id, access FROM participants WHERE app_id = $1 AND conversation_id = $2 AND joined_at > $3 ORDER BY joined_at, user_id`,
		string(p.app), string(p.conv), millis(p.at))
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (l later, err error) { return l, row.Scan(&l.user, &l.access) })
	for _, l := range all {
		if _, known := p.Was[l.user]; !known {
			p.touched[l.user] = true
			p.LeaveOut(l.user, l.access)
		}
	}
	return err
}

// replay is for a moment before the conversation was deleted: the list that went with it is made anew from the events
// up to the moment, oldest first.
func (p *pastList) replay(q querier) error {
	earlier, n := p.Was, 0
	p.Past, p.exists, p.replayed = emptyPast(), false, true
	rows, err := q.query(`SELECT `+pastColumns+` FROM events e WHERE e.app_id = $1 AND e.conversation_id <> '' AND e.conversation_id = $2`+inAudit+`
		AND e.at <= $3 ORDER BY e.seq LIMIT $4`, string(p.app), string(p.conv), millis(p.at), chat.MaxWalk+1)
	err = each(rows, err, scanPast(p.app, p.conv), func(e chat.Event) error {
		if n++; n > chat.MaxWalk {
			return chat.TooLongAgo(p.at)
		}
		return p.forth(e)
	})
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	for user, was := range p.Was {
		p.touched[user] = true
		switch was.Whole.Access {
		case chat.ReadWrite:
			p.Counts.ReadWrite++
		case chat.Read:
			p.Counts.Read++
		default:
			p.Counts.None++
		}
	}
	for user := range earlier {
		p.touched[user] = true
	}
	return nil
}

// forth makes one event happen again, to a list that Was holds whole.
func (p *pastList) forth(e chat.Event) error {
	switch e.Type {
	case chat.ConversationCreated, chat.ConversationUpdated:
		p.exists = true
		var now chat.ConversationChange
		err := json.Unmarshal(e.After, &now)
		p.Guests = now.Guests.Or(p.Guests, chat.GuestsInherit)
		p.Until = now.GuestsUntil.Or(chat.MomentOf(p.Until), 0).Time()
		return err
	case chat.ConversationDeleted:
		if p.away == nil {
			p.away = map[int64]pastAway{}
		}
		p.away[e.Trash()] = pastAway{p.Was, p.Guests, p.Until}
		p.exists, p.Guests, p.Until, p.Was = false, chat.GuestsInherit, time.Time{}, map[chat.UserID]chat.PastPlace{}
	case chat.ConversationRestored:
		back := p.away[e.Trash()]
		p.exists, p.Guests, p.Until, p.Was = true, back.guests, back.until, map[chat.UserID]chat.PastPlace{}
		maps.Copy(p.Was, back.was)
	case chat.ParticipantJoined:
		came, err := chat.ReadParticipant(chat.ParticipantRef{App: p.app, Conversation: p.conv, User: e.User}, e.After)
		p.Was[e.User] = chat.PastPlace{Whole: &came}
		return err
	case chat.ParticipantLeft:
		delete(p.Was, e.User)
	case chat.ParticipantUpdated:
		was, on := p.Was[e.User]
		if !on {
			return nil // came without an event
		}
		var change chat.ParticipantChange
		err := json.Unmarshal(e.After, &change)
		after := change.Apply(*was.Whole)
		p.Was[e.User] = chat.PastPlace{Whole: &after}
		return err
	}
	return nil
}

// securityAt are an app's switches at a moment.
func securityAt(q querier, app chat.AppID, at time.Time) (chat.Security, error) {
	settings, err := loadSettings(q, app)
	if err != nil {
		return chat.Security{}, err
	}
	from, err := firstSeq(q, app, at)
	if err != nil || from == 0 {
		return settings.Security(), err
	}
	rows, err := q.query(`SELECT `+pastColumns+` FROM events e WHERE e.app_id = $1`+isRare+` AND e.type = 'settings.updated' AND e.seq >= $2 AND e.at > $3 ORDER BY e.seq DESC LIMIT $4`,
		string(app), from, millis(at), chat.MaxWalk)
	all, err := scan(rows, err, scanPast(app, ""))
	for _, e := range all {
		if settings, err = settings.BackSettings(e); err != nil {
			break
		}
	}
	return settings.Security(), err
}

// beside are those who were on the list whole as the events tell, not as they are now, in the order they joined.
func (p *pastList) beside() []chat.Participant {
	var all []chat.Participant
	for _, was := range p.Was {
		if was.Whole != nil {
			all = append(all, *was.Whole)
		}
	}
	slices.SortFunc(all, byJoining)
	return all
}

func byJoining(a, b chat.Participant) int {
	return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), strings.Compare(string(a.User), string(b.User)))
}

// pastStep is how many of the present participants are read at a time.
const pastStep = 1000

// list is a page of the list, in the order they joined.
func (p *pastList) list(q querier, mq MomentQuery) (Page[chat.Participant], error) {
	order := byJoining
	if mq.backward() {
		order = func(a, b chat.Participant) int { return byJoining(b, a) }
	}
	var edge *chat.Participant
	if cursor := mq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "is")
		if err != nil {
			return Page[chat.Participant]{}, err
		}
		edge = &chat.Participant{JoinedAt: fromMillis(at[0].(int64))}
		edge.User = chat.UserID(at[1].(string))
	}
	beside := p.beside()
	slices.SortFunc(beside, order)
	if edge != nil {
		beside = slices.DeleteFunc(beside, func(w chat.Participant) bool { return order(w, *edge) <= 0 })
	}
	var found []chat.Participant
	add := func(w *chat.Participant) {
		if w != nil && (mq.Access == "" || w.Access == mq.Access) {
			found = append(found, *w)
		}
	}
	for window := (Window{Limit: pastStep, After: mq.After, Before: mq.Before}); len(found) <= mq.limit(); {
		now, err := p.present(q, window)
		if err != nil {
			return Page[chat.Participant]{}, err
		}
		last := mq.backward() && now.Prev == "" || !mq.backward() && now.Next == ""
		if mq.backward() {
			slices.Reverse(now.Items)
		}
		for _, n := range now.Items {
			for len(beside) > 0 && order(beside[0], n) < 0 {
				add(&beside[0])
				beside = beside[1:]
			}
			if was, told := p.Was[n.User]; !told {
				add(&n)
			} else if was.Whole == nil {
				add(was.Of(&n))
			}
			if len(found) > mq.limit() {
				break
			}
		}
		if last {
			for i := range beside {
				add(&beside[i])
			}
			break
		}
		if mq.backward() {
			window.Before = now.Prev
		} else {
			window.After = now.Next
		}
	}
	if len(found) > mq.limit()+1 {
		found = found[:mq.limit()+1]
	}
	out := page(mq.Window, found, participantCursor)
	return out, nameAll(q, p.app, out.Items)
}

// present is a page of the list of now, as far as it says anything of then.
func (p *pastList) present(q querier, w Window) (Page[chat.Participant], error) {
	if p.replayed {
		return Page[chat.Participant]{}, nil
	}
	return listParticipants(q, ParticipantQuery{App: p.app, Conversation: p.conv, Window: w})
}

// find are those who were on the list among the users that a search finds.
func (p *pastList) find(q querier, mq MomentQuery) ([]chat.Participant, error) {
	users, err := listUsers(q, UserQuery{App: p.app, Search: mq.Search, Window: Window{Limit: mq.limit()}})
	if err != nil {
		return nil, err
	}
	var ids []chat.UserID
	for _, u := range users.Items {
		ids = append(ids, u.ID)
	}
	if id := chat.UserID(strings.TrimSpace(mq.Search)); !slices.Contains(ids, id) {
		ids = append(ids, id) // of somebody who is no user any more
	}
	now, err := p.now(q, ids)
	if err != nil {
		return nil, err
	}
	var found []chat.Participant
	for _, id := range ids {
		if w := p.state(id, now); w != nil && (mq.Access == "" || w.Access == mq.Access) {
			found = append(found, *w)
		}
	}
	return found, nameAll(q, p.app, found)
}

// state is what a user had, where now are the present places of all who are asked for.
func (p *pastList) state(user chat.UserID, now map[chat.UserID]*chat.Participant) *chat.Participant {
	if p.replayed {
		return p.Was[user].Of(nil)
	}
	if was, told := p.Was[user]; told {
		return was.Of(now[user])
	}
	return now[user]
}

// now are the present places of some users.
func (p *pastList) now(q querier, users []chat.UserID) (map[chat.UserID]*chat.Participant, error) {
	all := map[chat.UserID]*chat.Participant{}
	if p.replayed {
		return all, nil
	}
	for _, user := range users {
		one, err := there(scanParticipant(p.app)(q.row(`SELECT `+participantColumns+` FROM participants p CROSS JOIN users u ON u.app_id = $1 AND u.id = p.user_id
			WHERE p.app_id = $1 AND p.conversation_id = $2 AND p.user_id = $3`, string(p.app), string(p.conv), string(user))))
		if err != nil {
			return nil, fmt.Errorf("load places: %w", err)
		}
		if one != nil {
			all[user] = one
		}
	}
	return all, nil
}

// nameAll fills in the names of those who are still there.
func nameAll(q querier, app chat.AppID, all []chat.Participant) error {
	for i := range all {
		if all[i].UserName != "" {
			continue
		}
		u, err := there(loadUser(q, app, all[i].User))
		if err != nil {
			return err
		}
		if u != nil {
			all[i].UserName, all[i].PhotoURL = u.v.Name, u.v.PhotoURL
		}
	}
	return nil
}
