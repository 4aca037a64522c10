package chat

// Ability is one row of "who can do what here": an operation, whether a user may do it, and the rule that decides.
type Ability struct {
	What      string
	Operation Operation
	Allowed   bool
	Why       string // one sentence, also when it is allowed
}

// WhoCan says what a, a user in a browser, can do in the conversation that f is about. Each row asks Allow.
func WhoCan(a Actor, f Facts) []Ability {
	rows := []Ability{
		{What: "Read messages", Operation: OpMessageRead},
		{What: "Write messages", Operation: OpMessageSend},
		{What: "Add people", Operation: OpParticipantAdd},
		{What: "Remove people", Operation: OpParticipantRemove},
		{What: "Join by knowing the ID", Operation: OpParticipantJoin},
		{What: "Enter as a guest", Operation: OpGuestEnter},
	}
	for i := range rows {
		row, facts := &rows[i], f
		if row.Operation == OpParticipantAdd || row.Operation == OpParticipantRemove {
			facts.Ceiling = "" // of the other one, whom nothing was taken from
		}
		refusal := AsError(Allow(a, row.Operation, facts))
		if row.Allowed = refusal == nil; row.Allowed {
			row.Why = f.allowedBy(row.Operation)
		} else {
			row.Why = f.refusedBy(refusal)
		}
	}
	return rows
}

// allowedBy names the rule that allows one of WhoCan's operations.
func (f Facts) allowedBy(op Operation) string {
	switch {
	case op == OpParticipantAdd || op == OpParticipantRemove:
		return "They can write, and browsers may change who is in conversations."
	case op == OpParticipantJoin && !f.participates():
		return "Browsers may change who is in conversations, so whoever knows the ID can join."
	case f.participates() && (op == OpParticipantJoin || op == OpGuestEnter):
		return "They are on the list already, so they come in as a participant."
	case f.participates():
		return "They are on the list with the access “" + f.place().Label() + "”."
	}
	return f.guests().Why
}

// refusedBy names the rule behind a refusal. Admins are told what is hidden from strangers.
func (f Facts) refusedBy(refusal *Error) string {
	guests := f.guests()
	switch why := refusal.Reason; {
	case why == Banned:
		return "They are banned from all conversations of this app."
	case why == ConversationSyncOff:
		return "Conversation synchronization via the browser is disallowed."
	case why == IdentityRequired:
		return "The app lets in only users with a signed token."
	case !f.Exists:
		return "There is no such conversation."
	case f.Ended():
		return "Their access ended on " + f.Ends.UTC().Format("2 January 2006 at 15:04 UTC") + "."
	case f.place() == AccessNone:
		return "They are on the list with the access “None”, which is a ban."
	case f.place() == Read:
		return "They are on the list with the access “" + Read.Label() + "”."
	case f.ceiling() == AccessNone:
		return "Their access was set to “None” before they left, and a ban stays."
	case f.blocked() && (why == GuestIsBlocked || f.AsGuest):
		return "They were shown out as a guest, and the block stands."
	case why == ReadOnly && guests.Access == ReadWrite:
		return "Their access was set to “" + Read.Label() + "” before they left, and that stays."
	case f.AsGuest && (why == ReadOnly || why == ConversationMissing), why == GuestsNotAllowed && !guests.Open():
		return guests.Why
	case why == GuestsNotAllowed:
		return "They are a guest, and guests can’t change who is in a conversation."
	}
	return "They are not on the list."
}
