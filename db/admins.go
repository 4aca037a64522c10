package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

const adminColumns = `a.id, a.email, a.name, a.role, a.created_at, a.ends_at, a.password_hash <> '', length(a.totp) > 0, (SELECT count(*) FROM passkeys k WHERE k.admin_id = a.id)`

func scanAdmin(row interface{ Scan(...any) error }) (chat.Admin, error) {
	var a chat.Admin
	var created, ends int64
	err := row.Scan(&a.ID, &a.Email, &a.Name, &a.Role, &created, &ends, &a.HasPassword, &a.HasCode, &a.Passkeys)
	a.CreatedAt, a.EndsAt = fromMillis(created), fromMillis(ends)
	return a, err
}

func adminNotFound() *chat.Error {
	return &chat.Error{Code: chat.NotFound, Reason: chat.AdminNotFound, Message: "There is no such admin.", Hint: "Reload the list."}
}

func loadAdmin(q querier, id string) (chat.Admin, error) {
	a, err := scanAdmin(q.row(`SELECT `+adminColumns+` FROM admins a WHERE a.id = $1 AND a.removed_at = 0`, id))
	if isMissing(err) {
		return a, adminNotFound()
	}
	if err != nil {
		return a, err
	}
	a.Apps, err = loadAppRoles(q, id)
	return a, err
}

// loadAppRoles are an admin's roles for single apps; nil when there are none.
func loadAppRoles(q querier, id string) (chat.AppRoles, error) {
	all, err := appRoles(q, `SELECT admin_id, app_id, role FROM admin_apps WHERE admin_id = $1`, id)
	return all[id], err
}

func appRoles(q querier, sql string, args ...any) (map[string]chat.AppRoles, error) {
	type line struct {
		admin string
		app   chat.AppID
		role  chat.Role
	}
	rows, err := q.query(sql, args...)
	lines, err := scan(rows, err, func(row interface{ Scan(...any) error }) (l line, err error) {
		return l, row.Scan(&l.admin, &l.app, &l.role)
	})
	if err != nil {
		return nil, fmt.Errorf("load roles for apps: %w", err)
	}
	all := map[string]chat.AppRoles{}
	for _, l := range lines {
		if all[l.admin] == nil {
			all[l.admin] = chat.AppRoles{}
		}
		all[l.admin][l.app] = l.role
	}
	return all, nil
}

// standing is an admin who acts, with the role that they have now for what they act on. Who was removed, or whose access
// has ended, is signed in no more.
func standing(q querier, a chat.Actor, app chat.AppID, now time.Time) (chat.Actor, error) {
	var server, in chat.Role
	err := q.row(`SELECT a.role, coalesce(p.role, ''), a.ends_at > 0 FROM admins a LEFT JOIN admin_apps p ON p.admin_id = a.id AND p.app_id = $2
		WHERE a.id = $1 AND a.removed_at = 0 AND (a.ends_at = 0 OR a.ends_at > $3)`, a.ID, string(app), millis(now)).Scan(&server, &in, &a.Ends)
	if isMissing(err) {
		return a, chat.ErrNotSignedIn()
	}
	a.Role = chat.Admin{Role: server, Apps: chat.AppRoles{app: in}}.RoleIn(app)
	return a, err
}

func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Admins are all admins, oldest first.
func (s *Store) Admins(ctx context.Context) (all []chat.Admin, err error) {
	err = s.read(ctx, func(q querier) error { all, err = loadAdmins(q); return err })
	return all, err
}

func loadAdmins(q querier) ([]chat.Admin, error) {
	rows, err := q.query(`SELECT ` + adminColumns + ` FROM admins a WHERE a.removed_at = 0 ORDER BY a.created_at, a.id`)
	all, err := scan(rows, err, scanAdmin)
	if err != nil {
		return nil, err
	}
	roles, err := appRoles(q, `SELECT admin_id, app_id, role FROM admin_apps`)
	for i, a := range all {
		all[i].Apps = roles[a.ID]
	}
	return all, err
}

