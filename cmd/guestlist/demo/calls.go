package demo

import (
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
)

const (
	market = "https://market.larkfield.example"
	stage  = "https://staging.larkfield.example" // where the next market page is tried
	copied = "https://larkfield-tickets.example" // a page that copied the market's
)

// habit is what pages call again and again: who of people calls, and how many minutes pass between.
type habit struct {
	command      string
	outcome      chat.Outcome
	reason       chat.Reason
	conversation chat.ConversationID
	origin       string
	every        int
	first, last  int // of people; none for callers who weren't let in
}

var habits = []habit{
	{"connect", chat.CallAllowed, "", "", market, 11, 0, 39},
	{"feed.open", chat.CallAllowed, "", "", market, 23, 0, 39},
	{"conversation.open", chat.CallAllowed, "", "spring-fair-organisers", market, 17, 0, 6},
	{"conversation.open", chat.CallAllowed, "", "sellers-lounge", market, 31, 8, 19},
	{"conversation.send", chat.CallAllowed, "", "spring-fair-organisers", market, 41, 0, 6},
	{"conversation.send", chat.CallAllowed, "", "pitch-swaps", market, 73, 12, 15},
	{"user.createIfNotExists", chat.CallAllowed, "", "", market, 37, 20, 39},
	{"user.set", chat.CallAllowed, "", "", market, 95, 20, 39},
	{"conversation.createIfNotExists", chat.CallAllowed, "", "order-4183", market, 310, 20, 30},
	{"participant.createIfNotExists", chat.CallAllowed, "", "news", market, 145, 20, 39},
	{"conversation.set", chat.CallAllowed, "", "pitch-swaps", stage, 520, 12, 15},
	{"conversation.open" + chat.AsGuest, chat.CallAllowed, "", "news", market, 47, 25, 39},
	{"conversation.open" + chat.AsGuest, chat.CallRefused, chat.ConversationMissing, "order-4179", market, 700, 31, 39},
	{"conversation.send" + chat.AsGuest, chat.CallRefused, chat.ReadOnly, "volunteers-2024", market, 1300, 33, 36},
	{"conversation.send", chat.CallRefused, chat.ReadOnly, "spring-fair-organisers", market, 610, 8, 9},
	{"participant.edit", chat.CallRefused, chat.ReadOnly, "spring-fair-organisers", market, 2100, 8, 9},
	{"user.set", chat.CallRefused, chat.NotInBrowser, "", stage, 1700, 10, 12},
	{"connect", chat.CallRefused, chat.IdentityRequired, "", copied, 430, 0, -1},
	{"connect", chat.CallRefused, chat.TokenExpired, "", market, 890, 0, -1},
}

// callDays is how far back the demo's calls go.
const callDays = 9

// calls are what pages called in the last days. They were answered by the switches of their time.
func (m *maker) calls() error {
	m.now = time.Now().UTC().Add(-2 * time.Minute)
	var all []chat.Call
	for _, h := range habits {
		step := func() time.Duration { return time.Duration(1+m.random.IntN(2*h.every)) * time.Minute }
		for at := m.now.AddDate(0, 0, -callDays).Add(step()); at.Before(m.now); at = at.Add(step()) {
			if at.Hour() < 6 && m.random.IntN(8) > 0 {
				continue // the market sleeps
			}
			c := chat.Call{App: Live, At: at, Command: h.command, Conversation: h.conversation, Origin: h.origin, RequestID: m.requestID()}
			c.Outcome, c.Reason = m.answer(h, at)
			if h.first <= h.last {
				c.User = people[h.first+m.random.IntN(h.last-h.first+1)].id
			}
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b chat.Call) int { return a.At.Compare(b.At) })
	return m.store.CountCalls(m.ctx, all)
}

// answer is how a call ended when it came: users may have been disallowed from the browser, and guests with them, or
// merely observed.
func (m *maker) answer(h habit, at time.Time) (chat.Outcome, chat.Reason) {
	value := "false"
	for _, f := range m.flips {
		if f.at.Before(at) {
			value = f.value
		}
	}
	switch {
	case value == "true" && h.command == "user.set":
		return chat.CallRefused, chat.UserSyncOff
	case value == "true" && strings.HasSuffix(h.command, chat.AsGuest):
		return chat.CallRefused, chat.GuestsNotAllowed
	case value == chat.Observing && h.command == "user.set" && h.outcome == chat.CallAllowed:
		return chat.CallObserved, chat.UserSyncOff
	}
	return h.outcome, h.reason
}

func (m *maker) requestID() string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	id := []byte("req_0123456789abcdef")
	for i := 4; i < len(id); i++ {
		id[i] = letters[m.random.IntN(len(letters))]
	}
	return string(id)
}
