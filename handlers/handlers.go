// Package handlers is everything that comes from outside. This file is its table of contents: which middleware runs in
// which order, which surfaces there are, and what becomes of an error.
package handlers

import (
	"compress/gzip"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/handlers/dashboard"
	"guestlist/handlers/jobs"
	"guestlist/handlers/live"
	"guestlist/handlers/rest"
	"guestlist/handlers/sdk"
	"guestlist/handlers/web"
	"guestlist/static"
)

// Options are what the surfaces need.
type Options struct {
	Store          *db.Store
	Setup          *auth.Setup
	PublicURL      string         // "" while nobody said; then only addresses and localhost are served
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Log            *slog.Logger
	Version        string
	Demo           bool
	SSO            *auth.SSO // nil: nobody signs in through a provider
}

// Server answers requests, and holds the sockets that some of them become.
type Server struct {
	*echo.Echo
	door *sdk.Handler
	live *live.Node
	dash *dashboard.Handler
	jobs *jobs.Runner
	care jobs.Care
	tidy func(context.Context) error

	store *db.Store
}

// New is the whole server. Its sockets are told nothing before Run.
func New(o Options) *Server {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = ipExtractor(o.TrustedProxies)
	sessions := auth.NewSessions(o.Store, o.PublicURL)

	e.Pre(web.RawPath())
	e.Use(
		web.RequestIDs(),
		requestLog(o.Log),
		web.Recover(),
		web.SecurityHeaders(strings.HasPrefix(o.PublicURL, "https://")),
		sdk.FromAnywhere(),
		web.Hosts(o.PublicURL),
		web.BodyLimit(dashboard.TakesList, dashboard.Uploads...),
		middleware.GzipWithConfig(middleware.GzipConfig{Level: gzip.DefaultCompression, MinLength: 1024, Skipper: compressed}),
		web.Head(e),
	)

	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", ready(o.Store))
	e.GET("/favicon.ico", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, static.URL("img/mark.svg")) })
	e.GET(static.Prefix+"*", echo.WrapHandler(static.Handler()))
	rest.Register(e, o.Store)
	door := sdk.Register(e, o.Store, o.Log)
	node := live.New(live.Options{Store: o.Store, Log: o.Log, Command: door.Run, Counted: door.Counted, Refused: door.CountRefusal,
		Shapes: live.Shapes{Message: shape(sdk.Message), Participant: shape(sdk.Participant), User: shape(sdk.User), Conversation: shape(sdk.Conversation)}})
	e.GET("/v1/:app/live", node.Handler())
	h := dashboard.Register(e, dashboard.Options{Store: o.Store, Sessions: sessions, Setup: o.Setup, PublicURL: o.PublicURL, Version: o.Version, Demo: o.Demo, SSO: o.SSO, Live: node})
	e.HTTPErrorHandler = errorHandler(h, o.Log)
	return &Server{e, door, node, h, jobs.New(o.Store, o.Log), jobs.Care{Store: o.Store, Log: o.Log}, jobs.Tidy(o.Store, o.Log), o.Store}
}

func shape[T, U any](of func(T) U) func(T) any { return func(v T) any { return of(v) } }

// Run does what nobody waits for, until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	loops := []func(context.Context) error{
		s.live.Run,      // tells browsers and dashboards what happens
		s.jobs.Run,      // does what takes long
		s.tidy,          // moves what was deleted or banned, and purges
		s.door.Count,    // writes down what browsers call
		s.index,         // makes findable what an older program stored
		s.care.Backups,  // makes backups by the plan
		s.care.Messages, // makes long conversations searchable, forgets what was deleted long ago
		s.care.Settings, // takes settings back, and makes planned changes
		s.care.Endings,  // takes those off their lists whose access is over
		s.countGuests,   // for the charts of the overview
		keepLean,        // gives memory back
	}
	ended := make(chan error, len(loops))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, loop := range loops {
		go func() { ended <- loop(ctx) }()
	}
	var err error
	for range loops {
		err = errors.Join(err, <-ended)
		cancel()
	}
	return err
}

// index ends with ctx, like every loop, though it may be done before.
func (s *Server) index(ctx context.Context) error {
	err := s.store.Reindex(ctx)
	if err == nil {
		<-ctx.Done()
	}
	return err
}

// Live knows who is connected.
func (s *Server) Live() *live.Node { return s.live }

// HangUp ends the sockets and the dashboard's streams, whose browsers come back by themselves, and waits for the calls
// that were taken.
func (s *Server) HangUp(ctx context.Context) error {
	s.dash.HangUp()
	return s.live.Close(ctx)
}

func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// compressed tells answers that are compressed already, or too small for it to pay: assets, the REST API and streams.
func compressed(c echo.Context) bool {
	path := c.Request().URL.Path
	return strings.HasPrefix(path, static.Prefix) || strings.HasPrefix(path, "/v1/") || sdk.IsScript(path) || dashboard.Streaming(path)
}

func ready(store *db.Store) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := store.Ready(c.Request().Context()); err != nil {
			return c.String(http.StatusServiceUnavailable, "not ready\n")
		}
		return c.String(http.StatusOK, "ready\n")
	}
}

// requestLog writes one line for each request, without its query: that may hold names.
func requestLog(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			log.Debug("request", "id", web.RequestID(c), "method", c.Request().Method, "path", c.Request().URL.Path, "status", c.Response().Status,
				"bytes", c.Response().Size, "ms", time.Since(start).Milliseconds(), "ip", c.RealIP())
			return nil
		}
	}
}

// errorHandler answers what a handler returned: JSON at /v1, a page elsewhere. What is not the caller's to know is
// logged once, with the id that the caller is shown.
func errorHandler(h *dashboard.Handler, log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		err = web.FromEcho(err)
		status := web.Status(err)
		if status >= 500 && !errors.Is(err, c.Request().Context().Err()) {
			log.Error("request failed", "id", web.RequestID(c), "method", c.Request().Method, "path", c.Request().URL.Path, "error", err)
		}
		if e := chat.AsError(err); e != nil {
			web.RetryAfter(c, e)
		}
		if strings.HasPrefix(c.Request().URL.Path, "/v1/") || c.Request().URL.Path == "/v1" {
			err = web.ErrorJSON(c, err)
		} else {
			err = h.ErrorPage(c, status, err)
		}
		if err != nil {
			log.Error("answer failed", "id", web.RequestID(c), "error", err)
		}
	}
}
