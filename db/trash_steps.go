package db

import (
	"context"
	"fmt"
	"slices"

	"guestlist/db/chat"
)

// The steps of the trash: each moves a bounded number of rows in one transaction, till an entry is where it goes.

// TidyTrash does one step of what is on its way into the trash or out of it, or into a ban or out of it, purges what has
// been in the trash for 30 days, and ends bans. more tells that there was something to do.
func (s *Store) TidyTrash(ctx context.Context) (more bool, err error) {
	var bans bool
	err = s.read(ctx, func(q querier) error {
		now := s.now()
		return q.row(`SELECT EXISTS (SELECT 1 FROM trash WHERE state = 'emptying' OR state = 'restoring' OR state = 'purging') OR EXISTS (SELECT 1 FROM trash WHERE state = 'kept' AND at <= $1),
			EXISTS (SELECT 1 FROM bans WHERE state <> 'kept') OR EXISTS (SELECT 1 FROM bans WHERE until > 0 AND until <= $2 AND state = 'kept')`,
			millis(now.Add(-chat.TrashFor)), millis(now)).Scan(&more, &bans)
	})
	if err != nil || !more && !bans {
		return false, err
	}
	erased := false
	err = s.change(ctx, chat.Actor{Kind: chat.SystemActor, ID: "trash", Name: "Guestlist", Source: chat.System}, func(t *Tx) error {
		defer func() { erased = t.erased }()
		if bans {
			if err := t.tidyBans(); err != nil {
				return err
			}
		}
		if more {
			return t.tidyTrash()
		}
		return nil
	})
	if err == nil && erased {
		err = s.SweepJobFiles(ctx)
	}
	return true, err
}

func (t *Tx) tidyTrash() error {
	e, err := scanEntry(t.row(`SELECT ` + entryColumns + ` FROM trash b WHERE b.state = 'emptying' OR b.state = 'restoring' OR b.state = 'purging' ORDER BY b.n LIMIT 1`))
	if err == nil {
		return t.step(e)
	}
	if !isMissing(err) {
		return err
	}
	e, err = scanEntry(t.row(`SELECT `+entryColumns+` FROM trash b WHERE b.state = 'kept' AND b.at <= $1 ORDER BY b.at LIMIT 1`, millis(t.Now.Add(-chat.TrashFor))))
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.purge(e)
}

// step moves as many rows as one transaction may, in the name of who wanted it, and ends what is at its end.
func (t *Tx) step(e trashed) error {
	if e.State == chat.TrashKept {
		return nil
	}
	if e.actor.Kind != "" {
		me := t.Actor
		t.Actor = e.actor
		defer func() { t.Actor = me }()
	}
	b := budget(stepRows)
	for _, move := range t.moves(e) {
		if err := move(&b); err != nil || b <= 0 {
			return err // the rest is for the next step
		}
	}
	switch e.State {
	case chat.TrashEmptying:
		return t.emptied(e)
	case chat.TrashRestoring:
		return t.restored(e)
	}
	return t.purged(e)
}

// moves are the moves of rows that an entry's state asks for. They are done when all of them found nothing left.
func (t *Tx) moves(e trashed) (all []func(*budget) error) {
	if e.State == chat.TrashPurging {
		if e.erase {
			all = t.erasure(e)
		}
		return append(all, func(b *budget) error { return t.dropAside(e.App, e.key, b) }, func(b *budget) error {
			key, err := e.banKey()
			if err != nil || key == "" {
				return err
			}
			return t.dropAside(e.App, key, b)
		})
	}
	if e.Kind == chat.TrashedUser {
		return t.userMoves(e)
	}
	return t.conversationMoves(e)
}

func (t *Tx) conversationMoves(e trashed) (all []func(*budget) error) {
	if e.State == chat.TrashRestoring {
		for _, p := range slices.Backward(parts) {
			all = append(all, func(b *budget) error { return t.putConversationBack(p, e.App, e.key, e.ID, b) })
		}
		return all
	}
	for _, p := range parts {
		all = append(all, func(b *budget) error { return t.setConversationAside(p, e.App, e.ID, e.key, b) })
	}
	return append(all, func(b *budget) error { return t.renameConversation(e.App, e.ID, e.key, b) })
}

func (t *Tx) userMoves(e trashed) []func(*budget) error {
	if e.State == chat.TrashEmptying {
		keep := e.key
		if e.erase {
			keep = ""
		}
		moves := []func(*budget) error{
			func(b *budget) error { return t.setUserAside(ceilingsPart, e.App, e.ID, e.key, b) },
			func(b *budget) error { return t.setUserAside(blocksPart, e.App, e.ID, e.key, b) },
			func(b *budget) error { return t.setUserAside(termsPart, e.App, e.ID, e.key, b) },
			func(b *budget) error { return t.setPlacesAside(e.App, e.ID, keep, e.batch, b) },
		}
		if e.erase {
			moves = append(moves, func(b *budget) error { return t.forgetRemoved(e.App, e.ID, *b) })
		}
		return append(moves, func(b *budget) error { return t.renameUser(e.App, e.ID, e.key, b) },
			func(b *budget) error { return t.renameSender(e.App, e.ID, e.key, b) })
	}
	return []func(*budget) error{
		func(b *budget) error { return t.renameSender(e.App, e.key, e.ID, b) },
		func(b *budget) error { return t.putUserBack(e.App, e.key, e.ID, e.batch, b) },
	}
}

