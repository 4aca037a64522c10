package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"guestlist/db/chat"
)

const invitationColumns = `i.id, i.email, i.name, i.role, i.apps, i.lasts, i.created_at, coalesce(a.name, ''), i.expires_at`
const invitationTables = `invitations i LEFT JOIN admins a ON a.id = i.created_by`

func scanInvitation(row interface{ Scan(...any) error }) (chat.Invitation, error) {
	var i chat.Invitation
	var apps string
	var lasts, created, expires int64
	if err := row.Scan(&i.ID, &i.Email, &i.Name, &i.Role, &apps, &lasts, &created, &i.CreatedBy, &expires); err != nil {
		return i, err
	}
	i.Lasts, i.CreatedAt, i.ExpiresAt = fromMillisSpan(lasts), fromMillis(created), fromMillis(expires)
	return i, json.Unmarshal([]byte(apps), &i.Apps)
}

// Invitations are all invitations that wait, newest first, those whose link is too old among them.
func (s *Store) Invitations(ctx context.Context) (all []chat.Invitation, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT ` + invitationColumns + ` FROM ` + invitationTables + ` ORDER BY i.created_at DESC, i.id`)
		all, err = scan(rows, err, scanInvitation)
		return err
	})
	return all, err
}

// Invite stores an invitation and gives its token, which is stored as a hash only.
func (s *Store) Invite(ctx context.Context, actor chat.Actor, i chat.Invitation) (made chat.Invitation, token chat.Secret, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.manageTeam(i.Standing(t.Now)); err != nil {
			return err
		}
		if made, err = i.Check(); err != nil {
			return err
		}
		if _, err := adminByEmail(t, made.Email); err == nil {
			return emailTaken()
		} else if chat.ReasonOf(err) != chat.AdminNotFound {
			return err
		}
		for app := range made.Apps {
			if _, err := loadApp(t, app); err != nil {
				return err
			}
		}
		made.ID, made.CreatedAt, made.CreatedBy, made.ExpiresAt = "inv_"+strings.ToLower(rand.Text()[:12]), t.Now, actor.Name, t.Now.Add(chat.InvitationTime)
		token = chat.Secret(rand.Text() + rand.Text())
		apps, err := json.Marshal(made.Apps)
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM invitations WHERE email_key = $1 AND expires_at <= $2`, emailKey(made.Email), millis(t.Now)); err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO invitations (id, hash, email, email_key, name, role, apps, lasts, created_at, created_by, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, made.ID, s.seal.index("invitation "+token), made.Email, emailKey(made.Email), made.Name, string(made.Role),
			string(apps), made.Lasts.Milliseconds(), millis(t.Now), actor.ID, millis(made.ExpiresAt))
		if isUnique(err) {
			return &chat.Error{Code: chat.Conflict, Reason: chat.AlreadyExists, Message: "This address is invited already.", Hint: "Make a new link for them instead.",
				Fields: map[string][]string{"email": {"is invited already; make a new link for them instead"}}}
		}
		if err != nil {
			return fmt.Errorf("invite: %w", err)
		}
		return t.invited(chat.AdminInvited, made)
	})
	return made, token, err
}

func (t *Tx) invited(typ chat.EventType, i chat.Invitation) error {
	what := i.Standing(t.Now).Image()
	delete(what, "endsAt")
	what["email"] = i.Email
	if i.Lasts > 0 {
		what["lasts"] = i.Lasts.String()
	}
	e := chat.Event{Type: typ, Subject: i.ID}
	var err error
	if typ == chat.AdminUninvited {
		_, err = t.record(e, what, nil)
	} else {
		_, err = t.record(e, nil, what)
	}
	return err
}

// RenewInvitation gives an invitation a new link; the old one stops working.
func (s *Store) RenewInvitation(ctx context.Context, actor chat.Actor, id string) (i chat.Invitation, token chat.Secret, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if i, err = t.loadInvitation(`i.id = $1`, id); err != nil {
			return firstError(t.allow(chat.OpTeamManage, chat.Facts{}), err)
		}
		if err := t.manageTeam(i.Standing(t.Now)); err != nil {
			return err
		}
		token, i.ExpiresAt = chat.Secret(rand.Text()+rand.Text()), t.Now.Add(chat.InvitationTime)
		if _, err := t.exec(`UPDATE invitations SET hash = $2, expires_at = $3, created_by = $4 WHERE id = $1`, id, s.seal.index("invitation "+token), millis(i.ExpiresAt), actor.ID); err != nil {
			return fmt.Errorf("renew invitation: %w", err)
		}
		return t.invited(chat.AdminInvited, i)
	})
	return i, token, err
}

