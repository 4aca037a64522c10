package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"guestlist/db/chat"
)

// SSO signs admins in through one OpenID Connect provider: the code flow with PKCE, state and nonce.
type SSO struct {
	Issuer   string
	ClientID string
	Secret   chat.Secret // "" for a public client
	Domain   string      // only addresses of this domain; "" for any
	Name     string      // on the button

	mu       sync.Mutex
	provider *oidc.Provider
}

var ssoClient = &http.Client{Timeout: 10 * time.Second}

// discover asks the provider for its addresses and keys, once it answers.
func (s *SSO) discover(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, ssoClient), s.Issuer)
	if err != nil {
		return nil, &chat.Error{Code: chat.Unavailable, Reason: chat.StorageUnavailable, Message: s.Name + " does not answer as it should.",
			Hint: "Try again in a minute, or sign in another way. Whoever runs this server sees why in its log.", RetryAfter: time.Minute}
	}
	s.provider = p
	return p, nil
}

func (s *SSO) config(p *oidc.Provider, callback string) *oauth2.Config {
	return &oauth2.Config{ClientID: s.ClientID, ClientSecret: s.Secret.Reveal(), Endpoint: p.Endpoint(), RedirectURL: callback,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}
}

// BeginSSO is the provider's address to go to. token is that of an invitation to accept; confirms is the admin who proves
// once more who they are, "" for one who signs in.
func (s *Sessions) BeginSSO(c echo.Context, sso *SSO, callback, next, token, confirms string) (string, error) {
	p, err := sso.discover(c.Request().Context())
	if err != nil {
		return "", err
	}
	u := &ssoUnderWay{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Confirms: confirms, Began: s.store.Now()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(u.Nonce), oauth2.S256ChallengeOption(u.Verifier)}
	if confirms != "" {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	if err := s.keep(c, UnderWay{Next: next, Token: token, SSO: u}); err != nil {
		return "", err
	}
	return sso.config(p, callback).AuthCodeURL(u.State, options...), nil
}

var errSSO = &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "Single sign-on did not work.", Hint: "Start again here, in the same browser."}

// FinishSSO takes what the provider sent the browser back with, and signs in whom it vouches for, or confirms them. second
// tells that a second step is due before that.
func (s *Sessions) FinishSSO(c echo.Context, sso *SSO, callback string) (next string, second bool, err error) {
	u, ok, err := s.take(c)
	if err != nil {
		return "", false, err
	}
	if !ok || u.SSO == nil || subtle.ConstantTimeCompare([]byte(c.QueryParam("state")), []byte(u.SSO.State)) != 1 || c.QueryParam("code") == "" {
		return "", false, errSSO
	}
	who, at, err := s.vouched(c, sso, callback, u.SSO)
	if err != nil {
		return "", false, err
	}
	from := chat.Actor{IP: c.RealIP(), RequestID: c.Response().Header().Get(echo.HeaderXRequestID)}
	if u.SSO.Confirms != "" {
		return u.Next, false, s.confirmSSO(c, u.SSO, from, who, at)
	}
	admin, err := s.store.SignInAs(c.Request().Context(), from, who, chat.Secret(u.Token))
	if err != nil {
		return "", false, err
	}
	if admin.SecondStep() {
		return "", true, s.keep(c, UnderWay{Admin: admin.ID, First: true, Next: u.Next})
	}
	return u.Next, false, s.start(c, admin, chat.BySSO)
}

// vouched is whom the provider vouches for, with the time at which it last asked them.
func (s *Sessions) vouched(c echo.Context, sso *SSO, callback string, u *ssoUnderWay) (who chat.Identity, at time.Time, err error) {
	ctx := oidc.ClientContext(c.Request().Context(), ssoClient)
	p, err := sso.discover(ctx)
	if err != nil {
		return who, at, err
	}
	config := sso.config(p, callback)
	tokens, err := config.Exchange(ctx, c.QueryParam("code"), oauth2.VerifierOption(u.Verifier))
	if err != nil {
		c.Logger().Warn(err)
		return who, at, errSSO
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: sso.ClientID}).Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(u.Nonce)) != 1 {
		return who, at, errSSO
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
		Name     string `json:"name"`
		AuthTime int64  `json:"auth_time"`
	}
	if err := id.Claims(&claims); err != nil {
		return who, at, errSSO
	}
	if claims.Email == "" {
		info, err := p.UserInfo(ctx, config.TokenSource(ctx, tokens))
		if err != nil || info.Subject != id.Subject {
			return who, at, errSSO
		}
		claims.Email, claims.Verified = info.Email, info.EmailVerified
		var more struct{ Name string }
		if info.Claims(&more) == nil {
			claims.Name = more.Name
		}
	}
	who = chat.Identity{Issuer: id.Issuer, Subject: id.Subject, Email: claims.Email, Name: firstRunes(claims.Name, chat.MaxName)}
	_, domain, _ := strings.Cut(who.Email, "@")
	switch {
	case who.Email == "" || !claims.Verified:
		return who, at, &chat.Error{Code: chat.Forbidden, Reason: chat.NotOnTheTeam, Message: "The provider names no verified e-mail address for you.", Hint: "Verify it there, then try again."}
	case sso.Domain != "" && !strings.EqualFold(domain, sso.Domain):
		return who, at, chat.ErrNotOnTheTeam(who.Email)
	}
	return who, time.Unix(claims.AuthTime, 0), nil
}

// confirmSSO counts only for the admin who began, and only when the provider asked them just now.
func (s *Sessions) confirmSSO(c echo.Context, u *ssoUnderWay, from chat.Actor, who chat.Identity, at time.Time) error {
	me, ok, err := s.Current(c)
	if err != nil || !ok || me.ID != u.Confirms {
		return firstError(err, errSSO)
	}
	admin, err := s.store.SignInAs(c.Request().Context(), from, who, "")
	if err != nil {
		return err
	}
	if admin.ID != me.ID || at.Before(u.Began.Add(-time.Minute)) {
		return errSSO
	}
	_, err = s.confirmed(c, me)
	return err
}
