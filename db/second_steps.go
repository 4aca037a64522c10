package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

// A second step is a code of an authenticator app or a passkey. The recovery codes stand in for either.

// RecoveryCodes is how many recovery codes an admin is given at once.
const RecoveryCodes = 10

func codePlace(admin string) string { return "totp " + admin }

// SetCode makes an authenticator app the admin's second step; step is the one of the code that proved it, which can't be
// used again. Who has no recovery codes gets them, to be shown once.
func (s *Store) SetCode(ctx context.Context, actor chat.Actor, id string, secret chat.Secret, step int64) (codes []chat.Secret, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(id)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE admins SET totp = $2, totp_at = $3, totp_step = $4 WHERE id = $1`, id, s.seal.close(secret, codePlace(id)), millis(t.Now), step); err != nil {
			return fmt.Errorf("set code: %w", err)
		}
		if codes, err = s.firstRecoveryCodes(t, id); err != nil {
			return err
		}
		return t.secured(a, "authenticatorApp", "on")
	})
	return codes, err
}

// RemoveCode takes the authenticator app away. Recovery codes go with the last second step.
func (s *Store) RemoveCode(ctx context.Context, actor chat.Actor, id string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(id)
		if err != nil || !a.HasCode {
			return err
		}
		if _, err := t.exec(`UPDATE admins SET totp = X'', totp_at = 0 WHERE id = $1`, id); err != nil {
			return fmt.Errorf("remove code: %w", err)
		}
		if a.Passkeys == 0 {
			if err := t.dropRecoveryCodes(id); err != nil {
				return err
			}
		}
		return t.secured(a, "authenticatorApp", "off")
	})
}

// ResetSecondStep takes every second step of an admin away and ends their sessions. It is refused where nothing would be
// left to sign in with.
func (s *Store) ResetSecondStep(ctx context.Context, actor chat.Actor, id string) (a chat.Admin, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamSecure, chat.Facts{}); err != nil {
			return err
		}
		if a, err = loadAdmin(t, id); err != nil {
			return err
		}
		for _, sql := range []string{`UPDATE admins SET totp = X'', totp_at = 0 WHERE id = $1`, `DELETE FROM passkeys WHERE admin_id = $1`} {
			if _, err := t.exec(sql, id); err != nil {
				return fmt.Errorf("reset second step: %w", err)
			}
		}
		if err := t.keepWayIn(a); err != nil {
			return err
		}
		if err := t.dropRecoveryCodes(id); err != nil {
			return err
		}
		if err := t.endSessions(id, nil); err != nil {
			return err
		}
		return t.secured(a, "secondStep", "reset")
	})
	return a, err
}

// keepWayIn refuses what left an admin nothing to sign in with.
func (t *Tx) keepWayIn(a chat.Admin) error {
	var has bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM admins a WHERE a.id = $1
		AND (a.password_hash <> '' OR EXISTS (SELECT 1 FROM passkeys k WHERE k.admin_id = a.id) OR EXISTS (SELECT 1 FROM identities i WHERE i.admin_id = a.id)))`, a.ID).Scan(&has)
	if err != nil || has {
		return err
	}
	return &chat.Error{Code: chat.Conflict, Reason: chat.LastWayIn, Message: "Nothing would be left to sign in with.", Hint: "Set a password first."}
}

func (t *Tx) secured(a chat.Admin, what string, is any) error {
	_, err := t.record(chat.Event{Type: chat.AdminSecured, Subject: a.ID}, nil, chat.Image{"email": a.Email, what: is})
	return err
}

