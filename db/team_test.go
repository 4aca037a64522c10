package db_test

import (
	"sync"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// member creates an admin who can sign in, and gives them as an actor who proved who they are lately.
func member(t testing.TB, s *db.Store, name string, standing chat.Standing) chat.Actor {
	t.Helper()
	a, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: name + "@x.example", Name: name, Role: standing.Role, Apps: standing.Apps, EndsAt: standing.EndsAt}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	return a.Actor(s.Now())
}

func as(role chat.Role) chat.Standing { return chat.Standing{Role: role} }

// refusedFor runs do, which must be refused for this reason and leave nothing.
func refusedFor(t *testing.T, s *db.Store, why chat.Reason, do func() error) {
	t.Helper()
	before := dbtest.Dump(t, s)
	if err := do(); chat.ReasonOf(err) != why {
		t.Errorf("got %v, want %s", err, why)
	}
	if after := dbtest.Dump(t, s); after != before {
		t.Errorf("%s left something", why)
	}
}

// An admin is judged by the role that they have by now, in the app that it is about.
func TestRolesAreLookedUpInTheChange(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya")
	dbtest.App(t, s, "other", "maya")
	dbtest.Conversation(t, s, "shop", "fair")
	dbtest.Conversation(t, s, "other", "fair")
	mo := member(t, s, "mo", chat.Standing{Apps: chat.AppRoles{"shop": chat.Moderator}})
	mo.Role = chat.Owner // what a cookie says is worth nothing
	add := func(app chat.AppID) error {
		_, err := s.PutParticipant(ctx, mo, chat.ParticipantRef{App: app, Conversation: "fair", User: "maya"}, chat.ParticipantChange{})
		return err
	}
	if err := add("shop"); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.AppNotFound, func() error { return add("other") })
	rename := func(app chat.AppID) error { _, err := s.RenameApp(ctx, mo, app, "New"); return err }
	refusedFor(t, s, chat.RoleTooLow, func() error { return rename("shop") })
	refusedFor(t, s, chat.AppNotFound, func() error { return rename("other") })
	refusedFor(t, s, chat.RoleTooLow, func() error { return s.SignOut(ctx, mo, dbtest.Vic.ID) })

	change := func(to chat.Standing) {
		t.Helper()
		if _, err := s.ChangeStanding(ctx, dbtest.Ana, mo.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	change(chat.Standing{Role: chat.Viewer, Apps: chat.AppRoles{"shop": chat.Manage}}) // the strongest counts
	if err := rename("shop"); err != nil {
		t.Error(err)
	}
	refusedFor(t, s, chat.RoleTooLow, func() error { return rename("other") })
	change(chat.Standing{Role: chat.Manage, EndsAt: clock.Now().Add(4 * time.Hour)})
	if err := rename("other"); err != nil {
		t.Error(err)
	}
	clock.Add(4 * time.Hour)
	refusedFor(t, s, chat.BadCredential, func() error { return rename("other") })
	change(as(chat.Manage))
	if _, err := s.RemoveAdmin(ctx, dbtest.Ana, mo.ID); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.BadCredential, func() error { return rename("shop") })
}

// Of two owners who take each other's role away at the same time, one stays, whatever way it is tried.
func TestTheLastOwnerStays(t *testing.T) {
	ways := map[string]func(s *db.Store, by chat.Actor, id string) error{
		"role": func(s *db.Store, by chat.Actor, id string) error {
			_, err := s.ChangeRole(ctx, by, id, chat.Viewer)
			return err
		},
		"remove": func(s *db.Store, by chat.Actor, id string) error { _, err := s.RemoveAdmin(ctx, by, id); return err },
		"end": func(s *db.Store, by chat.Actor, id string) error {
			_, err := s.ChangeStanding(ctx, by, id, chat.Standing{Role: chat.Owner, EndsAt: s.Now().Add(time.Hour)})
			return err
		},
		"app only": func(s *db.Store, by chat.Actor, id string) error {
			_, err := s.ChangeStanding(ctx, by, id, chat.Standing{Apps: chat.AppRoles{"shop": chat.Owner}})
			return err
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				s, _ := dbtest.Bare(t)
				dbtest.App(t, s, "shop")
				a, b := member(t, s, "a", as(chat.Owner)), member(t, s, "b", as(chat.Owner))
				member(t, s, "ends", chat.Standing{Role: chat.Owner, EndsAt: s.Now().Add(time.Hour)}) // doesn't count
				var wg sync.WaitGroup
				var errs [2]error
				wg.Go(func() { errs[0] = way(s, a, b.ID) })
				wg.Go(func() { errs[1] = way(s, b, a.ID) })
				wg.Wait()
				if (errs[0] == nil) == (errs[1] == nil) {
					t.Fatalf("both or none: %v, %v", errs[0], errs[1])
				}
				left := b
				if errs[1] == nil {
					left = a
				}
				for _, id := range []string{a.ID, b.ID} {
					if now, err := s.Admin(ctx, id); err == nil && now.Standing().Guards() {
						left = now.Actor(s.Now())
					}
				}
				refusedFor(t, s, chat.LastOwner, func() error { return way(s, left, left.ID) })
			}
		})
	}
}

