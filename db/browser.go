package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// What browsers change. The acts are those of users.go, conversations.go and participants.go; what is asked first is
// chat's rules for browsers, with the switches as they are in the transaction that acts.

// facts are what a browser's rights in a conversation depend on. A conversation that is missing is a fact too.
func (t *Tx) facts(app chat.AppID, conv chat.ConversationID) (chat.Facts, error) {
	return loadFacts(t, t.Actor, t.Now, app, conv)
}

func loadFacts(q querier, actor chat.Actor, now time.Time, app chat.AppID, conv chat.ConversationID) (chat.Facts, error) {
	f := chat.Facts{App: app, AsGuest: actor.AsGuest, Now: now}
	var place, ceiling *string
	var until, ends, after *int64
	var guests int64
	err := q.row(`SELECT c.guest_access, c.guests_until, p.access, x.access, b.until, w.ends_at, w.history_after FROM conversations c
		LEFT JOIN participants p ON p.app_id = $1 AND p.conversation_id = $2 AND p.user_id = $3 AND NOT EXISTS (SELECT 1 FROM users h WHERE h.app_id = $1 AND h.id = $3 AND h.trash <> 0)
		LEFT JOIN ceilings x ON x.app_id = $1 AND x.conversation_id = $2 AND x.user_id = $3
		LEFT JOIN guest_blocks b ON b.app_id = $1 AND b.conversation_id = $2 AND b.user_id = $3 AND (b.until = 0 OR b.until > $4)
		LEFT JOIN terms w ON w.app_id = $1 AND w.conversation_id = $2 AND w.user_id = $3
		WHERE c.app_id = $1 AND c.id = $2 AND c.trash = 0`, string(app), string(conv), actor.ID, millis(now)).Scan(&f.Guests, &guests, &place, &ceiling, &until, &ends, &after)
	if isMissing(err) {
		return f, nil
	}
	if err != nil {
		return f, fmt.Errorf("load facts: %w", err)
	}
	f.Exists, f.GuestsUntil = true, fromMillis(guests)
	if ends != nil {
		f.Ends, f.After = fromMillis(*ends), *after
	}
	if place != nil {
		f.Place = chat.Access(*place)
	}
	if ceiling != nil {
		f.Ceiling = chat.Access(*ceiling)
	}
	if f.Blocked = until != nil; f.Blocked {
		f.Until = fromMillis(*until)
	}
	return f, nil
}

// about turns the facts to somebody's place: the acting user's own, or that of another one.
func (t *Tx) about(f chat.Facts, ref chat.ParticipantRef, wanted chat.Opt[chat.Access]) (chat.Facts, error) {
	f.Wanted = wanted.Or("", chat.ReadWrite)
	if f.Self = string(ref.User) == t.Actor.ID; f.Self || !f.Exists {
		return f, nil
	}
	theirs, err := loadFacts(t, chat.Actor{ID: string(ref.User)}, t.Now, ref.App, ref.Conversation)
	if f.Ceiling = theirs.Ceiling; theirs.Blocked && theirs.Place == "" || theirs.Ended() {
		f.Ceiling = chat.AccessNone // who was shown out, or whose access is over, is not brought back by a browser
	}
	if err != nil {
		return f, err
	}
	_, f.TheirBan, err = standingBan(t, ref.App, ref.User, t.Now)
	return f, err
}

