package live_test

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/live"
)

// What goes wrong on our side while somebody connects ends that socket, and nothing else.
func TestAPanicEndsOneSocket(t *testing.T) {
	store, clock := dbtest.New(t)
	dbtest.App(t, store, "shop", "bob")
	var log strings.Builder
	node := live.New(live.Options{Store: store, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Refused: func(chat.AppID, string, string, string, error) { panic("broken") },
		Shapes:  live.Shapes{User: func(chat.User) any { return nil }}})
	e := echo.New()
	e.GET("/v1/:app/live", node.Handler())
	web := httptest.NewServer(e)
	t.Cleanup(web.Close)
	s := &server{t: t, store: store, url: web.URL, now: clock.Now}
	b := s.dial(page)
	b.send(map[string]any{"connect": map[string]any{"token": "a.b.c"}})
	if end := b.ended(); end.code != 3004 {
		t.Error(end)
	}
	if !strings.Contains(log.String(), "broken") {
		t.Error(log.String())
	}
	if _, welcome := s.come(hello{user: "bob"}); welcome.at("connect", "data", "userId") != "bob" {
		t.Error(welcome)
	}
}
