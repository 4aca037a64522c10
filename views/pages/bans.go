package pages

import (
	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
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

func (v BanView) choices() []components.SegOption {
	var all []components.SegOption
	for _, b := range chat.BanFors {
		all = append(all, components.SegOption{Value: string(b), Label: b.Label()})
	}
	return all
}

// effects are what a ban does, each with its icon.
func (v BanView) effects() [][2]string {
	return [][2]string{
		{"log-out", "Disconnected at once, on every device"},
		{"user-minus", "Removed from " + counted(v.User.Conversations, "conversation", "conversations") + ". Their messages stay."},
		{"ban", "Can’t come in through any door, as a participant or as a guest. Your servers and other people can’t add them either."},
	}
}

// loophole is the way around a ban that the app's switches leave open; "" when they leave none.
func (v BanView) loophole() string {
	switch s := v.Security; {
	case !s.RequireIdentity:
		return "This app lets anybody connect as anyone, so they could come back under another ID."
	case !s.DisallowUserSync && !s.DisallowConversationSync:
		return "Browsers may create users and change conversations, so a friend’s browser could add them under a new ID."
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

func (v LiftView) back() string {
	return "Put them back in the " + counted(v.Ban.Places, "conversation", "conversations") + " the ban took them out of"
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

func (v UsersView) tabs(banned bool) []components.Tab {
	return []components.Tab{
		{Label: "All", Href: paths.Users(v.App), Current: !banned},
		{Label: "Banned", Href: paths.BannedUsers(v.App), Current: banned},
	}
}
