package auth

import (
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"guestlist/db"
	"guestlist/db/chat"
)

// Codes of an authenticator app: six digits that change every 30 seconds (RFC 6238). The one before and the one after count
// too, since clocks differ.
const codePeriod = 30

// NewCode is the secret of a new authenticator app, with the address that apps read from a picture.
func NewCode(account, host string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: "Guestlist " + host, AccountName: account, SecretSize: 20})
}

// CodeKey is NewCode again, from the secret that the page kept.
func CodeKey(account, host, secret string) (*otp.Key, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil || len(raw) != 20 {
		return nil, chat.InvalidField("code", "belongs to a page that was altered; open it again")
	}
	return totp.Generate(totp.GenerateOpts{Issuer: "Guestlist " + host, AccountName: account, Secret: raw})
}

// matchCode tells which step's code it is.
func matchCode(code string) func(secret chat.Secret, now time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "")
	return func(secret chat.Secret, now time.Time) (int64, bool) {
		at := now.Unix() / codePeriod
		for _, step := range []int64{at, at - 1, at + 1} {
			right, err := hotp.GenerateCode(secret.Reveal(), uint64(step))
			if err == nil && subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
				return step, true
			}
		}
		return 0, false
	}
}

// ProveCode says which step's code this is, or that it is none of this secret.
func (s *Sessions) ProveCode(secret chat.Secret, code string) (step int64, err error) {
	step, ok := matchCode(code)(secret, s.store.Now())
	if !ok {
		return 0, chat.InvalidField("code", "is not the one that the app shows now. Check the clock of your phone, and type the newest one")
	}
	return step, nil
}

// codeTries bound how often codes of one admin are guessed: from one network as passwords are, and from everywhere, since
// who guesses codes knows the password already.
func codeTries(c echo.Context, admin string) db.Tries {
	return db.Tries{Window: failureWindow, Most: map[string]int{db.CodeKey(admin, network(c.RealIP())): accountFailures, db.CodeKey(admin, ""): codeFailures}}
}

// looksLikeCode tells a code from a password, which is never as short.
func looksLikeCode(text string) bool {
	text = strings.ReplaceAll(text, " ", "")
	return len(text) == 6 && strings.Trim(text, "0123456789") == ""
}

// SignInWithCode is the second step of a sign-in: a code of the admin's authenticator app, or a recovery code. It gives
// where to go on.
func (s *Sessions) SignInWithCode(c echo.Context, code string, recovery bool) (next string, err error) {
	u, ok, err := s.UnderWay(c)
	if err != nil {
		return "", err
	}
	if !ok || !u.First {
		return "", errTooLate()
	}
	ctx, tries, method := c.Request().Context(), codeTries(c, u.Admin), chat.ByCode
	admin, err := s.store.Admin(ctx, u.Admin)
	if err != nil {
		return "", errTooLate()
	}
	if recovery {
		method = chat.ByRecovery
		ok, err = s.store.UseRecoveryCode(ctx, Current{Admin: admin}.Actor(c), chat.Secret(code), tries)
	} else {
		ok, err = s.store.UseCode(ctx, u.Admin, tries, matchCode(code))
	}
	if err != nil {
		return "", err
	}
	if !ok {
		return "", chat.InvalidField("code", "is not right, or was used already. Codes of an app change every 30 seconds; a recovery code works once")
	}
	if _, ok, err := s.take(c); err != nil || !ok {
		return "", firstError(err, errTooLate())
	}
	return u.Next, s.start(c, admin, method)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
