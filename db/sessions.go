package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// SessionIdle and SessionMax bound a signed-in session: it ends after that long without a request, or after that long
// whatever happens.
const (
	SessionIdle = 12 * time.Hour
	SessionMax  = 7 * 24 * time.Hour
)

const sessionColumns = `s.id, s.admin_id, s.created_at, s.last_seen_at, s.auth_at, s.expires_at, s.ip, s.user_agent, s.method`

func scanSession(row interface{ Scan(...any) error }) (chat.AdminSession, error) {
	var v chat.AdminSession
	var created, seen, auth, expires int64
	err := row.Scan(&v.ID, &v.Admin, &created, &seen, &auth, &expires, &v.IP, &v.UserAgent, &v.Method)
	v.CreatedAt, v.LastSeenAt, v.AuthAt, v.ExpiresAt = fromMillis(created), fromMillis(seen), fromMillis(auth), fromMillis(expires)
	return v, err
}

// Session is a signed-in admin's session by the hash of its cookie, with the admin as they are now and the session's
// own data. It is not found once it has ended in any way.
func (s *Store) Session(ctx context.Context, hash []byte) (v chat.AdminSession, a chat.Admin, data string, err error) {
	err = s.read(ctx, func(q querier) error {
		now := s.now()
		v, err = scanSession(withRow(q.row(`SELECT `+sessionColumns+`, s.data FROM admin_sessions s WHERE s.hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3`,
			hash, millis(now), millis(now.Add(-SessionIdle))), &data))
		if isMissing(err) {
			return chat.ErrNotSignedIn()
		}
		if err != nil {
			return err
		}
		a, err = loadAdmin(q, v.Admin)
		if chat.ReasonOf(err) == chat.AdminNotFound || err == nil && a.Ended(now) {
			return chat.ErrNotSignedIn()
		}
		return err
	})
	return v, a, data, err
}

// StartSession stores a new session and ends the one it replaces, so that no id from before a sign-in stays good.
func (s *Store) StartSession(ctx context.Context, hash, replaces []byte, v chat.AdminSession) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		if _, err := t.exec(`DELETE FROM admin_sessions WHERE hash = $1 OR expires_at <= $2`, replaces, millis(t.Now)); err != nil {
			return err
		}
		if v.Method == "" {
			v.Method = chat.ByPassword
		}
		_, err := t.exec(`INSERT INTO admin_sessions (hash, id, admin_id, created_at, last_seen_at, auth_at, expires_at, ip, user_agent, method, data)
			VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, '')`, hash, v.ID, v.Admin, millis(t.Now), millis(v.AuthAt), millis(t.Now.Add(SessionMax)), v.IP, v.UserAgent, string(v.Method))
		if err != nil {
			return fmt.Errorf("start session: %w", err)
		}
		return nil
	})
}

// SaveSession stores a session's own data and when the admin last proved who they are.
func (s *Store) SaveSession(ctx context.Context, hash []byte, data string, authAt time.Time) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`UPDATE admin_sessions SET data = $2, auth_at = $3 WHERE hash = $1`, hash, data, millis(authAt))
		return err
	})
}

// TouchSession notes that a session is in use. Callers do so at most once a minute.
func (s *Store) TouchSession(ctx context.Context, hash []byte) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`UPDATE admin_sessions SET last_seen_at = $2 WHERE hash = $1`, hash, millis(t.Now))
		return err
	})
}

// EndSession ends the session with this cookie hash.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`DELETE FROM admin_sessions WHERE hash = $1`, hash)
		return err
	})
}

// EndSessionOf ends one of an admin's sessions by its public id.
func (s *Store) EndSessionOf(ctx context.Context, admin, id string) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`DELETE FROM admin_sessions WHERE admin_id = $1 AND id = $2`, admin, id)
		return err
	})
}

// EndOtherSessions ends all of an admin's sessions but the one with this cookie hash.
func (s *Store) EndOtherSessions(ctx context.Context, admin string, keep []byte) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error { return t.endSessions(admin, keep) })
}

// SignOut ends all sessions of another admin.
func (s *Store) SignOut(ctx context.Context, actor chat.Actor, admin string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		a, err := loadAdmin(t, admin)
		if err != nil {
			return err
		}
		if err := t.endSessions(admin, nil); err != nil {
			return err
		}
		_, err = t.record(chat.Event{Type: chat.AdminSignedOut, Subject: admin}, nil, chat.Image{"email": a.Email})
		return err
	})
}

// SignOutOf ends one session of another admin, by its public id.
func (s *Store) SignOutOf(ctx context.Context, actor chat.Actor, admin, id string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		a, err := loadAdmin(t, admin)
		if err != nil {
			return err
		}
		res, err := t.exec(`DELETE FROM admin_sessions WHERE admin_id = $1 AND id = $2`, admin, id)
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = t.record(chat.Event{Type: chat.AdminSignedOut, Subject: admin}, nil, chat.Image{"email": a.Email})
		return err
	})
}

// SessionUse is how an admin is signed in now.
type SessionUse struct {
	Sessions int
	SeenAt   time.Time // of the newest; zero when there is none
}

// SessionUses are the numbers of all admins who are signed in, by id.
func (s *Store) SessionUses(ctx context.Context) (all map[string]SessionUse, err error) {
	all = map[string]SessionUse{}
	err = s.read(ctx, func(q querier) error {
		now := s.now()
		rows, err := q.query(`SELECT admin_id, count(*), max(last_seen_at) FROM admin_sessions WHERE expires_at > $1 AND last_seen_at > $2 GROUP BY admin_id`,
			millis(now), millis(now.Add(-SessionIdle)))
		_, err = scan(rows, err, func(row interface{ Scan(...any) error }) (struct{}, error) {
			var admin string
			var n int
			var seen int64
			err := row.Scan(&admin, &n, &seen)
			all[admin] = SessionUse{n, fromMillis(seen)}
			return struct{}{}, err
		})
		return err
	})
	return all, err
}

// endSessions ends all sessions of an admin but the one with the hash keep; all of them without one.
func (t *Tx) endSessions(admin string, keep []byte) error {
	sql, args := `DELETE FROM admin_sessions WHERE admin_id = $1`, []any{admin}
	if len(keep) > 0 {
		sql, args = sql+` AND hash <> $2`, append(args, keep)
	}
	if _, err := t.exec(sql, args...); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// Sessions are an admin's sessions, last used first.
func (s *Store) Sessions(ctx context.Context, admin string) (all []chat.AdminSession, err error) {
	err = s.read(ctx, func(q querier) error {
		now := s.now()
		rows, err := q.query(`SELECT `+sessionColumns+` FROM admin_sessions s WHERE s.admin_id = $1 AND s.expires_at > $2 AND s.last_seen_at > $3
			ORDER BY s.last_seen_at DESC LIMIT 100`, admin, millis(now), millis(now.Add(-SessionIdle)))
		all, err = scan(rows, err, scanSession)
		return err
	})
	return all, err
}
