package db_test

import (
	"fmt"
	"strings"
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

func TestCodesAreUsedOnceAndGuessedSeldom(t *testing.T) {
	s, clock := dbtest.New(t)
	a := member(t, s, "a", as(chat.Viewer))
	codes, err := s.SetCode(ctx, a, a.ID, "secret", 100)
	if err != nil || len(codes) != db.RecoveryCodes {
		t.Fatal(codes, err)
	}
	if dump := dbtest.Dump(t, s); strings.Contains(dump, "secret") || strings.Contains(dump, codes[0].Reveal()) {
		t.Error("a secret is stored as it is")
	}
	tries := db.Tries{Window: 15 * time.Minute, Most: map[string]int{"code a": 3}}
	use := func(step int64, right bool) (bool, error) {
		return s.UseCode(ctx, a.ID, tries, func(secret chat.Secret, _ time.Time) (int64, bool) { return step, right && secret == "secret" })
	}
	for _, x := range []struct {
		step      int64
		right, ok bool
	}{{100, true, false}, {101, true, true}, {101, true, false}, {99, true, false}, {102, true, true}, {103, false, false}, {103, false, false}} {
		if ok, err := use(x.step, x.right); err != nil || ok != x.ok {
			t.Fatalf("%+v: %v %v", x, ok, err)
		}
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { use(200, false) })
	}
	wg.Wait()
	if _, err := use(201, true); chat.ReasonOf(err) != chat.TooManyAttempts {
		t.Errorf("%v", err)
	}
	if _, err := s.UseRecoveryCode(ctx, a, codes[0], tries); chat.ReasonOf(err) != chat.TooManyAttempts {
		t.Errorf("%v", err)
	}
	clock.Add(16 * time.Minute)
	written := chat.Secret(" " + strings.ToUpper(strings.ReplaceAll(codes[0].Reveal(), "-", "")))
	for _, want := range []bool{true, false} {
		if ok, err := s.UseRecoveryCode(ctx, a, written, tries); err != nil || ok != want {
			t.Errorf("%v %v", ok, err)
		}
	}
	if n, _ := s.RecoveryCodesLeft(ctx, a.ID); n != db.RecoveryCodes-1 {
		t.Errorf("%d left", n)
	}
}

