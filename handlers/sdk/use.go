package sdk

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

const (
	countEvery = time.Second
	maxCalls   = 10_000 // that wait to be counted; what comes beyond is not counted
)

// use gathers what browsers call, so that no call waits for its own counting.
type use struct {
	store *db.Store
	log   *slog.Logger

	mu    sync.Mutex
	calls []chat.Call
	lost  int
}

// Counted runs a command and counts it, whichever way it ends: allowed, refused and why, or allowed only because a
// switch merely observes. What went wrong on our side is no refusal, and counts for nothing.
func (h *Handler) Counted(actor chat.Actor, command string, args json.RawMessage, do func(chat.Actor) (any, error)) (any, error) {
	call := chat.Call{App: actor.App, At: h.store.Now(), Command: command, Outcome: chat.CallAllowed, User: chat.UserID(actor.ID), Origin: actor.Origin, RequestID: actor.RequestID}
	actor.Observed = func(why chat.Reason) { call.Outcome, call.Reason = chat.CallObserved, why }
	answer, err := do(actor)
	e := chat.AsError(err)
	switch {
	case err == nil:
	case e == nil:
		return answer, err
	default:
		call.Outcome, call.Reason = chat.CallRefused, e.Reason
	}
	if call.Command = known(command); actor.AsGuest {
		call.Command += chat.AsGuest
	}
	var about struct {
		Conversation json.RawMessage `json:"conversation"`
	}
	var id string
	if json.Unmarshal(args, &about) == nil && json.Unmarshal(about.Conversation, &id) == nil {
		call.Conversation, _ = chat.ParseConversationID(id)
	}
	h.use.add(call)
	return answer, err
}

// CountRefusal counts a call of somebody who wasn't let in.
func (h *Handler) CountRefusal(app chat.AppID, command, origin, requestID string, err error) {
	e := chat.AsError(err)
	if e == nil {
		return
	}
	h.use.add(chat.Call{App: app, At: h.store.Now(), Command: known(command), Outcome: chat.CallRefused, Reason: e.Reason, Origin: origin, RequestID: requestID})
}

// known is a command's name as it is counted. All that don't exist have one.
func known(command string) string {
	if commands[command] != nil || onlySocket[command] {
		return command
	}
	return "unknown"
}

// Connect is the name of what opens a socket, among the commands that are counted.
const Connect = "connect"

func (u *use) add(call chat.Call) {
	if len(call.Origin) > 300 {
		call.Origin = call.Origin[:300]
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.calls) >= maxCalls {
		u.lost++
		return
	}
	u.calls = append(u.calls, call)
}

// Count writes down what was called, until ctx ends and then once more.
func (h *Handler) Count(ctx context.Context) error {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			h.use.flush(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), countEvery)
			defer cancel()
			h.use.flush(last)
			return nil
		}
	}
}

func (u *use) flush(ctx context.Context) {
	u.mu.Lock()
	calls, lost := u.calls, u.lost
	u.calls, u.lost = nil, 0
	u.mu.Unlock()
	if lost > 0 {
		u.log.Warn("more calls than can be counted", "lost", lost)
	}
	if len(calls) == 0 {
		return
	}
	if err := u.store.CountCalls(ctx, calls); err != nil {
		u.log.Error("calls were not counted", "calls", len(calls), "error", err)
	}
}
