package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

// SignInFailures is how many sign-ins failed for key within window. RecordSignInFailure adds one. Both survive a restart.
func (s *Store) SignInFailures(ctx context.Context, key string, window time.Duration) (n int, err error) {
	err = s.read(ctx, func(q querier) error {
		err := q.row(`SELECT failures FROM sign_in_failures WHERE key = $1 AND since > $2`, key, millis(s.now().Add(-window))).Scan(&n)
		if isMissing(err) {
			return nil
		}
		return err
	})
	return n, err
}

// RecordSignInFailure counts a failed sign-in for each key; a count older than window starts again.
func (s *Store) RecordSignInFailure(ctx context.Context, window time.Duration, keys ...string) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error { return t.recordFailure(window, keys...) })
}

func (t *Tx) recordFailure(window time.Duration, keys ...string) error {
	old := millis(t.Now.Add(-window))
	if _, err := t.exec(`DELETE FROM sign_in_failures WHERE since <= $1`, old); err != nil {
		return err
	}
	for _, key := range keys {
		if _, err := t.exec(`INSERT INTO sign_in_failures (key, failures, since) VALUES ($1, 1, $2)
			ON CONFLICT (key) DO UPDATE SET failures = failures + 1`, key, millis(t.Now)); err != nil {
			return err
		}
	}
	return nil
}

// Tries bound how often something may be guessed within Window, for each of several keys.
type Tries struct {
	Window time.Duration
	Most   map[string]int // by key
}

func (t *Tx) mayTry(tries Tries) error {
	for key, most := range tries.Most {
		var n int
		err := t.row(`SELECT failures FROM sign_in_failures WHERE key = $1 AND since > $2`, key, millis(t.Now.Add(-tries.Window))).Scan(&n)
		if err != nil && !isMissing(err) {
			return err
		}
		if n >= most {
			return chat.ErrTooManyTries(tries.Window)
		}
	}
	return nil
}

func (t *Tx) failed(tries Tries) error {
	var keys []string
	for key := range tries.Most {
		keys = append(keys, key)
	}
	return t.recordFailure(tries.Window, keys...)
}

// ClearSignInFailures forgets the failures of key after a sign-in that worked.
func (s *Store) ClearSignInFailures(ctx context.Context, key string) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`DELETE FROM sign_in_failures WHERE key = $1`, key)
		return err
	})
}

// AccountKey is what wrong passwords for an e-mail address from one network are counted under, AddressKey all from there,
// and CodeKey wrong codes of one admin.
func AccountKey(email, network string) string {
	return "account " + emailKey(email) + " " + network
}
func AddressKey(network string) string { return "address " + network }
func CodeKey(admin, network string) string {
	return strings.TrimSuffix("code "+admin+" "+network, " ")
}

// Unlock forgets the wrong passwords and codes of an admin, and of the addresses that the passwords came from.
func (s *Store) Unlock(ctx context.Context, actor chat.Actor, email string) (a chat.Admin, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		if a, err = adminByEmail(t, email); err != nil {
			return err
		}
		mine := AccountKey(email, "")
		rows, err := t.query(`SELECT key FROM sign_in_failures WHERE substr(key, 1, length($1)) = $1`, mine)
		keys, err := scan(rows, err, func(row interface{ Scan(...any) error }) (key string, err error) { return key, row.Scan(&key) })
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := t.forget(key, AddressKey(strings.TrimPrefix(key, mine))); err != nil {
				return err
			}
		}
		code := CodeKey(a.ID, "")
		if _, err := t.exec(`DELETE FROM sign_in_failures WHERE key = $1 OR substr(key, 1, length($1) + 1) = $1 || ' '`, code); err != nil {
			return fmt.Errorf("unlock: %w", err)
		}
		_, err = t.record(chat.Event{Type: chat.AdminUnlocked, Subject: a.ID}, nil, chat.Image{"email": a.Email})
		return err
	})
	return a, err
}

func (t *Tx) forget(keys ...string) error {
	for _, key := range keys {
		if _, err := t.exec(`DELETE FROM sign_in_failures WHERE key = $1`, key); err != nil {
			return fmt.Errorf("forget failures: %w", err)
		}
	}
	return nil
}

func adminByEmail(q querier, email string) (chat.Admin, error) {
	var id string
	err := q.row(`SELECT id FROM admins WHERE email_key = $1 AND removed_at = 0`, emailKey(email)).Scan(&id)
	if isMissing(err) {
		return chat.Admin{}, adminNotFound()
	}
	if err != nil {
		return chat.Admin{}, err
	}
	return loadAdmin(q, id)
}

// maxUnderWay is how many sign-ins may be under way at once.
const maxUnderWay = 10_000

// KeepSignIn stores what is under way in one browser, for a while, under the hash of its cookie.
func (s *Store) KeepSignIn(ctx context.Context, hash []byte, data string, lasts time.Duration) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		if _, err := t.exec(`DELETE FROM sign_ins WHERE expires_at <= $1`, millis(t.Now)); err != nil {
			return err
		}
		var n int
		if err := t.row(`SELECT count(*) FROM sign_ins`).Scan(&n); err != nil {
			return err
		}
		if n >= maxUnderWay {
			return chat.ErrTooManyTries(time.Minute)
		}
		_, err := t.exec(`INSERT INTO sign_ins (hash, data, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, hash, data, millis(t.Now.Add(lasts)))
		return err
	})
}

// SignInUnderWay gives back what KeepSignIn stored; ok is false when there is nothing any more.
func (s *Store) SignInUnderWay(ctx context.Context, hash []byte) (data string, ok bool, err error) {
	err = s.read(ctx, func(q querier) error {
		err := q.row(`SELECT data FROM sign_ins WHERE hash = $1 AND expires_at > $2`, hash, millis(s.now())).Scan(&data)
		if isMissing(err) {
			return nil
		}
		ok = err == nil
		return err
	})
	return data, ok, err
}

// TakeSignIn is SignInUnderWay for once: of two who take, one gets it.
func (s *Store) TakeSignIn(ctx context.Context, hash []byte) (data string, ok bool, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		ok = false
		err := t.row(`DELETE FROM sign_ins WHERE hash = $1 AND expires_at > $2 RETURNING data`, hash, millis(t.Now)).Scan(&data)
		if isMissing(err) {
			return nil
		}
		ok = err == nil
		return err
	})
	return data, ok, err
}
