package live_test

import (
	"context"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// Whatever a socket that is in sends, it gets answers that can be read or is cut, and the server goes on.
func FuzzSocket(f *testing.F) {
	for _, seed := range []string{"", "{}", "null", "[]", "{}\n{}", `{"id":2}`, `{"id":2,"rpc":{}}`, `{"id":2,"rpc":{"method":"conversation.open"}}`, `{"id":2,"rpc":{"method":"conversation.open","data":null}}`,
		`{"id":2,"rpc":{"method":"conversation.open","data":{"args":{"conversation":"fair"}}}}`, `{"id":2,"rpc":{"method":"conversation.open","data":{"asGuest":true,"args":{"conversation":["fair"]}}}}`,
		`{"id":2,"rpc":{"method":"conversation.typing","data":{"args":[]}}}`, `{"id":2,"rpc":{"method":"conversation.send","data":{"args":{"conversation":"fair","text":"\u0000"}}}}`,
		`{"id":2,"rpc":{"method":"user.watch","data":{"args":{"user":"bob","user":"maya"}}}}`, `{"id":2,"rpc":{"method":"session.token","data":{"args":{"token":"a.b.c"}}}}`,
		`{"id":2,"rpc":{"method":"feed.open","data":"x"}}`, `{"id":2,"rpc":{"method":"","data":{"args":` + strings.Repeat("[", 200) + `}}}`, `{"id":1,"connect":{"token":"x"}}`,
		`{"id":2,"subscribe":{"channel":"x"}}`, `{"id":2,"send":{"data":{}}}`, "\x00", `{"id":4294967296,"rpc":{"method":"feed.open"}}`} {
		f.Add(seed)
	}
	shared := newServer(f)
	f.Fuzz(func(t *testing.T, text string) {
		s := *shared
		s.t = t
		b := s.dial(page)
		defer b.conn.CloseNow()
		if welcome := b.ask(map[string]any{"connect": map[string]any{"token": s.token("maya")}}); welcome.at("connect") == nil {
			t.Fatalf("not let in: %v", welcome)
		}
		if err := b.conn.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
		id := 1 << 20
		b.mu.Lock()
		b.id = id
		b.mu.Unlock()
		if r := b.ask(rpc("user.get", `{"user":"bob"}`, false)); r != nil && r.at("rpc", "data", "result", "id") != "bob" {
			t.Fatalf("%q, then: %v", text, r)
		}
	})
}
