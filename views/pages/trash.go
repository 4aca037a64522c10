package pages

import (
	"context"
	"net/url"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
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

func (v TrashView) tabs(ctx context.Context) []components.Tab {
	tab := func(label string, kind chat.TrashKind) components.Tab {
		return components.Tab{Label: label, Href: paths.Page(paths.Trash(v.App), url.Values{"kind": {string(kind)}}), Current: v.Kind == kind}
	}
	return []components.Tab{tab(words.T(ctx, "Everything"), ""), tab(words.T(ctx, "Conversations"), chat.TrashedConversation), tab(words.T(ctx, "Users"), chat.TrashedUser)}
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
func inside(ctx context.Context, t chat.Trashed) string {
	if t.Kind == chat.TrashedUser {
		return words.T(ctx, "Was in %s. %s with their name.", words.N(ctx, t.Places, "%d conversation", "%d conversations"), staying(ctx, t.Messages))
	}
	return words.N(ctx, t.Places, "%d place on its list", "%d places on its list") + ", " + words.N(ctx, t.Messages, "%d message", "%d messages")
}

// messagesOf counts messages of one user, which nobody counts without end.
func messagesOf(ctx context.Context, n int64) string {
	if n >= MessagesCounted {
		return words.T(ctx, "%s messages or more", words.Number(ctx, MessagesCounted))
	}
	return words.N(ctx, n, "%d message", "%d messages")
}

// staying says how many messages of a user outlast them.
func staying(ctx context.Context, n int64) string {
	if n == 1 {
		return words.T(ctx, "1 message stays")
	}
	return words.T(ctx, "%s stay", messagesOf(ctx, n))
}

// MessagesCounted is how far messages of one user are counted.
const MessagesCounted = 100_000

// movingText says what happens to a thing at this moment; "" when nothing does.
func movingText(ctx context.Context, t chat.Trashed) string {
	switch t.State {
	case chat.TrashEmptying:
		return words.T(ctx, "Being moved here. It is gone from everywhere already.")
	case chat.TrashRestoring:
		return words.T(ctx, "Coming back. It is there again in a moment.")
	case chat.TrashPurging:
		return words.T(ctx, "Being purged.")
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

func (v PurgeView) takes(ctx context.Context) []string {
	if v.Thing.Kind == chat.TrashedUser {
		return []string{words.T(ctx, "the user with all their fields"), words.N(ctx, v.Thing.Places, "%d place on a list", "%d places on lists")}
	}
	return []string{words.N(ctx, v.Thing.Places, "%d place on its list", "%d places on its list"), words.N(ctx, v.Thing.Messages, "%d message", "%d messages")}
}

func (v PurgeView) keeps(ctx context.Context) string {
	if v.Thing.Kind == chat.TrashedUser {
		return words.T(ctx, "What they wrote stays in the conversations, with their name. The audit log keeps what happened. To take their name out of both, restore them and erase them instead.")
	}
	return words.T(ctx, "The audit log keeps what happened. The users stay.")
}
