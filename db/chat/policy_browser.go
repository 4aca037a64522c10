package chat

// What browsers may do. Where a switch is off, its refusal comes before any word on whether the conversation exists;
// where it is on, a conversation that the acting user can't see is answered like one that doesn't exist.

// standing is what the acting user may do in the conversation: as a participant, else as a guest as far as guests are
// let in. AccessNone means that they can't see it.
func (f Facts) standing() Access {
	switch {
	case !f.Exists:
		return AccessNone
	case f.place() != "":
		return f.place()
	case f.AsGuest && !f.blocked():
		return atMost(f.guests().Access, f.ceiling())
	}
	return AccessNone
}

func (f Facts) participates() bool { return f.Exists && f.place().Rank() > 0 }

// blocked tells whether the acting user was shown out as a guest. Those on the list are not touched by that.
func (f Facts) blocked() bool { return f.Exists && f.place() == "" && f.Blocked }

// shutOut tells whether a server or an admin took away the right to come in.
func (f Facts) shutOut() bool {
	return f.place() == AccessNone || f.ceiling() == AccessNone || f.blocked()
}

// refuseEntry is the answer to those who are shut out.
func (f Facts) refuseEntry(message string) error {
	if f.Ended() {
		return ErrAccessEnded(f.Ends)
	}
	if f.blocked() && f.ceiling() != AccessNone {
		return guestBlocked(f.Until)
	}
	return aboveCeiling(message)
}

// unseen is the answer to those who can't see the conversation. A guest who was shown out knows that it exists, and so does
// who had access until a time.
func (f Facts) unseen() error {
	if f.Ended() {
		return ErrAccessEnded(f.Ends)
	}
	open := f
	open.Blocked = false
	if f.blocked() && open.standing() != AccessNone {
		return guestBlocked(f.Until)
	}
	return notSeen()
}

func always(Facts) error { return nil }

// never refuses those who can see the conversation.
func never(why Reason, message string) func(Facts) error {
	return func(f Facts) error {
		if err := see(f); err != nil {
			return err
		}
		return forbidden(why, message, "Use the REST API from your server if it should happen.")
	}
}

func createUser(f Facts) error {
	if f.Exists {
		return nil // create if missing: nothing changes
	}
	return setUser(f)
}

func setUser(f Facts) error {
	if f.Security.DisallowUserSync {
		return forbidden(UserSyncOff, "This app does not allow users to be created or changed from the browser.",
			"Save the user from your server: PUT /v1/{appId}/users/{userId}, or allow it in Settings > Security.")
	}
	return nil
}

// setRole is stricter than setUser: where identities are proven, a role is a right that only a server gives.
func setRole(f Facts) error {
	if err := setUser(f); err != nil {
		return err
	}
	if f.Security.RequireIdentity {
		return forbidden(NotInBrowser, "A role can't be set from the browser while this app verifies identities.",
			"Set it from your server: PUT /v1/{appId}/users/{userId}.")
	}
	return nil
}

func setOtherUser(f Facts) error {
	if err := setUser(f); err != nil {
		return err
	}
	if f.Security.RequireIdentity {
		return forbidden(NotYours, "Users can change only themselves while this app verifies identities.",
			"Save the user from your server: PUT /v1/{appId}/users/{userId}.")
	}
	return nil
}

func see(f Facts) error {
	if f.standing() == AccessNone {
		return f.unseen()
	}
	return nil
}

func write(f Facts) error {
	switch f.standing() {
	case AccessNone:
		return f.unseen()
	case Read:
		return readOnly("You can read this conversation but not write in it.")
	}
	return nil
}

func markRead(f Facts) error {
	if err := see(f); err != nil {
		return err
	}
	if !f.participates() {
		return guestsCannot("Guests have nothing to mark as read.")
	}
	return nil
}

func createConversation(f Facts) error {
	if f.participates() {
		return nil
	}
	return comeIn(f, "Create it from your server: PUT /v1/{appId}/conversations/{id}")
}

func join(f Facts) error {
	if f.participates() {
		return nil
	}
	if err := comeIn(f, "Add the participant from your server: PUT /v1/{appId}/conversations/{id}/participants/{userId}"); err != nil {
		return err
	}
	if !f.Exists {
		return notSeen()
	}
	return nil
}

// comeIn is for those who are not on the list: whoever knows the id may come in while conversations are synchronized
// from the browser, up to the ceiling.
func comeIn(f Facts, instead string) error {
	switch {
	case f.Security.DisallowConversationSync:
		return syncOff(instead)
	case f.shutOut():
		return f.refuseEntry("You can't join this conversation again.")
	}
	return giveAccess(f)
}

