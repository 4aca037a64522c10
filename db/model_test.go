package db_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
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

func (m *model) putUser(rt *rapid.T) {
	k := userKey{app(rt), rapid.SampledFrom(modelUsers).Draw(rt, "user")}
	e, err := m.store.PutUser(ctx, dbtest.Tom, k.app, k.id, chat.UserChange{Name: chat.Some("N " + string(k.id))}, chat.UserChange{})
	want := int64(0)
	if !m.users[k] {
		m.users[k] = true
		m.lastSeq++
		want = m.lastSeq
	}
	wants(rt, err, false, e.Seq, want)
}

func (m *model) putConversation(rt *rapid.T) {
	k := convKey{app(rt), rapid.SampledFrom(modelConvs).Draw(rt, "conversation")}
	if open, known := m.convs[k]; known && !open {
		rt.Skip("was deleted")
	}
	e, err := m.store.PutConversation(ctx, dbtest.Tom, k.app, k.id, chat.ConversationChange{}, chat.ConversationChange{})
	want := int64(0)
	if !m.convs[k] {
		m.convs[k] = true
		m.lastSeq++
		want = m.lastSeq
	}
	wants(rt, err, false, e.Seq, want)
}

func (m *model) deleteConversation(rt *rapid.T) {
	k := convKey{app(rt), rapid.SampledFrom(modelConvs).Draw(rt, "conversation")}
	if !rapid.Bool().Draw(rt, "really") {
		rt.Skip("kept")
	}
	owner := dbtest.Ana
	owner.AuthAt = m.clock.Now()
	e, err := m.store.DeleteConversation(ctx, owner, k.app, k.id)
	if !m.convs[k] {
		wants(rt, err, true, e.Seq, 0)
		return
	}
	m.convs[k] = false
	maps.DeleteFunc(m.seats, func(ref chat.ParticipantRef, _ seat) bool {
		return ref.App == k.app && ref.Conversation == k.id
	})
	maps.DeleteFunc(m.blocks, func(ref chat.ParticipantRef, _ bool) bool {
		return ref.App == k.app && ref.Conversation == k.id
	})
	m.lastSeq++
	wants(rt, err, false, e.Seq, m.lastSeq)
}

func (m *model) exists(ref chat.ParticipantRef) bool {
	return m.convs[convKey{ref.App, ref.Conversation}] && m.users[userKey{ref.App, ref.User}]
}

// join overwrites: what it doesn't set falls back to ReadWrite and all.
func (m *model) join(rt *rapid.T) {
	ref, change, now := drawPlace(rt), participantChange(rt), m.tick()
	e, err := m.store.PutParticipant(ctx, dbtest.Backend(ref.App), ref, change)
	if !m.exists(ref) {
		wants(rt, err, true, e.Seq, 0)
		return
	}
	next := seat{change.Access.Or(chat.ReadWrite, ""), change.Notify.Or(chat.NotifyAll, ""), now}
	if was, ok := m.seats[ref]; ok {
		next.joined = was.joined
	}
	wants(rt, err, false, e.Seq, m.set(ref, &next, ""))
}

// change keeps what it doesn't set.
func (m *model) change(rt *rapid.T) {
	ref, change := drawPlace(rt), participantChange(rt)
	m.tick()
	e, err := m.store.ChangeParticipant(ctx, dbtest.Tom, ref, change, chat.ParticipantChange{})
	was, ok := m.seats[ref]
	if !ok {
		wants(rt, err, true, e.Seq, 0)
		return
	}
	next := seat{change.Access.Or(was.access, ""), change.Notify.Or(was.notify, ""), was.joined}
	wants(rt, err, false, e.Seq, m.set(ref, &next, ""))
}

func (m *model) leave(rt *rapid.T) {
	ref := drawPlace(rt)
	m.tick()
	e, err := m.store.RemoveParticipant(ctx, dbtest.Tom, ref)
	wants(rt, err, !m.convs[convKey{ref.App, ref.Conversation}], e.Seq, m.set(ref, nil, ""))
}

func (m *model) addSeveral(rt *rapid.T) {
	ref, users, now := drawPlace(rt), several(rt), m.tick()
	var people []db.NewParticipant
	fails := false
	for _, u := range users {
		people = append(people, db.NewParticipant{User: u})
		ref.User = u
		_, seated := m.seats[ref]
		fails = fails || !seated && !m.exists(ref)
	}
	r, err := m.store.AddParticipants(ctx, dbtest.Tom, ref.App, ref.Conversation, people, chat.ParticipantChange{Access: chat.Some(chat.Read)})
	wants(rt, err, fails, 0, 0)
	if fails {
		return
	}
	changed := 0
	for _, u := range users {
		if ref.User = u; m.seats[ref] == (seat{}) {
			m.set(ref, &seat{chat.Read, chat.NotifyAll, now}, r.Batch)
			changed++
		}
	}
	m.bulk(rt, r, changed)
}

