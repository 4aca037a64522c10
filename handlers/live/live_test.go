package live_test

import "testing"

// A browser connects, opens a conversation, and is told what is said in it.
func TestTwoBrowsersTalk(t *testing.T) {
	s := newServer(t)
	maya, bob := s.enter("maya"), s.enter("bob")
	for _, b := range []*browser{maya, bob} {
		open := b.ok("conversation.open", `{"conversation":"fair"}`)
		if open.at("result", "access") != "ReadWrite" || open.at("result", "guest") != false || open.at("result", "conversation", "id") != "fair" ||
			len(open.at("result", "participants", "data").([]any)) != 2 || len(open.at("result", "messages", "data").([]any)) != 0 {
			t.Fatalf("%v", open)
		}
	}
	sent := maya.ok("conversation.send", `{"conversation":"fair","text":"hello"}`)
	for _, b := range []*browser{maya, bob} {
		f := b.next("message.sent")
		if f.at("message", "text") != "hello" || f.at("message", "senderId") != "maya" || f.at("message", "id") != sent.at("result", "id") || f["conversation"] != "fair" || f["e"] == nil {
			t.Fatalf("%v", f)
		}
	}
}
