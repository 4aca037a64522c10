package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// tidy does all that the loop of the trash would do now, and tells in how many steps.
func tidy(t *testing.T, s *db.Store) (steps int) {
	t.Helper()
	for {
		more, err := s.TidyTrash(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return steps
		}
		if steps++; steps > 10_000 {
			t.Fatal("the trash is never tidy")
		}
	}
}

// fair is a conversation with all that hangs on it: accesses, notifications, a ceiling, a block, messages and readers.
func fair(t *testing.T) (*db.Store, *dbtest.Clock) {
	t.Helper()
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "tom", "zoe", "gus", "lea")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "tom", "zoe")
	dbtest.Conversation(t, s, "shop", "other", "maya")
	clock.Add(time.Minute)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := func(conv chat.ConversationID, user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: "shop", Conversation: conv, User: user}
	}
	must(s.EditConversation(ctx, dbtest.Tom, "shop", "fair", chat.ConversationChange{Subject: chat.Some("Spring fair")}, chat.ConversationChange{}))
	must(s.PutParticipant(ctx, dbtest.Tom, at("fair", "tom"), chat.ParticipantChange{Access: chat.Some(chat.Read), Notify: chat.Some(chat.NotifyMentions)}))
	must(s.PutParticipant(ctx, dbtest.Tom, at("fair", "zoe"), chat.ParticipantChange{Access: chat.Some(chat.AccessNone)}))
	must(s.PutParticipant(ctx, dbtest.Tom, at("other", "tom"), chat.ParticipantChange{Access: chat.Some(chat.Read)}))
	must(s.BlockGuest(ctx, dbtest.Tom, at("fair", "gus"), chat.NewGuestBlock{For: chat.BlockUntilLifted, Reason: "spam"}))
	must(s.PutParticipant(ctx, dbtest.Tom, at("other", "tom"), chat.ParticipantChange{Access: chat.Some(chat.Read), Until: chat.Some(chat.MomentOf(clock.Now().Add(90 * 24 * time.Hour))), HistoryFrom: chat.Some(chat.MomentOf(clock.Now().Add(-time.Hour)))}))
	for _, user := range []chat.UserID{"maya", "tom", "maya"} {
		must(s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Text: "Hello from " + string(user), Sender: user}))
	}
	if err := s.SetRead(ctx, browserOf("tom"), "fair", 0); err != nil {
		t.Fatal(err)
	}
	return s, clock
}

func browserOf(user chat.UserID) chat.Actor {
	return chat.Actor{Kind: chat.UserActor, ID: string(user), Name: string(user), Source: chat.Browser, App: "shop", Verified: true}
}

