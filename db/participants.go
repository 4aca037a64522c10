package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// place is all that a change of one place on one list depends on.
type place struct {
	counts      chat.Counts
	limit       int64       // of participants in a conversation; 0 for none
	ceiling     chat.Access // that servers and admins set; "" for none
	userName    string
	userExists  bool
	blocked     bool             // as a guest; perhaps by a block that has ended
	banned      bool             // perhaps by a ban that has ended
	participant chat.Participant // Access is "" while the user is not a participant
}

func (p place) taken() bool { return p.participant.Access != "" }

func loadPlace(q querier, ref chat.ParticipantRef) (place, error) {
	var (
		pl                            = place{participant: chat.Participant{ParticipantRef: ref}}
		name, access, notify, by, via *string
		ceiling                       *string
		joined, limit                 *int64
		ends, from, after             *int64
	)
	err := q.row(`SELECT c.read_write, c.read_only, c.banned,
			(SELECT CAST(value AS INTEGER) FROM settings WHERE app_id = $1 AND key = 'participantLimit'), u.name, p.access, p.notify, p.joined_at, p.joined_by, p.joined_via, x.access, b.app_id IS NOT NULL, n.app_id IS NOT NULL, w.ends_at, w.history_from, w.history_after
		FROM conversations c
		LEFT JOIN users u ON u.app_id = $1 AND u.id = $3 AND u.trash = 0
		LEFT JOIN participants p ON p.app_id = $1 AND p.conversation_id = $2 AND p.user_id = $3
		LEFT JOIN ceilings x ON x.app_id = $1 AND x.conversation_id = $2 AND x.user_id = $3
		LEFT JOIN guest_blocks b ON b.app_id = $1 AND b.conversation_id = $2 AND b.user_id = $3
		LEFT JOIN bans n ON n.app_id = $1 AND n.user_id = $3
		LEFT JOIN terms w ON w.app_id = $1 AND w.conversation_id = $2 AND w.user_id = $3
		WHERE c.app_id = $1 AND c.id = $2 AND c.trash = 0`, string(ref.App), string(ref.Conversation), string(ref.User)).
		Scan(&pl.counts.ReadWrite, &pl.counts.Read, &pl.counts.None, &limit, &name, &access, &notify, &joined, &by, &via, &ceiling, &pl.blocked, &pl.banned, &ends, &from, &after)
	if isMissing(err) {
		return pl, chat.ErrConversationNotFound(ref.Conversation)
	}
	if err != nil {
		return pl, fmt.Errorf("load place: %w", err)
	}
	if limit != nil {
		pl.limit = *limit
	}
	if ceiling != nil {
		pl.ceiling = chat.Access(*ceiling)
	}
	if ends != nil {
		p := &pl.participant
		p.Until, p.HistoryFrom, p.HistoryAfter = fromMillis(*ends), fromMillis(*from), *after
	}
	if name != nil {
		pl.userExists, pl.userName = true, *name
	}
	if access != nil {
		p := &pl.participant
		p.Access, p.Notify, p.JoinedAt = chat.Access(*access), chat.Notify(*notify), fromMillis(*joined)
		p.JoinedBy, p.JoinedVia, p.UserName = *by, chat.Source(*via), pl.userName
	}
	return pl, nil
}

// PutParticipant is Join: it makes the user a participant, or overwrites what a participant had. What change doesn't
// set falls back to ReadWrite and all. An unknown user is an invalid argument, an unknown conversation is not found.
// The event is empty when nothing changed.
func (s *Store) PutParticipant(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, change chat.ParticipantChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		pl, err := loadPlace(t, ref)
		if err != nil {
			return err
		}
		if pl.taken() {
			e, err = t.changeParticipant(pl, change.WithDefaults(), "")
			return err
		}
		e, err = t.addParticipant(pl, change, "")
		return err
	})
	return e, err
}

// ChangeParticipant changes only what change sets. was holds the values that the editor saw: where another one is
// stored by now, the change is refused as stale. A zero was is not compared.
func (s *Store) ChangeParticipant(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, change, was chat.ParticipantChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		pl, err := loadPlace(t, ref)
		if err != nil {
			return err
		}
		if !pl.taken() {
			return t.notParticipant(ref)
		}
		if err := t.staleParticipant(pl.participant, change, was); err != nil {
			return err
		}
		e, err = t.changeParticipant(pl, change, "")
		return err
	})
	return e, err
}

// RemoveParticipant is Leave. Removing who is not a participant changes nothing and succeeds.
func (s *Store) RemoveParticipant(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		pl, err := loadPlace(t, ref)
		if err != nil {
			return err
		}
		e, err = t.removeParticipant(pl, "")
		return err
	})
	return e, err
}