// An owner without any way to sign in is none.
func TestAnOwnerWhoCannotSignInIsNoOwner(t *testing.T) {
	s, _ := dbtest.New(t) // Ana is an owner without a password
	a := member(t, s, "a", as(chat.Owner))
	refusedFor(t, s, chat.LastOwner, func() error { _, err := s.RemoveAdmin(ctx, dbtest.Ana, a.ID); return err })
}

func TestMakingAnOwnerNeedsARecentPassword(t *testing.T) {
	s, clock := dbtest.New(t)
	a, vic := member(t, s, "a", as(chat.Owner)), member(t, s, "vic", as(chat.Viewer))
	clock.Add(chat.ReauthWindow + time.Second)
	refusedFor(t, s, chat.ReauthRequired, func() error { _, err := s.ChangeRole(ctx, a, vic.ID, chat.Owner); return err })
	refusedFor(t, s, chat.ReauthRequired, func() error {
		_, _, err := s.Invite(ctx, a, chat.Invitation{Email: "n@x.example", Role: chat.Owner})
		return err
	})
	refusedFor(t, s, chat.ReauthRequired, func() error { _, err := s.ResetSecondStep(ctx, a, vic.ID); return err })
	if _, err := s.ChangeRole(ctx, a, vic.ID, chat.Manage); err != nil {
		t.Error(err)
	}
}

// Who is in for a while lets nobody else in.
func TestWhoEndsDoesNotChangeTheTeam(t *testing.T) {
	s, clock := dbtest.New(t)
	a := member(t, s, "a", chat.Standing{Role: chat.Owner, EndsAt: clock.Now().Add(time.Hour)})
	refusedFor(t, s, chat.RoleTooLow, func() error { _, err := s.ChangeRole(ctx, a, dbtest.Vic.ID, chat.Owner); return err })
	refusedFor(t, s, chat.RoleTooLow, func() error {
		_, err := s.ChangeStanding(ctx, a, a.ID, as(chat.Owner))
		return err
	})
	refusedFor(t, s, chat.RoleTooLow, func() error {
		_, _, err := s.Invite(ctx, a, chat.Invitation{Email: "n@x.example", Role: chat.Viewer})
		return err
	})
}

func TestChangesOfTheTeamAreUndone(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	was := chat.Standing{Role: chat.Viewer, Apps: chat.AppRoles{"shop": chat.Moderator}, EndsAt: clock.Now().Add(time.Hour)}
	vic := member(t, s, "vic", was)
	e, err := s.ChangeStanding(ctx, dbtest.Ana, vic.ID, as(chat.Manage))
	if err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.RoleTooLow, func() error { _, err := s.Undo(ctx, dbtest.Tom, "", e.Seq); return err })
	if _, err := s.Undo(ctx, dbtest.Ana, "", e.Seq); err != nil {
		t.Fatal(err)
	}
	if now, _ := s.Admin(ctx, vic.ID); !now.Standing().Equal(was) {
		t.Errorf("%+v", now)
	}
	refusedFor(t, s, chat.CannotUndo, func() error { _, err := s.Undo(ctx, dbtest.Ana, "", e.Seq); return err })
	if e, err = s.RemoveAdmin(ctx, dbtest.Ana, vic.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.AdminByEmail(ctx, "vic@x.example"); chat.ReasonOf(err) != chat.AdminNotFound {
		t.Errorf("a removed admin signs in: %v", err)
	}
	again := member(t, s, "vic", as(chat.Viewer)) // the address is free
	refusedFor(t, s, chat.CannotUndo, func() error { _, err := s.Undo(ctx, dbtest.Ana, "", e.Seq); return err })
	if _, err := s.RemoveAdmin(ctx, dbtest.Ana, again.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(ctx, dbtest.Ana, "", e.Seq); err != nil {
		t.Fatal(err)
	}
	if a, hash, err := s.AdminByEmail(ctx, "vic@x.example"); err != nil || hash != "hash" || !a.Standing().Equal(was) {
		t.Errorf("%+v %q %v", a, hash, err)
	}
	if e, err = s.SaveTeamRules(ctx, dbtest.Ana, chat.TeamRules{SecondStep: true}); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.ReauthRequired, func() error { _, err := s.Undo(ctx, dbtest.Ana, "", e.Seq); return err })
	if _, err := s.Undo(ctx, lately(), "", e.Seq); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.TeamRules(ctx); r.SecondStep {
		t.Error("still required")
	}
}
