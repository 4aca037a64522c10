package chat

import "time"

// Guest is somebody who has a conversation open without being on its list. Guests are seen, never stored.
type Guest struct {
	App          AppID
	Conversation ConversationID
	User         UserID
	Name         string
	Since        time.Time
	Origin       string // of the page
	IP           string // coarse, as CoarseIP makes it
	Messages     int    // sent since they came
	Access       Access
}

// GuestState is what a guest may do in one conversation, and which setting decided.
type GuestState struct {
	Access     Access // ReadWrite, Read or AccessNone
	Why        string // one sentence for people
	Everywhere bool   // the app alone decided: no conversation's own setting could change it
}

// Open tells whether guests are let in at all.
func (g GuestState) Open() bool { return g.Access.Rank() > 0 }

// EffectiveGuestAccess combines the app's switches with a conversation's own setting. It knows nothing of single
// people: who is banned or was removed is not let in, whatever it says. An unknown setting lets nobody in.
func EffectiveGuestAccess(s Security, c ConversationGuests) GuestState {
	switch s.Guests {
	case GuestsFollow:
		if why := boxesThatClose(s); why != "" {
			return GuestState{AccessNone, "Guests are not let in: the app follows browser synchronization and " + why + ".", true}
		}
		return conversationDecides(c, "the app follows browser synchronization and both boxes are unticked", ReadWrite)
	case GuestsEvery:
		return conversationDecides(c, "the app lets guests into every conversation that doesn’t forbid it", ReadWrite)
	case GuestsAllowed:
		return conversationDecides(c, "the app lets guests only into conversations that allow it, and this one doesn’t", AccessNone)
	case GuestsNever:
		return GuestState{AccessNone, "Guests are not let in: the app allows no guests.", true}
	}
	return GuestState{AccessNone, "Guests are not let in: the app’s guest policy is not set.", true}
}

// LetsIn tells whether a conversation lets guests in by its own word.
func (g ConversationGuests) LetsIn() bool { return g == GuestsRead || g == GuestsReadWrite }

func boxesThatClose(s Security) string {
	switch {
	case s.DisallowUserSync && s.DisallowConversationSync:
		return "both boxes are ticked"
	case s.DisallowUserSync:
		return "user synchronization is disallowed"
	case s.DisallowConversationSync:
		return "conversation synchronization is disallowed"
	}
	return ""
}

// conversationDecides is the word of a conversation where the app leaves it one. A conversation that inherits gives
// what the app gives, for the app's reason.
func conversationDecides(c ConversationGuests, appSays string, inherited Access) GuestState {
	switch c {
	case GuestsInherit, "":
		return GuestState{inherited, guestsCan(inherited) + ": " + appSays + ".", false}
	case GuestsRead:
		return GuestState{Read, guestsCan(Read) + ": this conversation says so.", false}
	case GuestsReadWrite:
		return GuestState{ReadWrite, guestsCan(ReadWrite) + ": this conversation says so.", false}
	case GuestsOver:
		return GuestState{AccessNone, guestsCan(AccessNone) + ": their time in this conversation is over.", false}
	case GuestsForbidden:
		return GuestState{AccessNone, guestsCan(AccessNone) + ": this conversation forbids it.", false}
	}
	return GuestState{AccessNone, guestsCan(AccessNone) + ": this conversation’s guest setting is unknown.", false}
}

func guestsCan(a Access) string {
	switch a {
	case ReadWrite:
		return "Guests can read and write"
	case Read:
		return "Guests can read"
	}
	return "Guests are not let in"
}
