package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

func scanPasskey(row interface{ Scan(...any) error }) (chat.Passkey, error) {
	var k chat.Passkey
	var created, used int64
	err := row.Scan(&k.ID, &k.Admin, &k.Name, &k.Credential, &created, &used)
	k.CreatedAt, k.LastUsedAt = fromMillis(created), fromMillis(used)
	return k, err
}

// Passkeys are an admin's passkeys, oldest first.
func (s *Store) Passkeys(ctx context.Context, admin string) (all []chat.Passkey, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT id, admin_id, name, credential, created_at, last_used_at FROM passkeys WHERE admin_id = $1 ORDER BY created_at, id`, admin)
		all, err = scan(rows, err, scanPasskey)
		return err
	})
	return all, err
}

// AddPasskey gives an admin one more passkey. Who has no recovery codes gets them, to be shown once.
func (s *Store) AddPasskey(ctx context.Context, actor chat.Actor, k chat.Passkey) (codes []chat.Secret, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(k.Admin)
		if err != nil {
			return err
		}
		if err := t.insertPasskey(k); err != nil {
			return err
		}
		if codes, err = s.firstRecoveryCodes(t, k.Admin); err != nil {
			return err
		}
		return t.secured(a, "passkeyAdded", k.Name)
	})
	return codes, err
}

func (t *Tx) insertPasskey(k chat.Passkey) error {
	if err := k.Check(); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO passkeys (id, admin_id, name, credential, created_at) VALUES ($1, $2, $3, $4, $5)`, k.ID, k.Admin, k.Name, k.Credential, millis(t.Now))
	if isUnique(err) {
		return &chat.Error{Code: chat.Conflict, Reason: chat.AlreadyExists, Message: "This passkey is stored already.", Hint: "Use another one."}
	}
	if err != nil {
		return fmt.Errorf("add passkey: %w", err)
	}
	return nil
}

// UsePasskey notes that a passkey was used, and keeps its credential as it is now.
func (s *Store) UsePasskey(ctx context.Context, id, credential string) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`UPDATE passkeys SET credential = $2, last_used_at = $3 WHERE id = $1`, id, credential, millis(t.Now))
		return err
	})
}

// RemovePasskey takes a passkey away, unless nothing else would be left to sign in with. Recovery codes go with the last
// second step.
func (s *Store) RemovePasskey(ctx context.Context, actor chat.Actor, admin, id string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(admin)
		if err != nil {
			return err
		}
		var name string
		err = t.row(`DELETE FROM passkeys WHERE admin_id = $1 AND id = $2 RETURNING name`, admin, id).Scan(&name)
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("remove passkey: %w", err)
		}
		t.wrote = true
		if err := t.keepWayIn(a); err != nil {
			return err
		}
		if a.Passkeys == 1 && !a.HasCode {
			if err := t.dropRecoveryCodes(admin); err != nil {
				return err
			}
		}
		return t.secured(a, "passkeyRemoved", name)
	})
}
