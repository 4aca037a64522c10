package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// lockedOut makes a data directory in which ana is locked out, with an authenticator app and wrong passwords, and the app
// shop has a change of settings.
func lockedOut(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	err := withStore(dir, func(ctx context.Context, s *db.Store) error {
		a, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: "ana@x.example", Name: "Ana", Role: chat.Owner}, "hash")
		if err != nil {
			return err
		}
		if _, err := s.SetCode(ctx, chat.CommandLine, a.ID, "secret", 1); err != nil {
			return err
		}
		if err := s.RecordSignInFailure(ctx, time.Hour, db.AccountKey("ana@x.example", "192.0.2.0/24")); err != nil {
			return err
		}
		if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "shop", Name: "Shop"}); err != nil {
			return err
		}
		_, err = s.SaveSettings(ctx, chat.CommandLine, "shop", []chat.SettingChange{{Key: chat.SettingUserSync, Value: "true"}})
		return err
	})
	if err != nil {
		t.Fatal(ctx, err)
	}
}

// recovered looks that the commands did what they say.
func recovered(t *testing.T, s *db.Store) {
	t.Helper()
	a, _, err := s.AdminByEmail(t.Context(), "ana@x.example")
	if err != nil || a.SecondStep() {
		t.Errorf("%+v %v", a, err)
	}
	if n, err := s.SignInFailures(t.Context(), db.AccountKey("ana@x.example", "192.0.2.0/24"), time.Hour); n != 0 || err != nil {
		t.Errorf("%d failures, %v", n, err)
	}
	settings, err := s.Settings(t.Context(), "shop")
	if err != nil || settings[chat.SettingUserSync].Value == "true" {
		t.Errorf("%+v %v", settings[chat.SettingUserSync], err)
	}
	for app, want := range map[chat.AppID][]chat.EventType{"": {chat.AdminUnlocked, chat.AdminSecured}, "shop": {chat.SettingsUpdated}} {
		events, err := s.Events(t.Context(), db.EventQuery{App: app})
		if err != nil {
			t.Fatal(err)
		}
		for i, typ := range want {
			if e := events.Items[i]; e.Type != typ || e.Source != chat.System || e.ActorName != "Command line" {
				t.Errorf("%d: %+v", i, e)
			}
		}
	}
}

var recoveries = []struct {
	args []string
	says string
}{
	{[]string{"admin", "reset-2fa", "ANA@x.example"}, "The second step of ana@x.example is gone"},
	{[]string{"admin", "unlock", "ana@x.example"}, "are forgotten"},
	{[]string{"settings", "revert", "--app", "shop"}, "Took back the newest change of the settings of shop"},
}

func TestRecoveryBesideTheServerAndWithout(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 30)) // than a socket's name may be
	for name, dir := range map[string]string{"running": filepath.Join(t.TempDir(), "data"), "running, long name": long, "stopped": filepath.Join(t.TempDir(), "data")} {
		t.Run(name, func(t *testing.T) {
			lockedOut(t, dir)
			var stop func()
			if strings.HasPrefix(name, "running") {
				s := serve(t, dir)
				stop = func() { s.cmd.Process.Signal(syscall.SIGTERM); s.cmd.Wait() }
				if info, err := os.Stat(filepath.Join(dir, socketFile)); err != nil || info.Mode().Perm() != 0o600 {
					t.Fatalf("%v %v", info, err)
				}
			}
			for _, r := range recoveries {
				if code, out, problem := run(t, "", append(r.args, "--data", dir)...); code != 0 || !strings.Contains(out, r.says) {
					t.Errorf("%v: %d %q %q", r.args, code, out, problem)
				}
			}
			for args, want := range map[string]string{"admin unlock nobody@x.example": "There is no such admin", "admin reset-2fa nobody@x.example": "there is no admin nobody@x.example",
				"settings revert --app nope": "There is no such app", "settings revert --app shop": "No change of this app’s settings stands"} {
				if code, _, problem := run(t, "", append(strings.Fields(args), "--data", dir)...); code != exitFailed || !strings.Contains(problem, want) {
					t.Errorf("%s: %d %q", args, code, problem)
				}
			}
			if stop != nil {
				stop()
			}
			if _, err := os.Stat(filepath.Join(dir, socketFile)); !os.IsNotExist(err) {
				t.Errorf("the socket stays: %v", err)
			}
			if err := withStore(dir, func(_ context.Context, s *db.Store) error { recovered(t, s); return nil }); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestTheProviderIsConfigured(t *testing.T) {
	for name, c := range map[string]serveConfig{
		"http":      {OIDCIssuer: "http://id.example", OIDCClientID: "x"},
		"no client": {OIDCIssuer: "https://id.example"},
		"no file":   {OIDCIssuer: "https://id.example", OIDCClientID: "x", OIDCSecretFile: filepath.Join(t.TempDir(), "none")},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "--oidc") {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sso, err := serveConfig{OIDCIssuer: "https://id.example", OIDCClientID: "x", OIDCSecretFile: file}.sso()
	if err != nil || sso.Secret.Reveal() != "hush" {
		t.Errorf("%+v %v", sso, err)
	}
	if sso, err := (serveConfig{}).sso(); sso != nil || err != nil {
		t.Error(sso, err)
	}
}
