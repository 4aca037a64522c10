package db_test

import (
	"fmt"
	"strings"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Of an erased person nothing is left by which anybody could know them, but that things happened.
func TestErase(t *testing.T) {
	s, clock := fair(t)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.EditUser(ctx, dbtest.Tom, "shop", "tom", chat.UserChange{Name: chat.Some("Thomas Q"), Email: chat.Some([]string{"tq@mail.example"}), Phone: chat.Some([]string{"+4911"})}, chat.UserChange{}))
	tom := browserOf("tom")
	tom.Name, tom.IP = "Thomas Q", "203.0.113.9"
	must(s.CreateConversationIfMissing(ctx, tom, "pitch", chat.ConversationChange{}, chat.Opt[chat.Notify]{}))
	must(s.SetParticipant(ctx, tom, chat.ParticipantRef{App: "shop", Conversation: "pitch", User: "lea"}, chat.ParticipantChange{}))
	must(s.SendMessage(ctx, tom, "shop", "pitch", chat.NewMessage{Text: "Buying"}))
	must(s.RemoveParticipant(ctx, dbtest.Ana, chat.ParticipantRef{App: "shop", Conversation: "pitch", User: "lea"}))
	must(s.SetParticipant(ctx, tom, chat.ParticipantRef{App: "shop", Conversation: "pitch", User: "zoe"}, chat.ParticipantChange{}))
	kept := dbtest.Dump(t, s)
	if err := s.EraseUser(ctx, dbtest.Tom, "shop", "tom"); chat.ReasonOf(err) != chat.ReauthRequired {
		t.Errorf("without a password: %v", err)
	}
	if dbtest.Dump(t, s) != kept {
		t.Error("a refusal changed something")
	}
	events := strings.Count(kept, "SELECT * FROM events ")
	ana := dbtest.Ana
	ana.AuthAt = clock.Now()
	if err := s.EraseUser(ctx, ana, "shop", "tom"); err != nil {
		t.Fatal(err)
	}
	tidy(t, s)
	dump := dbtest.Dump(t, s)
	for _, trace := range []string{"Thomas Q", "tq@mail", "+4911", "203.0.113.9", " tom D", " tom R", `"Tom"`} {
		for _, line := range strings.Split(dump, "\n") {
			if strings.Contains(line, trace) && !strings.Contains(line, "admin adm_tom Tom") {
				t.Errorf("%q is left in %s", trace, line)
			}
		}
	}
	if strings.Count(dump, "SELECT * FROM events ") < events {
		t.Error("events are gone")
	}
	said, err := s.Messages(ctx, dbtest.Backend("shop"), db.MessageQuery{App: "shop", Conversation: "pitch"})
	if err != nil || len(said.Items) != 1 || said.Items[0].Text != "Buying" || said.Items[0].SenderName != chat.ErasedName {
		t.Errorf("%+v %v", said, err)
	}
	erased, err := s.Events(ctx, db.EventQuery{App: "shop", Types: []chat.EventType{chat.UserErased}})
	if err != nil || len(erased.Items) != 1 || erased.Items[0].ActorName != "Ana" || !erased.Items[0].User.Gone() {
		t.Fatalf("%+v %v", erased, err)
	}
	if ok, _ := erased.Items[0].Undoable(); ok {
		t.Error("an erasure can be undone")
	}
	if p, err := s.Trash(ctx, db.TrashQuery{App: "shop"}); err != nil || len(p.Items) != 0 {
		t.Errorf("in the trash: %+v %v", p, err)
	}
	must(s.PutUser(ctx, dbtest.Ana, "shop", "tom", chat.UserChange{Name: chat.Some("Another")}, chat.UserChange{}))
	if again, err := s.Events(ctx, db.EventQuery{App: "shop", User: "tom"}); err != nil || len(again.Items) != 1 {
		t.Errorf("a new owner of the id has a past: %+v %v", again, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// What is kept of their deleted messages goes, wherever the conversation is: there, on its way into the trash or in it, on
// its way back; however many they wrote.
func TestAnErasureReachesWhatIsKeptOfMessages(t *testing.T) {
	for where, move := range map[string]func(s *db.Store) error{
		"there":      func(*db.Store) error { return nil },
		"on its way": func(s *db.Store) error { return one(s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair")) },
		"in the trash": func(s *db.Store) error {
			err := one(s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"))
			tidy(t, s)
			return err
		},
		"on its way back": func(s *db.Store) error {
			err := one(s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"))
			tidy(t, s)
			return firstOf(err, one(s.Restore(ctx, dbtest.Tom, "shop", only(t, s).N)))
		},
	} {
		t.Run(where, func(t *testing.T) {
			s, clock := fair(t)
			said := make([]chat.Message, 700)
			for i := range said {
				sender := chat.UserID("maya") // whose messages move first, so that tom's are on both sides
				if i >= 350 {
					sender = "tom"
				}
				said[i] = chat.Message{ID: fmt.Sprintf("m%04d", i), Sender: sender, Text: fmt.Sprintf("word %d", i), Origin: "import", CreatedAt: clock.Now()}
			}
			if err := s.ImportMessages(ctx, "shop", "fair", said); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"m0350", "m0520", "m0699"} {
				if _, err := s.DeleteMessage(ctx, dbtest.Tom, "shop", "fair", id); err != nil {
					t.Fatal(err)
				}
			}
			if err := move(s); err != nil {
				t.Fatal(err)
			}
			ana := dbtest.Ana
			ana.AuthAt = clock.Now()
			if err := s.EraseUser(ctx, ana, "shop", "tom"); err != nil {
				t.Fatal(err)
			}
			tidy(t, s)
			dump := dbtest.Dump(t, s)
			for _, trace := range []string{"word 350", "word 520", "word 699"} {
				if strings.Contains(dump, trace) {
					t.Errorf("%q is kept", trace)
				}
			}
			if !strings.Contains(dump, "word 351") {
				t.Error("what stood is gone")
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
