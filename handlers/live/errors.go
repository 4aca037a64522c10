package live

import "guestlist/db/chat"

func errExpired() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.TokenExpired, Message: "The token has expired.", Hint: "Get a new one from your server."}
}

func errKeyDeactivated() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.KeyDeactivatedNow, Message: "The session's key was deactivated.", Hint: "Sign with an active key."}
}

func errSignaturesOff() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.SignaturesOff, Message: "Signatures aren't accepted now.", Hint: "Pass a signed token."}
}

func errIdentity() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.IdentityRequired, Message: "This app now verifies identities.", Hint: "Pass a signed token."}
}

func errSignedInElsewhere() *chat.Error {
	return &chat.Error{Code: chat.Forbidden, Reason: chat.SignedInElsewhere, Message: "Signed in elsewhere.", Hint: "Close other windows."}
}

func errTooManyCalls() *chat.Error {
	return &chat.Error{Code: chat.RateLimited, Reason: chat.TooManyCalls, Message: "Too many calls at once.", Hint: "Nothing was changed. Wait a second, then send fewer at a time."}
}
