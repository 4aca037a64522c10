package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

const adminColumns = `id, email, name, role, created_at`

func scanAdmin(row interface{ Scan(...any) error }) (chat.Admin, error) {
	var a chat.Admin
	var created int64
	err := row.Scan(&a.ID, &a.Email, &a.Name, &a.Role, &created)
	a.CreatedAt = fromMillis(created)
	return a, err
}

func adminNotFound() *chat.Error {
	return &chat.Error{Code: chat.NotFound, Reason: chat.AdminNotFound, Message: "There is no such admin.", Hint: "Reload the list."}
}

func loadAdmin(q querier, id string) (chat.Admin, error) {
	a, err := scanAdmin(q.row(`SELECT `+adminColumns+` FROM admins WHERE id = $1`, id))
	if isMissing(err) {
		return a, adminNotFound()
	}
	return a, err
}

func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Admins are all admins, oldest first.
func (s *Store) Admins(ctx context.Context) (all []chat.Admin, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT ` + adminColumns + ` FROM admins ORDER BY created_at, id`)
		all, err = scan(rows, err, scanAdmin)
		return err
	})
	return all, err
}

// HasAdmin tells whether the server was set up.
func (s *Store) HasAdmin(ctx context.Context) (has bool, err error) {
	err = s.read(ctx, func(q querier) error { return q.row(`SELECT EXISTS (SELECT 1 FROM admins)`).Scan(&has) })
	return has, err
}

// AdminByEmail is an admin and the hash of their password, for signing in.
func (s *Store) AdminByEmail(ctx context.Context, email string) (a chat.Admin, hash string, err error) {
	err = s.read(ctx, func(q querier) error {
		a, err = scanAdmin(withRow(q.row(`SELECT `+adminColumns+`, password_hash FROM admins WHERE email_key = $1`, emailKey(email)), &hash))
		if isMissing(err) {
			return adminNotFound()
		}
		return err
	})
	return a, hash, err
}

func withRow(row interface{ Scan(...any) error }, more ...any) withMore { return withMore{row, more} }

// CreateFirstOwner creates the owner that sets the server up; it fails once there is any admin.
func (s *Store) CreateFirstOwner(ctx context.Context, c chat.AdminChange, passwordHash string) (a chat.Admin, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		var has bool
		if err := t.row(`SELECT EXISTS (SELECT 1 FROM admins)`).Scan(&has); err != nil {
			return err
		}
		if has {
			return &chat.Error{Code: chat.Conflict, Reason: chat.AlreadyExists, Message: "This server is set up already.", Hint: "Sign in."}
		}
		c.Role = chat.Owner
		a, err = t.createAdmin(c, passwordHash)
		return err
	})
	return a, err
}

// CreateAdmin creates an admin.
func (s *Store) CreateAdmin(ctx context.Context, actor chat.Actor, c chat.AdminChange, passwordHash string) (a chat.Admin, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { a, err = t.createAdmin(c, passwordHash); return err })
	return a, err
}

func (t *Tx) createAdmin(c chat.AdminChange, passwordHash string) (chat.Admin, error) {
	if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
		return chat.Admin{}, err
	}
	c, err := c.Check()
	if err != nil {
		return chat.Admin{}, err
	}
	a := chat.Admin{ID: "adm_" + strings.ToLower(rand.Text()[:12]), Email: c.Email, Name: c.Name, Role: c.Role, CreatedAt: t.Now}
	_, err = t.exec(`INSERT INTO admins (id, email, email_key, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.ID, a.Email, emailKey(a.Email), a.Name, string(a.Role), passwordHash, millis(t.Now))
	if isUnique(err) {
		return a, &chat.Error{Code: chat.Conflict, Reason: chat.AlreadyExists, Message: "There is already an admin with this e-mail address.",
			Fields: map[string][]string{"email": {"belongs to an admin already"}}}
	}
	if err != nil {
		return a, fmt.Errorf("create admin: %w", err)
	}
	_, err = t.record(chat.Event{Type: chat.AdminCreated, Subject: a.ID}, nil, chat.Image{"email": a.Email, "name": a.Name, "role": a.Role})
	return a, err
}

// ChangeRole gives an admin another role and ends their sessions. The last owner stays one.
func (s *Store) ChangeRole(ctx context.Context, actor chat.Actor, id string, role chat.Role) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		if _, err := chat.ParseRole(string(role)); err != nil {
			return err
		}
		a, err := loadAdmin(t, id)
		if err != nil || a.Role == role {
			return err
		}
		if err := t.keepOwner(`UPDATE admins SET role = $2 WHERE id = $1 AND (role <> 'owner' OR (SELECT count(*) FROM admins WHERE role = 'owner') > 1)`, id, string(role)); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM admin_sessions WHERE admin_id = $1`, id); err != nil {
			return err
		}
		e, err = t.record(chat.Event{Type: chat.AdminUpdated, Subject: id}, chat.Image{"email": a.Email, "role": a.Role}, chat.Image{"email": a.Email, "role": role})
		return err
	})
	return e, err
}

// RemoveAdmin removes an admin and ends their sessions. The last owner stays.
func (s *Store) RemoveAdmin(ctx context.Context, actor chat.Actor, id string) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		a, err := loadAdmin(t, id)
		if err != nil {
			return err
		}
		if err := t.keepOwner(`DELETE FROM admins WHERE id = $1 AND (role <> 'owner' OR (SELECT count(*) FROM admins WHERE role = 'owner') > 1)`, id); err != nil {
			return err
		}
		e, err = t.record(chat.Event{Type: chat.AdminDeleted, Subject: id}, chat.Image{"email": a.Email, "name": a.Name, "role": a.Role}, nil)
		return err
	})
	return e, err
}

func (t *Tx) keepOwner(sql string, args ...any) error {
	res, err := t.exec(sql, args...)
	if err != nil {
		return fmt.Errorf("change admin: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return &chat.Error{Code: chat.Conflict, Reason: chat.LastOwner, Message: "This is the last owner.", Hint: "Make somebody else an owner first."}
}

// ChangePassword stores a new password of an admin and ends all their sessions but the one named by keep, which may be
// nil.
func (s *Store) ChangePassword(ctx context.Context, actor chat.Actor, id, passwordHash string, keep []byte) error {
	return s.change(ctx, actor, func(t *Tx) error {
		a, err := loadAdmin(t, id)
		if err != nil {
			return err
		}
		if actor.Kind == chat.AdminActor && actor.ID != id {
			if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
				return err
			}
		}
		if _, err := t.exec(`UPDATE admins SET password_hash = $2 WHERE id = $1`, id, passwordHash); err != nil {
			return fmt.Errorf("change password: %w", err)
		}
		if err := t.endSessions(id, keep); err != nil {
			return err
		}
		_, err = t.record(chat.Event{Type: chat.AdminUpdated, Subject: id}, chat.Image{"email": a.Email}, chat.Image{"email": a.Email, "password": "changed"})
		return err
	})
}

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
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
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
	})
}

// ClearSignInFailures forgets the failures of key after a sign-in that worked.
func (s *Store) ClearSignInFailures(ctx context.Context, key string) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`DELETE FROM sign_in_failures WHERE key = $1`, key)
		return err
	})
}

// Admin is one admin.
func (s *Store) Admin(ctx context.Context, id string) (a chat.Admin, err error) {
	err = s.read(ctx, func(q querier) error { a, err = loadAdmin(q, id); return err })
	return a, err
}
