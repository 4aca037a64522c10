package dashboard

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// presence knows which admins have which page open. An admin is there as long as a stream of the page is; the second tab
// of one admin is nobody else.
type presence struct {
	mu sync.Mutex
	at map[place][]*visit
}

// place is a page of an app, by its path.
type place struct {
	app  chat.AppID
	path string
}

type visit struct {
	admin, name string
	edits       bool
	changed     chan struct{} // has something in it when somebody came or went
}

func (p *presence) enter(at place, v *visit) (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[place][]*visit{}
	}
	p.at[at] = append(p.at[at], v)
	p.tell(at)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.at[at] = slices.DeleteFunc(p.at[at], func(other *visit) bool { return other == v }); len(p.at[at]) == 0 {
			delete(p.at, at)
		}
		p.tell(at)
	}
}

// tell wakes all who are at a place. It never waits for them.
func (p *presence) tell(at place) {
	for _, v := range p.at[at] {
		select {
		case v.changed <- struct{}{}:
		default:
		}
	}
}

// others are the admins at a place but one, by name.
func (p *presence) others(at place, admin string) (all []pages.Present) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := map[string]bool{admin: true}
	for _, v := range p.at[at] {
		if !seen[v.admin] {
			seen[v.admin] = true
			all = append(all, pages.Present{Name: v.name, Edits: v.edits})
		}
	}
	slices.SortFunc(all, func(a, b pages.Present) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// showPresence handles GET /apps/:app/presence: server-sent events that say who else is at a page, until it is left.
func (h *Handler) showPresence(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	if _, err := h.Store.App(c.Request().Context(), app); err != nil {
		return err
	}
	at := place{app, c.QueryParam("at")}
	if len(at.path) > chat.MaxURL {
		return chat.InvalidField("at", "is too long")
	}
	room, out := h.streams.enter(who(c).Session.ID)
	defer out()
	v := &visit{admin: who(c).ID, name: adminName(c), edits: manages(c) && pages.IsForm(at.path), changed: make(chan struct{}, 1)}
	s, err := openStream(c)
	if err != nil {
		return err
	}
	defer h.presence.enter(at, v)() // and is told at once who is there
	check, beat := time.NewTicker(sessionCheck), time.NewTicker(heartbeat)
	defer check.Stop()
	defer beat.Stop()
	for {
		select {
		case <-c.Request().Context().Done():
			return nil
		case <-h.stopping:
			return nil
		case <-room:
			_ = s.send("end", nil)
			return nil
		case <-v.changed:
			err = s.send("presence", pages.PresenceText(c.Request().Context(), h.presence.others(at, v.admin)))
		case <-check.C:
			err = h.still(c)
		case <-beat.C:
			err = s.beat()
		}
		if chat.AsError(err) != nil {
			_ = s.send("end", nil)
		}
		if err != nil {
			return nil
		}
	}
}

func adminName(c echo.Context) string {
	if name := who(c).Name; name != "" {
		return name
	}
	return who(c).Email
}

// present says on a page who else is there, and keeps that fresh.
func (h *Handler) present(c echo.Context, frame *layouts.Page) {
	at := place{chat.AppID(frame.App.ID), frame.At}
	frame.Presence = layouts.Presence{Text: pages.PresenceText(c.Request().Context(), h.presence.others(at, who(c).ID)), Stream: paths.Presence(string(at.app), at.path)}
}