func TestTheSecondStepIsOnesOwn(t *testing.T) {
	s, clock := dbtest.New(t)
	a, vic := member(t, s, "a", as(chat.Owner)), member(t, s, "vic", as(chat.Viewer))
	key := func(admin string) chat.Passkey {
		return chat.Passkey{ID: "key-" + admin, Admin: admin, Name: "Laptop", Credential: "{}"}
	}
	refusedFor(t, s, chat.RoleTooLow, func() error { _, err := s.AddPasskey(ctx, vic, key(a.ID)); return err })
	codes, err := s.AddPasskey(ctx, vic, key(vic.ID))
	if err != nil || len(codes) != db.RecoveryCodes {
		t.Fatal(codes, err)
	}
	refusedFor(t, s, chat.AlreadyExists, func() error { k := key(vic.ID); k.Admin = a.ID; _, err := s.AddPasskey(ctx, a, k); return err })
	clock.Add(chat.ReauthWindow + time.Second)
	refusedFor(t, s, chat.ReauthRequired, func() error { return s.RemovePasskey(ctx, vic, vic.ID, "key-"+vic.ID) })
	a.AuthAt = s.Now()
	if _, err := s.ResetSecondStep(ctx, a, vic.ID); err != nil {
		t.Fatal(err)
	}
	if now, _ := s.Admin(ctx, vic.ID); now.SecondStep() {
		t.Errorf("%+v", now)
	}
	// Who has nothing else keeps the last passkey.
	_, token, err := s.Invite(ctx, a, chat.Invitation{Email: "p@x.example", Role: chat.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	only := key("adm_p")
	p, codes, err := s.AcceptInvitation(ctx, chat.Actor{}, token, chat.Acceptance{ID: "adm_p", Name: "P", Passkey: &only})
	if err != nil || len(codes) != db.RecoveryCodes || p.ID != "adm_p" || p.HasPassword {
		t.Fatal(p, err)
	}
	refusedFor(t, s, chat.LastWayIn, func() error { return s.RemovePasskey(ctx, p.Actor(s.Now()), p.ID, only.ID) })
	refusedFor(t, s, chat.LastWayIn, func() error { _, err := s.ResetSecondStep(ctx, a, p.ID); return err })
}

func TestSignInAs(t *testing.T) {
	s, clock := dbtest.New(t)
	a := member(t, s, "a", as(chat.Owner))
	who := func(subject, email string) chat.Identity {
		return chat.Identity{Issuer: "https://id.example", Subject: subject, Email: email, Name: "Name"}
	}
	as := func(w chat.Identity) (chat.Admin, error) { return s.SignInAs(ctx, chat.Actor{}, w, "") }
	if got, err := as(who("1", "A@x.example")); err != nil || got.ID != a.ID {
		t.Fatal(got, err)
	}
	if got, err := as(who("1", "moved@x.example")); err != nil || got.ID != a.ID {
		t.Fatal("the link is to the person, not to the address", err)
	}
	refusedFor(t, s, chat.NotOnTheTeam, func() error { _, err := as(who("2", "a@x.example")); return err })
	refusedFor(t, s, chat.NotOnTheTeam, func() error { _, err := as(who("3", "stranger@x.example")); return err })
	for email, role := range map[string]chat.Role{"v@x.example": chat.Viewer, "o@x.example": chat.Owner} {
		_, token, err := s.Invite(ctx, a, chat.Invitation{Email: email, Role: role})
		if err != nil {
			t.Fatal(err)
		}
		if role == chat.Viewer {
			if got, err := as(who("v", email)); err != nil || got.Role != chat.Viewer || got.HasPassword {
				t.Errorf("%+v %v", got, err)
			}
			continue
		}
		refusedFor(t, s, chat.NotOnTheTeam, func() error { _, err := as(who("o", email)); return err })
		refusedFor(t, s, chat.NotOnTheTeam, func() error { _, err := s.SignInAs(ctx, chat.Actor{}, who("o", "other@x.example"), token); return err })
		if got, err := s.SignInAs(ctx, chat.Actor{}, who("o", email), token); err != nil || got.Role != chat.Owner {
			t.Errorf("%+v %v", got, err)
		}
	}
	v, err := as(who("v", "v@x.example"))
	if err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.LastWayIn, func() error { return s.UnlinkIdentity(ctx, v.Actor(s.Now()), v.ID) })
	if _, err := s.ChangeStanding(ctx, dbtest.Ana, v.ID, chat.Standing{Role: chat.Viewer, EndsAt: clock.Now().Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Minute)
	refusedFor(t, s, chat.NotOnTheTeam, func() error { _, err := as(who("v", "v@x.example")); return err })
}

func TestUnlock(t *testing.T) {
	s, _ := dbtest.New(t)
	a := member(t, s, "a", as(chat.Viewer))
	keys := []string{db.AccountKey("A@x.example", "192.0.2.0/24"), db.AddressKey("192.0.2.0/24"), db.CodeKey(a.ID, ""), db.CodeKey(a.ID, "192.0.2.0/24")}
	others := []string{db.AccountKey("aa@x.example", "192.0.2.0/24"), db.AddressKey("198.51.100.0/24"), db.CodeKey(a.ID+"x", "192.0.2.0/24")}
	if err := s.RecordSignInFailure(ctx, time.Hour, append(keys, others...)...); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, s, chat.AdminNotFound, func() error { _, err := s.Unlock(ctx, chat.CommandLine, "nobody@x.example"); return err })
	if _, err := s.Unlock(ctx, chat.CommandLine, "A@X.example"); err != nil {
		t.Fatal(err)
	}
	for want, all := range map[int][]string{0: keys, 1: others} {
		for _, key := range all {
			if n, err := s.SignInFailures(ctx, key, time.Hour); err != nil || n != want {
				t.Errorf("%s: %d, %v", key, n, err)
			}
		}
	}
}

// What is under way in a browser is there once for those who take it.
func TestSignInsUnderWay(t *testing.T) {
	s, clock := dbtest.New(t)
	if err := s.KeepSignIn(ctx, []byte("a"), "data", time.Minute); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	taken := make(chan string, 8)
	for range 8 {
		wg.Go(func() {
			if data, ok, err := s.TakeSignIn(ctx, []byte("a")); ok && err == nil {
				taken <- data
			}
		})
	}
	wg.Wait()
	if len(taken) != 1 || <-taken != "data" {
		t.Error("taken more than once, or not at all")
	}
	if err := s.KeepSignIn(ctx, []byte("b"), "data", time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.SignInUnderWay(ctx, []byte("b")); !ok || err != nil {
		t.Error(ok, err)
	}
	clock.Add(time.Minute)
	if _, ok, _ := s.SignInUnderWay(ctx, []byte("b")); ok {
		t.Error("still there")
	}
	if _, ok, _ := s.TakeSignIn(ctx, []byte("b")); ok {
		t.Error("taken too late")
	}
}

// Another's sessions end by an owner's word, and an ended access has none.
func TestSessionsEnd(t *testing.T) {
	s, clock := dbtest.New(t)
	a := member(t, s, "a", as(chat.Owner))
	vic := member(t, s, "vic", chat.Standing{Role: chat.Viewer, EndsAt: clock.Now().Add(time.Hour)})
	start := func(hash string) {
		t.Helper()
		if err := s.StartSession(ctx, []byte(hash), nil, chat.AdminSession{ID: "ses_" + hash, Admin: vic.ID, Method: chat.ByPasskey}); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(hash string) bool { _, _, _, err := s.Session(ctx, []byte(hash)); return err == nil }
	for i := range 3 {
		start(fmt.Sprint(i))
	}
	if uses, err := s.SessionUses(ctx); err != nil || uses[vic.ID].Sessions != 3 {
		t.Errorf("%v %v", uses, err)
	}
	if err := s.SignOutOf(ctx, a, vic.ID, "ses_0"); err != nil || stands("0") || !stands("1") {
		t.Error(err)
	}
	refusedFor(t, s, chat.RoleTooLow, func() error { return s.SignOut(ctx, vic, a.ID) })
	if err := s.SignOut(ctx, a, vic.ID); err != nil || stands("1") || stands("2") {
		t.Error(err)
	}
	start("3")
	if !stands("3") {
		t.Fatal("no session")
	}
	clock.Add(time.Hour)
	if stands("3") {
		t.Error("the access has ended, the session not")
	}
	if _, _, err := s.AdminByEmail(ctx, "vic@x.example"); chat.ReasonOf(err) != chat.AdminNotFound {
		t.Error(err)
	}
}