// HasAdmin tells whether the server was set up.
func (s *Store) HasAdmin(ctx context.Context) (has bool, err error) {
	err = s.read(ctx, func(q querier) error { return q.row(`SELECT EXISTS (SELECT 1 FROM admins)`).Scan(&has) })
	return has, err
}

// AdminByEmail is an admin and the hash of their password, "" when they have none, for signing in. Who was removed, or whose
// access has ended, is not found.
func (s *Store) AdminByEmail(ctx context.Context, email string) (a chat.Admin, hash string, err error) {
	err = s.read(ctx, func(q querier) error {
		var id string
		err := q.row(`SELECT id, password_hash FROM admins WHERE email_key = $1 AND removed_at = 0 AND (ends_at = 0 OR ends_at > $2)`, emailKey(email), millis(s.now())).Scan(&id, &hash)
		if isMissing(err) {
			return adminNotFound()
		}
		if err != nil {
			return err
		}
		a, err = loadAdmin(q, id)
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

// NewAdminID is the id of an admin who is about to be made.
func (s *Store) NewAdminID() string { return newAdminID() }

func newAdminID() string { return "adm_" + strings.ToLower(rand.Text()[:12]) }

func (t *Tx) createAdmin(c chat.AdminChange, passwordHash string) (chat.Admin, error) {
	if err := t.manageTeam(c.Standing()); err != nil {
		return chat.Admin{}, err
	}
	return t.insertAdmin(newAdminID(), c, passwordHash)
}

// manageTeam asks whether the actor may give a standing. Making an owner takes more than being one.
func (t *Tx) manageTeam(given chat.Standing) error {
	if given.Role == chat.Owner {
		return t.allow(chat.OpTeamSecure, chat.Facts{})
	}
	return t.allow(chat.OpTeamManage, chat.Facts{})
}

func (t *Tx) insertAdmin(id string, c chat.AdminChange, passwordHash string) (chat.Admin, error) {
	c, err := c.Check()
	if err != nil {
		return chat.Admin{}, err
	}
	a := chat.Admin{ID: id, Email: c.Email, Name: c.Name, Role: c.Role, Apps: c.Apps, CreatedAt: t.Now, EndsAt: c.EndsAt, HasPassword: passwordHash != ""}
	_, err = t.exec(`INSERT INTO admins (id, email, email_key, name, role, password_hash, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.Email, emailKey(a.Email), a.Name, string(a.Role), passwordHash, millis(t.Now), millis(a.EndsAt))
	if isUnique(err) {
		return a, emailTaken()
	}
	if err != nil {
		return a, fmt.Errorf("create admin: %w", err)
	}
	if err := t.setAppRoles(a.ID, c.Apps); err != nil {
		return a, err
	}
	after := c.Standing().Image()
	after["email"], after["name"] = a.Email, a.Name
	_, err = t.record(chat.Event{Type: chat.AdminCreated, Subject: a.ID}, nil, after)
	return a, err
}

func emailTaken() *chat.Error {
	return &chat.Error{Code: chat.Conflict, Reason: chat.AlreadyExists, Message: "There is already an admin with this e-mail address.",
		Fields: map[string][]string{"email": {"belongs to an admin already"}}}
}

// setAppRoles replaces an admin's roles for single apps. It is an error to name an app that isn't there.
func (t *Tx) setAppRoles(id string, roles chat.AppRoles) error {
	if _, err := t.exec(`DELETE FROM admin_apps WHERE admin_id = $1`, id); err != nil {
		return fmt.Errorf("set roles for apps: %w", err)
	}
	for app, role := range roles {
		if _, err := loadApp(t, app); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO admin_apps (admin_id, app_id, role) VALUES ($1, $2, $3)`, id, string(app), string(role)); err != nil {
			return fmt.Errorf("set roles for apps: %w", err)
		}
	}
	return nil
}

// ChangeRole gives an admin another role for the server. See ChangeStanding.
func (s *Store) ChangeRole(ctx context.Context, actor chat.Actor, id string, role chat.Role, seen ...chat.Role) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if _, err := chat.ParseRole(string(role)); err != nil {
			return err
		}
		a, err := loadAdmin(t, id)
		if err != nil {
			return firstError(t.allow(chat.OpTeamManage, chat.Facts{}), err)
		}
		to := a.Standing()
		for _, seen := range seen {
			base := to
			base.Role, to.Role = seen, role
			if to, err = to.Onto(base, a.Standing()); err != nil {
				return err
			}
			role = to.Role
		}
		to.Role = role
		e, err = t.changeStanding(a, to, chat.Event{})
		return err
	})
	return e, err
}