// UseCode checks a code of an admin's authenticator app and uses it up: the same code, or an older one, is wrong from then
// on. match tells which step's code it is. Wrong codes count against tries.
func (s *Store) UseCode(ctx context.Context, id string, tries Tries, match func(secret chat.Secret, now time.Time) (step int64, ok bool)) (ok bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		ok = false
		if err := t.mayTry(tries); err != nil {
			return err
		}
		var sealed []byte
		var used int64
		err := t.row(`SELECT totp, totp_step FROM admins WHERE id = $1 AND removed_at = 0`, id).Scan(&sealed, &used)
		if err != nil && !isMissing(err) {
			return err
		}
		if err != nil || len(sealed) == 0 {
			return t.failed(tries)
		}
		secret, err := s.seal.open(sealed, codePlace(id))
		if err != nil {
			return err
		}
		step, matches := match(secret, t.Now)
		if !matches || step <= used {
			return t.failed(tries)
		}
		if _, err := t.exec(`UPDATE admins SET totp_step = $2 WHERE id = $1`, id, step); err != nil {
			return fmt.Errorf("use code: %w", err)
		}
		ok = true
		return t.succeeded(tries)
	})
	return ok, err
}

func (t *Tx) succeeded(tries Tries) error {
	for key := range tries.Most {
		if err := t.forget(key); err != nil {
			return err
		}
	}
	return nil
}

// UseRecoveryCode uses one of the acting admin's recovery codes up. Wrong ones count against tries.
func (s *Store) UseRecoveryCode(ctx context.Context, actor chat.Actor, code chat.Secret, tries Tries) (ok bool, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		ok = false
		if err := t.mayTry(tries); err != nil {
			return err
		}
		a, err := loadAdmin(t, actor.ID)
		if err != nil {
			return err
		}
		res, err := t.exec(`UPDATE recovery_codes SET used_at = $3 WHERE admin_id = $1 AND hash = $2 AND used_at = 0`, a.ID, s.recoveryHash(code), millis(t.Now))
		if err != nil {
			return fmt.Errorf("use recovery code: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return t.failed(tries)
		}
		ok = true
		if err := t.succeeded(tries); err != nil {
			return err
		}
		return t.secured(a, "recoveryCode", "used")
	})
	return ok, err
}

// recoveryHash doesn't mind how a code is written: in capitals, without the dash, with spaces.
func (s *Store) recoveryHash(code chat.Secret) []byte {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code.Reveal()))
	return s.seal.index(chat.Secret("recovery " + plain))
}

// NewRecoveryCodes replaces an admin's recovery codes. They are given once and stored as hashes.
func (s *Store) NewRecoveryCodes(ctx context.Context, actor chat.Actor, id string) (codes []chat.Secret, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(id)
		if err != nil {
			return err
		}
		if codes, err = s.makeRecoveryCodes(t, id); err != nil {
			return err
		}
		return t.secured(a, "recoveryCodes", "new")
	})
	return codes, err
}

func (s *Store) firstRecoveryCodes(t *Tx, id string) ([]chat.Secret, error) {
	var has bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM recovery_codes WHERE admin_id = $1)`, id).Scan(&has); err != nil || has {
		return nil, err
	}
	return s.makeRecoveryCodes(t, id)
}

func (s *Store) makeRecoveryCodes(t *Tx, id string) (codes []chat.Secret, err error) {
	if err := t.dropRecoveryCodes(id); err != nil {
		return nil, err
	}
	for range RecoveryCodes {
		text := strings.ToLower(rand.Text())
		code := chat.Secret(text[:5] + "-" + text[5:10])
		if _, err := t.exec(`INSERT INTO recovery_codes (admin_id, hash) VALUES ($1, $2)`, id, s.recoveryHash(code)); err != nil {
			return nil, fmt.Errorf("make recovery codes: %w", err)
		}
		codes = append(codes, code)
	}
	return codes, nil
}

func (t *Tx) dropRecoveryCodes(id string) error {
	if _, err := t.exec(`DELETE FROM recovery_codes WHERE admin_id = $1`, id); err != nil {
		return fmt.Errorf("drop recovery codes: %w", err)
	}
	return nil
}

// RecoveryCodesLeft is how many of an admin's recovery codes were not used yet.
func (s *Store) RecoveryCodesLeft(ctx context.Context, id string) (n int, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.row(`SELECT count(*) FROM recovery_codes WHERE admin_id = $1 AND used_at = 0`, id).Scan(&n)
	})
	return n, err
}
