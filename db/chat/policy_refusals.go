package chat

func forbidden(why Reason, message, hint string) *Error {
	return &Error{Code: Forbidden, Reason: why, Message: message, Hint: hint}
}

func syncOff(instead string) *Error {
	return forbidden(ConversationSyncOff, "This app does not allow conversations to be changed from the browser.",
		instead+", or allow it in Settings > Security.")
}

func readOnly(message string) *Error {
	return forbidden(ReadOnly, message, "A participant needs the access ReadWrite for this.")
}

func aboveCeiling(message string) *Error {
	return forbidden(AccessCeiling, message, "Only your server or an admin can give it back.")
}

func guestsCannot(message string) *Error {
	return forbidden(GuestsNotAllowed, message, "Join the conversation as a participant first.")
}

// notSeen answers alike for a conversation that is missing and for one that the acting user can't see.
func notSeen() *Error {
	return &Error{Code: NotFound, Reason: ConversationMissing, Message: "There is no such conversation for you.",
		Hint: "Check its id. If it exists, you are not a participant, and it is not open to you as a guest."}
}

func roleTooLow(have, need Role) *Error {
	as := "Your account has no role"
	if have.rank() > 0 {
		as = "Your role is " + string(have)
	}
	return forbidden(RoleTooLow, as+", and this needs the role "+string(need)+".", "Ask an owner of this server to do it or to change your role.")
}

func reauthRequired() *Error {
	return forbidden(ReauthRequired, "Give your password again to do this.", "It is asked for once in ten minutes, before anything that takes protection away.")
}

func identityRequired() *Error {
	return &Error{Code: Unauthenticated, Reason: IdentityRequired, Message: "This app lets in only users with a signed token.",
		Hint: "Have your server sign a user token (JWT) with a secret key and pass it to the session."}
}

// badCredential is one constant answer: it doesn't tell whether the app exists.
func badCredential() *Error {
	return &Error{Code: Unauthenticated, Reason: BadCredential, Message: "The credential is missing or does not open this app.",
		Hint: "Send an active secret key or a token of this app."}
}

func noSuchOperation() *Error {
	return &Error{Code: NotFound, Reason: PageNotFound, Message: "This can't be done here.", Hint: "Check the address and the method."}
}