// keepCeiling remembers what a server or an admin left a user; "" when they removed them. What browsers do sets none.
func (t *Tx) keepCeiling(ref chat.ParticipantRef, was, access chat.Access) error {
	if access == chat.ReadWrite {
		access = ""
	}
	if t.Actor.Kind == chat.UserActor || was == access {
		return nil
	}
	sql, args := `DELETE FROM ceilings WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, []any{string(ref.App), string(ref.Conversation), string(ref.User)}
	if access != "" {
		sql = `INSERT INTO ceilings (app_id, conversation_id, user_id, access) VALUES ($1, $2, $3, $4)
			ON CONFLICT (app_id, conversation_id, user_id) DO UPDATE SET access = excluded.access`
		args = append(args, string(access))
	}
	if _, err := t.exec(sql, args...); err != nil {
		return fmt.Errorf("keep ceiling: %w", err)
	}
	return nil
}

// SetUser changes what change sets of a user, or creates them. The acting user may do so to themself, and to others
// while the app doesn't verify identities.
func (s *Store) SetUser(ctx context.Context, actor chat.Actor, id chat.UserID, change chat.UserChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		before, exists, err := t.findUser(actor.App, id)
		if err != nil {
			return err
		}
		ops := []chat.Operation{chat.OpUserSetSelf}
		if string(id) != actor.ID {
			ops[0] = chat.OpUserSetOther
		}
		if change.Role.Set && change.Role.Or("", "") != before.v.Role {
			ops = append(ops, chat.OpUserSetRole)
		}
		e, err = t.browserUser(before, exists, change, ops...)
		return err
	})
	return e, err
}

// CreateUserIfMissing creates a user, and leaves alone one who is there.
func (s *Store) CreateUserIfMissing(ctx context.Context, actor chat.Actor, id chat.UserID, change chat.UserChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		before, exists, err := t.findUser(actor.App, id)
		if err != nil || exists {
			return err
		}
		ops := []chat.Operation{chat.OpUserCreate}
		if change.Role.Or("", "") != "" {
			ops = append(ops, chat.OpUserSetRole)
		}
		e, err = t.browserUser(before, false, change, ops...)
		return err
	})
	return e, err
}

func (t *Tx) browserUser(before numbered[chat.User], exists bool, change chat.UserChange, ops ...chat.Operation) (chat.Event, error) {
	for _, op := range ops {
		if err := t.allow(op, chat.Facts{App: before.v.App, Exists: exists}); err != nil {
			return chat.Event{}, err
		}
	}
	change.PushTokens = chat.Opt[map[string]*bool]{} // a server's, or those of the phone's own registration
	after, err := change.Apply(before.v)
	if err != nil {
		return chat.Event{}, err
	}
	return t.saveUser(before, after, exists, chat.Event{})
}

// SetConversation changes what change sets of a conversation, creates it when it is missing, and puts the acting user
// on its list when they are not. notify alone is a participant's own choice. The events are all that was changed.
func (s *Store) SetConversation(ctx context.Context, actor chat.Actor, id chat.ConversationID, change chat.ConversationChange, notify chat.Opt[chat.Notify]) (all []chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		all = nil
		f, err := t.facts(actor.App, id)
		if err != nil {
			return err
		}
		me := chat.ParticipantRef{App: actor.App, Conversation: id, User: chat.UserID(actor.ID)}
		own := chat.ParticipantChange{Notify: notify}
		if notify.Set && f.Place.Rank() > 0 && !change.Any() {
			return collect(&all)(t.editByBrowser(f, me, own))
		}
		if err := t.allow(conversationOp(f), f); err != nil {
			return err
		}
		if err := t.browserConversation(id, change, &all); err != nil {
			return err
		}
		if f.Place.Rank() > 0 {
			if !notify.Set {
				return nil
			}
			return collect(&all)(t.editByBrowser(f, me, own))
		}
		return collect(&all)(t.seat(f, me, own))
	})
	return all, err
}

func conversationOp(f chat.Facts) chat.Operation {
	if f.Exists {
		return chat.OpConversationEdit
	}
	return chat.OpConversationCreate
}

// CreateConversationIfMissing creates a conversation with the acting user on its list. One that is there stays as it is,
// and the acting user comes on its list.
func (s *Store) CreateConversationIfMissing(ctx context.Context, actor chat.Actor, id chat.ConversationID, change chat.ConversationChange, notify chat.Opt[chat.Notify]) (all []chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		all = nil
		f, err := t.facts(actor.App, id)
		if err != nil {
			return err
		}
		if err := t.allow(chat.OpConversationCreate, f); err != nil || f.Place.Rank() > 0 {
			return err
		}
		if !f.Exists {
			if err := t.browserConversation(id, change, &all); err != nil {
				return err
			}
		}
		me := chat.ParticipantRef{App: actor.App, Conversation: id, User: chat.UserID(actor.ID)}
		return collect(&all)(t.seat(f, me, chat.ParticipantChange{Notify: notify}))
	})
	return all, err
}

// collect adds an event, if there is one, to those of the change.
func collect(all *[]chat.Event) func(chat.Event, error) error {
	return func(e chat.Event, err error) error {
		if err == nil && e.Seq != 0 {
			*all = append(*all, e)
		}
		return err
	}
}

func (t *Tx) browserConversation(id chat.ConversationID, change chat.ConversationChange, all *[]chat.Event) error {
	before, err := loadNumberedConversation(t, t.Actor.App, id)
	exists := err == nil
	if !exists {
		if chat.ReasonOf(err) != chat.ConversationMissing {
			return err
		}
		before.v = newConversation(t, t.Actor.App, id)
	}
	after, err := change.OfServer().Apply(before.v)
	if err != nil {
		return err
	}
	return collect(all)(t.saveConversation(before, after, exists, chat.Event{}))
}

// SetParticipant puts somebody on a list, or changes what change sets of who is on it.
func (s *Store) SetParticipant(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, change chat.ParticipantChange) (chat.Event, error) {
	return s.seatByBrowser(ctx, actor, ref, func(t *Tx, f chat.Facts, taken bool) (chat.Event, error) {
		if taken {
			return t.editByBrowser(f, ref, change)
		}
		return t.addByBrowser(f, ref, change)
	})
}

// CreateParticipantIfMissing puts somebody on a list, and leaves alone who is on it.
func (s *Store) CreateParticipantIfMissing(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, change chat.ParticipantChange) (chat.Event, error) {
	return s.seatByBrowser(ctx, actor, ref, func(t *Tx, f chat.Facts, taken bool) (chat.Event, error) {
		if taken {
			return chat.Event{}, t.allow(chat.OpParticipantRead, f)
		}
		return t.addByBrowser(f, ref, change)
	})
}

// EditParticipant changes what change sets of somebody who must be on the list.
func (s *Store) EditParticipant(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, change chat.ParticipantChange) (chat.Event, error) {
	return s.seatByBrowser(ctx, actor, ref, func(t *Tx, f chat.Facts, taken bool) (chat.Event, error) {
		if !taken {
			if err := t.allow(chat.OpParticipantRead, f); err != nil {
				return chat.Event{}, err
			}
			return chat.Event{}, t.notParticipant(ref)
		}
		return t.editByBrowser(f, ref, change)
	})
}

// DeleteParticipant takes somebody off the list; the acting user leaves. Who is not on it changes nothing.
func (s *Store) DeleteParticipant(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef) (chat.Event, error) {
	return s.seatByBrowser(ctx, actor, ref, func(t *Tx, f chat.Facts, taken bool) (chat.Event, error) {
		f, err := t.about(f, ref, chat.Opt[chat.Access]{})
		if err != nil {
			return chat.Event{}, err
		}
		op := chat.OpParticipantRemove
		if f.Self {
			op = chat.OpParticipantLeave
		}
		if err := t.allow(op, f); err != nil || !taken {
			return chat.Event{}, err
		}
		pl, err := loadPlace(t, ref)
		if err != nil {
			return chat.Event{}, err
		}
		return t.deleteParticipant(pl, chat.Event{})
	})
}

// seatByBrowser runs one change of a place. taken tells whether the user is on the list, be it banned.
func (s *Store) seatByBrowser(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, one func(t *Tx, f chat.Facts, taken bool) (chat.Event, error)) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		f, err := t.facts(ref.App, ref.Conversation)
		if err != nil {
			return err
		}
		taken := false
		if f.Exists && t.allow(chat.OpParticipantRead, f) == nil { // to whom it isn't there, nobody is in it
			pl, err := loadPlace(t, ref)
			if err != nil {
				return err
			}
			taken = pl.taken()
		}
		e, err = one(t, f, taken)
		return err
	})
	return e, err
}

// addByBrowser asks whether somebody may come on the list, and puts them there.
func (t *Tx) addByBrowser(f chat.Facts, ref chat.ParticipantRef, change chat.ParticipantChange) (chat.Event, error) {
	f, err := t.about(f, ref, change.Access)
	if err != nil {
		return chat.Event{}, err
	}
	op := chat.OpParticipantAdd
	if f.Self {
		op = chat.OpParticipantJoin
	}
	if err := t.allow(op, f); err != nil {
		return chat.Event{}, err
	}
	return t.seat(f, ref, change)
}

// seat puts a user on the list with what the rules grant.
func (t *Tx) seat(f chat.Facts, ref chat.ParticipantRef, change chat.ParticipantChange) (chat.Event, error) {
	pl, err := loadPlace(t, ref)
	if err != nil {
		return chat.Event{}, err
	}
	change.Access = chat.Some(f.Granted())
	return t.newParticipant(pl, change, "")
}

// editByBrowser asks for each thing that is to change, all or none.
func (t *Tx) editByBrowser(f chat.Facts, ref chat.ParticipantRef, change chat.ParticipantChange) (chat.Event, error) {
	f, err := t.about(f, ref, change.Access)
	if err != nil {
		return chat.Event{}, err
	}
	pl, err := loadPlace(t, ref)
	if err != nil {
		return chat.Event{}, err
	}
	after := change.OfBrowser().Apply(pl.participant)
	f.AsIs = pl.taken() && after.Notify == pl.participant.Notify
	ops := []chat.Operation{chat.OpParticipantRead}
	if change.Access.Set {
		ops = append(ops, chat.OpParticipantEditAccess)
	}
	if change.Notify.Set {
		ops = append(ops, chat.OpParticipantEditNotify)
	}
	for _, op := range ops {
		if err := t.allow(op, f); err != nil {
			return chat.Event{}, err
		}
	}
	return t.updateParticipant(pl, after, chat.Event{})
}

// What browsers read: what the acting user may see, in one snapshot with the rules.

// ConversationOf is a conversation with the acting user's place on its list, which is empty for a guest.
func (s *Store) ConversationOf(ctx context.Context, actor chat.Actor, id chat.ConversationID) (m Membership, err error) {
	err = s.browse(ctx, actor, id, chat.OpConversationRead, func(q querier) error {
		if m.Conversation, err = loadConversation(q, actor.App, id); err != nil {
			return err
		}
		pl, err := loadPlace(q, chat.ParticipantRef{App: actor.App, Conversation: id, User: chat.UserID(actor.ID)})
		hideLast(&m.Conversation, pl.participant.HistoryAfter)
		if m.Participant = pl.participant; err != nil || !pl.taken() {
			return err
		}
		if m.ReadSeq, err = loadRead(q, pl.participant.ParticipantRef); err != nil {
			return err
		}
		return countUnread(q, &m)
	})
	return m, err
}

// ParticipantOf is one participant of a conversation. Who has access None is not shown.
func (s *Store) ParticipantOf(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef) (p chat.Participant, err error) {
	err = s.browse(ctx, actor, ref.Conversation, chat.OpParticipantRead, func(q querier) error {
		pl, err := loadPlace(q, ref)
		if err == nil && pl.participant.Access.Rank() == 0 {
			err = chat.ErrParticipantNotFound(ref)
		}
		p = pl.participant
		return err
	})
	return p, err
}

// ParticipantsOf is a page of a conversation's participants, who joined last first.
func (s *Store) ParticipantsOf(ctx context.Context, actor chat.Actor, conv chat.ConversationID, w Window) (p Page[chat.Participant], err error) {
	err = s.browse(ctx, actor, conv, chat.OpParticipantRead, func(q querier) (err error) {
		p, err = listParticipants(q, ParticipantQuery{App: actor.App, Conversation: conv, Listed: true, Newest: true, Window: w})
		return err
	})
	return p, err
}

func (s *Store) browse(ctx context.Context, actor chat.Actor, conv chat.ConversationID, op chat.Operation, read func(querier) error) error {
	return s.read(ctx, func(q querier) error {
		f, err := loadFacts(q, actor, s.now(), actor.App, conv)
		if err != nil {
			return err
		}
		if err := allow(q, actor, s.now(), op, f); err != nil {
			return err
		}
		return read(q)
	})
}
