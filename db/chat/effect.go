package chat

// Loosens tells whether a change of the switches takes any protection away: a box unticked, identities no longer
// required, signatures that never end accepted, or guests let further into any kind of conversation than before.
func Loosens(before, after Security) bool {
	if before.DisallowUserSync && !after.DisallowUserSync ||
		before.DisallowConversationSync && !after.DisallowConversationSync ||
		before.RequireIdentity && !after.RequireIdentity ||
		!before.AcceptSignatures && after.AcceptSignatures {
		return true
	}
	for _, c := range ConversationGuestValues {
		if EffectiveGuestAccess(after, c).Access.Rank() > EffectiveGuestAccess(before, c).Access.Rank() {
			return true
		}
	}
	return false
}

// Tightens tells whether a change of the switches adds any protection. A change can both loosen and tighten.
func Tightens(before, after Security) bool { return Loosens(after, before) }

// Effect is one row of what browsers can do: in words, as calls of the SDK, and whether it is allowed.
type Effect struct {
	What    string
	Calls   string
	Allowed bool
	Counted bool   // allowed, and counted as what a box that observes would refuse
	Why     string // when it is not allowed, or not everywhere: one sentence; else ""
}

// Effects are the rows of the effect panel. Each asks Allow as a user of the app whose identity is proven would, so the
// panel says what the rules do.
func Effects(s Security) []Effect {
	here := Facts{Security: s, Exists: true, Place: ReadWrite, Wanted: ReadWrite}
	self, missing, stranger := here, Facts{Security: s}, Facts{Security: s, Exists: true, AsGuest: true, Guests: GuestsReadWrite}
	self.Self = true
	rows := []Effect{
		effect("Read users and conversations", "get · subscribe", here, OpUserRead, OpConversationRead, OpParticipantRead, OpMessageRead),
		effect("Send, edit and delete messages", "send · edit · delete", here, OpMessageSend, OpMessageEditOwn, OpMessageDeleteOwn),
		effect("Leave, and choose one’s own notifications", "leave · participant.edit({ notify })", self, OpParticipantLeave, OpParticipantEditNotify),
		effect("Create or change a user", "user.set · createIfNotExists", missing, OpUserCreate, OpUserSetSelf),
		effect("Set roles, change other users", "user.set", here, OpUserSetRole, OpUserSetOther),
		effect("Create a conversation", "createIfNotExists", missing, OpConversationCreate),
		effect("Change subject, photo, custom fields", "conversation.set", here, OpConversationEdit),
		effect("Add, change or remove participants", "participant.set · edit · delete", here, OpParticipantAdd, OpParticipantEditAccess, OpParticipantRemove),
		effect("Open a chat as a guest", "select(…, { asGuest: true })", stranger, OpGuestEnter),
	}
	if guests := &rows[len(rows)-1]; guests.Allowed && !EffectiveGuestAccess(s, GuestsInherit).Open() {
		guests.Why = "Only in conversations that allow it."
	}
	return rows
}

// effect is one row: allowed when each of the operations is.
func effect(what, calls string, f Facts, ops ...Operation) Effect {
	f.App = "app"
	user := Actor{Kind: UserActor, ID: "user", Source: Browser, App: f.App, Verified: true}
	row := Effect{What: what, Calls: calls, Allowed: true}
	for _, op := range ops {
		row.Counted = row.Counted || Observe(user, op, f) != ""
		if e := AsError(Allow(user, op, f)); e != nil {
			row.Allowed, row.Counted, row.Why = false, false, e.Message
			break
		}
	}
	return row
}

// SwitchState is one switch in words.
type SwitchState struct {
	Key   SettingKey
	Label string
	On    bool   // the protection is on; for guests: nobody is let in anywhere
	Now   string // what is so at this moment
	Stops string // what doesn't work while the protection is on
	Keeps string // what works all the same

	Observing bool // nothing is refused; what the tick would refuse is counted
}

// SwitchStates are all switches in words, as the Settings page shows them.
func SwitchStates(s Security) []SwitchState {
	say := func(on bool, whenOn, whenOff string) string {
		if on {
			return whenOn
		}
		return whenOff
	}
	counted := func(observing bool) string {
		if observing {
			return " What the tick would refuse is counted."
		}
		return ""
	}
	guests := EffectiveGuestAccess(s, GuestsInherit)
	now := guests.Why
	if s.Guests == GuestsAllowed {
		now = "Guests are let in only where a conversation allows it."
	}
	return []SwitchState{
		{Key: SettingUserSync, Label: "Disallow user synchronization via the browser", On: s.DisallowUserSync, Observing: s.ObserveUserSync,
			Now:   say(s.DisallowUserSync, "Browsers cannot create or change users.", "Browsers can create and change users."+counted(s.ObserveUserSync)),
			Stops: "Setting a name, email, photo or role from the browser. The call fails with an error.",
			Keeps: "Passing only the ID. Names and photos you saved with the REST API."},
		{Key: SettingConversationSync, Label: "Disallow conversation synchronization via the browser", On: s.DisallowConversationSync, Observing: s.ObserveConversationSync,
			Now: say(s.DisallowConversationSync, "Browsers cannot create conversations or change who is in them.",
				"Browsers can create conversations and change who is in them. Anyone who knows a conversation’s ID can join it."+counted(s.ObserveConversationSync)),
			Stops: "Creating a conversation, joining it, changing its subject or fields, and adding or removing participants.",
			Keeps: "Opening a conversation, sending and editing messages in it, leaving it, and choosing one’s own notifications."},
		{Key: SettingGuests, Label: "Guest access", On: !EffectiveGuestAccess(s, GuestsReadWrite).Open(), Now: now,
			Stops: "Opening a conversation without being its participant. Guests who are inside are disconnected.",
			Keeps: "Everything for participants."},
		{Key: SettingIdentity, Label: "Require a signed token", On: s.RequireIdentity,
			Now: say(s.RequireIdentity, "Only users with a token that your server signed"+say(s.AcceptSignatures, ", or with an older signature,", "")+" can connect.",
				"Anyone can connect as any user by knowing an ID."),
			Stops: "Connecting with only a user ID. Setting a role, or changing another user, from the browser.",
			Keeps: "Sessions with a token that your server signed."},
		{Key: SettingSignatures, Label: "Accept signatures of older integrations", On: !s.AcceptSignatures,
			Now: say(s.AcceptSignatures, "A signature proves a user as a token does, for as long as its key is active.",
				"Sessions that pass a signature without a token are refused."),
			Stops: "Passing a signature in place of a token. Open sessions that came by one end.",
			Keeps: "Sessions with a token that your server signed."},
	}
}
