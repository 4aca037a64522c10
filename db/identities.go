package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// SignInAs is the admin whom somebody is whom a single sign-on provider vouches for: who is linked already, else who has
// the e-mail address, or an invitation to it, and is linked now. Owners are not made this way, unless by the token of
// their invitation.
func (s *Store) SignInAs(ctx context.Context, from chat.Actor, who chat.Identity, token chat.Secret) (a chat.Admin, err error) {
	err = s.change(ctx, from, func(t *Tx) error {
		if token != "" {
			a, err = s.acceptAs(t, who, token)
			return err
		}
		linked, err := linkedAdmin(t, who)
		if err != nil {
			return err
		}
		if linked != "" {
			a, err = loadAdmin(t, linked)
		} else {
			a, err = s.linkByEmail(t, who)
		}
		if chat.ReasonOf(err) == chat.AdminNotFound || err == nil && a.Ended(t.Now) {
			return chat.ErrNotOnTheTeam(who.Email)
		}
		return err
	})
	return a, err
}

// linkedAdmin is the id of the admin whom the provider's somebody is linked to; "" when there is none.
func linkedAdmin(q querier, who chat.Identity) (id string, err error) {
	err = q.row(`SELECT i.admin_id FROM identities i JOIN admins a ON a.id = i.admin_id WHERE i.issuer = $1 AND i.subject = $2 AND a.removed_at = 0`, who.Issuer, who.Subject).Scan(&id)
	if isMissing(err) {
		return "", nil
	}
	return id, err
}

func (s *Store) acceptAs(t *Tx, who chat.Identity, token chat.Secret) (chat.Admin, error) {
	i, err := s.invitationByToken(t, token)
	if err != nil {
		return chat.Admin{}, err
	}
	if emailKey(i.Email) != emailKey(who.Email) {
		return chat.Admin{}, chat.ErrNotOnTheTeam(who.Email)
	}
	a, _, err := s.accept(t, i, chat.Acceptance{Name: who.Name, Identity: &who})
	return a, err
}

func (s *Store) linkByEmail(t *Tx, who chat.Identity) (chat.Admin, error) {
	a, err := adminByEmail(t, who.Email)
	if err == nil {
		// Somebody else of the same provider is linked: the address was given to another person there.
		var other bool
		err := t.row(`SELECT EXISTS (SELECT 1 FROM identities WHERE admin_id = $1 AND issuer = $2)`, a.ID, who.Issuer).Scan(&other)
		if err != nil || other || a.Ended(t.Now) {
			return a, firstError(err, chat.ErrNotOnTheTeam(who.Email))
		}
		t.Actor.Kind, t.Actor.ID, t.Actor.Name, t.Actor.Source = chat.AdminActor, a.ID, a.Name, chat.Dashboard
		if err := t.linkIdentity(who, a); err != nil {
			return a, err
		}
		return a, t.secured(a, "singleSignOn", "linked")
	}
	if chat.ReasonOf(err) != chat.AdminNotFound {
		return a, err
	}
	i, err := t.loadInvitation(`i.email_key = $1`, emailKey(who.Email))
	if chat.ReasonOf(err) == chat.InvitationGone || err == nil && (i.Role == chat.Owner || !t.Now.Before(i.ExpiresAt)) {
		return a, chat.ErrNotOnTheTeam(who.Email)
	}
	if err != nil {
		return a, err
	}
	a, _, err = s.accept(t, i, chat.Acceptance{Name: who.Name, Identity: &who})
	return a, err
}

func (t *Tx) linkIdentity(who chat.Identity, a chat.Admin) error {
	_, err := t.exec(`INSERT INTO identities (issuer, subject, admin_id, linked_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (issuer, subject) DO UPDATE SET admin_id = excluded.admin_id, linked_at = excluded.linked_at`, who.Issuer, who.Subject, a.ID, millis(t.Now))
	if err != nil {
		return fmt.Errorf("link identity: %w", err)
	}
	return nil
}

// IsLinked tells whether an admin signs in through a provider.
func (s *Store) IsLinked(ctx context.Context, admin, issuer string) (linked bool, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.row(`SELECT EXISTS (SELECT 1 FROM identities WHERE admin_id = $1 AND issuer = $2)`, admin, issuer).Scan(&linked)
	})
	return linked, err
}

// UnlinkIdentity ends an admin's single sign-on, unless nothing else would be left to sign in with.
func (s *Store) UnlinkIdentity(ctx context.Context, actor chat.Actor, admin string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		a, err := t.ownOrSecure(admin)
		if err != nil {
			return err
		}
		res, err := t.exec(`DELETE FROM identities WHERE admin_id = $1`, admin)
		if err != nil {
			return fmt.Errorf("unlink identity: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := t.keepWayIn(a); err != nil {
			return err
		}
		return t.secured(a, "singleSignOn", "unlinked")
	})
}
