package db_test

import (
	"fmt"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Rights says for each of several sessions what the store then does: they read and write what it says.
func TestRights(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob", "gus", "zoe", "eve", "rob", "sam")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob", "eve", "rob")
	for user, access := range map[chat.UserID]chat.Access{"eve": chat.AccessNone, "rob": chat.Read} {
		if _, err := s.PutParticipant(ctx, dbtest.Tom, place(user), accessOf(access)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.BlockGuest(ctx, dbtest.Tom, place("sam"), chat.NewGuestBlock{For: chat.BlockHour}); err != nil {
		t.Fatal(err)
	}
	var actors []chat.Actor
	for _, id := range []string{"maya", "rob", "eve", "gus", "sam", "zoe"} {
		for _, guest := range []bool{false, true} {
			actors = append(actors, chat.Actor{Kind: chat.UserActor, ID: id, Name: id, Source: chat.Browser, App: "shop", AsGuest: guest})
		}
	}
	for _, setting := range []chat.SettingChange{{}, {Key: chat.SettingGuests, Value: "never"}, {Key: chat.SettingIdentity, Value: "true"}} {
		if setting.Key != "" {
			setTo(t, s, setting.Key, setting.Value)
		}
		for _, conv := range []chat.ConversationID{"fair", "nowhere"} {
			all, err := s.Rights(ctx, "shop", conv, actors)
			if err != nil || len(all) != len(actors) {
				t.Fatal(all, err)
			}
			for i, a := range actors {
				_, read := s.Messages(ctx, a, db.MessageQuery{App: "shop", Conversation: conv})
				_, write := s.SendMessage(ctx, a, "shop", conv, chat.NewMessage{Text: "hello"})
				got := all[i]
				if got.Read != (read == nil) || got.Write != (write == nil) || fmt.Sprint(got.Refusal) != fmt.Sprint(chat.AsError(read)) || fmt.Sprint(got.WriteRefusal) != fmt.Sprint(chat.AsError(write)) {
					t.Errorf("%s (as guest: %t) in %s after %q: %+v; reading says %v, writing %v", a.ID, a.AsGuest, conv, setting.Key, got, read, write)
				}
				if guest := a.AsGuest && (conv == "nowhere" || a.ID != "maya" && a.ID != "rob"); got.Guest != guest {
					t.Errorf("%s (as guest: %t): guest %t", a.ID, a.AsGuest, got.Guest)
				}
			}
		}
	}
}

// Who can do what is asked for a user of a conversation that is there.
func TestWhoCan(t *testing.T) {
	s, _ := guestStore(t)
	says := func(user chat.UserID) (text string) {
		t.Helper()
		rows, err := s.WhoCan(ctx, "shop", "fair", user)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			text += map[bool]string{true: "y", false: "n"}[row.Allowed]
		}
		return text
	}
	block(t, s, "zoe", chat.BlockDay)
	for user, want := range map[chat.UserID]string{"maya": "yyyyyy", "gus": "nnnnyy", "zoe": "nnnnnn"} {
		if got := says(user); got != want {
			t.Errorf("%s: %s, want %s", user, got, want)
		}
	}
	setTo(t, s, chat.SettingConversationSync, "true")
	for user, want := range map[chat.UserID]string{"maya": "yynnyy", "gus": "nnnnnn"} {
		if got := says(user); got != want {
			t.Errorf("%s, box 2 ticked: %s, want %s", user, got, want)
		}
	}
	for _, err := range []error{second(s.WhoCan(ctx, "shop", "fair", "nobody")), second(s.WhoCan(ctx, "shop", "nowhere", "maya")), second(s.WhoCan(ctx, "other", "fair", "maya"))} {
		if e := chat.AsError(err); e == nil || e.Code != chat.NotFound {
			t.Errorf("%v", err)
		}
	}
}
