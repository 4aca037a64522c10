package sdk

import (
	"encoding/json"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// No command does anything for somebody who has no place, whose switches are on and who names nothing or what isn't
// theirs; none fails in another way than by refusing.
func TestNoCommandIsOpenToStrangers(t *testing.T) {
	store, _ := dbtest.New(t)
	dbtest.App(t, store, "shop", "maya", "bob")
	dbtest.Conversation(t, store, "shop", "fair", "bob")
	m, err := store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.SaveSettings(t.Context(), dbtest.Ana, "shop", []chat.SettingChange{{Key: chat.SettingUserSync, Value: "true"}, {Key: chat.SettingConversationSync, Value: "true"}}); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, store)
	maya := chat.Actor{Kind: chat.UserActor, ID: "maya", Name: "Maya", Source: chat.Browser, App: "shop", Verified: true}
	open := map[string]bool{"user.get": true, "user.createIfNotExists": true, "conversation.list": true, "conversation.get": true, "message.get": false}
	for name := range commands {
		for _, args := range []string{``, `{}`, `null`, `[]`, `{"user":"bob","conversation":"fair","message":"` + m.ID + `","text":"x","seq":1,"set":{"name":"x","subject":"x","access":"Read","text":"x"}}`} {
			for _, guest := range []bool{false, true} {
				maya.AsGuest = guest
				answer, err := run(t.Context(), store, maya, name, json.RawMessage(args))
				if err != nil && chat.AsError(err) == nil {
					t.Errorf("%s %s: %v", name, args, err)
				}
				if err == nil && answer != nil && !open[name] {
					t.Errorf("%s %s answers %v", name, args, answer)
				}
			}
		}
	}
	if dbtest.Dump(t, store) != before {
		t.Error("something was changed")
	}
}
