package pages

import (
	"context"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// ConversationHead is the top of every page of a conversation: who can get in, and the tabs.
type ConversationHead struct {
	Frame        layouts.Page
	Conversation chat.Conversation
	Security     chat.Security
	CanManage    bool         // its settings
	CanModerate  bool         // its participants and guests
	Tab          string       // participants, guests, messages, rights, history or settings
	GuestsIn     []chat.Guest // now
	GuestsSet    chat.Event   // the newest that set its own guest access; zero when none did, and on tabs that don't show it
	Live         components.LiveProps
}

func (h ConversationHead) app() string  { return string(h.Conversation.App) }
func (h ConversationHead) conv() string { return string(h.Conversation.ID) }

func (h ConversationHead) title() string {
	return or(h.Conversation.Subject, h.conv())
}

func (h ConversationHead) guests() chat.GuestState {
	return chat.EffectiveGuestAccess(h.Security, h.Conversation.GuestsNow(h.Frame.Now))
}

func (h ConversationHead) listed(ctx context.Context) string {
	n := h.Conversation.Counts.Listed()
	if n == 1 {
		return words.T(ctx, "1 participant is on the list")
	}
	return words.T(ctx, "%s participants are on the list", words.Number(ctx, n))
}

// listedText says what those on the list may do, and who is kept out.
func (h ConversationHead) listedText(ctx context.Context) string {
	c := h.Conversation.Counts
	var parts []string
	if c.ReadWrite > 0 {
		parts = append(parts, words.T(ctx, "%s can write", words.Number(ctx, c.ReadWrite)))
	}
	if c.Read > 0 {
		parts = append(parts, words.T(ctx, "%s can only read", words.Number(ctx, c.Read)))
	}
	text := words.T(ctx, "Nobody can open this but guests, where they are allowed.")
	if len(parts) > 0 {
		text = words.T(ctx, "%s. They stay until removed.", capital(strings.Join(parts, ", ")))
	}
	if c.None > 0 {
		text += words.N(ctx, c.None, " %d is kept out.", " %d are kept out.")
	}
	return text
}

func (h ConversationHead) guestTitle(ctx context.Context) string {
	n := int64(len(h.GuestsIn))
	here := ""
	if n > 0 {
		here = words.N(ctx, n, ", %d is here now", ", %d are here now")
	}
	switch h.guests().Access {
	case chat.ReadWrite:
		return words.T(ctx, "Guests are allowed%s", here)
	case chat.Read:
		return words.T(ctx, "Guests may read%s", here)
	}
	return words.T(ctx, "Guests are not let in")
}

// guestSwitch is the one press that blocks or allows guests here; ok is false where the app decides alone.
func (h ConversationHead) guestSwitch(ctx context.Context) (label string, to chat.ConversationGuests, ok bool) {
	switch {
	case !h.CanManage:
		return "", "", false
	case h.guests().Open():
		return words.T(ctx, "Block guests"), chat.GuestsForbidden, true
	case h.guests().Everywhere:
		return "", "", false
	case h.Conversation.GuestsNow(h.Frame.Now) == chat.GuestsOver && chat.EffectiveGuestAccess(h.Security, h.Conversation.Guests).Open():
		return words.T(ctx, "Allow guests"), h.Conversation.Guests, true
	case h.Conversation.Guests == chat.GuestsForbidden && chat.EffectiveGuestAccess(h.Security, chat.GuestsInherit).Open():
		return words.T(ctx, "Allow guests"), chat.GuestsInherit, true
	}
	return words.T(ctx, "Allow guests"), chat.GuestsReadWrite, true
}

func (h ConversationHead) tabs(ctx context.Context) []components.Tab {
	return []components.Tab{
		{Label: words.T(ctx, "Participants"), Href: paths.Participants(h.app(), h.conv()), Count: words.Number(ctx, h.Conversation.Counts.All()), Current: h.Tab == "participants"},
		{Label: words.T(ctx, "Guests"), Href: paths.Guests(h.app(), h.conv()), Count: words.Number(ctx, int64(len(h.GuestsIn))), Current: h.Tab == "guests"},
		{Label: words.T(ctx, "Messages"), Href: paths.Messages(h.app(), h.conv()), Count: words.Number(ctx, h.Conversation.Messages), Current: h.Tab == "messages"},
		{Label: words.T(ctx, "Who can do what"), Href: paths.ConversationRights(h.app(), h.conv()), Current: h.Tab == "rights"},
		{Label: words.T(ctx, "History"), Href: paths.ConversationHistory(h.app(), h.conv()), Current: h.Tab == "history"},
		{Label: words.T(ctx, "Settings"), Href: paths.ConversationSettings(h.app(), h.conv()), Current: h.Tab == "settings"},
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// rowID is the id of a person's row: ids of people may hold what ids of elements may not.
func rowID(user string) string { return "p-" + base64.RawURLEncoding.EncodeToString([]byte(user)) }

// RowAnchor is the address of a person's row in a list.
func RowAnchor(list string, user chat.UserID) string { return list + "#" + rowID(string(user)) }

// withQuery is an address with one value of its query changed; cursors are dropped, since they belong to the old list.
func withQuery(address string, query url.Values, key, value string) string {
	next := url.Values{}
	for k, v := range query {
		if k != "after" && k != "before" {
			next[k] = v
		}
	}
	next.Set(key, value)
	return paths.Page(address, next)
}

// count0 writes a number as forms carry it.
func count0(n int64) string { return strconv.FormatInt(n, 10) }
