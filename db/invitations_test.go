package db_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestInvitations(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	a := member(t, s, "a", as(chat.Owner))
	invite := func(email string, i chat.Invitation) (chat.Invitation, chat.Secret) {
		t.Helper()
		i.Email = email
		made, token, err := s.Invite(ctx, a, i)
		if err != nil {
			t.Fatal(err)
		}
		return made, token
	}
	accept := func(token chat.Secret) (chat.Admin, error) {
		admin, _, err := s.AcceptInvitation(ctx, chat.Actor{IP: "192.0.2.1"}, token, chat.Acceptance{Name: "New", PasswordHash: "hash"})
		return admin, err
	}
	made, token := invite("N@x.example", chat.Invitation{Apps: chat.AppRoles{"shop": chat.Moderator}, Lasts: 4 * time.Hour})
	if i, err := s.Invitation(ctx, token); err != nil || i.ID != made.ID || i.CreatedBy != "a" {
		t.Fatalf("%+v %v", i, err)
	}
	if strings.Contains(dbtest.Dump(t, s), token.Reveal()) {
		t.Error("the token is stored")
	}
	refusedFor(t, s, chat.AlreadyExists, func() error {
		_, _, err := s.Invite(ctx, a, chat.Invitation{Email: "n@X.example", Role: chat.Viewer})
		return err
	})
	refusedFor(t, s, chat.AlreadyExists, func() error {
		_, _, err := s.Invite(ctx, a, chat.Invitation{Email: "A@x.example", Role: chat.Viewer})
		return err
	})
	refusedFor(t, s, chat.AppNotFound, func() error {
		_, _, err := s.Invite(ctx, a, chat.Invitation{Email: "o@x.example", Apps: chat.AppRoles{"nope": chat.Viewer}})
		return err
	})
	refusedFor(t, s, chat.BadArgument, func() error { _, _, err := s.Invite(ctx, a, chat.Invitation{Email: "o@x.example"}); return err })
	refusedFor(t, s, chat.RoleTooLow, func() error {
		_, _, err := s.Invite(ctx, dbtest.Tom, chat.Invitation{Email: "o@x.example", Role: chat.Viewer})
		return err
	})

	// Of many who open the link, one gets in.
	var wg sync.WaitGroup
	won := make(chan chat.Admin, 8)
	for range 8 {
		wg.Go(func() {
			if admin, err := accept(token); err == nil {
				won <- admin
			} else if chat.ReasonOf(err) != chat.InvitationGone {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d got in", len(won))
	}
	n := <-won
	if n.Email != "N@x.example" || n.Role != "" || n.RoleIn("shop") != chat.Moderator || n.RoleIn("other") != "" || !n.EndsAt.Equal(clock.Now().Add(4*time.Hour)) {
		t.Errorf("%+v", n)
	}
	e, _ := s.Events(ctx, db.EventQuery{})
	if last := e.Items[0]; last.Type != chat.AdminCreated || last.ActorID != n.ID || last.ActorName != "New" {
		t.Errorf("%+v", last)
	}

	made, old := invite("two@x.example", chat.Invitation{Role: chat.Viewer})
	_, fresh, err := s.RenewInvitation(ctx, a, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.InvitationGone, func() error { _, err := accept(old); return err })
	if err := s.RevokeInvitation(ctx, a, made.ID); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.InvitationGone, func() error { _, err := accept(fresh); return err })
	_, late := invite("three@x.example", chat.Invitation{Role: chat.Viewer})
	clock.Add(chat.InvitationTime)
	refusedFor(t, s, chat.InvitationGone, func() error { _, err := accept(late); return err })
	invite("three@x.example", chat.Invitation{Role: chat.Viewer}) // what is too old is in nobody's way

	// What an owner invited goes with their role.
	b := member(t, s, "b", as(chat.Owner))
	_, token, err = s.Invite(ctx, b, chat.Invitation{Email: "four@x.example", Role: chat.Owner})
	if err != nil {
		t.Fatal(err)
	}
	a.AuthAt = s.Now()
	if _, err := s.ChangeRole(ctx, a, b.ID, chat.Manage); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.InvitationGone, func() error { _, err := accept(token); return err })
}
