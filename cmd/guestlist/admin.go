package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
)

// The commands beside serve. Those that change something need the data directory for themselves; those of host.go do not.

type adminCmd struct {
	Create   adminCreateCmd   `cmd:"" help:"Create an admin. The password is read from standard input, or made and printed."`
	Reset2FA adminReset2FACmd `cmd:"" name:"reset-2fa" help:"Take an admin's second step away, also while the server runs."`
	Unlock   adminUnlockCmd   `cmd:"" help:"Forget an admin's wrong passwords and codes, also while the server runs."`
}

type adminCreateCmd struct {
	Email string `help:"E-mail address to sign in with." required:"" placeholder:"E"`
	Name  string `help:"Name to show. The part of the address before the @ by default."`
	Role  string `help:"owner, admin, moderator or viewer." default:"admin" enum:"owner,admin,moderator,viewer"`
}

// withStore opens the store for one command.
func withStore(dir string, do func(ctx context.Context, store *db.Store) error) error {
	ctx := context.Background()
	store, err := db.Open(ctx, db.Options{Dir: dir})
	if errors.Is(err, db.ErrInUse) {
		return fmt.Errorf("%w; stop it first, or do this in its dashboard", err)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, store), store.Close())
}

// Run creates an admin.
func (c *adminCreateCmd) Run(shared *config) error {
	password, made, err := readPassword(os.Stdin)
	if err != nil {
		return err
	}
	return withStore(shared.dir(), func(ctx context.Context, store *db.Store) error {
		change, err := chat.AdminChange{Email: c.Email, Name: c.Name, Role: chat.Role(c.Role)}.Check()
		if err != nil {
			return err
		}
		hash, err := auth.HashPassword(ctx, "password", password.Reveal())
		if err != nil {
			return err
		}
		admin, err := store.CreateAdmin(ctx, chat.CommandLine, change, hash)
		if err != nil {
			return err
		}
		fmt.Printf("Created the %s %s.\n", admin.Role, admin.Email)
		if made {
			fmt.Printf("Password: %s\n", password.Reveal())
		}
		return nil
	})
}

// readPassword takes one line of what is piped in. From a terminal nothing is read: a password is made.
func readPassword(in *os.File) (password chat.Secret, made bool, err error) {
	info, err := in.Stat()
	if err != nil {
		return "", false, err
	}
	if info.Mode()&os.ModeCharDevice != 0 || info.Mode().IsRegular() && info.Size() == 0 {
		return makePassword(), true, nil
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", false, err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return makePassword(), true, nil
	}
	return chat.Secret(line), false, nil
}

func makePassword() chat.Secret {
	text := strings.ToLower(rand.Text())
	return chat.Secret(text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20])
}

type appCmd struct {
	Create appCreateCmd `cmd:"" help:"Create an app with a secret key, and print both."`
}

type appCreateCmd struct {
	ID     string `help:"Id of the app, as it stands in every address." required:"" placeholder:"ID"`
	Name   string `help:"Name to show to admins." required:"" placeholder:"N"`
	Live   bool   `help:"A live app: signed tokens are required from the start." xor:"kind"`
	Test   bool   `help:"A test app (the default)." xor:"kind"`
	Secret string `help:"Secret key to store instead of a new one, for example from another service." placeholder:"sk_…"`
	JSON   bool   `help:"Print JSON."`
}

// Run creates an app and its first key.
func (c *appCreateCmd) Run(shared *config) error {
	return withStore(shared.dir(), func(ctx context.Context, store *db.Store) error {
		app, key, secret, err := store.CreateAppWithKey(ctx, chat.CommandLine, chat.AppChange{ID: chat.AppID(c.ID), Name: c.Name, Live: c.Live}, "Command line", chat.Secret(c.Secret))
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(os.Stdout).Encode(map[string]any{"id": app.ID, "name": app.Name, "live": app.Live, "keyId": key.ID, "secretKey": secret.Reveal()})
		}
		fmt.Printf("App ID:     %s\nSecret key: %s\n", app.ID, secret.Reveal())
		return nil
	})
}

type checkCmd struct{}

// Run reads the whole database and says whether it is sound. It works while the server runs.
func (checkCmd) Run(shared *config) error {
	if err := db.Check(context.Background(), shared.dir()); err != nil {
		return err
	}
	fmt.Println("ok")
	return nil
}

type backupCmd struct {
	File string `arg:"" help:"New file to write the copy to." type:"path"`
}

// Run copies the database. It works while the server runs.
func (c *backupCmd) Run(shared *config) error {
	if err := db.Backup(context.Background(), shared.dir(), c.File); err != nil {
		return err
	}
	fmt.Printf("Backed up to %s. Keep master.key of the data directory with it, in another place: it opens the secret keys.\n", c.File)
	return nil
}

// progress tells how far a long work is: on one line of a terminal, else with a line for each tenth.
func progress(out *os.File) func(what string, done, of int) {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	said := ""
	return func(what string, done, of int) {
		line := fmt.Sprintf("%s: %d of %d", what, done, of)
		switch tenth := fmt.Sprint(what, done*10/of); {
		case terminal && done < of:
			fmt.Fprint(out, "\r"+line)
		case terminal:
			fmt.Fprintln(out, "\r"+line)
		case tenth != said:
			said = tenth
			fmt.Fprintln(out, line)
		}
	}
}

type seedCmd struct {
	App           string `help:"Id of the app to fill; created when missing." default:"seed"`
	Users         int    `help:"How many users." default:"1000"`
	Conversations int    `help:"How many conversations." default:"1000"`
	Participants  int    `help:"How many participants each conversation has." default:"3"`
	Big           int    `help:"One conversation more, with this many participants." default:"0"`
	Secret        string `help:"Secret key of the app, for tests." placeholder:"sk_…"`
}

// Run fills an app with made-up data, for benchmarks and for trying things out at size.
func (c *seedCmd) Run(shared *config) error {
	return withStore(shared.dir(), func(ctx context.Context, store *db.Store) error {
		app := chat.AppID(c.App)
		if _, err := store.App(ctx, app); chat.ReasonOf(err) == chat.AppNotFound {
			if _, _, _, err := store.CreateAppWithKey(ctx, chat.CommandLine, chat.AppChange{ID: app, Name: c.App}, "Seed", chat.Secret(c.Secret)); err != nil {
				return err
			}
		}
		return store.Seed(ctx, db.SeedOptions{App: app, Users: c.Users, Conversations: c.Conversations, Participants: c.Participants, Big: c.Big,
			Progress: progress(os.Stderr)})
	})
}
