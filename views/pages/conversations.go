package pages

import (
	"net/url"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
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
}

func (v ConversationsView) address() string { return paths.Conversations(v.App) }

func (v ConversationsView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := url.Values{}
	if v.Search != "" {
		q.Set("q", v.Search)
	}
	return withQuery(v.address(), q, key, cursor)
}

func (v ConversationsView) pagerText() string {
	n := counted(int64(len(v.Rows)), "conversation", "conversations")
	if v.Search != "" {
		return "Found " + n + " on this page, newest first"
	}
	return "Showing " + n + " of " + count(v.Total) + ", most recent activity first"
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

func (v NewConversationView) crumbs() []components.Crumb {
	return []components.Crumb{{Label: "Conversations", Href: paths.Conversations(v.App)}}
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
