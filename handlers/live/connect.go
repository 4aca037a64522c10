package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/centrifugal/centrifuge"
	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/web"
)

func anyOrigin(*http.Request) bool { return true }

// visit is what is known of a socket before it says who it is.
type visit struct {
	app    chat.AppID
	origin string // of the page
	own    bool   // the page is ours
	ip     string
}

type visitKey struct{}

// Handler handles GET /v1/:app/live: a WebSocket that speaks centrifuge's protocol in JSON.
func (n *Node) Handler() echo.HandlerFunc {
	return func(c echo.Context) error {
		app, err := web.AppID(c, "app")
		if err != nil {
			return auth.ErrNoApp()
		}
		if !strings.EqualFold(c.Request().Header.Get(echo.HeaderUpgrade), "websocket") {
			return &chat.Error{Code: chat.Invalid, Reason: chat.BadArgument, Message: "This address is for WebSockets.", Hint: "Connect with the SDK, or to wss:// instead of https://."}
		}
		v := visit{app: app, ip: c.RealIP()}
		v.origin, v.own = web.Origin(c)
		// The socket outlives the request: it keeps nothing of it but this.
		r := c.Request().WithContext(context.WithValue(context.Background(), visitKey{}, v))
		r.URL = &url.URL{Path: r.URL.Path}
		if strings.Contains(r.Header.Get("Sec-WebSocket-Protocol"), "protobuf") {
			r.Header.Del("Sec-WebSocket-Protocol")
		}
		n.upgrade.ServeHTTP(c.Response(), r)
		return nil
	}
}

// connecting finds out who connects. Nobody else catches what goes wrong here: it would end the process.
func (n *Node) connecting(ctx context.Context, e centrifuge.ConnectEvent) (reply centrifuge.ConnectReply, err error) {
	v, _ := ctx.Value(visitKey{}).(visit)
	var who struct {
		User      string `json:"user"`
		Signature string `json:"signature"`
	}
	id := web.NewRequestID()
	defer func() {
		if r := recover(); r != nil {
			n.logInternal(id, "connect", fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
			err = centrifuge.DisconnectServerError
		}
	}()
	if len(e.Data) > 0 && (web.CheckJSON(e.Data) != nil || json.Unmarshal(e.Data, &who) != nil) {
		return centrifuge.ConnectReply{}, terminal(4400, chat.InvalidField("data", "must be an object with user and, of older integrations, signature"), id)
	}
	n.mu.Lock()
	s := &session{visit: v, node: n, claim: auth.Claim{App: v.app, User: who.User, Token: e.Token, Signature: who.Signature, Origin: v.origin, Own: v.own, RequestID: id, IP: v.ip}, revision: n.revision}
	cursor := n.cursor
	n.mu.Unlock()
	user, err := n.identify(ctx, s)
	if err != nil {
		n.logInternal(id, "connect", err)
		n.Refused(v.app, "connect", v.origin, id, err)
		return centrifuge.ConnectReply{}, terminal(0, err, id)
	}
	data, err := json.Marshal(map[string]any{"user": user, "userId": s.user(), "expiresAt": s.expiresAt(), "seq": cursor})
	if err != nil {
		return centrifuge.ConnectReply{}, err
	}
	return centrifuge.ConnectReply{Data: data, Credentials: &centrifuge.Credentials{UserID: string(v.app) + "/" + string(s.user())}, Context: context.WithValue(ctx, sessionKey{}, s)}, nil
}

type sessionKey struct{}

// identify proves who the session acts for, and gives what browsers may know of them: nothing of who isn't known yet.
func (n *Node) identify(ctx context.Context, s *session) (user any, err error) {
	proof, err := auth.Browser(ctx, n.Store, s.claim)
	if err != nil {
		return nil, err
	}
	if !proof.Expires.IsZero() && !proof.Expires.After(n.Store.Now()) {
		return nil, chat.ErrTokenExpired()
	}
	s.proof = proof
	u, err := n.Store.User(ctx, s.app, s.user())
	switch {
	case err == nil:
		return n.Shapes.User(u), nil
	case chat.ReasonOf(err) == chat.UserNotFound:
		return nil, nil
	}
	return nil, err
}

// connected is called when the browser has been told that it is in.
func (n *Node) connected(client *centrifuge.Client) {
	s, _ := client.Context().Value(sessionKey{}).(*session)
	if s == nil {
		client.Disconnect(centrifuge.DisconnectServerError)
		return
	}
	s.client = client
	client.OnRPC(func(e centrifuge.RPCEvent, reply centrifuge.RPCCallback) { n.call(s, e, reply) })
	client.OnDisconnect(func(centrifuge.DisconnectEvent) { n.leave(s) })
	n.enter(s)
}

// terminal is the answer to a browser that may not connect: it doesn't try again by itself.
func terminal(code uint32, err error, requestID string) *centrifuge.Error {
	e := chat.AsError(err)
	if e == nil {
		return centrifuge.ErrorInternal // temporary: it tries again
	}
	if code == 0 {
		code = 4000 + uint32(web.Status(err))
	}
	body, _ := json.Marshal(web.Fail(err, requestID))
	return &centrifuge.Error{Code: code, Message: string(body)}
}