// addParticipant puts a user on the list who is not on it.
func (t *Tx) addParticipant(pl place, change chat.ParticipantChange, batch string) (chat.Event, error) {
	if err := t.allow(chat.OpParticipantAdd, chat.Facts{App: pl.participant.App}); err != nil {
		return chat.Event{}, err
	}
	return t.newParticipant(pl, change, batch)
}

// newParticipant is addParticipant once it is allowed.
func (t *Tx) newParticipant(pl place, change chat.ParticipantChange, batch string) (chat.Event, error) {
	change, err := t.asNow(change.WithDefaults())
	if err != nil {
		return chat.Event{}, err
	}
	if t.Actor.Kind == chat.UserActor {
		change = change.OfBrowser()
	}
	p := change.Apply(pl.participant)
	p.JoinedAt, p.JoinedBy, p.JoinedVia = t.Now, t.Actor.Name, t.Actor.Source
	if !pl.userExists {
		return chat.Event{}, unknownUser("userId", p.User)
	}
	if pl.limit > 0 && p.Access != chat.AccessNone && pl.counts.Listed() >= pl.limit {
		return chat.Event{}, participantLimit(pl.limit)
	}
	return t.insertParticipant(pl, p, chat.Event{Batch: batch})
}

// insertParticipant stores a whole participant and records it; e carries what is special about the event.
func (t *Tx) insertParticipant(pl place, p chat.Participant, e chat.Event) (chat.Event, error) {
	if pl.banned {
		if _, stands, err := standingBan(t, p.App, p.User, t.Now); err != nil {
			return e, err
		} else if stands {
			return e, chat.ErrUserBanned(p.User)
		}
	}
	if pl.blocked { // the rules keep browsers from bringing those whose block stands
		if _, err := t.liftBlock(p.ParticipantRef, chat.Event{Batch: e.Batch}); err != nil {
			return e, err
		}
	}
	if _, err := t.exec(`INSERT INTO participants (app_id, conversation_id, user_id, access, notify, joined_at, joined_by, joined_via)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, string(p.App), string(p.Conversation), string(p.User), string(p.Access), string(p.Notify),
		millis(p.JoinedAt), p.JoinedBy, string(p.JoinedVia)); err != nil {
		return e, fmt.Errorf("insert participant: %w", err)
	}
	if err := t.keepCeiling(p.ParticipantRef, pl.ceiling, p.Access); err != nil {
		return e, err
	}
	if err := t.keepTerms(pl, p); err != nil {
		return e, err
	}
	if err := t.countParticipants(p.ParticipantRef, counted(p.Access, 1), 1); err != nil {
		return e, err
	}
	e.Type, e.App, e.Conversation, e.User = chat.ParticipantJoined, p.App, p.Conversation, p.User
	return t.record(e, nil, p.Image())
}

// changeParticipant changes what is on the list already.
func (t *Tx) changeParticipant(pl place, change chat.ParticipantChange, batch string) (chat.Event, error) {
	change, err := t.asNow(change)
	if err != nil {
		return chat.Event{}, err
	}
	after := change.Apply(pl.participant)
	if err := t.allow(chat.OpParticipantEditAccess, chat.Facts{App: after.App}); err != nil {
		return chat.Event{}, err
	}
	return t.updateParticipant(pl, after, chat.Event{Batch: batch})
}

func (t *Tx) updateParticipant(pl place, after chat.Participant, e chat.Event) (chat.Event, error) {
	before := pl.participant
	if err := t.keepCeiling(after.ParticipantRef, pl.ceiling, after.Access); err != nil {
		return e, err
	}
	was, now := chat.DiffParticipant(before, after)
	if len(now) == 0 {
		return chat.Event{}, nil
	}
	if err := t.keepTerms(pl, after); err != nil {
		return e, err
	}
	if _, err := t.exec(`UPDATE participants SET access = $4, notify = $5 WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`,
		string(after.App), string(after.Conversation), string(after.User), string(after.Access), string(after.Notify)); err != nil {
		return e, fmt.Errorf("update participant: %w", err)
	}
	if before.Access != after.Access {
		c := counted(after.Access, 1)
		c.add(counted(before.Access, -1))
		if err := t.countParticipants(after.ParticipantRef, c, 0); err != nil {
			return e, err
		}
	}
	e.Type, e.App, e.Conversation, e.User = chat.ParticipantUpdated, after.App, after.Conversation, after.User
	return t.record(e, was, now)
}

// removeParticipant takes who is on the list off it; anyone else changes nothing.
func (t *Tx) removeParticipant(pl place, batch string) (chat.Event, error) {
	p := pl.participant
	if err := t.allow(chat.OpParticipantRemove, chat.Facts{App: p.App}); err != nil {
		return chat.Event{}, err
	}
	if !pl.taken() {
		return chat.Event{}, nil
	}
	return t.deleteParticipant(pl, chat.Event{Batch: batch})
}

func (t *Tx) deleteParticipant(pl place, e chat.Event) (chat.Event, error) {
	p := pl.participant
	if err := t.keepCeiling(p.ParticipantRef, pl.ceiling, ""); err != nil {
		return e, err
	}
	if err := t.dropPlace(p); err != nil {
		return e, err
	}
	e.Type, e.App, e.Conversation, e.User = chat.ParticipantLeft, p.App, p.Conversation, p.User
	return t.record(e, p.Image(), nil)
}

// dropPlace takes a place off its list and out of the counts.
func (t *Tx) dropPlace(p chat.Participant) error {
	if err := t.leaveTerms(p); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM participants WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`,
		string(p.App), string(p.Conversation), string(p.User)); err != nil {
		return fmt.Errorf("delete participant: %w", err)
	}
	return t.countParticipants(p.ParticipantRef, counted(p.Access, -1), -1)
}