// stored is all that is stored but for the events, the trash and the counts of events.
func stored(t *testing.T, s *db.Store) string {
	t.Helper()
	var lines []string
	for _, line := range strings.Split(dbtest.Dump(t, s), "\n") {
		if !strings.HasPrefix(line, "SELECT * FROM event") && !strings.HasPrefix(line, "SELECT * FROM trash") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func only(t *testing.T, s *db.Store) chat.Trashed {
	t.Helper()
	p, err := s.Trash(ctx, db.TrashQuery{App: "shop"})
	if err != nil || len(p.Items) != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	return p.Items[0]
}

func TestAConversationComesBackWhole(t *testing.T) {
	for _, way := range []string{"restore", "undo"} {
		s, clock := fair(t)
		before := stored(t, s)
		e, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair")
		if err != nil {
			t.Fatal(err)
		}
		if got := tidy(t, s); got != 0 {
			t.Errorf("a small conversation took %d more steps", got)
		}
		for name, err := range doorsOf(s, "fair") {
			if r := chat.ReasonOf(err); r != chat.ConversationMissing && r != chat.MessageNotFound {
				t.Errorf("%s of a deleted conversation: %v", name, err)
			}
		}
		if u, err := s.User(ctx, "shop", "maya"); err != nil || u.Conversations != 1 {
			t.Errorf("%+v %v", u, err)
		}
		in := only(t, s)
		if in.ID != "fair" || in.Name != "Spring fair" || in.Places != 3 || in.Messages != 3 || in.By != "Tom" || in.State != chat.TrashKept || in.Taken || !in.Until().Equal(in.At.Add(30*24*time.Hour)) {
			t.Errorf("%+v", in)
		}
		if found, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Search: "spring"}); err != nil || len(found.Items) != 0 {
			t.Errorf("found %v %v", found, err)
		}
		clock.Add(29 * 24 * time.Hour)
		if tidy(t, s) != 0 {
			t.Error("purged before its time")
		}
		var back chat.Event
		if way == "undo" {
			back, err = s.Undo(ctx, dbtest.Tom, "shop", e.Seq)
		} else {
			back, err = s.Restore(ctx, dbtest.Tom, "shop", in.N)
		}
		if err != nil || back.Type != chat.ConversationRestored || back.ActorName != "Tom" || way == "undo" && back.Undoes != e.Seq {
			t.Fatalf("%s: %+v %v", way, back, err)
		}
		if after := stored(t, s); after != before {
			t.Errorf("%s brought back\n%s\nof\n%s", way, after, before)
		}
		if found, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Search: "spring"}); err != nil || len(found.Items) != 1 {
			t.Errorf("found %v %v", found, err)
		}
		if _, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq); chat.ReasonOf(err) != chat.CannotUndo {
			t.Errorf("undone twice: %v", err)
		}
		if err := s.Check(ctx); err != nil {
			t.Error(err)
		}
	}
}

// doorsOf asks every door of the store for a conversation.
func doorsOf(s *db.Store, conv chat.ConversationID) map[string]error {
	ref := chat.ParticipantRef{App: "shop", Conversation: conv, User: "maya"}
	all := map[string]error{}
	_, all["conversation"] = s.Conversation(ctx, "shop", conv)
	_, all["participant"] = s.Participant(ctx, ref)
	_, all["participants"] = s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: conv})
	_, all["messages by a server"] = s.Messages(ctx, dbtest.Backend("shop"), db.MessageQuery{App: "shop", Conversation: conv})
	_, all["messages by a browser"] = s.Messages(ctx, browserOf("maya"), db.MessageQuery{App: "shop", Conversation: conv})
	_, all["conversation by a browser"] = s.ConversationOf(ctx, browserOf("maya"), conv)
	_, all["send by a server"] = s.SendMessage(ctx, dbtest.Backend("shop"), "shop", conv, chat.NewMessage{Text: "x", Sender: "maya"})
	_, all["send by a browser"] = s.SendMessage(ctx, browserOf("maya"), "shop", conv, chat.NewMessage{Text: "x"})
	_, all["put a participant"] = s.PutParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{})
	_, all["remove a participant"] = s.RemoveParticipant(ctx, dbtest.Backend("shop"), ref)
	_, all["block"] = s.BlockGuest(ctx, dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: conv, User: "lea"}, chat.NewGuestBlock{For: chat.BlockDay})
	_, all["blocks"] = s.GuestBlocks(ctx, "shop", conv, db.Window{})
	_, all["edit"] = s.EditConversation(ctx, dbtest.Tom, "shop", conv, chat.ConversationChange{Subject: chat.Some("x")}, chat.ConversationChange{})
	_, all["delete"] = s.DeleteConversation(ctx, dbtest.Tom, "shop", conv)
	all["read"] = s.SetRead(ctx, browserOf("maya"), conv, 0)
	return all
}

