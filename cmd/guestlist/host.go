package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// Recovery commands: for whoever has the server's files when nobody can sign in. While the server runs they go to it, over a
// socket in the data directory that only its owner may open; else they open the data directory themselves.

// socketFile is the socket's name in the data directory.
const socketFile = "command.sock"

// hostCommand is one recovery command, as it goes over the socket.
type hostCommand struct {
	Do    string `json:"do"`
	Email string `json:"email,omitempty"`
	App   string `json:"app,omitempty"`
}

// on runs the command on a store and says what it did.
func (c hostCommand) on(ctx context.Context, store *db.Store) (string, error) {
	switch c.Do {
	case "reset-2fa":
		admin, err := adminNamed(ctx, store, c.Email)
		if err != nil {
			return "", err
		}
		if _, err := store.ResetSecondStep(ctx, chat.CommandLine, admin.ID); err != nil {
			return "", err
		}
		return "The second step of " + admin.Email + " is gone and their sessions have ended. They sign in with their password.", nil
	case "unlock":
		admin, err := store.Unlock(ctx, chat.CommandLine, c.Email)
		if err != nil {
			return "", err
		}
		return "Wrong passwords and codes of " + admin.Email + " are forgotten. They can try again.", nil
	case "settings-revert":
		e, err := store.RevertSettings(ctx, chat.CommandLine, chat.AppID(c.App), 0)
		if err != nil {
			return "", err
		}
		var back map[string]string
		if err := json.Unmarshal(e.After, &back); err != nil {
			return "", err
		}
		var names []string
		for name := range back {
			names = append(names, name)
		}
		return "Took back the newest change of the settings of " + c.App + ": " + strings.Join(names, ", ") + ".", nil
	}
	return "", errors.New("there is no such command")
}

func adminNamed(ctx context.Context, store *db.Store, email string) (chat.Admin, error) {
	all, err := store.Admins(ctx)
	for _, a := range all {
		if strings.EqualFold(a.Email, strings.TrimSpace(email)) {
			return a, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("there is no admin %s", email)
	}
	return chat.Admin{}, err
}

// hostAnswer is what came of a command.
type hostAnswer struct {
	Says  string `json:"says,omitempty"`
	Error string `json:"error,omitempty"`
}

// socketPath is where the socket is, in a form that fits: the system takes about a hundred bytes, and the data directory's
// name may be longer.
func socketPath(dir string) (path string, done func(), err error) {
	path = filepath.Join(dir, socketFile)
	if len(path) < 100 {
		return path, func() {}, nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), socketFile), func() { d.Close() }, nil
}

// listenForCommands opens the socket. Whoever has the data directory's lock may take the place of one that was left over.
func listenForCommands(dir string) (net.Listener, error) {
	path, done, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	old := syscall.Umask(0o177)
	l, err := net.Listen("unix", path)
	syscall.Umask(old)
	return l, err
}

// commandServer runs what comes over the socket.
func commandServer(store *db.Store) *http.Server {
	return &http.Server{ReadTimeout: 5 * time.Second, WriteTimeout: 60 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c hostCommand
		var a hostAnswer
		err := json.NewDecoder(io.LimitReader(r.Body, 4<<10)).Decode(&c)
		if err == nil {
			a.Says, err = c.on(r.Context(), store)
		}
		if err != nil {
			a.Error = err.Error()
		}
		_ = json.NewEncoder(w).Encode(a) // who asked has gone
	})}
}

// run takes the command to the server that runs, or to the data directory.
func (c hostCommand) run(dir string) error {
	says, running, err := c.overSocket(dir)
	if !running {
		err = withStore(dir, func(ctx context.Context, store *db.Store) error {
			says, err = c.on(ctx, store)
			return err
		})
	}
	if err == nil {
		fmt.Println(says)
	}
	return err
}

// overSocket sends the command to the server that runs; running is false when there is none.
func (c hostCommand) overSocket(dir string) (says string, running bool, err error) {
	path, done, err := socketPath(dir)
	if err != nil {
		return "", false, nil // no directory, no server
	}
	defer done()
	conn, err := net.Dial("unix", path)
	if err != nil {
		return "", false, nil
	}
	defer conn.Close()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}}
	body, err := json.Marshal(c)
	if err != nil {
		return "", true, err
	}
	resp, err := client.Post("http://guestlist/", "application/json", bytes.NewReader(body))
	if err != nil {
		return "", true, fmt.Errorf("ask the running server: %w", err)
	}
	defer resp.Body.Close()
	var a hostAnswer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return "", true, fmt.Errorf("read the running server's answer: %w", err)
	}
	if a.Error != "" {
		return "", true, errors.New(a.Error)
	}
	return a.Says, true, nil
}

type adminReset2FACmd struct {
	Email string `arg:"" help:"E-mail address of the admin."`
}

// Run takes an admin's second step away.
func (c *adminReset2FACmd) Run(shared *config) error {
	return hostCommand{Do: "reset-2fa", Email: c.Email}.run(shared.dir())
}

type adminUnlockCmd struct {
	Email string `arg:"" help:"E-mail address of the admin."`
}

// Run forgets an admin's wrong passwords and codes.
func (c *adminUnlockCmd) Run(shared *config) error {
	return hostCommand{Do: "unlock", Email: c.Email}.run(shared.dir())
}

type settingsCmd struct {
	Revert settingsRevertCmd `cmd:"" help:"Take back the newest change of an app's settings, also while the server runs."`
}

type settingsRevertCmd struct {
	App string `help:"Id of the app." required:"" placeholder:"ID"`
}

// Run takes back the newest change of an app's settings.
func (c *settingsRevertCmd) Run(shared *config) error {
	return hostCommand{Do: "settings-revert", App: c.App}.run(shared.dir())
}
