package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// AddParticipantsView is the page that adds people to a conversation: by searching users, by id, or several at once.
type AddParticipantsView struct {
	ConversationHead
	Search  string
	Found   []FoundUser
	Chosen  []string // ids ticked before a refusal
	List    string   // what was typed or pasted
	Access  chat.Access
	Notify  chat.Notify
	Terms   TermsForm
	Unknown []UnknownUser
	Error   string
	Errors  map[string]string
}

// FoundUser is a user that the search found.
type FoundUser struct {
	chat.User
	Already chat.Access // on the list with this access; "" when not
	Chosen  bool
	Banned  bool // from all conversations
}

// UnknownUser is an id that no user has; a name creates one.
type UnknownUser struct{ ID, Name string }

func (v AddParticipantsView) action() string { return paths.AddParticipants(v.app(), v.conv()) }

func (v AddParticipantsView) page() string { return paths.AddParticipantsPage(v.app(), v.conv()) }

// newAccess are the accesses that adding offers: who is to be kept out is not added.
func newAccess(ctx context.Context) []components.SegOption { return accessOptions(ctx)[:2] }

func (u FoundUser) already(ctx context.Context) string {
	switch {
	case u.Banned:
		return words.T(ctx, "Banned from all conversations")
	case u.Already == "":
		return ""
	case u.Already == chat.AccessNone:
		return words.T(ctx, "Kept out")
	}
	return words.T(ctx, "Already a participant")
}

func unknownTitle(ctx context.Context, n int) string {
	return words.N(ctx, int64(n), "%d ID has no user yet", "%d IDs have no user yet")
}
