package pages

import (
	"context"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// OverviewView is the first page of an app.
type OverviewView struct {
	BackupProblem string // why the newest scheduled backup failed, for owners; "" when it did not
	Frame         layouts.Page
	App           chat.App
	Security      chat.Security
	Today         int64 // changes since midnight
	Days          []Day // newest changes
	Server        string
	HasKey        bool
	Chatted       bool // browsers called lately
	Decided       bool // somebody decided what browsers may do
	CanManage     bool
	CanOwn        bool
	Guests        GuestsNow
	Live          components.LiveProps
	Charts        ChartsView
	Active        int64 // conversations in which something was said in 24 hours
	Attention     []Attention
	Doors         []chat.DoorCount // of today's changes
}

// maxActive is as far as active conversations are counted.
const maxActive = 10_000

func (v OverviewView) active(ctx context.Context) string {
	if v.Active >= maxActive {
		return words.Number(ctx, maxActive) + "+"
	}
	return words.Number(ctx, v.Active)
}

// doorWho is the filter of the audit log for the changes of a door.
var doorWho = map[chat.Source]chat.ActorKind{chat.Dashboard: chat.AdminActor, chat.REST: chat.BackendActor, chat.Browser: chat.UserActor, chat.System: chat.SystemActor}

// throughDoor leads to today's changes of a door.
func (v OverviewView) throughDoor(d chat.DoorCount) string {
	return paths.Page(paths.Audit(v.app()), map[string][]string{"who": {string(doorWho[d.Door])}, "from": {v.Frame.Now.Format(time.DateOnly)}})
}

func (v OverviewView) app() string { return string(v.App.ID) }

// step is one line of the getting-started list. Done steps fold; the first open one is unfolded.
type step struct {
	title, text, code string
	link              string // keys, try or security
	done              bool
}

func (v OverviewView) steps(ctx context.Context) []step {
	return []step{
		{title: words.T(ctx, "Create a secret key"), text: words.T(ctx, "Your server shows it with every call. Then put it into your terminal: export GUESTLIST_KEY=sk_…"), done: v.HasKey, link: "keys"},
		{title: words.T(ctx, "Add your first user from your server"), code: curl(v.Server, v.app(), "PUT", "/users/maya", `{ "name": "Maya Lindqvist", "email": ["maya@example.com"] }`), done: v.App.Users > 0},
		{title: words.T(ctx, "Create a conversation"), code: curl(v.Server, v.app(), "PUT", "/conversations/welcome", `{ "subject": "Welcome" }`), done: v.App.Conversations > 0},
		{title: words.T(ctx, "Put someone on its list"), code: joinCurl(v.Server, v.app()), done: v.App.Participants > 0},
		{title: words.T(ctx, "Show the chat on your page"), text: words.T(ctx, "Try it here first, as one of your users or as a guest. The code to copy has this app’s address and IDs in it."), done: v.Chatted, link: "try"},
		{title: words.T(ctx, "Decide what browsers may change"), text: "Once your server creates users and conversations, turn browser synchronization off in Settings > Security.", done: v.Decided, link: "security"},
	}
}

func (v OverviewView) doneSteps(ctx context.Context) int64 {
	var n int64
	for _, s := range v.steps(ctx) {
		if s.done {
			n++
		}
	}
	return n
}

// open tells whether step i is the first that is not done.
func (v OverviewView) open(ctx context.Context, i int) bool {
	for j, s := range v.steps(ctx) {
		if !s.done {
			return i == j
		}
	}
	return false
}

func allowed(ctx context.Context, disallowed bool) string {
	if disallowed {
		return words.T(ctx, "Disallowed")
	}
	return words.T(ctx, "Allowed")
}

func required(ctx context.Context, yes bool) string {
	if yes {
		return words.T(ctx, "Required")
	}
	return words.T(ctx, "Not required")
}

func (v OverviewView) guests(ctx context.Context) string {
	switch {
	case v.Security.Guests == chat.GuestsAllowed:
		return words.T(ctx, "Where allowed")
	case chat.EffectiveGuestAccess(v.Security, chat.GuestsInherit).Open():
		return words.T(ctx, "Allowed")
	}
	return words.T(ctx, "Not let in")
}

func (v OverviewView) guestsNote(ctx context.Context) string {
	return "in " + words.N(ctx, v.Guests.Conversations, "%d conversation", "%d conversations")
}
