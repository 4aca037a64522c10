package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/db"
	"guestlist/db/chat"
)

// Claim is what a browser says of itself: the app it belongs to, who its user is, and, if it has one, the token that
// proves it, or the signature that older integrations have in its place.
type Claim struct {
	App       chat.AppID
	User      string // may be "" with a token, which names the user
	Token     string
	Signature string // not looked at beside a token

	Origin        string // of the page
	Own           bool   // the page is ours
	RequestID, IP string
}

// Proof is who a browser acts for, and for how long that stands.
type Proof struct {
	Actor   chat.Actor
	Expires time.Time // of the token; zero for ever, or without a token
	Key     string    // id of the key that signed the token or the signature; "" without one
	Signed  bool      // by a signature, not by a token
}

func errUserToken(why string) *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "The token is not valid: " + why + ".",
		Hint: "Sign a new one on your server: HS256 with an active secret key, tokenType user, iss the app ID, sub the user ID, exp."}
}

// ErrNoApp is the answer to a browser whose app doesn't exist.
func ErrNoApp() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "There is no such app on this server.",
		Hint: "Check the appId, which the dashboard shows under Settings, and that host is the address of this server."}
}

// Browser finds out whom a browser acts for. A token or a signature that is no good is refused even where none is
// needed. A secret key in a browser is refused and goes on record: whoever sees the page has it.
func Browser(ctx context.Context, store *db.Store, c Claim) (Proof, error) {
	app, err := store.App(ctx, c.App)
	if chat.ReasonOf(err) == chat.AppNotFound {
		return Proof{}, ErrNoApp()
	}
	if err != nil {
		return Proof{}, err
	}
	settings, err := store.Settings(ctx, c.App)
	if err != nil {
		return Proof{}, err
	}
	if !c.Own && !settings.OriginAllowed(c.Origin) {
		return Proof{}, chat.ErrOriginNotAllowed(c.Origin)
	}
	keys, err := store.ActiveKeys(ctx, c.App)
	if err != nil {
		return Proof{}, err
	}
	proof := Proof{Actor: chat.Actor{Kind: chat.UserActor, Source: chat.Browser, App: c.App, Origin: c.Origin, RequestID: c.RequestID, IP: c.IP}}
	if err := exposed(ctx, store, keys, c); err != nil {
		return Proof{}, err
	}
	user := c.User
	switch {
	case c.Token != "":
		if user, err = proof.verify(keys, c, !app.Live, store.Now()); err != nil {
			return Proof{}, err
		}
	case c.Signature != "":
		if err := proof.verifySignature(keys, c, settings.Security().AcceptSignatures); err != nil {
			return Proof{}, err
		}
	case settings.Security().RequireIdentity:
		return Proof{}, chat.ErrIdentityRequired()
	}
	id, err := chat.ParseUserID(user)
	if err != nil {
		return Proof{}, err
	}
	proof.Actor.ID, proof.Actor.Name = string(id), string(id)
	ban, stands, err := store.Ban(ctx, c.App, id)
	if err != nil {
		return Proof{}, err
	}
	if stands {
		return Proof{}, chat.ErrBanned(ban.Until)
	}
	u, err := store.User(ctx, c.App, id)
	switch {
	case err == nil:
		proof.Actor.Name = u.Name
	case chat.ReasonOf(err) != chat.UserNotFound: // who isn't known yet may come, and be created
		return Proof{}, err
	}
	return proof, nil
}

// exposed refuses a secret key that stands where a token or a signature should.
func exposed(ctx context.Context, store *db.Store, keys []db.ActiveKey, c Claim) error {
	for _, k := range keys {
		key := []byte(k.Secret.Reveal())
		if subtle.ConstantTimeCompare(key, []byte(c.Token))|subtle.ConstantTimeCompare(key, []byte(c.Signature)) == 1 {
			if err := store.KeyExposed(ctx, chat.Actor{Kind: chat.SystemActor, ID: "browser", Name: "A browser", Source: chat.Browser, RequestID: c.RequestID, IP: c.IP}, k.Key); err != nil {
				return err
			}
			return &chat.Error{Code: chat.Unauthenticated, Reason: chat.SecretExposed, Message: "This is a secret key, and it is in a browser, where anybody can read it.",
				Hint: "Deactivate it now in Settings > API keys, and sign tokens on your server."}
		}
	}
	return nil
}

// userTokenLeeway is how far the clocks of the server that signs and of this one may be apart.
const userTokenLeeway = 30 * time.Second

// verify reads the user from a token that one of the keys signed. Only test apps take a token that never expires.
func (p *Proof) verify(keys []db.ActiveKey, c Claim, endless bool, now time.Time) (string, error) {
	if len(c.Token) > maxToken || strings.Count(c.Token, ".") != 2 {
		return "", errUserToken("it is no JWT")
	}
	why := error(errUserToken("no active secret key of this app signed it"))
	for _, k := range keys {
		claims := jwt.MapClaims{}
		_, err := jwt.ParseWithClaims(c.Token, claims, func(*jwt.Token) (any, error) { return []byte(k.Secret.Reveal()), nil },
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(string(c.App)), jwt.WithIssuedAt(),
			jwt.WithLeeway(userTokenLeeway), jwt.WithTimeFunc(func() time.Time { return now }))
		switch {
		case errors.Is(err, jwt.ErrTokenSignatureInvalid):
			continue
		case err != nil:
			return "", errUserToken(jwtProblem(err))
		}
		expires, err := claims.GetExpirationTime()
		user, _ := claims["sub"].(string)
		switch {
		case claims["tokenType"] != "user":
			return "", errUserToken("its tokenType is not user")
		case err != nil:
			return "", errUserToken("its exp is not a time")
		case expires == nil && !endless:
			return "", errUserToken("it has no exp, which only test apps allow")
		case user == "" || c.User != "" && user != c.User:
			return "", errUserToken("its sub is not the user that the session is for")
		}
		if expires != nil {
			p.Expires = expires.Time
		}
		p.Actor.Verified, p.Key = true, k.ID
		return user, nil
	}
	return "", why
}

// jwtProblem words what the library found, without the token's content.
func jwtProblem(err error) string {
	for problem, words := range map[error]string{jwt.ErrTokenExpired: "it has expired", jwt.ErrTokenNotValidYet: "it is not valid yet", jwt.ErrTokenUsedBeforeIssued: "it was issued in the future",
		jwt.ErrTokenInvalidIssuer: "its iss is not this app"} {
		if errors.Is(err, problem) {
			return words
		}
	}
	return "it can't be read"
}
