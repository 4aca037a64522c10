package pages

import (
	"context"
	"net/url"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// ConversationsView is the list of an app's conversations.
type ConversationsView struct {
	Frame      layouts.Page
	App        string
	Rows       []chat.Conversation
	Security   chat.Security
	Search     string
	Prev, Next string
	CanManage  bool
	Total      int64                       // of the app
	Here       map[chat.ConversationID]int // guests who are in now
	Live       components.LiveProps
	Sort       string // "" is by activity; see conversationSorts
	Views      ListViews
}

// conversationSorts are the orders of the list, as its address and its menu say them.
var conversationSorts = []struct{ Value, Label string }{
	{"", words.Key("Last activity")}, {"quiet", words.Key("Longest quiet")}, {"new", words.Key("Newest")}, {"old", words.Key("Oldest")},
}

// sortMenu chooses an order; a search has one of its own.
func (v ConversationsView) sortMenu(ctx context.Context) components.MenuProps {
	return sortMenu(ctx, v.address(), v.query(), v.Sort, conversationSorts)
}

func sortMenu(ctx context.Context, address string, query url.Values, now string, sorts []struct{ Value, Label string }) components.MenuProps {
	p := components.MenuProps{Label: words.T(ctx, "Order"), Text: words.T(ctx, sorts[0].Label), Icon: "arrow-down-wide-narrow", Variant: components.Quiet}
	for _, s := range sorts {
		p.Items = append(p.Items, components.MenuItem{Label: words.T(ctx, s.Label), Href: withQuery(address, query, "sort", s.Value), Current: s.Value == now})
		if s.Value == now {
			p.Text = words.T(ctx, s.Label)
		}
	}
	return p
}

// query is the state of the list, as its address says it.
func (v ConversationsView) query() url.Values { return url.Values{"q": {v.Search}, "sort": {v.Sort}} }

func (v ConversationsView) orderText(ctx context.Context) string {
	for _, s := range conversationSorts {
		if s.Value == v.Sort && v.Sort != "" {
			return words.T(ctx, "%s first", strings.ToLower(words.T(ctx, s.Label)))
		}
	}
	return words.T(ctx, "most recent activity first")
}

func (v ConversationsView) address() string { return paths.Conversations(v.App) }

func (v ConversationsView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.address(), v.query(), key, cursor)
}

func (v ConversationsView) pagerText(ctx context.Context) string {
	n := words.N(ctx, int64(len(v.Rows)), "%d conversation", "%d conversations")
	if v.Search != "" {
		return words.T(ctx, "Found %s on this page, newest first", n)
	}
	return words.T(ctx, "Showing %s of %s, %s", n, words.Number(ctx, v.Total), v.orderText(ctx))
}

func conversationTitle(c chat.Conversation) string { return or(c.Subject, string(c.ID)) }

// preview is the start of the last message.
func preview(c chat.Conversation) string {
	if c.LastMessage == nil {
		return ""
	}
	text := []rune(strings.Join(strings.Fields(c.LastMessage.Text), " "))
	if len(text) > 80 {
		text = append(text[:80], '…')
	}
	if c.LastMessage.Sender != "" {
		return or(c.LastMessage.SenderName, string(c.LastMessage.Sender)) + ": " + string(text)
	}
	return string(text)
}

func (v ConversationsView) guests(c chat.Conversation) chat.GuestState {
	return chat.EffectiveGuestAccess(v.Security, c.GuestsNow(v.Frame.Now))
}

// NewConversationView is the form that creates a conversation.
type NewConversationView struct {
	Frame                     layouts.Page
	App                       string
	ID, Subject, Participants string
	Errors                    map[string]string
}

func (v NewConversationView) crumbs(ctx context.Context) []components.Crumb {
	return []components.Crumb{{Label: words.T(ctx, "Conversations"), Href: paths.Conversations(v.App)}}
}

// firstError tells which of the fields takes the focus: the first with an error, else the first of all.
func firstError(errors map[string]string, fields ...string) string {
	for _, f := range fields {
		if errors[f] != "" {
			return f
		}
	}
	return fields[0]
}
