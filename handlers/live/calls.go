package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/centrifugal/centrifuge"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

const (
	rate       = 30 // calls a second
	burst      = 60 // calls at once
	callWithin = 30 * time.Second
)

// call is one command of a session at work.
type call struct {
	ctx       context.Context
	node      *Node
	session   *session
	command   string
	requestID string
	actor     chat.Actor
	args      json.RawMessage
}

// request is the data of a call. AsGuest says that the conversation is open as a guest.
type request struct {
	AsGuest bool            `json:"asGuest"`
	Args    json.RawMessage `json:"args"`
}

// answer is the data of a reply: a result, or what went wrong.
type answer struct {
	Result any `json:"result"`
}

type failure struct {
	web.Failure
	Status int `json:"status"`
}

// call runs a command and replies. The socket is not read on before, so that calls that are not awaited run in order; a
// call that was read is finished though the socket be gone.
func (n *Node) call(s *session, e centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
	n.mu.Lock()
	if n.closed || s.gone {
		n.mu.Unlock()
		reply(centrifuge.RPCReply{}, centrifuge.ErrorNotAvailable)
		return
	}
	n.calls.Add(1)
	n.mu.Unlock()
	defer n.calls.Done()
	ctx, cancel := context.WithTimeout(context.Background(), callWithin)
	defer cancel()
	c := call{ctx: ctx, node: n, session: s, command: e.Method, requestID: web.NewRequestID()}
	result, err := c.do(e.Data)
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.opening != nil && s.opening.refusal != nil {
		err = s.opening.refusal
	}
	data := c.encode(result, err)
	reply(centrifuge.RPCReply{Data: data}, nil) // into the queue of the socket
	if s.opening != nil {
		n.settle(s, err == nil)
	}
}

func (c *call) do(data []byte) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		c.node.logInternal(c.requestID, c.command, err)
	}()
	if !c.session.mayCall(time.Now()) {
		return nil, chat.ErrTooManyCalls()
	}
	var r request
	if len(data) > 0 {
		if err := web.CheckJSON(data); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &r); err != nil {
			return nil, chat.InvalidField("data", "must be an object with args")
		}
	}
	c.args = r.Args
	c.node.mu.Lock()
	actor := c.session.actor(c.requestID, r.AsGuest)
	c.node.mu.Unlock()
	return c.node.Counted(actor, c.command, c.args, func(actor chat.Actor) (any, error) {
		c.actor = actor
		if do, ok := ofSocket[c.command]; ok {
			return do(c)
		}
		result, err := c.node.Command(c.ctx, actor, c.command, c.args)
		if err == nil && c.command == "conversation.send" {
			c.node.countSent(c)
		}
		return result, err
	})
}

func (c *call) encode(result any, err error) []byte {
	if err == nil {
		data, failed := json.Marshal(answer{result})
		if failed == nil {
			return data
		}
		err = failed
		c.node.logInternal(c.requestID, c.command, err)
	}
	status := web.Status(err)
	data, _ := json.Marshal(failure{web.Fail(err, c.requestID), status})
	return data
}

// mayCall takes a call out of the bucket, if there is one in it.
func (s *session) mayCall(now time.Time) bool {
	s.bucket = min(burst, s.bucket+now.Sub(s.filled).Seconds()*rate)
	s.filled = now
	if s.bucket < 1 {
		return false
	}
	s.bucket--
	return true
}

// logInternal logs what is not the caller's to know.
func (n *Node) logInternal(requestID, command string, err error) {
	if err != nil && web.Status(err) >= http.StatusInternalServerError {
		n.Log.Error("call failed", "id", requestID, "command", command, "error", err)
	}
}
