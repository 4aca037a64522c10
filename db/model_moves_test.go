package db_test

import (
	"maps"
	"slices"

	"pgregory.net/rapid"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// What the store and its model do.

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
