package dashboard

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/components"
	"guestlist/views/paths"
)

// Live is what the dashboard needs of the live node: who is in as a guest now, and the news of an app.
type Live interface {
	// Guests are in a conversation now, longest first.
	Guests(app chat.AppID, conv chat.ConversationID) []chat.Guest
	// GuestCounts are the conversations of an app that guests are in now, with how many.
	GuestCounts(app chat.AppID) map[chat.ConversationID]int
	// Watch tells what happens in an app until stop.
	Watch(app chat.AppID) (news <-chan chat.News, stop func())
}

// nobody is the node of a dashboard that has none: no guests, no news.
type nobody struct{}

func (nobody) Guests(chat.AppID, chat.ConversationID) []chat.Guest   { return nil }
func (nobody) GuestCounts(chat.AppID) map[chat.ConversationID]int    { return nil }
func (nobody) Watch(chat.AppID) (news <-chan chat.News, stop func()) { return nil, func() {} }

// Times of a stream. News that comes together is sent together; a proxy never finds a stream idle; a session that lost
// its right loses its streams within sessionCheck.
const (
	gatherFor    = 150 * time.Millisecond
	sessionCheck = 750 * time.Millisecond
	heartbeat    = 15 * time.Second
	writeTime    = 10 * time.Second
)

// maxStreams is how many live pages one session may have open. The oldest ends when there are more.
const maxStreams = 8

// maxItems is how much news one push names; of the rest it says only that there is more.
const maxItems = 100

// liveStatus is what a live page shows and needs to keep itself fresh. It is made before the page is read, so that what
// happens meanwhile is noticed. conv narrows the news to one conversation; "" for all of the app.
func (h *Handler) liveStatus(c echo.Context, app chat.AppID, conv chat.ConversationID) (components.LiveProps, error) {
	state, err := h.liveState(c, app, conv)
	return components.LiveProps{Stream: paths.Live(string(app), string(conv)), Since: state}, err
}

// liveState names what a live page can have in it: the newest change, and who is in as a guest, which is no change. Pages
// compare it for equality only.
func (h *Handler) liveState(c echo.Context, app chat.AppID, conv chat.ConversationID) (string, error) {
	seq, err := h.Store.LastSeq(c.Request().Context())
	if err != nil {
		return "", err
	}
	var guests []string
	if conv != "" {
		for _, g := range h.Live.Guests(app, conv) {
			guests = append(guests, fmt.Sprint(g.User, " ", g.Since.UnixNano(), " ", g.Messages))
		}
	} else {
		for conv, n := range h.Live.GuestCounts(app) {
			guests = append(guests, fmt.Sprint(conv, " ", n))
		}
	}
	slices.Sort(guests)
	sum := fnv.New64a()
	for _, g := range guests {
		fmt.Fprintln(sum, g)
	}
	return fmt.Sprintf("%d-%x", seq, sum.Sum64()), nil
}

// isRefresh tells requests that a live page makes by itself from those of a person.
func isRefresh(c echo.Context) bool { return web.Refresh(c.Request()) }

// newsItem is one thing that happened, as a live page is told of it. It carries names; what holds now is on the page.
type newsItem struct {
	Type         chat.EventType      `json:"type"`
	Conversation chat.ConversationID `json:"conversation,omitempty"`
	User         chat.UserID         `json:"user,omitempty"`
	Mine         bool                `json:"mine,omitempty"` // the admin who watches did it
}

// push is what a stream sends at once.
type push struct {
	News []newsItem `json:"news"`
	More bool       `json:"more,omitempty"`
}

// showNews handles GET /apps/:app/live: server-sent events until the page, the session or the server ends.
func (h *Handler) showNews(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if _, err := h.Store.App(ctx, app); err != nil {
		return err
	}
	place, leave := h.streams.enter(who(c).Session.ID)
	defer leave()
	news, stop := h.Live.Watch(app)
	defer stop()
	conv := chat.ConversationID(c.QueryParam("conversation"))
	state, err := h.liveState(c, app, conv)
	if err != nil {
		return err
	}
	s, err := openStream(c)
	if err != nil {
		return err
	}
	if err := s.send("hello", map[string]string{"state": state}); err != nil {
		return nil // the browser has gone
	}
	return h.tell(c, s, news, place, conv)
}