// ChangeStanding says what an admin may do, where, and until when. seen, where it is given, is what the editor saw: what
// others changed since stays, and is refused as stale where both changed the same. Another role ends their sessions. The last owner stays
// one.
func (s *Store) ChangeStanding(ctx context.Context, actor chat.Actor, id string, to chat.Standing, seen ...chat.Standing) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.manageTeam(to); err != nil {
			return err
		}
		if err := to.Check(); err != nil {
			return err
		}
		a, err := loadAdmin(t, id)
		if err != nil {
			return err
		}
		to := to
		for _, seen := range seen {
			if to, err = to.Onto(seen, a.Standing()); err != nil {
				return err
			}
		}
		e, err = t.changeStanding(a, to, chat.Event{})
		return err
	})
	return e, err
}

func (t *Tx) changeStanding(a chat.Admin, to chat.Standing, mark chat.Event) (e chat.Event, err error) {
	was := a.Standing()
	ask := to
	if was.Role == chat.Owner {
		ask.Role = "" // who is an owner already is not made one
	}
	if err := t.manageTeam(ask); err != nil || was.Equal(to) {
		return e, err
	}
	if !to.EndsAt.IsZero() && !to.EndsAt.After(t.Now) && !to.EndsAt.Equal(was.EndsAt) {
		return e, chat.InvalidField("ends", "must be in the future")
	}
	if _, err := t.exec(`UPDATE admins SET role = $2, ends_at = $3 WHERE id = $1`, a.ID, string(to.Role), millis(to.EndsAt)); err != nil {
		return e, fmt.Errorf("change admin: %w", err)
	}
	if err := t.setAppRoles(a.ID, to.Apps); err != nil {
		return e, err
	}
	if err := t.keepOwner(was); err != nil {
		return e, err
	}
	if was.Role == chat.Owner && to.Role != chat.Owner {
		if err := t.dropInvitationsOf(a.ID); err != nil {
			return e, err
		}
	}
	if was.EndsAt = to.EndsAt; !was.Equal(to) { // a later end signs nobody out, and an earlier one does so by itself
		if err := t.endSessions(a.ID, nil); err != nil {
			return e, err
		}
	}
	before, after := a.Standing().Image(), to.Image()
	before["email"], after["email"] = a.Email, a.Email
	mark.Type, mark.Subject = chat.AdminUpdated, a.ID
	return t.record(mark, before, after)
}

