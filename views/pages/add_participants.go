package pages

import (
	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
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
func newAccess() []components.SegOption { return accessOptions()[:2] }

func (u FoundUser) already() string {
	switch {
	case u.Banned:
		return "Banned from all conversations"
	case u.Already == "":
		return ""
	case u.Already == chat.AccessNone:
		return "Kept out"
	}
	return "Already a participant"
}

func unknownTitle(n int) string {
	return counted(int64(n), "ID has no user yet", "IDs have no user yet")
}