func (m *model) removeSeveral(rt *rapid.T) {
	ref, users := drawPlace(rt), several(rt)
	m.tick()
	r, err := m.store.RemoveParticipants(ctx, dbtest.Tom, ref.App, ref.Conversation, users)
	fails := !m.convs[convKey{ref.App, ref.Conversation}]
	wants(rt, err, fails, 0, 0)
	if fails {
		return
	}
	changed := 0
	for _, u := range users {
		if ref.User = u; m.set(ref, nil, r.Batch) != 0 {
			changed++
		}
	}
	m.bulk(rt, r, changed)
}

func (m *model) bulk(rt *rapid.T, r db.BulkResult, changed int) {
	rt.Helper()
	if len(r.Changed) != changed || (r.Batch != "") != (changed > 0) {
		rt.Fatalf("%+v, want %d changed", r, changed)
	}
	if r.Batch != "" {
		m.batches = append(m.batches, r.Batch)
	}
}

// showOut keeps out who is not on the list; a block that stands is replaced.
func (m *model) showOut(rt *rapid.T) {
	ref := drawPlace(rt)
	m.tick()
	e, err := m.store.BlockGuest(ctx, dbtest.Tom, ref, chat.NewGuestBlock{For: chat.BlockUntilLifted})
	if _, seated := m.seats[ref]; seated || !m.exists(ref) {
		wants(rt, err, true, e.Seq, 0)
		return
	}
	m.blocks[ref] = true
	m.lastSeq++
	wants(rt, err, false, e.Seq, m.lastSeq)
}

func (m *model) letIn(rt *rapid.T) {
	ref := drawPlace(rt)
	m.tick()
	e, err := m.store.UnblockGuest(ctx, dbtest.Tom, ref)
	want := int64(0)
	if m.blocks[ref] {
		delete(m.blocks, ref)
		m.lastSeq++
		m.log[m.lastSeq] = &entry{ref: ref}
		want = m.lastSeq
	}
	wants(rt, err, !m.convs[convKey{ref.App, ref.Conversation}], e.Seq, want)
}

// back is what the place of an event becomes when the event is undone, and whether it can be: the change must still be
// what stands there.
func (m *model) back(e *entry) (after *seat, ok bool) {
	now, seated := m.seats[e.ref]
	switch {
	case e.undone || !m.exists(e.ref):
		return nil, false
	case e.letIn():
		return nil, !seated && !m.blocks[e.ref]
	case e.after == nil: // left
		return e.before, !seated
	case e.before == nil: // joined
		return nil, seated && now == *e.after
	}
	next := now
	if e.before.access != e.after.access {
		next.access, ok = e.before.access, now.access == e.after.access
	} else {
		ok = true
	}
	if e.before.notify != e.after.notify {
		next.notify, ok = e.before.notify, ok && now.notify == e.after.notify
	}
	return &next, seated && ok
}

func (m *model) undo(rt *rapid.T) {
	if len(m.log) == 0 {
		rt.Skip("nothing happened yet")
	}
	recent := slices.Sorted(maps.Keys(m.log))
	recent = recent[max(0, len(recent)-6):] // what is older has mostly moved on
	seq := rapid.SampledFrom(recent).Draw(rt, "event")
	entry := m.log[seq]
	m.tick()
	e, err := m.store.Undo(ctx, dbtest.Tom, entry.ref.App, seq)
	after, ok := m.back(entry)
	if !ok {
		if chat.ReasonOf(err) != chat.CannotUndo {
			rt.Fatalf("undo of %d: %v, want a refusal", seq, err)
		}
		return
	}
	entry.undone = true
	wants(rt, err, false, e.Seq, m.takeBack(entry, after, ""))
}

// takeBack is what undoing an event does to the model: after it there is after in its place, or the block again.
func (m *model) takeBack(e *entry, after *seat, batch string) (seq int64) {
	if !e.letIn() {
		return m.set(e.ref, after, batch)
	}
	m.blocks[e.ref] = true
	m.lastSeq++
	return m.lastSeq
}

func (m *model) undoSeveral(rt *rapid.T) {
	if len(m.batches) == 0 {
		rt.Skip("no bulk change yet")
	}
	batch := rapid.SampledFrom(m.batches).Draw(rt, "batch")
	m.tick()
	var app chat.AppID
	var entries []*entry
	undone := 0
	for _, seq := range slices.Backward(slices.Sorted(maps.Keys(m.log))) {
		if e := m.log[seq]; e.batch == batch {
			app, entries = e.ref.App, append(entries, e)
			if _, ok := m.back(e); ok && !e.letIn() {
				undone++
			}
		}
	}
	for _, e := range entries {
		if after, ok := m.back(e); ok && undone > 0 { // blocks come back only together with places
			m.takeBack(e, after, batch+"-undone")
			e.undone = true
		}
	}
	r, err := m.store.UndoBatch(ctx, dbtest.Tom, app, batch)
	wants(rt, err, undone == 0, int64(r.Undone), int64(undone))
}