// RevokeInvitation takes an invitation back.
func (s *Store) RevokeInvitation(ctx context.Context, actor chat.Actor, id string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpTeamManage, chat.Facts{}); err != nil {
			return err
		}
		i, err := t.loadInvitation(`i.id = $1`, id)
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM invitations WHERE id = $1`, id); err != nil {
			return fmt.Errorf("revoke invitation: %w", err)
		}
		return t.invited(chat.AdminUninvited, i)
	})
}

// dropInvitationsOf takes back what an admin invited who may not any more.
func (t *Tx) dropInvitationsOf(admin string) error {
	rows, err := t.query(`SELECT `+invitationColumns+` FROM `+invitationTables+` WHERE i.created_by = $1`, admin)
	all, err := scan(rows, err, scanInvitation)
	if err != nil {
		return err
	}
	for _, i := range all {
		if _, err := t.exec(`DELETE FROM invitations WHERE id = $1`, i.ID); err != nil {
			return fmt.Errorf("drop invitations: %w", err)
		}
		if err := t.invited(chat.AdminUninvited, i); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) loadInvitation(where string, arg any) (chat.Invitation, error) {
	return loadInvitation(t, where, arg)
}

func loadInvitation(q querier, where string, arg any) (chat.Invitation, error) {
	i, err := scanInvitation(q.row(`SELECT `+invitationColumns+` FROM `+invitationTables+` WHERE `+where, arg))
	if isMissing(err) {
		return i, chat.ErrInvitationGone()
	}
	return i, err
}

func (s *Store) invitationByToken(q querier, token chat.Secret) (chat.Invitation, error) {
	i, err := loadInvitation(q, `i.hash = $1`, s.seal.index("invitation "+token))
	if err == nil && !s.now().Before(i.ExpiresAt) {
		return i, chat.ErrInvitationGone()
	}
	return i, err
}

// Invitation is the invitation that a token opens. Looking at it uses nothing up.
func (s *Store) Invitation(ctx context.Context, token chat.Secret) (i chat.Invitation, err error) {
	err = s.read(ctx, func(q querier) error { i, err = s.invitationByToken(q, token); return err })
	return i, err
}

// AcceptInvitation makes an admin of who has the token, and uses it up: of two who try, one gets in. With a passkey they
// get recovery codes, to be shown once. from is the request that they come by.
func (s *Store) AcceptInvitation(ctx context.Context, from chat.Actor, token chat.Secret, with chat.Acceptance) (a chat.Admin, codes []chat.Secret, err error) {
	err = s.change(ctx, from, func(t *Tx) error {
		i, err := s.invitationByToken(t, token)
		if err != nil {
			return err
		}
		a, codes, err = s.accept(t, i, with)
		return err
	})
	return a, codes, err
}

func (s *Store) accept(t *Tx, i chat.Invitation, with chat.Acceptance) (a chat.Admin, codes []chat.Secret, err error) {
	c := chat.AdminChange{Email: i.Email, Name: with.Name, Role: i.Role, EndsAt: i.Standing(t.Now).EndsAt}
	if c.Name == "" {
		c.Name = i.Name
	}
	if c.Apps, err = t.standingApps(i.Apps); err != nil {
		return a, nil, err
	}
	if c.Role == "" && len(c.Apps) == 0 {
		return a, nil, chat.ErrInvitationGone() // its apps were deleted
	}
	if c, err = c.Check(); err != nil {
		return a, nil, err
	}
	id := with.ID
	if id == "" {
		id = newAdminID()
	}
	t.Actor.Kind, t.Actor.ID, t.Actor.Name, t.Actor.Source = chat.AdminActor, id, c.Name, chat.Dashboard
	if _, err := t.exec(`DELETE FROM invitations WHERE id = $1`, i.ID); err != nil {
		return a, nil, fmt.Errorf("accept invitation: %w", err)
	}
	if a, err = t.insertAdmin(id, c, with.PasswordHash); err != nil {
		return a, nil, err
	}
	if with.Passkey != nil {
		with.Passkey.Admin, a.Passkeys = id, 1
		if err := t.insertPasskey(*with.Passkey); err != nil {
			return a, nil, err
		}
		if codes, err = s.makeRecoveryCodes(t, id); err != nil {
			return a, nil, err
		}
	}
	if with.Identity != nil {
		err = t.linkIdentity(*with.Identity, a)
	}
	return a, codes, err
}

// standingApps is what of roles for apps is about apps that are there still.
func (t *Tx) standingApps(roles chat.AppRoles) (chat.AppRoles, error) {
	var kept chat.AppRoles
	for app, role := range roles {
		if _, err := loadApp(t, app); chat.ReasonOf(err) == chat.AppNotFound {
			continue
		} else if err != nil {
			return nil, err
		}
		if kept == nil {
			kept = chat.AppRoles{}
		}
		kept[app] = role
	}
	return kept, nil
}
