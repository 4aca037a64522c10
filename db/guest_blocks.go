package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"guestlist/db/chat"
)

const (
	blockColumns = `b.app_id, b.conversation_id, b.user_id, coalesce(u.name, ''), b.until, b.reason, b.at, b.blocked_by`
	blockTables  = `guest_blocks b LEFT JOIN users u ON u.app_id = b.app_id AND u.id = b.user_id`
)

func scanBlock(row interface{ Scan(...any) error }) (b chat.GuestBlock, err error) {
	var until, at int64
	err = row.Scan(&b.App, &b.Conversation, &b.User, &b.UserName, &until, &b.Reason, &at, &b.By)
	b.Until, b.At = fromMillis(until), fromMillis(at)
	return b, err
}

// loadBlock is the block that stands, if one does.
func (t *Tx) loadBlock(ref chat.ParticipantRef) (b chat.GuestBlock, stands bool, err error) {
	b, err = scanBlock(t.row(`SELECT `+blockColumns+` FROM `+blockTables+` WHERE b.app_id = $1 AND b.conversation_id = $2 AND b.user_id = $3 AND (b.until = 0 OR b.until > $4)`,
		string(ref.App), string(ref.Conversation), string(ref.User), millis(t.Now)))
	if isMissing(err) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("load block: %w", err)
	}
	return b, true, nil
}

// BlockGuest shows a guest out: until the block ends or is lifted they don't come in as a guest, nor by themself as a
// participant. A block that stands is replaced. Who is on the list, be it banned, is no guest and is refused.
func (s *Store) BlockGuest(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef, n chat.NewGuestBlock) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpGuestRemove, chat.Facts{App: ref.App}); err != nil {
			return err
		}
		b, err := n.Block(ref, actor.Name, t.Now)
		if err != nil {
			return err
		}
		if err := t.forgetBlocks(ref.App, ref.Conversation); err != nil {
			return err
		}
		e, err = t.saveBlock(b, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) saveBlock(b chat.GuestBlock, e chat.Event) (chat.Event, error) {
	ref := chat.ParticipantRef{App: b.App, Conversation: b.Conversation, User: b.User}
	pl, err := loadPlace(t, ref)
	switch {
	case err != nil:
		return e, err
	case !pl.userExists:
		return e, chat.ErrUserNotFound(ref.User)
	case pl.taken():
		return e, chat.InvalidField("userId", "is on the list of this conversation; remove them or change their access instead")
	}
	was, stood, err := t.loadBlock(ref)
	if err != nil {
		return e, err
	}
	if _, err := t.exec(`INSERT INTO guest_blocks (app_id, conversation_id, user_id, until, reason, at, blocked_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (app_id, conversation_id, user_id) DO UPDATE SET until = excluded.until, reason = excluded.reason, at = excluded.at, blocked_by = excluded.blocked_by`,
		string(b.App), string(b.Conversation), string(b.User), millis(b.Until), b.Reason, millis(b.At), b.By); err != nil {
		return e, fmt.Errorf("block guest: %w", err)
	}
	var before chat.Image
	if stood {
		before = was.Image()
	}
	e.App, e.Conversation, e.User, e.Type = b.App, b.Conversation, b.User, chat.GuestBlocked
	return t.record(e, before, b.Image())
}

// forgetBlocks drops the blocks of a conversation that have ended.
func (t *Tx) forgetBlocks(app chat.AppID, conv chat.ConversationID) error {
	if _, err := t.exec(`DELETE FROM guest_blocks WHERE app_id = $1 AND conversation_id = $2 AND until > 0 AND until <= $3`, string(app), string(conv), millis(t.Now)); err != nil {
		return fmt.Errorf("forget blocks: %w", err)
	}
	return nil
}

// UnblockGuest lifts a block. Where none stands, nothing changes.
func (s *Store) UnblockGuest(ctx context.Context, actor chat.Actor, ref chat.ParticipantRef) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpGuestRemove, chat.Facts{App: ref.App}); err != nil {
			return err
		}
		if _, err := loadConversation(t, ref.App, ref.Conversation); err != nil {
			return err
		}
		e, err = t.liftBlock(ref, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) liftBlock(ref chat.ParticipantRef, e chat.Event) (chat.Event, error) {
	b, stands, err := t.loadBlock(ref)
	if err != nil || !stands {
		return chat.Event{}, err
	}
	if _, err := t.exec(`DELETE FROM guest_blocks WHERE app_id = $1 AND conversation_id = $2 AND user_id = $3`, string(ref.App), string(ref.Conversation), string(ref.User)); err != nil {
		return e, fmt.Errorf("lift block: %w", err)
	}
	e.App, e.Conversation, e.User, e.Type = ref.App, ref.Conversation, ref.User, chat.GuestUnblocked
	return t.record(e, b.Image(), nil)
}

