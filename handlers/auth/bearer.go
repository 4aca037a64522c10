package auth

import (
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
)

// maxToken bounds what is read of a credential, before anything is parsed.
const maxToken = 4 << 10

// ErrBearer is the answer to every credential of a backend that is no good, and to an app that doesn't exist: nothing can
// be probed.
func ErrBearer() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "The credential is missing or not valid for this app.",
		Hint: "Send Authorization: Bearer with a secret key of the app, or an app token signed with one."}
}

// Backend is the server that a request to app comes from: it showed a secret key of the app, or an app token (a JWT of
// type "app", issued by the app, signed with one of its secret keys by HS256, expiring within an hour).
func Backend(c echo.Context, store *db.Store, app chat.AppID) (chat.Actor, error) {
	scheme, credential, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	credential = strings.TrimSpace(credential)
	if !strings.EqualFold(scheme, "Bearer") || credential == "" || len(credential) > maxToken {
		return chat.Actor{}, ErrBearer()
	}
	keys, err := store.ActiveKeys(c.Request().Context(), app)
	if err != nil {
		return chat.Actor{}, err
	}
	key, ok := matchingKey(keys, app, credential, store.Now())
	if !ok {
		return chat.Actor{}, ErrBearer()
	}
	_ = store.KeyUsed(c.Request().Context(), key) // worth less than the request: on a full disk, reading goes on
	return chat.Actor{Kind: chat.BackendActor, ID: key.ID, Name: "Key “" + key.Name + "”", Source: chat.REST, App: app,
		RequestID: c.Response().Header().Get(echo.HeaderXRequestID), IP: c.RealIP()}, nil
}

// matchingKey is the key that a credential is, or was signed with. All keys are compared, whichever matches.
func matchingKey(keys []db.ActiveKey, app chat.AppID, credential string, now time.Time) (found chat.Key, ok bool) {
	for _, k := range keys {
		if subtle.ConstantTimeCompare([]byte(k.Secret.Reveal()), []byte(credential)) == 1 {
			found, ok = k.Key, true
		}
	}
	if ok || strings.Count(credential, ".") != 2 {
		return found, ok
	}
	for _, k := range keys {
		if appToken(credential, app, k.Secret, now) == nil {
			return k.Key, true
		}
	}
	return found, false
}

// tokenLife is the longest time that an app token may be good for.
const tokenLife = time.Hour

// appToken verifies a token that a server signed for itself. Claims count only under their exact names.
func appToken(token string, app chat.AppID, secret chat.Secret, now time.Time) error {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return []byte(secret.Reveal()), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(), jwt.WithIssuer(string(app)),
		jwt.WithIssuedAt(), jwt.WithLeeway(30*time.Second), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		return err
	}
	if claims["tokenType"] != "app" {
		return errors.New("not an app token")
	}
	expires, err := claims.GetExpirationTime()
	if err != nil {
		return err
	}
	issued, err := claims.GetIssuedAt()
	if err != nil {
		return err
	}
	if expires.Sub(now) > tokenLife+time.Minute || issued != nil && expires.Sub(issued.Time) > tokenLife {
		return errors.New("good for too long")
	}
	return nil
}