// giveAccess checks the wanted access. A ban is not for browsers to set, nor to lift.
func giveAccess(f Facts) error {
	switch {
	case f.Wanted == AccessNone:
		return forbidden(NotInBrowser, "Nobody can be banned from the browser.", "Remove them, or set access None from your server.")
	case f.ceiling() == AccessNone || atMost(f.Wanted, f.ceiling()) != f.Wanted:
		return aboveCeiling("This access is more than was left to the user in this conversation.")
	}
	return nil
}

func editConversation(f Facts) error {
	const instead = "Change it from your server: PUT /v1/{appId}/conversations/{id}"
	switch {
	case f.Security.DisallowConversationSync:
		return syncOff(instead)
	case f.place() == Read || !f.participates() && f.ceiling() == Read:
		return readOnly("You can read this conversation but not change it.")
	case !f.participates():
		return comeIn(f, instead)
	}
	return nil
}

func addOther(f Facts) error {
	if err := changeOther(f, "Add the participant from your server: PUT /v1/{appId}/conversations/{id}/participants/{userId}"); err != nil {
		return err
	}
	if f.TheirBan {
		return forbidden(UserBannedFromAll, "This user is banned from all conversations.", "Only an admin can lift the ban.")
	}
	return giveAccess(f)
}

func removeOther(f Facts) error {
	if err := changeOther(f, "Remove the participant from your server: DELETE /v1/{appId}/conversations/{id}/participants/{userId}"); err != nil {
		return err
	}
	if f.ceiling() == AccessNone {
		return aboveCeiling("This user is banned, and removing them would lift the ban.")
	}
	return nil
}

func changeOther(f Facts, instead string) error {
	switch {
	case f.Security.DisallowConversationSync:
		return syncOff(instead)
	case f.standing() == AccessNone:
		return f.unseen()
	case !f.participates():
		return guestsCannot("Guests can't change who is in a conversation.")
	case f.place() == Read:
		return readOnly("You can read this conversation but not change who is in it.")
	}
	return nil
}

func editAccess(f Facts) error {
	const instead = "Change the access from your server: PATCH /v1/{appId}/conversations/{id}/participants/{userId}"
	if !f.Self {
		if err := changeOther(f, instead); err != nil {
			return err
		}
		return giveAccess(f)
	}
	to := f.Wanted
	if to == "" {
		to = f.Granted()
	}
	switch {
	case f.participates() && to == f.place():
		return nil
	case f.Security.DisallowConversationSync:
		return syncOff(instead)
	case f.standing() == AccessNone:
		return f.unseen()
	case !f.participates():
		return guestsCannot("Guests have no access of their own to change.")
	case to.Rank() > f.place().Rank():
		return aboveCeiling("You can't raise your own access.")
	}
	return giveAccess(f)
}

// editNotify is open to participants even while conversations are not synchronized from the browser. A page may say again
// what somebody else's notify is, as pages do that put the same people on a list at each load.
func editNotify(f Facts) error {
	switch {
	case f.standing() == AccessNone:
		return f.unseen()
	case f.AsIs && f.place() == ReadWrite && !f.Security.DisallowConversationSync:
		return nil
	case !f.Self:
		return forbidden(NotYours, "Only they can choose what they are notified about.",
			"Change it from your server: PATCH /v1/{appId}/conversations/{id}/participants/{userId}.")
	case !f.participates():
		return guestsCannot("Guests are not notified.")
	}
	return nil
}

// leave is open to participants even while conversations are not synchronized from the browser. Those who are not on
// the list have nothing to leave, and a ban stays.
func leave(f Facts) error {
	switch {
	case f.participates():
		return nil
	case f.Security.DisallowConversationSync:
		return syncOff("Remove the participant from your server: DELETE /v1/{appId}/conversations/{id}/participants/{userId}")
	case f.place() == AccessNone:
		return aboveCeiling("You are banned from this conversation.")
	}
	return nil
}

// enterAsGuest names the reason only where it is the same for every conversation; otherwise it would tell strangers
// which conversations exist.
func enterAsGuest(f Facts) error {
	guests := f.guests()
	switch {
	case f.participates():
		return nil
	case guests.Everywhere && !guests.Open():
		return forbidden(GuestsNotAllowed, guests.Why, "Add the user as a participant, or let guests in under Settings > Security.")
	case f.Exists && f.shutOut():
		return f.refuseEntry("You can't open this conversation as a guest.")
	case !f.Exists || !guests.Open():
		return notSeen()
	}
	return nil
}