// emptied ends a deletion: the id is free.
func (t *Tx) emptied(e trashed) error {
	table := "conversations"
	if e.Kind == chat.TrashedUser {
		table = "users"
	}
	if e.Kind == chat.TrashedConversation {
		if _, err := t.exec(`UPDATE conversations SET indexed_seq = 0 WHERE app_id = $1 AND id = $2`, string(e.App), e.ID); err != nil { // none of its messages is indexed any more
			return fmt.Errorf("end a deletion: %w", err)
		}
	}
	for _, sql := range []string{
		`DELETE FROM ` + table + `_search WHERE rowid IN (SELECT n FROM ` + table + ` WHERE app_id = $1 AND id = $2)`, // indexed again meanwhile
		`DELETE FROM ` + table + ` WHERE app_id = $1 AND id = $2`,
	} {
		if _, err := t.exec(sql, string(e.App), e.ID); err != nil {
			return fmt.Errorf("end a deletion: %w", err)
		}
	}
	if !e.erase {
		return t.setState(&e, chat.TrashKept)
	}
	if err := t.setState(&e, chat.TrashPurging); err != nil {
		return err
	}
	return t.step(e)
}

// restored ends a restore: everybody sees it again.
func (t *Tx) restored(e trashed) error {
	event := chat.Event{App: e.App, Undoes: e.undoes}
	if e.Kind == chat.TrashedUser {
		if err := t.userRestored(e, &event); err != nil {
			return err
		}
	} else if err := t.conversationRestored(e, &event); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM trash WHERE n = $1`, e.N); err != nil {
		return fmt.Errorf("end a restore: %w", err)
	}
	_, err := t.record(event, nil, chat.Image{"trash": e.N})
	return err
}

func (t *Tx) conversationRestored(e trashed, event *chat.Event) error {
	if _, err := t.exec(`UPDATE conversations SET trash = 0 WHERE app_id = $1 AND id = $2`, string(e.App), e.ID); err != nil {
		return err
	}
	c, err := loadNumberedConversation(t, e.App, chat.ConversationID(e.ID))
	if err != nil {
		return err
	}
	t.count(e.App, appCount{conversations: 1})
	event.Type, event.Conversation, event.Subject = chat.ConversationRestored, c.v.ID, c.v.Subject
	return t.index("conversations_search", e.App, c.n, conversationText(c.v))
}

func (t *Tx) userRestored(e trashed, event *chat.Event) error {
	if _, err := t.exec(`UPDATE users SET trash = 0 WHERE app_id = $1 AND id = $2`, string(e.App), e.ID); err != nil {
		return err
	}
	if err := t.unbinBan(e); err != nil {
		return err
	}
	u, err := loadUser(t, e.App, chat.UserID(e.ID))
	if err != nil {
		return err
	}
	t.count(e.App, appCount{users: 1})
	event.Type, event.User, event.Subject = chat.UserRestored, u.v.ID, u.v.Name
	return t.index("users_search", e.App, u.n, userText(u.v))
}

// purged ends a purge. Of a user who wrote messages the name stays, and of an erased one that there was one.
func (t *Tx) purged(e trashed) error {
	if _, err := t.exec(`UPDATE trash SET state = 'gone', object = '', ban = '', actor = '', by = '', id = '', name = CASE erase WHEN 1 THEN '' ELSE name END WHERE n = $1`, e.N); err != nil {
		return fmt.Errorf("end a purge: %w", err)
	}
	if e.erase {
		if err := t.forgetResults(e.App); err != nil {
			return err
		}
	}
	return t.forgetAuthor(e.App, e.key)
}

// forgetAuthor drops what is left of a purged user who has no messages any more.
func (t *Tx) forgetAuthor(app chat.AppID, key string) error {
	if _, err := t.exec(`DELETE FROM trash WHERE app_id = $1 AND key = $2 AND state = 'gone' AND NOT EXISTS (SELECT 1 FROM messages WHERE app_id = $1 AND sender_id = $2 AND sender_id <> '')
		AND NOT EXISTS (SELECT 1 FROM set_aside WHERE app_id = $1 AND user_id = $2 AND user_id <> '')`, string(app), key); err != nil {
		return fmt.Errorf("end a purge: %w", err)
	}
	return nil
}

// freedAtOnce is how many rows are moved for who wants the id of something that is still on its way into the trash.
const freedAtOnce = 20_000

// free makes an id free whose owner is on the way to the trash. It is refused for a while when that is very large, and
// while the owner is on the way back.
func (t *Tx) free(kind chat.TrashKind, app chat.AppID, id string) error {
	table := "conversations"
	if kind == chat.TrashedUser {
		table = "users"
	}
	for {
		var n int64
		err := t.row(`SELECT trash FROM `+table+` WHERE app_id = $1 AND id = $2 AND trash <> 0`, string(app), id).Scan(&n)
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return err
		}
		e, err := scanEntry(t.row(`SELECT `+entryColumns+` FROM trash b WHERE b.n = $1`, n))
		if err != nil {
			return err
		}
		if e.State != chat.TrashEmptying || placeCost*e.Places+e.Messages > freedAtOnce {
			return chat.ErrInMotion(kind, id)
		}
		if err := t.step(e); err != nil {
			return err
		}
	}
}
