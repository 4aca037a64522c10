package chat

import "time"

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

// guestBlocked is told to guests who were shown out, who know the conversation. until is the zero time for a block that
// stands until it is lifted.
func guestBlocked(until time.Time) *Error {
	hint := "Only an admin can let you in again."
	if !until.IsZero() {
		hint = "The block ends on " + until.UTC().Format("2 January at 15:04 UTC") + ". Before that, only an admin can let you in."
	}
	return forbidden(GuestIsBlocked, "You were asked to leave this conversation.", hint)
}

// removed is told to those who had a conversation open when their place in it was taken.
func removed() *Error {
	return forbidden(Removed, "You were removed from this conversation.", "Your server or an admin can add you again.")
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

// accessEnds keeps who is in for a while from letting others in for longer.
func accessEnds() *Error {
	return forbidden(RoleTooLow, "Your access ends by itself, and those who stay change the team.", "Ask an owner whose access has no end.")
}

func reauthRequired() *Error {
	return forbidden(ReauthRequired, "Give your password again to do this.", "It is asked for once in ten minutes, before anything that takes protection away.")
}

// ErrNotSignedIn is told to whose session has ended in any way, and to who was removed or whose access has ended since.
func ErrNotSignedIn() *Error {
	return &Error{Code: Unauthenticated, Reason: BadCredential, Message: "You are not signed in.", Hint: "Sign in."}
}

func ErrIdentityRequired() *Error {
	return &Error{Code: Unauthenticated, Reason: IdentityRequired, Message: "This app lets in only users with a signed token.",
		Hint: "Sign a token for the user on your server (HS256, tokenType user, iss the app ID, sub the user ID, exp) and pass it as token."}
}

// badCredential is one constant answer: it doesn't tell whether the app exists.
func badCredential() *Error {
	return &Error{Code: Unauthenticated, Reason: BadCredential, Message: "The credential is missing or does not open this app.",
		Hint: "Send an active secret key or a token of this app."}
}

func noSuchOperation() *Error {
	return &Error{Code: NotFound, Reason: PageNotFound, Message: "This can't be done here.", Hint: "Check the address and the method."}
}

// The refusals of sessions. A socket closes with the message as its reason, where there is room for some 80 characters.

func ErrOriginNotAllowed(origin string) *Error {
	if origin == "" {
		origin = "a page that names no origin"
	}
	return forbidden(OriginNotAllowed, "This app can't be used from "+origin+".", "Add the origin in Settings > Browser > Allowed origins.")
}

func ErrSignedInElsewhere() *Error {
	return &Error{Code: Unauthenticated, Reason: SignedInElsewhere, Message: "This user has too many sessions, and this was the oldest.", Hint: "Reload the page to use it here."}
}

func ErrTokenExpired() *Error {
	return &Error{Code: Unauthenticated, Reason: TokenExpired, Message: "The token of this session has expired.", Hint: "Pass a tokenFetcher (or onNeedToken), so that a new one is fetched in time."}
}

func ErrKeyDeactivated() *Error {
	return &Error{Code: Unauthenticated, Reason: KeyDeactivatedNow, Message: "The session's key was deactivated.", Hint: "Have your server sign a new token with an active key."}
}

func ErrSignaturesOff() *Error {
	return &Error{Code: Unauthenticated, Reason: SignaturesOff, Message: "This app does not accept signatures.",
		Hint: "Sign a token on your server and pass it as token, or accept signatures in Settings > Browser > Older signatures."}
}

func ErrTooManyCalls() *Error {
	return &Error{Code: RateLimited, Reason: TooManyCalls, Message: "Too many calls at once.", Hint: "Nothing was changed. Send at most 30 a second.", RetryAfter: time.Second}
}

// ErrTooManyTries is told to who guessed a password or a code too often.
func ErrTooManyTries(wait time.Duration) *Error {
	return &Error{Code: RateLimited, Reason: TooManyAttempts, Message: "Too many tries from here.",
		Hint: "Wait 15 minutes, then try again. Nobody is locked out elsewhere.", RetryAfter: wait}
}