func TestAUserComesBackWhole(t *testing.T) {
	for _, way := range []string{"restore", "undo"} {
		s, _ := fair(t)
		before := stored(t, s)
		e, err := s.DeleteUser(ctx, dbtest.Tom, "shop", "tom")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.User(ctx, "shop", "tom"); chat.ReasonOf(err) != chat.UserNotFound {
			t.Error(err)
		}
		if c, err := s.Conversation(ctx, "shop", "fair"); err != nil || c.Counts.All() != 2 || c.Messages != 3 {
			t.Errorf("%+v %v", c, err)
		}
		said, err := s.Messages(ctx, dbtest.Backend("shop"), db.MessageQuery{App: "shop", Conversation: "fair"})
		if err != nil || said.Items[1].SenderName != "Tom" || !said.Items[1].Sender.Gone() {
			t.Errorf("what they wrote is by %+v %v", said.Items, err)
		}
		in := only(t, s)
		if in.Kind != chat.TrashedUser || in.ID != "tom" || in.Places != 2 || in.Messages != 1 {
			t.Errorf("%+v", in)
		}
		left, err := s.Events(ctx, db.EventQuery{App: "shop", User: "tom", Types: []chat.EventType{chat.ParticipantLeft}})
		if err != nil || len(left.Items) != 2 || left.Items[0].Batch == "" || left.Items[0].ActorName != "Tom" {
			t.Errorf("%+v %v", left, err)
		}
		var back chat.Event
		if way == "undo" {
			back, err = s.Undo(ctx, dbtest.Tom, "shop", e.Seq)
		} else {
			back, err = s.Restore(ctx, dbtest.Tom, "shop", in.N)
		}
		if err != nil || back.Type != chat.UserRestored {
			t.Fatalf("%+v %v", back, err)
		}
		if after := stored(t, s); after != before {
			t.Errorf("%s brought back\n%s\nof\n%s", way, after, before)
		}
		if err := s.Check(ctx); err != nil {
			t.Error(err)
		}
	}
}

