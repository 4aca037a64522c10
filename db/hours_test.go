package db_test

import (
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The hours add up to what there is, and each hour has what happened in it.
func TestHoursKeepWhatHappened(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "zoe")
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	dbtest.App(t, s, "other", "bob")
	say := func() {
		t.Helper()
		if _, err := s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "maya", Text: "Hi"}); err != nil {
			t.Fatal(err)
		}
	}
	say()
	say()
	clock.Add(time.Hour)
	say()
	if _, err := s.RemoveParticipant(ctx, dbtest.Ana, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{3, 7, 2} {
		if err := s.CountGuests(ctx, map[chat.AppID]int64{"shop": n, "gone": 5}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.CountCalls(ctx, []chat.Call{{App: "shop", At: clock.Now(), Command: "user.set", Outcome: chat.CallRefused, Reason: chat.UserSyncOff}, {App: "shop", At: clock.Now(), Command: "user.get", Outcome: chat.CallAllowed}}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Hours(ctx, "shop", dbtest.Start)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v %v", all, err)
	}
	first, second := all[0], all[1]
	if !first.Start.Equal(dbtest.Start) || first.Users != 2 || first.Conversations != 1 || first.Participants != 1 || first.Messages != 2 || first.Guests != 0 || first.Refused != 0 || first.Changes != 5 {
		t.Errorf("%+v", first)
	}
	if !second.Start.Equal(dbtest.Start.Add(time.Hour)) || second.Users != 0 || second.Participants != -1 || second.Messages != 1 || second.Guests != 7 || second.Refused != 1 || second.Changes != 1 {
		t.Errorf("%+v", second)
	}
	if late, err := s.Hours(ctx, "shop", dbtest.Start.Add(time.Hour)); err != nil || len(late) != 1 {
		t.Errorf("%+v %v", late, err)
	}
	doors, err := s.Doors(ctx, "shop", dbtest.Start)
	if err != nil || len(doors) != 2 || doors[0] != (chat.DoorCount{Door: chat.Dashboard, Changes: 1}) || doors[1] != (chat.DoorCount{Door: chat.System, Changes: 5}) {
		t.Errorf("%+v %v", doors, err)
	}
	if n, err := s.ActiveConversations(ctx, "shop", clock.Now()); err != nil || n != 1 {
		t.Errorf("%d %v", n, err)
	}
	if n, err := s.ActiveConversations(ctx, "shop", clock.Now().Add(time.Millisecond)); err != nil || n != 0 {
		t.Errorf("%d %v", n, err)
	}
	// An app that is deleted takes its hours along, also those of the same commit.
	if err := s.DeleteApp(ctx, lately2(clock), "shop"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Hours(ctx, "shop", dbtest.Start); err != nil || len(all) != 2 || all[0].Messages != 0 {
		t.Errorf("%+v %v", all, err)
	}
}

func lately2(clock *dbtest.Clock) chat.Actor {
	ana := dbtest.Ana
	ana.AuthAt = clock.Now()
	return ana
}
