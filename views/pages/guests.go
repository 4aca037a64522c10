package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// GuestsView is who is in a conversation as a guest now, and who was shown out of it.
type GuestsView struct {
	ConversationHead
	Guests       []chat.Guest // longest first; the newest guestRows are shown
	Blocks       []chat.GuestBlock
	Newer, Older string // addresses of the neighbouring pages of Blocks
}

// guestRows bounds how many guests the page lists.
const guestRows = 200

func (v GuestsView) shown() []chat.Guest { return v.Guests[max(0, len(v.Guests)-guestRows):] }

func (v GuestsView) shownText(ctx context.Context) string {
	all, n := int64(len(v.Guests)), int64(len(v.shown()))
	if n < all {
		return words.T(ctx, "The newest %s of %s guests", words.Number(ctx, n), words.Number(ctx, all))
	}
	return words.T(ctx, "%s in now, longest first", words.N(ctx, n, "%d guest", "%d guests"))
}

func guestName(g chat.Guest) string { return or(g.Name, string(g.User)) }

// guestRowID is the id of a guest's row.
func guestRowID(user chat.UserID) string { return "g-" + rowID(string(user)) }

func guestPerson(app string, g chat.Guest) components.PersonProps {
	return components.PersonProps{ID: string(g.User), Name: g.Name, Href: paths.User(app, string(g.User)), Guest: true}
}

// wrote says how many messages a guest sent since they came in.
func wrote(ctx context.Context, g chat.Guest) string {
	if g.Messages == 0 {
		return words.T(ctx, "No messages")
	}
	return words.N(ctx, int64(g.Messages), "%d message", "%d messages")
}

func (v GuestsView) menu(ctx context.Context, g chat.Guest) components.MenuProps {
	return components.MenuProps{Label: words.T(ctx, "Actions for %s", guestName(g)), Items: []components.MenuItem{
		{Label: words.T(ctx, "View user"), Icon: "circle-user-round", Href: paths.User(v.app(), string(g.User))},
		{Label: words.T(ctx, "Copy user ID"), Icon: "copy", Copy: string(g.User)},
	}}
}

// emptyTitle and emptyText say why nobody is in.
func (v GuestsView) emptyTitle(ctx context.Context) string {
	if v.guests().Open() {
		return words.T(ctx, "No guest is in now")
	}
	return words.T(ctx, "Guests are not let in here")
}

func (v GuestsView) emptyText(ctx context.Context) string {
	if v.guests().Open() {
		return words.T(ctx, "A guest is a user who opens this conversation without being on its list. They appear here when they come in, and go when they close it.")
	}
	return words.T(ctx, "Knowing the ID is not enough: only participants can open this. %s", words.Said(ctx, v.guests().Why))
}

func blockName(b chat.GuestBlock) string { return or(b.UserName, string(b.User)) }

// guestCut is whom a change of guest access takes something from.
type guestCut struct {
	out   int64 // lose the conversation
	quiet int64 // can only read from then on
}

// cut is whom another setting of the conversation would take something from, of the guests who are in now.
func (h ConversationHead) cut(to chat.ConversationGuests) guestCut {
	after := chat.EffectiveGuestAccess(h.Security, to).Access
	return cutOf(h.GuestsIn, after)
}

func cutOf(guests []chat.Guest, after chat.Access) (c guestCut) {
	for _, g := range guests {
		switch {
		case after.Rank() >= g.Access.Rank():
		case after == chat.Read:
			c.quiet++
		default:
			c.out++
		}
	}
	return c
}

// text is what would become of them; "" when nobody loses anything.
func (c guestCut) text(ctx context.Context) string {
	switch {
	case c.out > 0:
		return words.N(ctx, c.out, "%d guest is in now and is disconnected at once.", "%d guests are in now and are disconnected at once.")
	case c.quiet > 0:
		return words.N(ctx, c.quiet, "%d guest is in now and can’t write any more.", "%d guests are in now and can’t write any more.")
	}
	return ""
}

// CutText says what became of guests who were in when guests got less: after is what guests can do now.
func CutText(ctx context.Context, guests []chat.Guest, after chat.Access) string {
	c := cutOf(guests, after)
	if c.out > 0 {
		return words.T(ctx, "Saved. %s", words.N(ctx, c.out, "%d guest was disconnected.", "%d guests were disconnected."))
	}
	return words.T(ctx, "Saved. %s", words.N(ctx, c.quiet, "%d guest can only read now.", "%d guests can only read now."))
}

// GuestAccessView asks before guests who are in lose something.
type GuestAccessView struct {
	ConversationHead
	To chat.ConversationGuests
}

func (v GuestAccessView) question(ctx context.Context) string {
	if chat.EffectiveGuestAccess(v.Security, v.To).Open() {
		return words.T(ctx, "Let guests of %s only read?", v.title())
	}
	return words.T(ctx, "Block guests of %s?", v.title())
}

func (v GuestAccessView) do(ctx context.Context) string {
	c := v.cut(v.To)
	switch {
	case c.out > 0:
		return words.T(ctx, "Disconnect %s", words.N(ctx, c.out, "%d guest", "%d guests"))
	case chat.EffectiveGuestAccess(v.Security, v.To).Open():
		return words.T(ctx, "Save guest access")
	}
	return words.T(ctx, "Block guests")
}

// some names the first few guests and how many more there are.
func (v GuestAccessView) some(ctx context.Context) []string {
	const most = 8
	var names []string
	for i, g := range v.GuestsIn {
		if i == most {
			return append(names, words.T(ctx, "and %s more", words.Number(ctx, int64(len(v.GuestsIn)-most))))
		}
		names = append(names, guestName(g))
	}
	return names
}

// ShowOutView asks for how long and why a guest is shown out.
type ShowOutView struct {
	ConversationHead
	User     chat.UserID
	UserName string
	For      string
	Reason   string
	Error    string
	Errors   map[string]string
}

func (v ShowOutView) name() string { return or(v.UserName, string(v.User)) }

func (v ShowOutView) choices(ctx context.Context) []components.SegOption {
	var all []components.SegOption
	for _, b := range chat.BlockFors {
		all = append(all, components.SegOption{Value: string(b), Label: words.T(ctx, b.Label())})
	}
	return all
}

// loophole says how somebody who is shown out could still come back; "" when they can't.
func (v ShowOutView) loophole(ctx context.Context) string {
	if v.Security.RequireIdentity {
		return ""
	}
	return words.T(ctx, "This app doesn’t verify identities, so they can come back under another user ID. Require a signed token in Settings > Security to stop that.")
}

// GuestsHere is one conversation that guests are in now.
type GuestsHere struct {
	Conversation chat.ConversationID
	Subject      string
	Count        int64
}

// GuestsNow is the guests of an app: how many, in how many conversations, and those with most.
type GuestsNow struct {
	App           string
	Guests        int64
	Conversations int64
	Most          []GuestsHere
}

// Text is the guests in one sentence, and what becomes of them when they are cut.
func (g GuestsNow) Text(ctx context.Context) string {
	if g.Guests == 0 {
		return words.T(ctx, "No guest is in now.")
	}
	return words.T(ctx, "%s in now, in %s.", words.N(ctx, g.Guests, "%d guest is", "%d guests are"), words.N(ctx, g.Conversations, "%d conversation", "%d conversations"))
}

func (g GuestsNow) more() int64 { return g.Conversations - int64(len(g.Most)) }
