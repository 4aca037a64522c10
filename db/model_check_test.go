package db_test

import (
	"cmp"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"guestlist/db"
	"guestlist/db/chat"
)

// How the store and its model are compared.

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
