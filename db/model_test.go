package db_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The store and a model of it made of maps do the same random changes; after each of them every read answers what the
// model says, exactly one event was written for each place that changed, and none when nothing did.
func TestStoreMatchesModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t, rt)
		defer m.close(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"put user":            m.putUser,
			"put conversation":    m.putConversation,
			"delete conversation": m.deleteConversation,
			"join":                m.join,
			"change":              m.change,
			"leave":               m.leave,
			"add several":         m.addSeveral,
			"remove several":      m.removeSeveral,
			"undo":                m.undo,
			"change another":      m.change, // often: these meet in more ways than the others
			"join another":        m.join,
			"undo another":        m.undo,
			"undo several":        m.undoSeveral,
			"show out":            m.showOut,
			"let in":              m.letIn,
			"reopen":              m.reopen,
			"":                    m.check,
		})
	})
}

var (
	modelApps  = []chat.AppID{"shop", "other"}
	modelUsers = []chat.UserID{"ann", "bea", "cyd"} // cyd and c2 are not there at first
	modelConvs = []chat.ConversationID{"c1", "c2"}
)

// seat is a place on a list, with the time it was taken.
type seat struct {
	access chat.Access
	notify chat.Notify
	joined time.Time
}

// entry is an event of a place: nil stands for nobody there. One that let in who was shown out has neither.
type entry struct {
	ref           chat.ParticipantRef
	before, after *seat
	batch         string
	undone        bool
}

// letIn tells the event of a block that was lifted.
func (e entry) letIn() bool { return e.before == nil && e.after == nil }

type convKey struct {
	app chat.AppID
	id  chat.ConversationID
}

type userKey struct {
	app chat.AppID
	id  chat.UserID
}

type model struct {
	dir   string
	store *db.Store
	clock *dbtest.Clock

	users   map[userKey]bool
	convs   map[convKey]bool // false once deleted
	seats   map[chat.ParticipantRef]seat
	blocks  map[chat.ParticipantRef]bool // who was shown out until lifted
	log     map[int64]*entry             // events of places by seq
	lastSeq int64
	batches []string
}

func newModel(t *testing.T, rt *rapid.T) *model {
	m := &model{dir: t.TempDir(), clock: dbtest.NewClock(), users: map[userKey]bool{}, convs: map[convKey]bool{}, seats: map[chat.ParticipantRef]seat{}, blocks: map[chat.ParticipantRef]bool{}, log: map[int64]*entry{}}
	m.open(rt)
	for _, app := range modelApps {
		if _, err := m.store.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: app, Name: string(app)}); err != nil {
			rt.Fatal(err)
		}
		if _, err := m.store.PutConversation(ctx, chat.CommandLine, app, "c1", chat.ConversationChange{}, chat.ConversationChange{}); err != nil {
			rt.Fatal(err)
		}
		m.convs[convKey{app, "c1"}] = true
		for _, user := range modelUsers[:2] {
			if _, err := m.store.PutUser(ctx, chat.CommandLine, app, user, chat.UserChange{Name: chat.Some("N " + string(user))}, chat.UserChange{}); err != nil {
				rt.Fatal(err)
			}
			m.users[userKey{app, user}] = true
		}
		m.lastSeq += 4
	}
	return m
}

func (m *model) open(rt *rapid.T) {
	dbtest.Blank(rt, m.dir)
	var err error
	if m.store, err = db.Open(ctx, db.Options{Dir: m.dir, Now: m.clock.Now}); err != nil {
		rt.Fatal(err)
	}
	dbtest.People(rt, m.store)
}

func (m *model) close(rt *rapid.T) {
	if err := m.store.Close(); err != nil {
		rt.Error(err)
	}
}

func (m *model) reopen(rt *rapid.T) {
	m.close(rt)
	m.open(rt)
}

// Draws.

func app(rt *rapid.T) chat.AppID { return rapid.SampledFrom(modelApps).Draw(rt, "app") }

func drawPlace(rt *rapid.T) chat.ParticipantRef {
	return chat.ParticipantRef{App: app(rt), Conversation: rapid.SampledFrom(modelConvs).Draw(rt, "conversation"), User: rapid.SampledFrom(modelUsers).Draw(rt, "user")}
}

func several(rt *rapid.T) []chat.UserID {
	return rapid.SliceOfN(rapid.SampledFrom(modelUsers), 1, 4).Draw(rt, "users")
}

func participantChange(rt *rapid.T) (c chat.ParticipantChange) {
	if rapid.Bool().Draw(rt, "sets access") {
		c.Access = chat.Some(rapid.SampledFrom(chat.Accesses).Draw(rt, "access"))
	}
	if rapid.Bool().Draw(rt, "sets notify") {
		c.Notify = chat.Some(rapid.SampledFrom(chat.Notifies).Draw(rt, "notify"))
	}
	return c
}

// tick lets a second pass, so that times of joining differ.
func (m *model) tick() time.Time {
	m.clock.Add(time.Second)
	return m.clock.Now()
}

// set is what the model expects of one place: an event with the next seq, when anything differs.
func (m *model) set(ref chat.ParticipantRef, after *seat, batch string) (seq int64) {
	var before *seat
	if now, ok := m.seats[ref]; ok {
		before = &now
	}
	if before == nil && after == nil || before != nil && after != nil && *before == *after {
		return 0
	}
	if m.blocks[ref] { // who comes on the list was let in first
		m.lastSeq++
		m.log[m.lastSeq] = &entry{ref: ref, batch: batch}
		delete(m.blocks, ref)
	}
	m.lastSeq++
	m.log[m.lastSeq] = &entry{ref: ref, before: before, after: after, batch: batch}
	if after == nil {
		delete(m.seats, ref)
	} else {
		m.seats[ref] = *after
	}
	return m.lastSeq
}

// wants compares the answer of the store with what the model expects: an error or not, and the seq of the event.
func wants(rt *rapid.T, err error, fails bool, got, want int64) {
	rt.Helper()
	if (err != nil) != fails || got != want {
		rt.Fatalf("the store says %v and event %d; the model wants an error: %t, event %d", err, got, fails, want)
	}
}
