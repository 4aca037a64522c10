package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// BanView asks before a user is banned from all conversations.
type BanView struct {
	Frame    layouts.Page
	App      string
	User     chat.User
	For      string
	PutBack  bool
	Reason   string
	Security chat.Security
	Error    string
	Errors   map[string]string
}

func (v BanView) id() string   { return string(v.User.ID) }
func (v BanView) name() string { return or(v.User.Name, v.id()) }

func (v BanView) choices(ctx context.Context) []components.SegOption {
	var all []components.SegOption
	for _, b := range chat.BanFors {
		all = append(all, components.SegOption{Value: string(b), Label: words.T(ctx, b.Label())})
	}
	return all
}

// effects are what a ban does, each with its icon.
func (v BanView) effects(ctx context.Context) [][2]string {
	return [][2]string{
		{"log-out", words.T(ctx, "Disconnected at once, on every device")},
		{"user-minus", words.T(ctx, "Removed from %s. Their messages stay.", words.N(ctx, v.User.Conversations, "%d conversation", "%d conversations"))},
		{"ban", words.T(ctx, "Can’t come in through any door, as a participant or as a guest. Your servers and other people can’t add them either.")},
	}
}

// loophole is the way around a ban that the app's switches leave open; "" when they leave none.
func (v BanView) loophole(ctx context.Context) string {
	switch s := v.Security; {
	case !s.RequireIdentity:
		return words.T(ctx, "This app lets anybody connect as anyone, so they could come back under another ID.")
	case !s.DisallowUserSync && !s.DisallowConversationSync:
		return words.T(ctx, "Browsers may create users and change conversations, so a friend’s browser could add them under a new ID.")
	}
	return ""
}

// LiftView asks before a ban is lifted.
type LiftView struct {
	Frame layouts.Page
	App   string
	Ban   chat.Ban
}

func (v LiftView) name() string { return or(v.Ban.UserName, string(v.Ban.User)) }

func (v LiftView) back(ctx context.Context) string {
	return words.T(ctx, "Put them back in the %s the ban took them out of", words.N(ctx, v.Ban.Places, "%d conversation", "%d conversations"))
}

// BannedView is the list of who is banned in an app.
type BannedView struct {
	UsersView
	Bans []chat.Ban
}

func (v BannedView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.address(), map[string][]string{"show": {"banned"}}, key, cursor)
}

func (v UsersView) tabs(ctx context.Context, banned bool) []components.Tab {
	return []components.Tab{
		{Label: words.T(ctx, "All"), Href: paths.Users(v.App), Current: !banned},
		{Label: words.T(ctx, "Banned"), Href: paths.BannedUsers(v.App), Current: banned},
	}
}
