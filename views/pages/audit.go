package pages

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// UndoView asks for the password before an undo that takes protection away.
type UndoView struct {
	Frame layouts.Page
	App   string
	Seq   int64
	Back  string // where Undo was pressed
	Error string
}

// AuditView is the audit log of an app. All of its filters are in its address.
type AuditView struct {
	Frame        layouts.Page
	App          string
	Days         []Day
	Filter       AuditFilter
	Live         components.LiveProps
	Newer, Older string
	Views        ListViews
}

// AuditFilter is what the log shows. Empty fields filter nothing.
type AuditFilter struct {
	Who, Actor         string // a kind of actor; one actor by id
	What               string // a group of changes
	Conversation, User string
	From, To           string // days, as browsers write them
	Batch              string
	Request            string // the id of the request that made the change
	Entry              string // one change by its number
}

// Query is the filter as an address carries it.
func (f AuditFilter) Query() url.Values {
	q := url.Values{}
	for key, value := range map[string]string{"who": f.Who, "actor": f.Actor, "what": f.What, "conversation": f.Conversation, "user": f.User, "from": f.From, "to": f.To, "batch": f.Batch, "request": f.Request, "entry": f.Entry} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return q
}

// Groups are the kinds of changes that the log can be narrowed to.
var Groups = []struct {
	Value, Label string
	Types        []chat.EventType
}{
	{"participants", words.Key("Participants and guests"), typesOf("participant.", "guest.")},
	{"conversations", words.Key("Conversations"), typesOf("conversation.")},
	{"messages", words.Key("Messages"), typesOf("message.", "messages.")},
	{"users", words.Key("Users"), typesOf("user.")},
	{"exports", words.Key("Exports and backups"), typesOf("list.", "backup.")},
	{"settings", words.Key("Settings and app"), typesOf("settings.", "app.", "view.")},
	{"jobs", words.Key("Jobs"), typesOf("job.")},
	{"keys", words.Key("Keys"), typesOf("key.")},
}

// typesOf are the types of changes whose names begin so.
func typesOf(prefixes ...string) []chat.EventType {
	var all []chat.EventType
	for _, t := range chat.EventTypes {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(string(t), p) }) {
			all = append(all, t)
		}
	}
	return all
}

// Actors are the kinds of actors that the log can be narrowed to.
var Actors = []components.Option{{Value: "", Label: words.Key("Anyone")}, {Value: string(chat.AdminActor), Label: words.Key("Admins")}, {Value: string(chat.BackendActor), Label: words.Key("Servers")},
	{Value: string(chat.UserActor), Label: words.Key("Browsers")}, {Value: string(chat.SystemActor), Label: words.Key("Guestlist itself")}}

func groupOptions(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "", Label: words.T(ctx, "Everything")}}
	for _, g := range Groups {
		all = append(all, components.Option{Value: g.Value, Label: words.T(ctx, g.Label)})
	}
	return all
}

func (v AuditView) filtered() bool { return len(v.Filter.Query()) > 0 }

// actorName is the name of the one actor that the log is narrowed to, or their id where no change tells it.
func (v AuditView) actorName() string {
	for _, day := range v.Days {
		for _, e := range day.Events {
			return e.ActorName
		}
	}
	return v.Filter.Actor
}

// anyActor is the log with all of the filters but that of one actor.
func (v AuditView) anyActor() string {
	f := v.Filter
	f.Who, f.Actor = "", ""
	return paths.Page(v.address(), f.Query())
}

func (v AuditView) address() string { return paths.Audit(v.App) }

// auditTopics are the news that the audit log tells of: changes, not talk, nor guests who come and go.
const auditTopics = "app view job key settings user conversation participant admin messages message.announced message.removed message.restored guest.blocked guest.unblocked"
