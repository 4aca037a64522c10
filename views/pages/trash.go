package pages

import (
	"net/url"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// TrashView is what was deleted in an app and may come back.
type TrashView struct {
	Frame      layouts.Page
	App        string
	Kind       chat.TrashKind // the list is narrowed to; "" for all
	Rows       []chat.Trashed
	Prev, Next string
	CanManage  bool
}

func (v TrashView) tabs() []components.Tab {
	tab := func(label string, kind chat.TrashKind) components.Tab {
		return components.Tab{Label: label, Href: paths.Page(paths.Trash(v.App), url.Values{"kind": {string(kind)}}), Current: v.Kind == kind}
	}
	return []components.Tab{tab("Everything", ""), tab("Conversations", chat.TrashedConversation), tab("Users", chat.TrashedUser)}
}

func (v TrashView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := url.Values{}
	if v.Kind != "" {
		q.Set("kind", string(v.Kind))
	}
	return withQuery(paths.Trash(v.App), q, key, cursor)
}

func trashIcon(t chat.Trashed) string {
	if t.Kind == chat.TrashedUser {
		return "circle-user-round"
	}
	return "messages-square"
}

// inside is what comes back with a thing, and what became of what doesn't go with it.
func inside(t chat.Trashed) string {
	if t.Kind == chat.TrashedUser {
		return "Was in " + counted(t.Places, "conversation", "conversations") + ". " + staying(t.Messages) + " with their name."
	}
	return counted(t.Places, "place on its list", "places on its list") + ", " + counted(t.Messages, "message", "messages")
}

// messagesOf counts messages of one user, which nobody counts without end.
func messagesOf(n int64) string {
	if n >= MessagesCounted {
		return count(MessagesCounted) + " messages or more"
	}
	return counted(n, "message", "messages")
}

// staying says how many messages of a user outlast them.
func staying(n int64) string {
	if n == 1 {
		return "1 message stays"
	}
	return messagesOf(n) + " stay"
}

// MessagesCounted is how far messages of one user are counted.
const MessagesCounted = 100_000

// movingText says what happens to a thing at this moment; "" when nothing does.
func movingText(t chat.Trashed) string {
	switch t.State {
	case chat.TrashEmptying:
		return "Being moved here. It is gone from everywhere already."
	case chat.TrashRestoring:
		return "Coming back. It is there again in a moment."
	case chat.TrashPurging:
		return "Being purged."
	}
	return ""
}

// owner is the page of who has the id of a thing by now.
func owner(app string, t chat.Trashed) string {
	if t.Kind == chat.TrashedUser {
		return paths.User(app, t.ID)
	}
	return paths.Participants(app, t.ID)
}

// PurgeView asks before something in the trash is deleted for good.
type PurgeView struct {
	Frame    layouts.Page
	App      string
	Thing    chat.Trashed
	Typed    string
	Password bool
	Errors   map[string]string
}

func (v PurgeView) takes() []string {
	if v.Thing.Kind == chat.TrashedUser {
		return []string{"the user with all their fields", counted(v.Thing.Places, "place on a list", "places on lists")}
	}
	return []string{counted(v.Thing.Places, "place on its list", "places on its list"), counted(v.Thing.Messages, "message", "messages")}
}

func (v PurgeView) keeps() string {
	if v.Thing.Kind == chat.TrashedUser {
		return "What they wrote stays in the conversations, with their name. The audit log keeps what happened. To take their name out of both, restore them and erase them instead."
	}
	return "The audit log keeps what happened. The users stay."
}
