package db_test

import (
	"fmt"
	"slices"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// A user takes part where they are on the list, however many conversations are asked for at once.
func TestTakesPartIn(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "bob", "maya")
	dbtest.App(t, s, "bank", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "bob")
	dbtest.Conversation(t, s, "shop", "club", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "theirs", "maya")
	dbtest.Conversation(t, s, "shop", "unasked", "bob")
	dbtest.Conversation(t, s, "bank", "vault", "bob")
	dbtest.Conversation(t, s, "shop", "banned", "bob")
	if _, err := s.PutParticipant(t.Context(), dbtest.Ana, chat.ParticipantRef{App: "shop", Conversation: "banned", User: "bob"}, chat.ParticipantChange{Access: chat.Some(chat.AccessNone)}); err != nil {
		t.Fatal(err)
	}
	asked := []chat.ConversationID{"fair", "club", "theirs", "vault", "banned", "nowhere"}
	for range 2 {
		in, err := s.TakesPartIn(t.Context(), "shop", "bob", asked)
		if slices.Sort(in); err != nil || !slices.Equal(in, []chat.ConversationID{"club", "fair"}) {
			t.Errorf("of %d: %v %v", len(asked), in, err)
		}
		for i := range 100 {
			asked = append(asked, chat.ConversationID(fmt.Sprint("other", i)))
		}
	}
}

// Who was in a conversation that is gone is known by what happened in it: those who left before, and those of another
// one, were not.
func TestWereIn(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "bob", "maya", "zoe")
	dbtest.App(t, s, "bank", "zoe")
	dbtest.Conversation(t, s, "bank", "fair", "zoe")
	dbtest.Conversation(t, s, "shop", "fair", "bob", "maya", "zoe")
	if _, err := s.RemoveParticipant(t.Context(), dbtest.Ana, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "zoe"}); err != nil {
		t.Fatal(err)
	}
	e, err := s.DeleteConversation(t.Context(), dbtest.Ana, "shop", "fair")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Conversation(t, s, "shop", "fair", "zoe") // a later one under the same id
	in, err := s.WereIn(t.Context(), "shop", "fair", e.Seq)
	if slices.Sort(in); err != nil || !slices.Equal(in, []chat.UserID{"bob", "maya"}) {
		t.Error(in, err)
	}
	if e, err = s.DeleteConversation(t.Context(), dbtest.Ana, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	if in, err = s.WereIn(t.Context(), "shop", "fair", e.Seq); err != nil || !slices.Equal(in, []chat.UserID{"zoe"}) {
		t.Error(in, err)
	}
}