// RemoveAdmin removes an admin and ends their sessions. The last owner stays. What they sign in with is kept, for Undo.
func (s *Store) RemoveAdmin(ctx context.Context, actor chat.Actor, id string) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		a, err := loadAdmin(t, id)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE admins SET removed_at = $2 WHERE id = $1`, id, millis(t.Now)); err != nil {
			return fmt.Errorf("remove admin: %w", err)
		}
		if err := t.keepOwner(a.Standing()); err != nil {
			return err
		}
		if err := t.dropInvitationsOf(id); err != nil {
			return err
		}
		if err := t.endSessions(id, nil); err != nil {
			return err
		}
		before := a.Standing().Image()
		before["email"], before["name"] = a.Email, a.Name
		e, err = t.record(chat.Event{Type: chat.AdminDeleted, Subject: id}, before, nil)
		return err
	})
	return e, err
}

// keepOwner refuses what left the server without an owner who can sign in and whose access has no end. was is what the
// admin who changed was before.
func (t *Tx) keepOwner(was chat.Standing) error {
	if !was.Guards() {
		return nil
	}
	var has bool
	err := t.row(`SELECT EXISTS (SELECT 1 FROM admins a WHERE a.role = 'owner' AND a.removed_at = 0 AND a.ends_at = 0
		AND (a.password_hash <> '' OR EXISTS (SELECT 1 FROM passkeys k WHERE k.admin_id = a.id) OR EXISTS (SELECT 1 FROM identities i WHERE i.admin_id = a.id)))`).Scan(&has)
	if err != nil || has {
		return err
	}
	return &chat.Error{Code: chat.Conflict, Reason: chat.LastOwner, Message: "This is the last owner.", Hint: "Make somebody else an owner without an end first."}
}

// undoAdmin takes back a change of an admin's standing, or a removal.
func (t *Tx) undoAdmin(past, mark chat.Event) (chat.Event, error) {
	var back, forth chat.StandingImage
	if err := json.Unmarshal(past.Before, &back); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	if past.Type == chat.AdminDeleted {
		return t.restoreAdmin(past.Subject, mark)
	}
	if err := json.Unmarshal(past.After, &forth); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	a, err := loadAdmin(t, past.Subject)
	if err != nil {
		return chat.Event{}, err
	}
	if !a.Standing().Equal(forth.Standing()) {
		return chat.Event{}, movedOn()
	}
	return t.changeStanding(a, back.Standing(), mark)
}

// restoreAdmin brings a removed admin back, with what they sign in with.
func (t *Tx) restoreAdmin(id string, mark chat.Event) (chat.Event, error) {
	if _, err := t.exec(`UPDATE admins SET removed_at = 0 WHERE id = $1 AND removed_at <> 0`, id); isUnique(err) {
		return chat.Event{}, chat.CannotUndoError("Another admin has this e-mail address by now.")
	} else if err != nil {
		return chat.Event{}, fmt.Errorf("restore admin: %w", err)
	}
	a, err := loadAdmin(t, id)
	if err != nil {
		return chat.Event{}, err
	}
	if err := t.manageTeam(a.Standing()); err != nil {
		return chat.Event{}, err
	}
	after := a.Standing().Image()
	after["email"], after["name"] = a.Email, a.Name
	mark.Type, mark.Subject = chat.AdminCreated, id
	return t.record(mark, nil, after)
}

// ChangePassword stores a new password of an admin and ends all their sessions but the one named by keep, which may be
// nil.
func (s *Store) ChangePassword(ctx context.Context, actor chat.Actor, id, passwordHash string, keep []byte) error {
	return s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(id)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE admins SET password_hash = $2 WHERE id = $1`, id, passwordHash); err != nil {
			return fmt.Errorf("change password: %w", err)
		}
		if err := t.endSessions(id, keep); err != nil {
			return err
		}
		_, err = t.record(chat.Event{Type: chat.AdminSecured, Subject: id}, nil, chat.Image{"email": a.Email, "password": "changed"})
		return err
	})
}

// Admin is one admin.
func (s *Store) Admin(ctx context.Context, id string) (a chat.Admin, err error) {
	err = s.read(ctx, func(q querier) error { a, err = loadAdmin(q, id); return err })
	return a, err
}

// ownOrSecure loads the admin whose password or second step is about to change: their own, or, for owners who proved who
// they are lately, anybody's.
func (t *Tx) ownOrSecure(id string) (chat.Admin, error) {
	op := chat.OpTeamSecure
	if t.Actor.Kind == chat.AdminActor && t.Actor.ID == id {
		op = chat.OpAccountSecure
	}
	if err := t.allow(op, chat.Facts{}); err != nil {
		return chat.Admin{}, err
	}
	return loadAdmin(t, id)
}
