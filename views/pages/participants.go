package pages

import (
	"context"
	"net/url"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"

	"github.com/a-h/templ"
)

// ParticipantsView is the list of a conversation: who is in, with what access, told of what, since when and by whom.
type ParticipantsView struct {
	ConversationHead
	Rows       []ParticipantRowView
	Search     string
	Access     chat.Access // filter; "" for any
	Notify     chat.Notify // filter; "" for any
	Prev, Next string      // cursors
}

// ParticipantRowView is one row. Error says why the last change of it was not saved; Gone that they are no participant.
type ParticipantRowView struct {
	chat.Participant
	Head  ConversationHead
	Back  string // the list's address, with its filters
	Error string
	Gone  bool
}

func accessOptions(ctx context.Context) []components.SegOption {
	var all []components.SegOption
	for _, a := range chat.Accesses {
		all = append(all, components.SegOption{Value: string(a), Label: words.T(ctx, a.Label())})
	}
	return all
}

func notifyOptions(ctx context.Context) []components.SegOption {
	var all []components.SegOption
	for _, n := range chat.Notifies {
		all = append(all, components.SegOption{Value: string(n), Label: words.T(ctx, n.Label())})
	}
	return all
}

func (v ParticipantsView) address() string { return paths.Participants(v.app(), v.conv()) }

func (v ParticipantsView) query() url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"q": v.Search, "access": string(v.Access), "notify": string(v.Notify)} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return q
}

func (v ParticipantsView) filtered() bool { return len(v.query()) > 0 }

func (v ParticipantsView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.address(), v.query(), key, cursor)
}

func (v ParticipantsView) accessMenu(ctx context.Context) components.MenuProps {
	items := []components.MenuItem{{Label: words.T(ctx, "Any access"), Href: withQuery(v.address(), v.query(), "access", ""), Current: v.Access == ""}}
	for _, a := range chat.Accesses {
		items = append(items, components.MenuItem{Label: words.T(ctx, a.Label()), Href: withQuery(v.address(), v.query(), "access", string(a)), Current: v.Access == a})
	}
	return components.MenuProps{Label: words.T(ctx, "Filter by access"), Text: words.T(ctx, "Access: %s", or(words.T(ctx, v.Access.Label()), words.T(ctx, "any"))), FromLeft: true, Items: items}
}

func (v ParticipantsView) notifyMenu(ctx context.Context) components.MenuProps {
	items := []components.MenuItem{{Label: words.T(ctx, "Any"), Href: withQuery(v.address(), v.query(), "notify", ""), Current: v.Notify == ""}}
	for _, n := range chat.Notifies {
		items = append(items, components.MenuItem{Label: words.T(ctx, n.Label()), Href: withQuery(v.address(), v.query(), "notify", string(n)), Current: v.Notify == n})
	}
	return components.MenuProps{Label: words.T(ctx, "Filter by notifications"), Text: words.T(ctx, "Notify: %s", or(words.T(ctx, v.Notify.Label()), words.T(ctx, "any"))), FromLeft: true, Items: items}
}

func (v ParticipantsView) pagerText(ctx context.Context) string {
	shown := words.N(ctx, int64(len(v.Rows)), "%d participant", "%d participants")
	switch {
	case v.Search != "":
		return words.T(ctx, "Found %s", shown)
	case v.Prev == "" && v.Next == "":
		return words.T(ctx, "%s, in the order they joined", shown)
	}
	return words.T(ctx, "Showing %s, in the order they joined", shown)
}

// comeBack says whether somebody who is removed could come back by themself.
func (v ParticipantsView) comeBack(ctx context.Context) (text, remedy string) {
	if v.Security.DisallowConversationSync {
		return words.T(ctx, "Someone you remove can’t come back by themself: browsers may not change conversations."), ""
	}
	return words.T(ctx, "Browsers may change conversations, so someone you remove can add themself again. Set their access to None to keep one person out, or"), words.T(ctx, "disallow it for all browsers")

}

func (v ParticipantRowView) name() string { return or(v.UserName, string(v.User)) }

func (v ParticipantRowView) person() components.PersonProps {
	return components.PersonProps{ID: string(v.User), Name: v.UserName, Href: paths.User(v.Head.app(), string(v.User))}
}

func (v ParticipantRowView) change() string {
	return paths.Participant(v.Head.app(), v.Head.conv(), string(v.User))
}

// keep goes along with every change of the row: what the row showed, so that a change over another one is noticed.
func (v ParticipantRowView) keep() []components.Hidden {
	return []components.Hidden{{Name: "was.access", Value: string(v.Participant.Access)}, {Name: "was.notify", Value: string(v.Participant.Notify)}, {Name: "back", Value: v.Back}}
}

// terms is the page of the participant's end and cut, which comes back to the list.
func (v ParticipantRowView) terms() string {
	return paths.Page(paths.ParticipantTerms(v.Head.app(), v.Head.conv(), string(v.User)), url.Values{"back": {v.Back}})
}

func (v ParticipantRowView) menu(ctx context.Context) components.MenuProps {
	user := paths.User(v.Head.app(), string(v.User))
	items := []components.MenuItem{
		{Label: words.T(ctx, "View user"), Icon: "circle-user-round", Href: user},
		{Label: words.T(ctx, "Copy user ID"), Icon: "copy", Copy: string(v.User)},
	}
	if v.Head.CanModerate {
		items = append(items, components.MenuItem{Label: words.T(ctx, "End of access and history…"), Icon: "timer", Href: v.terms(), Dialog: true})
		items = append(items, components.MenuItem{}, components.MenuItem{Label: words.T(ctx, "Remove from conversation"), Icon: "user-minus", Danger: true, Key: "⌫", Attrs: templ.Attributes{"data-remove": true},
			Action: paths.RemoveParticipant(v.Head.app(), v.Head.conv(), string(v.User)), Fields: []components.Hidden{{Name: "back", Value: v.Back}}})
	}
	return components.MenuProps{Label: words.T(ctx, "Actions for %s", v.name()), Items: items}
}

// bulkOptions are what can be set for several people at once.
func bulkOptions(ctx context.Context) []components.Option {
	var all []components.Option
	for _, a := range chat.Accesses {
		all = append(all, components.Option{Value: "access " + string(a), Label: words.T(ctx, "Access: %s", words.T(ctx, a.Label()))})
	}
	for _, n := range chat.Notifies {
		all = append(all, components.Option{Value: "notify " + string(n), Label: words.T(ctx, "Notify: %s", words.T(ctx, n.Label()))})
	}
	return all
}

// keepFilters go along with a search.
func (v ParticipantsView) keepFilters() []components.Hidden {
	var all []components.Hidden
	for _, key := range []string{"access", "notify"} {
		if value := v.query().Get(key); value != "" {
			all = append(all, components.Hidden{Name: key, Value: value})
		}
	}
	return all
}
