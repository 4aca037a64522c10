// Package demo fills a data directory with believable sample data: a market with its organisers, sellers and buyers, and
// a month of their history. Everything is made by the store's own methods, with a clock that runs through that month, so
// totals, search and the audit log are what real use would have left.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
)

// Email and Password sign in to the demo as its owner.
const (
	Email    = "demo@guestlist.example"
	Password = "solid is on the list"
)

// Live and Test are the demo's apps.
const (
	Live = chat.AppID("larkfield")
	Test = chat.AppID("larkfield_test")
)

// Prepare makes the demo in dir unless it is there already. It is made beside dir and moved there whole.
func Prepare(ctx context.Context, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, db.File)); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fresh := dir + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	m := &maker{ctx: ctx, now: time.Now().UTC().Truncate(time.Minute).AddDate(0, 0, -30), random: rand.New(rand.NewPCG(1, 2))}
	store, err := db.Open(ctx, db.Options{Dir: fresh, Now: func() time.Time { return m.now }})
	if err != nil {
		return err
	}
	m.store = store
	if err := errors.Join(m.make(), store.Close()); err != nil {
		return fmt.Errorf("make the demo: %w", err)
	}
	return os.Rename(fresh, dir)
}

// maker makes the demo. Its clock moves on with everything that happens; its chance is the same each time.
type maker struct {
	ctx    context.Context
	store  *db.Store
	now    time.Time
	random *rand.Rand

	imani, tomas chat.Actor
	orders       chat.Actor // the shop's server
	key          chat.Key   // that it shows
	flips        []flip     // of user synchronization
}

// wait lets time pass, up to most.
func (m *maker) wait(most time.Duration) {
	m.now = m.now.Add(time.Duration(m.random.Int64N(int64(most))) + time.Second)
}

// confirmed is an admin who has just given their password.
func (m *maker) confirmed(admin chat.Actor) chat.Actor {
	admin.AuthAt = m.now.Add(-time.Second)
	return admin
}

func (m *maker) make() error {
	for _, step := range []func() error{m.admins, m.apps, m.users, m.audience, m.conversations, m.month, m.messages, m.calls, m.keyUsed} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) admins() error {
	hash, err := auth.HashPassword(m.ctx, "password", Password)
	if err != nil {
		return err
	}
	owner, err := m.store.CreateAdmin(m.ctx, chat.CommandLine, chat.AdminChange{Email: Email, Name: "Imani Okafor", Role: chat.Owner}, hash)
	if err != nil {
		return err
	}
	other, err := m.store.CreateAdmin(m.ctx, chat.CommandLine, chat.AdminChange{Email: "tomas@guestlist.example", Name: "Tomás Herrera", Role: chat.Manage}, hash)
	m.imani, m.tomas = owner.Actor(m.now), other.Actor(m.now)
	return err
}

func (m *maker) apps() error {
	for _, app := range []chat.AppChange{{ID: Live, Name: "Larkfield Market", Live: true}, {ID: Test, Name: "Larkfield Market, try-out"}} {
		if _, err := m.store.CreateApp(m.ctx, m.imani, app); err != nil {
			return err
		}
		key, _, err := m.store.CreateKey(m.ctx, m.confirmed(m.imani), app.ID, "Orders", "")
		if err != nil {
			return err
		}
		if app.ID == Live {
			m.key = key
			m.orders = chat.Actor{Kind: chat.BackendActor, ID: key.ID, Name: "Key “Orders”", Source: chat.REST, App: Live}
		}
	}
	if _, err := m.store.CreateUser(m.ctx, m.imani, Test, "sample_user_alice", chat.UserChange{Name: chat.Some("Alice")}); err != nil {
		return err
	}
	_, err := m.store.CreateConversation(m.ctx, m.imani, Test, "sample_conversation", chat.ConversationChange{Subject: chat.Some("Sample conversation")}, "sample_user_alice")
	return err
}

func (m *maker) keyUsed() error { return m.store.KeyUsed(m.ctx, m.key) }

func (m *maker) users() error {
	for i, p := range people {
		m.wait(20 * time.Minute)
		change := chat.UserChange{Name: chat.Some(p.name), Role: chat.Some(p.role), Email: chat.Some([]string{string(p.id) + "@larkfield.example"})}
		if p.role == "seller" {
			tier := "regular"
			change.Custom = chat.Some(chat.Custom{"tier": &tier})
		}
		actor := m.orders
		if i < 4 {
			actor = m.imani
		}
		if _, err := m.store.PutUser(m.ctx, actor, Live, p.id, change, chat.UserChange{}); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) conversations() error {
	for _, t := range topics {
		m.wait(8 * time.Hour)
		var in []chat.UserID
		for _, i := range t.in {
			in = append(in, people[i].id)
		}
		if _, err := m.store.PutConversation(m.ctx, m.orders, Live, t.id, chat.ConversationChange{Subject: chat.Some(t.subject)}, chat.ConversationChange{}, in[:min(2, len(in))]...); err != nil {
			return err
		}
		for _, user := range in[min(2, len(in)):] {
			m.wait(90 * time.Minute)
			actor := m.orders
			if m.random.IntN(3) == 0 {
				actor = m.imani
			}
			if _, err := m.store.PutParticipant(m.ctx, actor, chat.ParticipantRef{App: Live, Conversation: t.id, User: user}, chat.ParticipantChange{}); err != nil {
				return err
			}
		}
	}
	for i, o := range orders {
		m.wait(9 * time.Hour)
		subject := fmt.Sprintf("Order %d, delivery", 4177+i)
		change := chat.ConversationChange{Subject: chat.Some(subject), Guests: chat.Some(chat.GuestsForbidden)}
		if _, err := m.store.PutConversation(m.ctx, m.orders, Live, chat.ConversationID(fmt.Sprintf("order-%d", 4177+i)), change, chat.ConversationChange{},
			people[o.buyer].id, people[o.seller].id); err != nil {
			return err
		}
	}
	return nil
}

// audienceSize is how many people the largest conversation has.
const audienceSize = 400

// audience is the largest conversation: all named people, and a crowd who only follow.
func (m *maker) audience() error {
	m.wait(time.Hour)
	const hall = chat.ConversationID("town-hall")
	if _, err := m.store.PutConversation(m.ctx, m.orders, Live, hall, chat.ConversationChange{Subject: chat.Some("Town hall, live")}, chat.ConversationChange{}); err != nil {
		return err
	}
	var list []db.NewParticipant
	for _, p := range people {
		list = append(list, db.NewParticipant{User: p.id})
	}
	for i := len(list); i < audienceSize; i++ {
		first, last := people[m.random.IntN(len(people))], people[m.random.IntN(len(people))]
		list = append(list, db.NewParticipant{User: chat.UserID(fmt.Sprintf("visitor_%03d", i)), Name: words(first.name)[0] + " " + words(last.name)[1]})
	}
	_, err := m.store.AddParticipants(m.ctx, m.imani, Live, hall, list, chat.ParticipantChange{Access: chat.Some(chat.Read), Notify: chat.Some(chat.NotifyMentions)})
	return err
}

func words(name string) [2]string {
	for i := range len(name) {
		if name[i] == ' ' {
			return [2]string{name[:i], name[i+1:]}
		}
	}
	return [2]string{name, ""}
}
