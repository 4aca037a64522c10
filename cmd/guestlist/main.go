// Command guestlist is the whole product: one program over one SQLite file. Without a command it serves.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // time zones, where the machine has none

	"github.com/alecthomas/kong"

	"guestlist/cmd/guestlist/demo"
	"guestlist/db"
)

const version = "0.1.0"

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
	exitInUse  = 3 // another process has the data directory
)

type commands struct {
	config
	serveConfig
	Serve    serveCmd    `cmd:"" default:"withargs" help:"Serve the dashboard and the REST API."`
	Admin    adminCmd    `cmd:"" help:"Create admins, and let back in who is locked out."`
	App      appCmd      `cmd:"" help:"Create apps."`
	Settings settingsCmd `cmd:"" help:"Take settings back."`
	Check    checkCmd    `cmd:"" help:"Check that the database is sound, also while the server runs."`
	Backup   backupCmd   `cmd:"" help:"Copy the database to a new file, also while the server runs."`
	Seed     seedCmd     `cmd:"" help:"Fill an app with made-up data."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	syscall.Umask(0o077)
	var c commands
	parser := kong.Parse(&c, kong.Name("guestlist"), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Description("Guestlist: the admin dashboard for group chats. Every option has an environment variable of the same meaning."),
		kong.Exit(func(code int) {
			if code != 0 {
				code = exitUsage
			}
			os.Exit(code)
		}))
	if err := parser.Run(&c.config, &c.serveConfig); err != nil {
		fmt.Fprintln(os.Stderr, "guestlist:", err)
		if errors.Is(err, db.ErrInUse) {
			os.Exit(exitInUse)
		}
		os.Exit(exitFailed)
	}
}

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("guestlist", version)
	return nil
}

type serveCmd struct{}

// Run serves until SIGINT or SIGTERM; a second signal ends the process at once.
func (serveCmd) Run(shared *config, c *serveConfig) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // what lives long is a few MB: collecting less often costs little memory and saves a tenth of the time
	}
	publicURL, proxies, err := c.parsed()
	if err != nil {
		return err
	}
	sso, err := c.sso()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	dir := shared.dir()
	if shared.Demo {
		if err := demo.Prepare(ctx, dir); err != nil {
			return err
		}
	}
	app, err := openApp(ctx, appOptions{Addr: c.Addr, Dir: dir, PublicURL: publicURL, TrustedProxies: proxies, SSO: sso, Demo: shared.Demo,
		Out: os.Stdout, Log: shared.logger()})
	if err != nil {
		return err
	}
	if shared.Demo {
		app.also = fmt.Sprintf("Demo data. Sign in as %s with the password: %s\n", demo.Email, demo.Password)
	}
	context.AfterFunc(ctx, stop) // the second signal has its default effect
	return errors.Join(app.Run(ctx), app.Close())
}
