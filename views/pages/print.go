package pages

import (
	"context"
	"net/url"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// PrintView is a list of participants on paper.
type PrintView struct {
	ConversationHead
	Search string
	Access chat.Access // "" for any
	Notify chat.Notify
	Rows   []chat.Participant
	More   bool // than go on paper
}

func (v PrintView) list() ParticipantsView {
	return ParticipantsView{ConversationHead: v.ConversationHead, Search: v.Search, Access: v.Access, Notify: v.Notify}
}

func (v PrintView) back() string {
	return paths.Page(paths.Participants(v.app(), v.conv()), v.list().query())
}

func (v PrintView) export() string {
	q := v.list().query()
	if q == nil {
		q = url.Values{}
	}
	q.Set("as", "csv")
	return paths.ExportConversationList(v.app(), v.conv(), "participants", q)
}

// sum says how many are on the paper, of which list, and when.
func (v PrintView) sum(ctx context.Context) string {
	return words.N(ctx, int64(len(v.Rows)), "%d participant, as of %s.", "%d participants, as of %s.", words.Moment(ctx, v.Frame.Now, v.Frame.Now))
}

// only says how the list was filtered; "" for the whole of it.
func (v PrintView) only(ctx context.Context) string {
	text := ""
	if v.Search != "" {
		text += " " + words.T(ctx, "Found with “%s”.", v.Search)
	}
	if v.Access != "" {
		text += " " + words.T(ctx, "Only with the access %s.", words.T(ctx, v.Access.Label()))
	}
	if v.Notify != "" {
		text += " " + words.T(ctx, "Only with the notifications %s.", words.T(ctx, v.Notify.Label()))
	}
	return text
}

// accessOnPaper is the access, and until when.
func accessOnPaper(ctx context.Context, p chat.Participant, v PrintView) string {
	label := words.T(ctx, p.Access.Label())
	if p.Until.IsZero() {
		return label
	}
	return words.T(ctx, "%s, until %s", label, words.Day(ctx, p.Until, v.Frame.Now))
}
