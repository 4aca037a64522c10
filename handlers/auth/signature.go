package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"guestlist/db"
	"guestlist/db/chat"
)

func errSignature() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "The signature does not prove this user.",
		Hint: "It is the HMAC-SHA256 of the user ID, a text, with an active secret key of this app, in hex. Better, sign a token."}
}

// verifySignature proves the claimed user by the signature that older integrations pass: the HMAC-SHA256 of the user's
// id with any active key, in hex of either case. It has no end but its key's.
func (p *Proof) verifySignature(keys []db.ActiveKey, c Claim, accepted bool) error {
	if !accepted {
		return chat.ErrSignaturesOff()
	}
	if len(c.Signature) != hex.EncodedLen(sha256.Size) {
		return errSignature()
	}
	sent, err := hex.DecodeString(c.Signature)
	if err != nil {
		return errSignature()
	}
	for _, k := range keys {
		mac := hmac.New(sha256.New, []byte(k.Secret.Reveal()))
		mac.Write([]byte(c.User))
		if hmac.Equal(sent, mac.Sum(nil)) {
			p.Actor.Verified, p.Key, p.Signed = true, k.ID, true
			return nil
		}
	}
	return errSignature()
}