// undoBlock lifts a block again, or brings it back as it was while it would still stand.
func (t *Tx) undoBlock(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpGuestRemove, chat.Facts{App: past.App}); err != nil {
		return chat.Event{}, err
	}
	ref := chat.ParticipantRef{App: past.App, Conversation: past.Conversation, User: past.User}
	now, stands, err := t.loadBlock(ref)
	if err != nil {
		return chat.Event{}, err
	}
	var is json.RawMessage
	if stands {
		is = image(now.Image())
	}
	if string(is) != string(past.After) {
		if past.Type == chat.GuestBlocked && !stands {
			return chat.Event{}, chat.CannotUndoError("The block has ended or was lifted already.")
		}
		return chat.Event{}, movedOn()
	}
	if past.Before == nil {
		return t.liftBlock(ref, mark)
	}
	back, err := readBlock(ref, past.Before)
	if err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	switch {
	case back.Stands(t.Now):
	case stands: // it replaced one that would have ended by now
		return t.liftBlock(ref, mark)
	default:
		return chat.Event{}, chat.CannotUndoError("The block would have ended by now.")
	}
	e, err := t.saveBlock(back, mark)
	if refused := chat.AsError(err); refused != nil && refused.Code == chat.Invalid {
		return e, chat.CannotUndoError("They are on the list of the conversation now.")
	}
	return e, err
}

// readBlock is the block that an event holds.
func readBlock(ref chat.ParticipantRef, image json.RawMessage) (chat.GuestBlock, error) {
	var was struct {
		Until  *int64 `json:"until"`
		Reason string `json:"reason"`
		At     int64  `json:"at"`
		By     string `json:"by"`
	}
	if err := json.Unmarshal(image, &was); err != nil {
		return chat.GuestBlock{}, err
	}
	b := chat.GuestBlock{App: ref.App, Conversation: ref.Conversation, User: ref.User, Reason: was.Reason, At: time.UnixMilli(was.At).UTC(), By: was.By}
	if was.Until != nil {
		b.Until = time.UnixMilli(*was.Until).UTC()
	}
	return b, nil
}

// GuestBlocks is a page of the blocks of a conversation that stand, newest first.
func (s *Store) GuestBlocks(ctx context.Context, app chat.AppID, conv chat.ConversationID, w Window) (p Page[chat.GuestBlock], err error) {
	err = s.read(ctx, func(q querier) error {
		if _, err := loadConversation(q, app, conv); err != nil {
			return err
		}
		p, err = listBlocks(q, app, conv, w, s.now())
		return err
	})
	return p, err
}

func listBlocks(q querier, app chat.AppID, conv chat.ConversationID, w Window, now time.Time) (Page[chat.GuestBlock], error) {
	compare, dir, at, user := "<", "DESC", any(int64(1<<62)), any("")
	if w.backward() {
		compare, dir, at = ">", "ASC", int64(-1)
	}
	if cursor := w.cursor(); cursor != "" {
		keys, err := decodeCursor(cursor, "is")
		if err != nil {
			return Page[chat.GuestBlock]{}, err
		}
		at, user = keys[0], keys[1]
	}
	rows, err := q.query(fmt.Sprintf(`SELECT %s FROM %s WHERE b.app_id = $1 AND b.conversation_id = $2 AND (b.at, b.user_id) %s ($5, $6) AND (b.until = 0 OR b.until > $4) ORDER BY b.at %s, b.user_id %s LIMIT $3`,
		blockColumns, blockTables, compare, dir, dir), string(app), string(conv), w.limit()+1, millis(now), at, user)
	all, err := scan(rows, err, scanBlock)
	if err != nil {
		return Page[chat.GuestBlock]{}, fmt.Errorf("list blocks: %w", err)
	}
	return page(w, all, func(b chat.GuestBlock) string { return encodeCursor(millis(b.At), string(b.User)) }), nil
}