// tell sends news until something ends the stream. The session is asked for again before anything is told.
func (h *Handler) tell(c echo.Context, s *stream, news <-chan chat.News, place <-chan struct{}, conv chat.ConversationID) error {
	check, beat := time.NewTicker(sessionCheck), time.NewTicker(heartbeat)
	defer check.Stop()
	defer beat.Stop()
	var gathered push
	var ready <-chan time.Time
	for {
		var err error
		select {
		case <-c.Request().Context().Done():
			return nil
		case <-h.stopping:
			return nil
		case <-place:
			_ = s.send("end", map[string]string{"why": "too many"})
			return nil
		case n := <-news:
			if (conv == "" || n.Conversation == conv || n.Conversation == "") && gathered.add(n, who(c).ID) && ready == nil {
				ready = time.After(gatherFor)
			}
			continue
		case <-ready:
			if err = h.still(c); err == nil {
				err = s.send("news", gathered)
			}
			gathered, ready = push{}, nil
		case <-check.C:
			err = h.still(c)
		case <-beat.C:
			err = s.beat()
		}
		if chat.AsError(err) != nil {
			_ = s.send("end", map[string]string{"why": "signed out"})
		}
		if err != nil {
			return nil
		}
	}
}

// HangUp ends all streams. Their pages come back by themselves.
func (h *Handler) HangUp() { h.stop() }

// still is nil while the stream's session stands with the role it had.
func (h *Handler) still(c echo.Context) error {
	now, err := h.Sessions.Again(c)
	if err != nil {
		return err
	}
	app, _, err := appParam(c)
	if err != nil {
		return err
	}
	if now.RoleIn(app) != who(c).Role {
		return &chat.Error{Code: chat.Forbidden, Reason: chat.RoleTooLow, Message: "Your role has changed."}
	}
	return nil
}

// add takes one piece of news; of talk that repeats itself one is enough.
func (p *push) add(n chat.News, me string) bool {
	item := newsItem{n.Type, n.Conversation, n.User, n.Kind == chat.AdminActor && n.ActorID == me}
	if n.Type.Talk() {
		item.User = ""
		for _, other := range p.News {
			if other == item {
				return false
			}
		}
	}
	if len(p.News) == maxItems {
		p.More = true
		return true
	}
	p.News = append(p.News, item)
	return true
}

// stream writes server-sent events.
type stream struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

func openStream(c echo.Context) (*stream, error) {
	w := c.Response()
	s := &stream{w, http.NewResponseController(w)}
	w.Header().Set(echo.HeaderContentType, "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // proxies pass it on as it comes
	if err := s.out.SetReadDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("open a stream: %w", err)
	}
	w.WriteHeader(http.StatusOK)
	return s, nil
}

func (s *stream) send(event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.write("event: " + event + "\ndata: " + string(b) + "\n\n")
}

func (s *stream) beat() error { return s.write(":\n\n") }

// write gives the browser writeTime to take a text, so that one that stopped reading holds nothing.
func (s *stream) write(text string) error {
	if err := s.out.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.out.Flush()
}

// Streaming tells the requests that must not be gathered or compressed.
func Streaming(path string) bool {
	return strings.HasPrefix(path, "/apps/") && (strings.HasSuffix(path, "/live") || strings.HasSuffix(path, "/presence"))
}

// streams counts the open streams of each session.
type streams struct {
	mu   sync.Mutex
	open map[string][]chan struct{}
}

// enter takes a place for a session. The channel is closed when a newer stream needs the place.
func (s *streams) enter(session string) (place <-chan struct{}, leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[string][]chan struct{}{}
	}
	mine := make(chan struct{})
	all := append(s.open[session], mine)
	if len(all) > maxStreams {
		close(all[0])
		all = all[1:]
	}
	s.open[session] = all
	return mine, func() { s.leave(session, mine) }
}

func (s *streams) leave(session string, mine chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rest []chan struct{}
	for _, other := range s.open[session] {
		if other != mine {
			rest = append(rest, other)
		}
	}
	if s.open[session] = rest; len(rest) == 0 {
		delete(s.open, session)
	}
}
