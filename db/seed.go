package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// SeedOptions say how much made-up data an app gets.
type SeedOptions struct {
	App           chat.AppID
	Users         int
	Conversations int
	Participants  int // of each conversation
	Big           int // participants of one conversation more, named "big"; 0 for none
	Progress      func(what string, done, of int)
}

// seedStep is how many rows one transaction makes.
const seedStep = 5000

var (
	seedFirst = []string{"Maya", "Tomás", "Yuki", "Adé", "Petra", "Sam", "Leila", "Jonas", "Priya", "Oskar", "Carmen", "Dele", "Hana", "Noor", "Finn", "Inês", "Ravi", "Greta", "Kit", "Łukasz"}
	seedLast  = []string{"Lindqvist", "Herrera", "Tanabe", "Balogun", "Novotná", "Whitlock", "Haddad", "Ek", "Raman", "Lund", "Ruiz", "Achebe", "Kučerová", "Aziz", "Gallagher", "Carvalho", "Menon", "Holm", "Marlow", "Żółw", "Okafor", "Bauer", "Silva"}
)

// Seed fills an app that has no data yet, straight into the tables and without events: totals and search are right,
// the history is empty. Users are user-0 and on, conversations conv-0 and on.
func (s *Store) Seed(ctx context.Context, o SeedOptions) error {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	if err := s.seed(ctx, "users", o.Users, o, s.seedUser); err != nil {
		return err
	}
	if err := s.seed(ctx, "conversations", o.Conversations, o, s.seedConversation); err != nil {
		return err
	}
	if o.Big == 0 {
		return nil
	}
	if err := s.change(ctx, chat.CommandLine, func(t *Tx) error { return s.newSeedConversation(t, o.App, "big", "The big one") }); err != nil {
		return err
	}
	return s.seed(ctx, "participants", min(o.Big, o.Users), o, func(t *Tx, o SeedOptions, i int) error {
		return seedParticipant(t, o.App, "big", i, int64(i))
	})
}

func (s *Store) seed(ctx context.Context, what string, n int, o SeedOptions, one func(*Tx, SeedOptions, int) error) error {
	for from := 0; from < n; from += seedStep {
		to := min(n, from+seedStep)
		if err := s.change(ctx, chat.CommandLine, func(t *Tx) error {
			for i := from; i < to; i++ {
				if err := one(t, o, i); err != nil {
					return fmt.Errorf("seed %s: %w", what, err)
				}
			}
			return nil
		}); err != nil {
			return err
		}
		o.Progress(what, to, n)
	}
	return nil
}

func (s *Store) seedUser(t *Tx, o SeedOptions, i int) error {
	id := fmt.Sprintf("user-%d", i)
	name := seedFirst[i%len(seedFirst)] + " " + seedLast[i/len(seedFirst)%len(seedLast)]
	if i >= len(seedFirst)*len(seedLast) {
		name += fmt.Sprintf(" %d", i/(len(seedFirst)*len(seedLast)))
	}
	u := chat.User{ID: chat.UserID(id), Name: name, Email: []string{fmt.Sprintf("%d@shop.example", i)}, Custom: map[string]string{"customer": fmt.Sprintf("C-%07d", i)}}
	res, err := t.exec(`INSERT INTO users (app_id, id, name, email, phone, photo_url, welcome_message, role, locale, availability_text, header_photo_url, custom, push_tokens, created_at)
		VALUES ($1, $2, $3, $4, '', '', '', '', '', '', '', $5, '', $6)`, string(o.App), id, name, toJSON(u.Email), toJSON(u.Custom), millis(t.Now))
	if err != nil {
		return err
	}
	n, err := res.LastInsertId()
	if err != nil {
		return err
	}
	t.count(o.App, appCount{users: 1})
	return t.index("users_search", o.App, n, userText(u))
}

func (s *Store) newSeedConversation(t *Tx, app chat.AppID, id, subject string) error {
	res, err := t.exec(`INSERT INTO conversations (app_id, id, subject, photo_url, welcome_messages, custom, guest_access, created_at, last_activity_at)
		VALUES ($1, $2, $3, '', '', '', 'Inherit', $4, $4)`, string(app), id, subject, millis(t.Now))
	if err != nil {
		return err
	}
	n, err := res.LastInsertId()
	if err != nil {
		return err
	}
	t.count(app, appCount{conversations: 1})
	return t.index("conversations_search", app, n, searchText(subject, id))
}

func (s *Store) seedConversation(t *Tx, o SeedOptions, i int) error {
	id := fmt.Sprintf("conv-%d", i)
	if err := s.newSeedConversation(t, o.App, id, fmt.Sprintf("Order %d, %s", i, seedLast[i%len(seedLast)])); err != nil {
		return err
	}
	for j := range min(o.Participants, o.Users) {
		if err := seedParticipant(t, o.App, id, (i*7+j*13)%o.Users, int64(j)); err != nil {
			return err
		}
	}
	return nil
}

func seedParticipant(t *Tx, app chat.AppID, conv string, user int, later int64) error {
	id := fmt.Sprintf("user-%d", user)
	res, err := t.exec(`INSERT INTO participants (app_id, conversation_id, user_id, access, notify, joined_at, joined_by, joined_via)
		VALUES ($1, $2, $3, 'ReadWrite', 'true', $4, 'Seed', 'system') ON CONFLICT DO NOTHING`, string(app), conv, id, millis(t.Now.Add(time.Duration(later)*time.Millisecond)))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return t.countParticipants(chat.ParticipantRef{App: app, Conversation: chat.ConversationID(conv), User: chat.UserID(id)}, counted(chat.ReadWrite, 1), 1)
}
