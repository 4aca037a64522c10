// Package live is the socket of browsers: one connection a session, commands in order one way, news the other.
//
// What is told comes from the events table alone, after the commit and in order. Who is told is decided here, by rights
// that are asked of the store when a conversation is opened and again whenever an event may have changed them. Of what
// happened together, rights are taken away before anything is told, so nothing that was committed after a right was
// lost reaches who lost it. Nothing is kept for those who are away: the database is the truth, and a browser that comes
// back opens again what it shows.
//
// All registers are guarded by one lock, which is never held while the store is asked and never waits for a socket.
package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"

	"guestlist/db"
	"guestlist/db/chat"
)

// Options are what a Node needs.
type Options struct {
	Store *db.Store
	Log   *slog.Logger

	// Command runs a command of the browser door; Counted counts what do does as a call of it, Refused one of nobody.
	Command func(ctx context.Context, actor chat.Actor, command string, args json.RawMessage) (any, error)
	Counted func(actor chat.Actor, command string, args json.RawMessage, do func(chat.Actor) (any, error)) (any, error)
	Refused func(app chat.AppID, command, origin, requestID string, err error)

	Shapes Shapes
}

// Shapes are how things look to browsers.
type Shapes struct {
	Message      func(chat.Message) any
	Participant  func(chat.Participant) any
	User         func(chat.User) any
	Conversation func(db.Membership) any
}

// Node holds all sockets of this process.
type Node struct {
	Options
	socket  *centrifuge.Node
	upgrade *centrifuge.WebsocketHandler
	calls   sync.WaitGroup

	mu       sync.Mutex
	rooms    map[chat.AppID]*room
	cursor   int64 // seq of the last event that was told
	revision int64 // counts the events that may end sessions
	closed   bool

	feeds        map[place]*feedChange
	feedsChanged chan struct{}
}

// Limits of a socket, beside those on calls.
const (
	maxFrame    = 64 << 10
	maxQueue    = 1 << 20 // bytes that may wait for a slow reader
	writeWithin = 10 * time.Second
	connectIn   = 10 * time.Second
	pingEvery   = 25 * time.Second
)

// New makes a node. Its sockets are told nothing before Run.
func New(o Options) *Node {
	socket, err := centrifuge.New(centrifuge.Config{
		LogLevel:              centrifuge.LogLevelError,
		LogHandler:            func(e centrifuge.LogEntry) { o.Log.Error("live: "+e.Message, "error", e.Error) },
		ClientStaleCloseDelay: connectIn,
		ClientQueueMaxSize:    maxQueue,
		Metrics:               centrifuge.MetricsConfig{RegistererGatherer: prometheus.NewRegistry()},
	})
	if err != nil {
		panic(err) // the configuration is the same every time
	}
	n := &Node{Options: o, socket: socket, rooms: map[chat.AppID]*room{}, feeds: map[place]*feedChange{}, feedsChanged: make(chan struct{}, 1)}
	socket.OnConnecting(n.connecting)
	socket.OnConnect(n.connected)
	n.upgrade = centrifuge.NewWebsocketHandler(socket, centrifuge.WebsocketConfig{
		CheckOrigin:                anyOrigin, // it is refused in words that the page can read
		ReadBufferSize:             512,
		WriteBufferSize:            512,
		UseWriteBufferPool:         true,
		MessageSizeLimit:           maxFrame,
		WriteTimeout:               writeWithin,
		ProcessCommandsOffReadLoop: true,
		PingPongConfig:             centrifuge.PingPongConfig{PingInterval: pingEvery},
	})
	return n
}

// Close tells all browsers to come back later, and waits for the calls that were taken.
func (n *Node) Close(ctx context.Context) error {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	err := n.socket.Shutdown(ctx)
	done := make(chan struct{})
	go func() { n.calls.Wait(); close(done) }()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
