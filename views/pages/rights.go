package pages

import (
	"context"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// Relation is how somebody stands to a conversation, with what they can do there.
type Relation struct {
	Name      string
	Abilities []chat.Ability
}

// Relations are all the ways to stand to a conversation of an app, each asked of the rules that bind browsers.
func Relations(ctx context.Context, s chat.Security, c chat.Conversation) []Relation {
	facts := chat.Facts{App: c.App, Security: s, Exists: true, Guests: c.Guests}
	stand := func(name string, place chat.Access, asGuest bool) Relation {
		f := facts
		f.Place, f.AsGuest = place, asGuest
		return Relation{name, chat.WhoCan(somebody(c.App), f)}
	}
	return []Relation{
		stand(words.T(ctx, "Participant, read & write"), chat.ReadWrite, false),
		stand(words.T(ctx, "Participant, read only"), chat.Read, false),
		stand(words.T(ctx, "Not on the list"), "", false),
		stand(words.T(ctx, "Guest"), "", true),
	}
}

// RelationsOf is how one user stands to a conversation, from the facts: on its list, or else as somebody who knows its
// id, and as a guest.
func RelationsOf(ctx context.Context, f chat.Facts) []Relation {
	stand := func(name string, asGuest bool) Relation {
		f.AsGuest = asGuest
		return Relation{name, chat.WhoCan(somebody(f.App), f)}
	}
	switch {
	case f.Place == chat.AccessNone:
		return []Relation{stand(words.T(ctx, "Kept out"), false)}
	case f.Place != "":
		return []Relation{stand(words.T(ctx, "Participant, %s", strings.ToLower(words.T(ctx, f.Place.Label()))), false)}
	}
	return []Relation{stand(words.T(ctx, "Not on the list"), false), stand(words.T(ctx, "As a guest"), true)}
}

// somebody is a user whose identity is proven, so that what decides is the relation.
func somebody(app chat.AppID) chat.Actor {
	return chat.Actor{Kind: chat.UserActor, ID: "somebody", Source: chat.Browser, App: app, Verified: true}
}

// RightsView is the tab that says who can do what in a conversation.
type RightsView struct {
	ConversationHead
	Relations []Relation
	Picked    *PersonRights // nil while nobody is picked
	User      string        // as it was typed
	Error     string
}

// PersonRights is what one user can do in one conversation.
type PersonRights struct {
	App          string
	User         chat.User
	Conversation chat.Conversation
	Place        chat.Access // "" when they are not on the list
	Ceiling      chat.Access // the most that was left to them; "" for no limit
	Blocked      bool        // shown out as a guest
	Ends         time.Time   // when their access is over; zero for never
	HistoryFrom  time.Time   // they see what was said after it; zero for everything
	Now          time.Time
	Relations    []Relation // one for those on the list; else as a stranger and as a guest
}

func (p PersonRights) name() string { return or(p.User.Name, string(p.User.ID)) }

// standing says how they stand to the conversation.
func (p PersonRights) standing(ctx context.Context) string {
	switch {
	case !p.Ends.IsZero() && !p.Now.Before(p.Ends):
		return words.T(ctx, "Their access ended on %s. They can’t come back by themself, nor as a guest.", words.Full(ctx, p.Ends, p.Now))
	case p.Place == chat.AccessNone:
		return words.T(ctx, "Kept out: on the list with the access None.")
	case p.Place != "":
		return words.T(ctx, "On the list: %s.%s", words.T(ctx, p.Place.Label()), p.terms(ctx))
	case p.Blocked:
		return words.T(ctx, "Not on the list, and shown out as a guest.")
	case p.Ceiling == chat.AccessNone:
		return words.T(ctx, "Not on the list. They were removed by your server or an admin, and can’t come back by themself.")
	case p.Ceiling == chat.Read:
		return words.T(ctx, "Not on the list. The most that was left to them is to read.")
	}
	return words.T(ctx, "Not on the list.")
}

// terms says when it ends and what of the history they see.
func (p PersonRights) terms(ctx context.Context) string {
	text := ""
	if !p.Ends.IsZero() {
		text += words.T(ctx, " Until %s.", words.Full(ctx, p.Ends, p.Now))
	}
	if !p.HistoryFrom.IsZero() {
		text += words.T(ctx, " They see what was said since %s.", words.Full(ctx, p.HistoryFrom, p.Now))
	}
	return text
}

// rightsNote says what the tables leave out.
var rightsNote = words.Key("This is what browsers can do, by the rules that bind them at this moment. Your server can always do all of this with the REST API, and so can admins here.")

func (v RightsView) address() string { return paths.ConversationRights(v.app(), v.conv()) }

// rows turns relations to rows: for each operation, one cell a relation.
func rightsRows(relations []Relation) [][]chat.Ability {
	if len(relations) == 0 {
		return nil
	}
	rows := make([][]chat.Ability, len(relations[0].Abilities))
	for i := range rows {
		for _, r := range relations {
			rows[i] = append(rows[i], r.Abilities[i])
		}
	}
	return rows
}
