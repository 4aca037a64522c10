package chat

import "time"

// Conversation is a group chat. Empty strings and lists stand for null.
type Conversation struct {
	App             AppID
	ID              ConversationID
	Subject         string
	PhotoURL        string
	WelcomeMessages []string
	Custom          map[string]string
	Guests          ConversationGuests
	GuestsUntil     time.Time // when guest access is over here; zero for never
	CreatedAt       time.Time
	LastActivityAt  time.Time // of the last message, else CreatedAt

	Counts      Counts
	Messages    int64
	LastMessage *Message // nil when there is none
}

// Counts are the participants of a conversation by access. They are kept, never counted.
type Counts struct{ ReadWrite, Read, None int64 }

// Listed is how many people are on the list: access None is a ban and does not count.
func (c Counts) Listed() int64 { return c.ReadWrite + c.Read }

// All is how many rows the conversation has, bans included.
func (c Counts) All() int64 { return c.Listed() + c.None }

// ConversationChange is a change of a conversation: only what is set changes. It reads the body that REST documents
// for PUT conversations, but for participants.
type ConversationChange struct {
	Subject         Opt[string]
	PhotoURL        Opt[string]
	WelcomeMessages Opt[[]string]
	Custom          Opt[Custom]
	Guests          Opt[ConversationGuests] // dashboard only; written as guestAccess in events
	GuestsUntil     Opt[Moment]             // likewise, as guestsUntil
}

// Any tells whether the change names anything.
func (c ConversationChange) Any() bool {
	return c.Subject.Set || c.PhotoURL.Set || c.WelcomeMessages.Set || c.Custom.Set || c.Guests.Set || c.GuestsUntil.Set
}

// UnmarshalJSON reads the documented body; unknown keys are ignored. guestAccess is read too, so that events can be
// undone: a door that doesn't offer it clears it.
func (c *ConversationChange) UnmarshalJSON(b []byte) error {
	return decodeFields(b, map[string]jsonField{
		"subject":         {&c.Subject, "a string or null"},
		"photoUrl":        {&c.PhotoURL, "a string or null"},
		"welcomeMessages": {&c.WelcomeMessages, "a list of strings or null"},
		"custom":          {&c.Custom, "an object of strings, or null"},
		"guestAccess":     {&c.Guests, "Inherit, Never, Read or ReadWrite"},
		"guestsUntil":     {&c.GuestsUntil, "a time in milliseconds since 1970, or null"},
	})
}

// Apply is the conversation after the change, checked whole; c0 stays untouched.
func (c ConversationChange) Apply(c0 Conversation) (Conversation, error) {
	problems := fieldErrors{}
	now := c0
	now.Subject = c.Subject.Or(c0.Subject, "")
	if why := nameProblem(now.Subject); c.Subject.Set && why != "" {
		problems.add("subject", why)
	}
	now.PhotoURL = c.PhotoURL.Or(c0.PhotoURL, "")
	if why := urlProblem(now.PhotoURL); c.PhotoURL.Set && why != "" {
		problems.add("photoUrl", why)
	}
	now.WelcomeMessages = c.WelcomeMessages.Or(c0.WelcomeMessages, nil)
	if why := listProblem(now.WelcomeMessages); why != "" {
		problems.add("welcomeMessages", why)
	}
	now.Custom = patchCustom(c0.Custom, c.Custom)
	if why := customProblem(now.Custom); why != "" {
		problems.add("custom", why)
	}
	now.Guests = c.Guests.Or(c0.Guests, GuestsInherit)
	if now.Guests == "" {
		now.Guests = GuestsInherit
	}
	if !now.Guests.valid() {
		problems.add("guestAccess", "must be Inherit, Never, Read or ReadWrite")
	}
	now.GuestsUntil = c.GuestsUntil.Or(MomentOf(c0.GuestsUntil), 0).Time()
	return now, problems.err()
}

// OfServer is the change as far as servers and browsers may ask for it: guest access is the dashboard's.
func (c ConversationChange) OfServer() ConversationChange {
	c.Guests, c.GuestsUntil = Opt[ConversationGuests]{}, Opt[Moment]{}
	return c
}

func (c Conversation) fields() fieldValues {
	return fieldValues{
		{"subject", orNull(c.Subject)}, {"photoUrl", orNull(c.PhotoURL)},
		{"welcomeMessages", listOrNull(c.WelcomeMessages)}, {"guestAccess", string(c.Guests)},
		{"guestsUntil", MomentOf(c.GuestsUntil).orNull()},
	}
}

// DiffConversation is the change from before to after as two event images, each a valid ConversationChange.
func DiffConversation(before, after Conversation) (was, now Image) {
	was, now = before.fields().diff(after.fields())
	if back, forth := DiffCustom(before.Custom, after.Custom); len(forth) > 0 {
		was["custom"], now["custom"] = back, forth
	}
	return was, now
}
