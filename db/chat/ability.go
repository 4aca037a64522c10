package chat

// Ability is one row of "who can do what here": an operation, whether a user may do it, and the rule that decides.
type Ability struct {
	What      string
	Operation Operation
	Allowed   bool
	Why       string // a sentence, also when it is allowed
}

// WhoCan says what a, a user in a browser, can do in the conversation that f is about.
func WhoCan(a Actor, f Facts) []Ability {
	guest := f
	guest.AsGuest = true
	rows := []Ability{
		{What: "Read messages", Operation: OpMessageRead},
		{What: "Write messages", Operation: OpMessageSend},
		{What: "Add people", Operation: OpParticipantAdd},
		{What: "Remove people", Operation: OpParticipantRemove},
		{What: "Join by knowing the ID", Operation: OpParticipantJoin},
		{What: "Enter as a guest", Operation: OpGuestEnter},
	}
	for i := range rows {
		row := &rows[i]
		facts := f
		if row.Operation == OpParticipantAdd || row.Operation == OpParticipantRemove {
			facts.Ceiling = "" // somebody else's, who has none
		}
		refusal := AsError(Allow(a, row.Operation, facts))
		row.Allowed = refusal == nil
		if refusal != nil {
			row.Why = refusal.Message
		} else {
			row.Why = "Allowed."
		}
	}
	return rows
}