// A conversation and a user of its list come back whole in whatever order they were deleted and are restored.
func TestTheTrashKnowsNoOrder(t *testing.T) {
	for _, order := range []string{"cu cu", "cu uc", "uc cu", "uc uc"} {
		s, _ := fair(t)
		before := stored(t, s)
		n := map[byte]int64{}
		for i := range 2 {
			if order[i] == 'c' {
				if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"); err != nil {
					t.Fatal(err)
				}
			} else if _, err := s.DeleteUser(ctx, dbtest.Tom, "shop", "tom"); err != nil {
				t.Fatal(err)
			}
			p, err := s.Trash(ctx, db.TrashQuery{App: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			n[order[i]] = p.Items[0].N
		}
		for i := range 2 {
			if _, err := s.Restore(ctx, dbtest.Tom, "shop", n[order[3+i]]); err != nil {
				t.Fatal(order, err)
			}
		}
		if after := stored(t, s); after != before {
			t.Errorf("%s brought back\n%s\nof\n%s", order, after, before)
		}
	}
}

// The id is free at once, a later owner inherits nothing, and the earlier one waits until it is free again.
func TestIDsAreFreeForReuse(t *testing.T) {
	s, _ := fair(t)
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteUser(ctx, dbtest.Tom, "shop", "tom"); err != nil {
		t.Fatal(err)
	}
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	if _, err := s.PutUser(ctx, dbtest.Tom, "shop", "tom", chat.UserChange{Name: chat.Some("Another Tom")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Conversation(ctx, "shop", "fair"); err != nil || c.Messages != 0 || c.Subject != "" || c.Counts.All() != 1 {
		t.Errorf("%+v %v", c, err)
	}
	if u, err := s.User(ctx, "shop", "tom"); err != nil || u.Conversations != 0 {
		t.Errorf("%+v %v", u, err)
	}
	p, err := s.Trash(ctx, db.TrashQuery{App: "shop"})
	if err != nil || len(p.Items) != 2 || !p.Items[0].Taken || !p.Items[1].Taken {
		t.Fatalf("%+v %v", p, err)
	}
	kept := dbtest.Dump(t, s)
	for _, in := range p.Items {
		if _, err := s.Restore(ctx, dbtest.Tom, "shop", in.N); chat.ReasonOf(err) != chat.IDTaken || !strings.Contains(err.Error(), "Delete the other one first") {
			t.Errorf("%+v: %v", in, err)
		}
	}
	if dbtest.Dump(t, s) != kept {
		t.Error("a refused restore changed something")
	}
	if _, err := s.DeleteUser(ctx, dbtest.Tom, "shop", "tom"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(ctx, dbtest.Tom, "shop", p.Items[0].N); err != nil {
		t.Error(err)
	}
	if u, err := s.User(ctx, "shop", "tom"); err != nil || u.Name != "Tom" || u.Conversations != 1 {
		t.Errorf("%+v %v", u, err)
	}
}

func TestPurge(t *testing.T) {
	s, clock := fair(t)
	if _, err := s.DeleteUser(ctx, dbtest.Tom, "shop", "tom"); err != nil {
		t.Fatal(err)
	}
	n := only(t, s).N
	kept := dbtest.Dump(t, s)
	if err := s.Purge(ctx, dbtest.Tom, "shop", n); chat.ReasonOf(err) != chat.ReauthRequired {
		t.Errorf("without a password: %v", err)
	}
	if err := s.Purge(ctx, dbtest.Vic, "shop", n); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Errorf("by a viewer: %v", err)
	}
	if _, err := s.Restore(ctx, dbtest.Vic, "shop", n); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Errorf("restored by a viewer: %v", err)
	}
	if dbtest.Dump(t, s) != kept {
		t.Error("a refusal changed something")
	}
	ana := dbtest.Ana
	ana.AuthAt = clock.Now()
	if err := s.Purge(ctx, ana, "shop", n); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(ctx, dbtest.Tom, "shop", n); chat.ReasonOf(err) != chat.TrashNotFound {
		t.Errorf("restored after the purge: %v", err)
	}
	said, err := s.Messages(ctx, dbtest.Backend("shop"), db.MessageQuery{App: "shop", Conversation: "fair"})
	if err != nil || said.Items[1].SenderName != "Tom" {
		t.Errorf("what they wrote is by %+v %v", said.Items, err)
	}
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	only(t, s)
	clock.Add(chat.TrashFor)
	tidy(t, s)
	if p, err := s.Trash(ctx, db.TrashQuery{App: "shop"}); err != nil || len(p.Items) != 0 {
		t.Errorf("after 30 days: %+v %v", p, err)
	}
	if dump := dbtest.Dump(t, s); strings.Contains(dump, "Hello from") || strings.Contains(dump, "SELECT * FROM set_aside") || strings.Contains(dump, "SELECT * FROM trash") {
		t.Error("something is left of what was purged")
	}
	events, err := s.Events(ctx, db.EventQuery{App: "shop", Types: []chat.EventType{chat.ConversationPurged, chat.UserPurged}})
	if err != nil || len(events.Items) != 2 || events.Items[0].Kind != chat.SystemActor || events.Items[1].ActorName != "Ana" {
		t.Errorf("%+v %v", events, err)
	}
}

// What is large goes and comes in steps, is nowhere from the first on, and can be called back half-way.
func TestLargeThingsMoveInSteps(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya")
	dbtest.Conversation(t, s, "shop", "hall", "maya")
	for from := 0; from < 1500; from += 500 {
		var people []db.NewParticipant
		for i := range 500 {
			id := fmt.Sprintf("u%04d", from+i)
			people = append(people, db.NewParticipant{User: chat.UserID(id), Name: id})
		}
		if _, err := s.AddParticipants(ctx, dbtest.Tom, "shop", "hall", people, chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	before := stored(t, s)
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "hall"); err != nil {
		t.Fatal(err)
	}
	if in := only(t, s); in.State != chat.TrashEmptying {
		t.Errorf("%+v", in)
	}
	for name, err := range doorsOf(s, "hall") {
		if r := chat.ReasonOf(err); r != chat.ConversationMissing && r != chat.MessageNotFound {
			t.Errorf("%s while it is emptied: %v", name, err)
		}
	}
	if list, err := s.Conversations(ctx, db.ConversationQuery{App: "shop"}); err != nil || len(list.Items) != 0 {
		t.Errorf("listed: %+v %v", list, err)
	}
	if _, err := s.Restore(ctx, dbtest.Tom, "shop", only(t, s).N); err != nil { // half-way
		t.Fatal(err)
	}
	tidy(t, s)
	if after := stored(t, s); after != before {
		t.Error("what was called back half-way is not what it was")
	}
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "hall"); err != nil {
		t.Fatal(err)
	}
	if got := tidy(t, s); got < 2 {
		t.Errorf("%d steps", got)
	}
	if _, err := s.Restore(ctx, dbtest.Tom, "shop", only(t, s).N); err != nil {
		t.Fatal(err)
	}
	kept := dbtest.Dump(t, s)
	if _, err := s.CreateConversation(ctx, dbtest.Tom, "shop", "hall", chat.ConversationChange{}); chat.ReasonOf(err) != chat.InMotion {
		t.Errorf("created while it comes back: %v", err)
	}
	if dbtest.Dump(t, s) != kept {
		t.Error("a refusal changed something")
	}
	tidy(t, s)
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "hall"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateConversation(ctx, dbtest.Tom, "shop", "hall", chat.ConversationChange{}); err != nil { // while it goes
		t.Error(err)
	}
	if in := only(t, s); in.State != chat.TrashKept || !in.Taken {
		t.Errorf("%+v", in)
	}
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "hall"); err != nil {
		t.Fatal(err)
	}
	both, err := s.Trash(ctx, db.TrashQuery{App: "shop"})
	if err != nil || len(both.Items) != 2 {
		t.Fatalf("%+v %v", both, err)
	}
	ana := dbtest.Ana
	ana.AuthAt = s.Now()
	if err := s.Purge(ctx, ana, "shop", both.Items[0].N); err != nil {
		t.Fatal(err)
	}
	if u, err := s.User(ctx, "shop", "u0007"); err != nil || u.Conversations != 0 {
		t.Errorf("%+v %v", u, err)
	}
	if e, err := s.Restore(ctx, dbtest.Tom, "shop", only(t, s).N); err != nil || e.Seq != 0 {
		t.Errorf("%+v %v", e, err)
	}
	tidy(t, s)
	if after := stored(t, s); after != before {
		t.Error("what came back is not what it was")
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// Taking back a creation is a deletion that can be taken back itself; what something was made of since stays.
func TestUndoOfACreation(t *testing.T) {
	s, _ := fair(t)
	c, err := s.CreateConversation(ctx, dbtest.Tom, "shop", "new", chat.ConversationChange{}, "maya")
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.CreateUser(ctx, dbtest.Tom, "shop", "new", chat.UserChange{Name: chat.Some("New")})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []chat.Event{u, c} {
		undone, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq)
		if err != nil || undone.Undoes != e.Seq {
			t.Fatalf("%+v %v", undone, err)
		}
		if again, err := s.Undo(ctx, dbtest.Tom, "shop", undone.Seq); err != nil || again.Undoes != undone.Seq {
			t.Errorf("%+v %v", again, err)
		}
	}
	c2, err := s.CreateConversation(ctx, dbtest.Tom, "shop", "spoken", chat.ConversationChange{}, "maya")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "spoken", chat.NewMessage{Text: "x", Sender: "maya"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", c2.Seq); chat.ReasonOf(err) != chat.CannotUndo || !strings.Contains(err.Error(), "People have written in it") {
		t.Errorf("undone although somebody spoke: %v", err)
	}
}
