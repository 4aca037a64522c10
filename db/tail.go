package db

import (
	"context"
	"maps"

	"guestlist/db/chat"
)

// Told is one event with what it is about as that is now, as far as it is still there: for those who tell others.
type Told struct {
	chat.Event
	Message     *chat.Message      // of message events
	Participant *chat.Participant  // of participant events, unless they left
	Person      *chat.User         // of user events
	Changed     *chat.Conversation // of conversation events
	Broken      error              // why what it is about can't be read
}

// Tail is what happened behind a place in the events, in order, each with what it is about where wanted says so, all as
// it was at one moment. It is done when nothing had happened behind the last one at that moment.
func (s *Store) Tail(ctx context.Context, after int64, limit int, wanted func(chat.Event) bool) (all []Told, done bool, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+eventColumns+` FROM `+eventTables+` WHERE e.seq > $1 ORDER BY e.seq LIMIT $2`, after, limit)
		events, err := scan(rows, err, scanEvent)
		if err != nil {
			return err
		}
		all, done = make([]Told, len(events)), len(events) < limit
		for i, e := range events {
			if all[i] = (Told{Event: e}); wanted(e) {
				all[i] = loadTold(q, e)
			}
		}
		return ctx.Err()
	})
	return all, done, err
}

func loadTold(q querier, e chat.Event) (t Told) {
	t.Event = e
	var err error
	switch e.Type {
	case chat.MessageSent, chat.MessageEdited, chat.MessageDeleted, chat.MessageRemoved, chat.MessageRestored:
		t.Message, err = there(scanMessage(q.row(`SELECT `+messageColumns+` FROM `+messageTables+` WHERE m.app_id = $1 AND m.conversation_id = $2 AND m.id = $3`,
			string(e.App), string(e.Conversation), e.Subject)))
	case chat.ParticipantJoined, chat.ParticipantUpdated:
		pl, failed := loadPlace(q, chat.ParticipantRef{App: e.App, Conversation: e.Conversation, User: e.User})
		if failed == nil && pl.taken() {
			pl.participant.UserName = pl.userName
			t.Participant = &pl.participant
		}
		_, err = there(pl, failed)
	case chat.UserCreated, chat.UserUpdated:
		u, failed := loadUser(q, e.App, e.User)
		t.Person, err = there(u.v, failed)
	case chat.ConversationCreated, chat.ConversationUpdated:
		t.Changed, err = there(loadConversation(q, e.App, e.Conversation))
	}
	t.Broken = err
	return t
}

// there is v, or nothing where it is gone.
func there[T any](v T, err error) (*T, error) {
	if e := chat.AsError(err); isMissing(err) || e != nil && e.Code == chat.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// MembershipsIn are the places that some of these users have in a conversation, by user.
func (s *Store) MembershipsIn(ctx context.Context, app chat.AppID, conv chat.ConversationID, users []chat.UserID) (all map[chat.UserID]Membership, err error) {
	err = s.read(ctx, func(q querier) error {
		all = map[chat.UserID]Membership{}
		c, err := there(loadConversation(q, app, conv))
		if err != nil || c == nil {
			return err
		}
		if c.Counts.Listed() < int64(len(users)) {
			if users, err = listedAmong(q, app, conv, users); err != nil {
				return err
			}
		}
		for _, user := range users {
			m, err := loadMembership(q, *c, user)
			if err != nil {
				return err
			}
			if m.Participant.Access.Rank() > 0 && !m.Participant.Ended(s.now()) {
				all[user] = m
			}
		}
		return nil
	})
	return all, err
}

// WereIn are those who were on the list of a conversation when an event deleted it. Who came on it without an event, by
// an import, is not among them.
func (s *Store) WereIn(ctx context.Context, app chat.AppID, conv chat.ConversationID, deleted int64) (all []chat.UserID, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+eventColumns+` FROM `+eventTables+` WHERE e.app_id = $1 AND e.conversation_id = $2 AND e.conversation_id <> ''`+inAudit+`
			AND (e.type = 'participant.joined' OR e.type = 'participant.left' OR e.type = 'conversation.deleted' OR e.type = 'conversation.restored') AND e.seq < $3 ORDER BY e.seq`, string(app), string(conv), deleted)
		moves, err := scan(rows, err, scanEvent)
		were, away := map[chat.UserID]bool{}, map[int64]map[chat.UserID]bool{}
		for _, e := range moves {
			switch e.Type {
			case chat.ConversationDeleted: // perhaps another one under the same id
				away[e.Trash()], were = were, map[chat.UserID]bool{}
			case chat.ConversationRestored:
				were = map[chat.UserID]bool{}
				maps.Copy(were, away[e.Trash()])
			default:
				were[e.User] = e.Type == chat.ParticipantJoined
			}
		}
		for user, was := range were {
			if was {
				all = append(all, user)
			}
		}
		return err
	})
	return all, err
}

// listedAmong are those of these users who are on a short list.
func listedAmong(q querier, app chat.AppID, conv chat.ConversationID, users []chat.UserID) (listed []chat.UserID, err error) {
	asked := make(map[chat.UserID]bool, len(users))
	for _, user := range users {
		asked[user] = true
	}
	rows, err := q.query(`SELECT user_id FROM participants WHERE app_id = $1 AND conversation_id = $2 AND access <> 'None' ORDER BY joined_at, user_id`, string(app), string(conv))
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (id chat.UserID, err error) { return id, row.Scan(&id) })
	for _, user := range all {
		if asked[user] {
			listed = append(listed, user)
		}
	}
	return listed, err
}

func loadMembership(q querier, c chat.Conversation, user chat.UserID) (m Membership, err error) {
	pl, err := loadPlace(q, chat.ParticipantRef{App: c.App, Conversation: c.ID, User: user})
	hideLast(&c, pl.participant.HistoryAfter)
	m = Membership{Conversation: c, Participant: pl.participant}
	if err != nil || m.Participant.Access.Rank() == 0 {
		return m, err
	}
	if m.ReadSeq, err = loadRead(q, m.Participant.ParticipantRef); err != nil {
		return m, err
	}
	return m, countUnread(q, &m)
}

// fewPlaces is how many conversations are looked up one by one, rather than in the list of all that a user has.
const fewPlaces = 50

// TakesPartIn are those of these conversations that the user is on the list of. It costs no more than the user's own
// list, however many are asked for.
func (s *Store) TakesPartIn(ctx context.Context, app chat.AppID, user chat.UserID, convs []chat.ConversationID) (in []chat.ConversationID, err error) {
	one := func(row interface{ Scan(...any) error }) (id chat.ConversationID, err error) {
		return id, row.Scan(&id)
	}
	const places = `SELECT conversation_id FROM participants WHERE app_id = $1 AND user_id = $2 AND access <> 'None'`
	err = s.read(ctx, func(q querier) error {
		in = nil
		if len(convs) > fewPlaces {
			rows, err := q.query(places, string(app), string(user))
			all, err := scan(rows, err, one)
			theirs := make(map[chat.ConversationID]bool, len(all))
			for _, conv := range all {
				theirs[conv] = true
			}
			for _, conv := range convs {
				if theirs[conv] {
					in = append(in, conv)
				}
			}
			return err
		}
		for _, conv := range convs {
			rows, err := q.query(places+` AND conversation_id = $3`, string(app), string(user), string(conv))
			found, err := scan(rows, err, one)
			if err != nil {
				return err
			}
			in = append(in, found...)
		}
		return nil
	})
	return in, err
}