// perAccess are changes of a conversation's counts.
type perAccess struct{ readWrite, read, none int64 }

func (c *perAccess) add(d perAccess) {
	c.readWrite, c.read, c.none = c.readWrite+d.readWrite, c.read+d.read, c.none+d.none
}

func counted(a chat.Access, n int64) perAccess {
	switch a {
	case chat.ReadWrite:
		return perAccess{readWrite: n}
	case chat.Read:
		return perAccess{read: n}
	}
	return perAccess{none: n}
}

// countParticipants keeps the totals: of the conversation by access, of the user and of the app by rows.
func (t *Tx) countParticipants(ref chat.ParticipantRef, c perAccess, rows int64) error {
	if _, err := t.exec(`UPDATE conversations SET read_write = read_write + $3, read_only = read_only + $4, banned = banned + $5 WHERE app_id = $1 AND id = $2`,
		string(ref.App), string(ref.Conversation), c.readWrite, c.read, c.none); err != nil {
		return fmt.Errorf("count participants: %w", err)
	}
	if rows == 0 {
		return nil
	}
	t.count(ref.App, appCount{participants: rows})
	t.countMembership(ref.App, ref.User, rows)
	return nil
}

func unknownUser(field string, id chat.UserID) *chat.Error {
	e := chat.ErrUserNotFound(id)
	e.Code, e.Fields = chat.Invalid, map[string][]string{field: {"there is no user “" + string(id) + "”"}}
	return e
}

func participantLimit(limit int64) *chat.Error {
	return &chat.Error{Code: chat.Invalid, Reason: chat.ParticipantLimit,
		Message: fmt.Sprintf("This conversation has as many participants as the app allows (%d).", limit),
		Hint:    "Nobody was added. Raise the limit in Settings, or remove someone first.",
		Fields:  map[string][]string{"participants": {"is over the limit"}}}
}

// notParticipant words the refusal of a change for somebody who isn't on the list, and says who removed them.
func (t *Tx) notParticipant(ref chat.ParticipantRef) error {
	e := chat.ErrParticipantNotFound(ref)
	if last, err := lastTouch(t, ref); err == nil && last.Type == chat.ParticipantLeft && t.Actor.Kind == chat.AdminActor {
		e.Message = "Not saved. " + last.ActorName + " removed this participant at " + last.At.Format("15:04:05") + " UTC."
		e.Hint = "Reload the list."
	}
	return e
}

// staleParticipant refuses a change that was made looking at values that are no longer there.
func (t *Tx) staleParticipant(now chat.Participant, change, was chat.ParticipantChange) error {
	seen, wanted := was.Apply(now), change.Apply(now)
	same := (seen.Access == now.Access || !change.Access.Set || wanted.Access == now.Access) &&
		(seen.Notify == now.Notify || !change.Notify.Set || wanted.Notify == now.Notify) &&
		(seen.Until.Equal(now.Until) || !change.Until.Set || wanted.Until.Equal(now.Until)) &&
		(seen.HistoryFrom.Equal(now.HistoryFrom) || !change.HistoryFrom.Set || wanted.HistoryFrom.Equal(now.HistoryFrom))
	if same {
		return nil
	}
	who := "Somebody"
	if last, err := lastTouch(t, now.ParticipantRef); err == nil {
		who = last.ActorName
	}
	return &chat.Error{Code: chat.Conflict, Reason: chat.StaleChange,
		Message: fmt.Sprintf("Not saved. %s changed this participant while you were looking: access is now “%s”, notifications “%s”.", who, now.Access.Label(), now.Notify.Label()),
		Hint:    "Look at it and choose again."}
}

func lastTouch(q querier, ref chat.ParticipantRef) (chat.Event, error) {
	return scanEvent(q.row(`SELECT `+eventColumns+` FROM `+eventTables+`
		WHERE e.app_id = $1 AND e.user_id = $2 AND e.user_id <> '' AND e.conversation_id = $3 ORDER BY e.seq DESC LIMIT 1`,
		string(ref.App), string(ref.User), string(ref.Conversation)))
}
