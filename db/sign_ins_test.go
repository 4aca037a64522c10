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
