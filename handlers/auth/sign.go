package auth

import (
	"context"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/db"
	"guestlist/db/chat"
)

// signedFor is how long a token that this server signs is good for.
const signedFor = 5 * time.Minute

// SignUser signs a short-lived token for a user with one of the app's active keys, as the app's own server would. Whoever
// asks for it may act as that user: callers let only admins ask.
func SignUser(ctx context.Context, store *db.Store, app chat.AppID, user chat.UserID) (string, error) {
	keys, err := store.ActiveKeys(ctx, app)
	if err != nil {
		return "", err
	}
	if len(keys) == 0 {
		return "", &chat.Error{Code: chat.Conflict, Reason: chat.KeyNotFound, Message: "This app has no active secret key to sign a token with.",
			Hint: "Create one in Settings > API keys."}
	}
	now := store.Now()
	claims := jwt.MapClaims{"tokenType": "user", "iss": string(app), "sub": string(user), "iat": now.Unix(), "exp": now.Add(signedFor).Unix()}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(keys[0].Secret.Reveal()))
}