// check reads everything and compares it with the model.
func (m *model) check(rt *rapid.T) {
	newest := int64(0)
	for _, id := range modelApps {
		events, err := m.store.Events(ctx, db.EventQuery{App: id, Window: db.Window{Limit: 1}})
		if err != nil {
			rt.Fatal(err)
		}
		newest = max(newest, events.Items[0].Seq)
		total, convs, users := m.checkLists(rt, id), 0, 0
		for k, open := range m.convs {
			if k.app == id && open {
				convs++
			}
		}
		for k := range m.users {
			if k.app == id {
				users++
				m.checkUser(rt, k)
			}
		}
		a, err := m.store.App(ctx, id)
		if got, want := []int64{a.Users, a.Conversations, a.Participants}, []int64{int64(users), int64(convs), int64(total)}; err != nil || !slices.Equal(got, want) {
			rt.Fatalf("totals of %s: %v, want %v (%v)", id, got, want, err)
		}
	}
	if newest != m.lastSeq {
		rt.Fatalf("the newest event is %d, want %d", newest, m.lastSeq)
	}
}

// checkLists compares the lists and counts of an app's conversations, and gives how many seats there are.
func (m *model) checkLists(rt *rapid.T, app chat.AppID) (total int) {
	for k, open := range m.convs {
		if k.app != app || !open {
			continue
		}
		var want []string
		var counts chat.Counts
		for ref, s := range m.seats {
			if ref.App == app && ref.Conversation == k.id {
				want = append(want, line(ref.User, s))
				switch s.access {
				case chat.ReadWrite:
					counts.ReadWrite++
				case chat.Read:
					counts.Read++
				default:
					counts.None++
				}
			}
		}
		slices.Sort(want)
		list, err := m.store.Participants(ctx, db.ParticipantQuery{App: app, Conversation: k.id, Window: db.Window{Limit: 50}})
		if err != nil {
			rt.Fatal(err)
		}
		if !slices.IsSortedFunc(list.Items, func(a, b chat.Participant) int {
			return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.User, b.User))
		}) {
			rt.Fatalf("%s is out of order: %+v", k.id, list.Items)
		}
		var got []string
		for _, p := range list.Items {
			got = append(got, line(p.User, seat{p.Access, p.Notify, p.JoinedAt}))
		}
		slices.Sort(got)
		c, err := m.store.Conversation(ctx, app, k.id)
		if err != nil || !slices.Equal(got, want) || c.Counts != counts {
			rt.Fatalf("%s of %s: %v %+v, want %v %+v (%v)", k.id, app, got, c.Counts, want, counts, err)
		}
		total += len(want)
		m.checkBlocks(rt, k)
	}
	return total
}

func (m *model) checkBlocks(rt *rapid.T, k convKey) {
	blocks, err := m.store.GuestBlocks(ctx, k.app, k.id, db.Window{Limit: 50})
	if err != nil {
		rt.Fatal(err)
	}
	n := 0
	for ref := range m.blocks {
		if ref.App == k.app && ref.Conversation == k.id {
			n++
		}
	}
	for _, b := range blocks.Items {
		ref := chat.ParticipantRef{App: b.App, Conversation: b.Conversation, User: b.User}
		if _, seated := m.seats[ref]; seated || !m.blocks[ref] {
			rt.Fatalf("%+v is shown out: on the list %t, blocked %t", ref, seated, m.blocks[ref])
		}
	}
	if len(blocks.Items) != n {
		rt.Fatalf("%d are shown out of %s, want %d", len(blocks.Items), k.id, n)
	}
}

func (m *model) checkUser(rt *rapid.T, k userKey) {
	var want []chat.ConversationID
	for ref := range m.seats {
		if ref.App == k.app && ref.User == k.id {
			want = append(want, ref.Conversation)
		}
	}
	slices.Sort(want)
	u, err := m.store.User(ctx, k.app, k.id)
	if err != nil || u.Conversations != int64(len(want)) {
		rt.Fatalf("%s is in %d conversations, want %v (%v)", k.id, u.Conversations, want, err)
	}
	places, err := m.store.UserConversations(ctx, k.id, db.ConversationQuery{App: k.app, KeptOut: true, Window: db.Window{Limit: 50}})
	if err != nil {
		rt.Fatal(err)
	}
	var got []chat.ConversationID
	for _, p := range places.Items {
		got = append(got, p.Conversation.ID)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		rt.Fatalf("%s is in %v, want %v", k.id, got, want)
	}
}

func line(user chat.UserID, s seat) string {
	return fmt.Sprint(user, " ", s.access, " ", s.notify, " ", s.joined.UnixMilli())
}
