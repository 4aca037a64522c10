package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"guestlist/db"
	"guestlist/handlers"
	"guestlist/handlers/auth"
)

// App is the running product: the store and the server in front of it.
type App struct {
	store     *db.Store
	handler   *handlers.Server
	server    *http.Server
	listener  net.Listener
	setup     *auth.Setup
	socket    net.Listener // of the recovery commands
	commands  *http.Server
	publicURL string
	also      string // what is printed after the ready line
	out       io.Writer
	log       *slog.Logger
}

// appOptions open an App.
type appOptions struct {
	Addr, Dir, PublicURL string
	TrustedProxies       []netip.Prefix
	SSO                  *auth.SSO // nil: nobody signs in through a provider
	Demo                 bool
	Now                  func() time.Time // nil: the system's clock
	Out                  io.Writer        // the ready line and the set-up link
	Log                  *slog.Logger
}

// shutdownTime is how long accepted requests may take to finish once the process is told to end.
const shutdownTime = 9 * time.Second

// openApp opens the store, then the address: a second process on the same data gets neither.
func openApp(ctx context.Context, o appOptions) (*App, error) {
	store, err := db.Open(ctx, db.Options{Dir: o.Dir, Now: o.Now})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--addr %s: %w", o.Addr, err), store.Close())
	}
	socket, err := listenForCommands(o.Dir)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the socket of the recovery commands: %w", err), listener.Close(), store.Close())
	}
	a := &App{store: store, listener: listener, socket: socket, commands: commandServer(store), publicURL: o.PublicURL, out: o.Out, log: o.Log}
	if a.publicURL == "" {
		a.publicURL = a.URL()
	}
	a.setup = auth.NewSetup(store.Now, func(code string) {
		fmt.Fprintf(o.Out, "No admin yet. Set up (once, within 30 minutes): %s/setup?code=%s\n", a.publicURL, url.QueryEscape(code))
	})
	a.handler = handlers.New(handlers.Options{Store: store, Setup: a.setup, PublicURL: o.PublicURL, TrustedProxies: o.TrustedProxies,
		Log: o.Log, Version: version, Demo: o.Demo, SSO: o.SSO})
	a.server = &http.Server{
		Handler:           a.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	return a, nil
}

// URL is the address that the App listens on.
func (a *App) URL() string { return "http://" + a.listener.Addr().String() }

// Run serves until ctx ends, then answers what was accepted. It ends by itself when the disk can't be trusted any more.
func (a *App) Run(ctx context.Context) error {
	if a.publicURL == a.URL() {
		fmt.Fprintf(a.out, "Guestlist is ready at %s\n", a.publicURL)
	} else {
		fmt.Fprintf(a.out, "Guestlist is ready at %s, listening on %s\n", a.publicURL, a.listener.Addr())
	}
	io.WriteString(a.out, a.also)
	if has, err := a.store.HasAdmin(ctx); err != nil {
		return err
	} else if !has {
		a.setup.Renew()
	}
	served, looped := make(chan error, 1), make(chan error, 1)
	loops, endLoops := context.WithCancel(context.WithoutCancel(ctx))
	defer endLoops()
	go func() { looped <- a.handler.Run(loops) }()
	go func() { served <- a.server.Serve(a.listener) }()
	go func() { _ = a.commands.Serve(a.socket) }() // it ends when Close closes it
	var err error
	select {
	case err = <-served:
	case err = <-looped:
		return errors.Join(err, a.stop())
	case <-a.store.Failed():
		err = errors.Join(errors.New("the disk failed: stored changes are safe, later ones were refused; look at the disk, then start again"), a.stop())
	case <-ctx.Done():
		err = a.stop()
	}
	endLoops()
	return errors.Join(err, <-looped)
}

func (a *App) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	hungUp := make(chan error, 1)
	go func() { hungUp <- a.handler.HangUp(ctx) }()
	err := errors.Join(a.server.Shutdown(ctx), <-hungUp)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("requests that were not complete after %s were cut off", shutdownTime)
	}
	return err
}

// Close closes the store and the address.
func (a *App) Close() error {
	return errors.Join(a.server.Close(), a.commands.Close(), closed(a.socket), removed(filepath.Join(a.store.Dir(), socketFile)), a.store.Close())
}

// closed closes a listener that its server may have closed already.
func closed(l net.Listener) error {
	if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// removed removes a file that may be gone already, as a socket is whose listener closed.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
