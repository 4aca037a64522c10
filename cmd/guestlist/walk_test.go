package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
)

// Walks visit every page of the list in pages_test.go.

// view is how a page is looked at.
type view struct {
	name     string
	wide     int64
	dark     bool
	language string // "" for English
}

// views are how each page is looked at. The one for the smallest screen is in German, whose words are the longest.
var views = []view{{"wide-light", 1440, false, ""}, {"wide-dark", 1440, true, ""}, {"narrow-light", 390, false, ""}, {"narrow-dark-de", 390, true, "de"}}

// walkers is how many tabs share the pages.
const walkers = 2

// in is the product for a part of its test.
func (p *product) in(t testing.TB) *product {
	q := *p
	q.t = t
	return &q
}

// every visits every page, wide and narrow, light and dark.
func every(t *testing.T, look func(tab *browser.Tab, name string, v view)) {
	p, empty := demoProduct(t), start(t, t.TempDir())
	all := p.everyPage()
	chromium := browser.Start(t)
	t.Run("pages", func(t *testing.T) {
		for share := range walkers {
			t.Run(fmt.Sprint(share), func(t *testing.T) {
				t.Parallel()
				w := &walker{p: p.in(t), empty: empty, chromium: chromium, tabs: map[viewer]*browser.Tab{}}
				for i := share; i < len(all); i += walkers {
					w.visit(all[i], look)
				}
			})
		}
	})
}

// walker has a tab for everybody who sees pages.
type walker struct {
	p, empty *product
	chromium *browser.Chromium
	tabs     map[viewer]*browser.Tab
}

func (w *walker) tab(who viewer) *browser.Tab {
	if w.tabs[who] == nil {
		switch who {
		case anAdmin:
			w.tabs[who] = w.p.signIn(w.chromium, ana)
		case newcomer:
			w.tabs[who] = w.chromium.Tab(w.p.t, w.empty.app.URL())
		case halfway:
			tab := w.chromium.Tab(w.p.t, w.p.app.URL())
			tab.Open("/sign-in")
			tab.Fill("Email", stepping)
			tab.Fill("Password", demo.Password)
			tab.Click("button", "Sign in")
			tab.At("/sign-in/code")
			w.tabs[who] = tab
		default:
			w.tabs[who] = w.chromium.Tab(w.p.t, w.p.app.URL())
		}
	}
	return w.tabs[who]
}

func (w *walker) visit(page page, look func(tab *browser.Tab, name string, v view)) {
	tab := w.tab(page.who)
	for _, v := range views {
		tab.Size(v.wide, 900)
		tab.Dark(v.dark)
		tab.Asked()
		if v.language != "" {
			browser.Eval[bool](tab, `Boolean(document.cookie = "language=`+v.language+`; path=/")`)
		}
		tab.Open(page.path)
		if at := browser.Eval[string](tab, "location.pathname"); at != strings.Split(page.path, "?")[0] {
			w.p.t.Errorf("%s leads to %s", page.path, at)
		}
		look(tab, page.name+"-"+v.name, v)
		if says := complaints[page.name]; says != "" {
			expect(w.p.t, tab, says)
		}
	}
	browser.Eval[bool](tab, `Boolean(document.cookie = "language=; path=/; max-age=0")`)
}

// Every page keeps WCAG's rules in both themes, fits a desk and the smallest phone, and asks nobody but its own server for
// anything.
func TestEveryPageIsForEverybody(t *testing.T) {
	every(t, func(tab *browser.Tab, _ string, v view) {
		if v.dark {
			tab.AxeColours()
		} else {
			tab.Axe()
			tab.OwnOnly()
		}
		tab.Fits()
		if v.wide < 400 {
			tab.Size(360, 740)
			tab.Fits()
			tab.Size(v.wide, 900)
		}
	})
}

// TestScreens draws every page into the folder named by GUESTLIST_SCREENS; make screens does so.
func TestScreens(t *testing.T) {
	folder := os.Getenv("GUESTLIST_SCREENS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	every(t, func(tab *browser.Tab, name string, _ view) { tab.Screenshot(filepath.Join(folder, name+".png")) })
}

// attempts are the ways in which a page could reach another server, each with the directive that stops it.
const attempts = `(async () => {
  const elsewhere = "https://elsewhere.example/", stopped = new Set(), into = (e) => { document.body.append(e); return e; };
  document.addEventListener("securitypolicyviolation", (e) => { if (e.blockedURI.includes("elsewhere.example") && e.disposition === "enforce") stopped.add(e.effectiveDirective); });
  const make = (tag, attributes) => into(Object.assign(document.createElement(tag), attributes));
  make("img", { src: elsewhere + "a.png" });
  make("script", { src: elsewhere + "a.js" });
  make("link", { rel: "stylesheet", href: elsewhere + "a.css" });
  make("iframe", { src: elsewhere });
  make("object", { data: elsewhere });
  make("video", { src: elsewhere + "a.mp4" });
  new FontFace("a", "url(" + elsewhere + "a.woff2)").load().catch(() => {});
  const form = make("form", { method: "post", action: elsewhere });
  form.submit();
  fetch(elsewhere).catch(() => {});
  navigator.sendBeacon(elsewhere, "a");
  try { new WebSocket("wss://elsewhere.example/"); } catch {}
  try { new EventSource(elsewhere); } catch {}
  for (let i = 0; i < 200 && stopped.size < %d; i++) await new Promise((r) => setTimeout(r, 20));
  return [...stopped].sort();
})()`

// Whatever got into a page of the dashboard would reach no other server: the page's policy stops each way.
func TestAPageThatWouldAskOthersIsStopped(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(organisers)
	want := []string{"connect-src", "font-src", "form-action", "frame-src", "img-src", "media-src", "object-src", "script-src-elem", "style-src-elem"}
	got := browser.Eval[[]string](tab, fmt.Sprintf(attempts, len(want)))
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the page's policy stopped %q, want %q", got, want)
	}
	tab.SomeErrors() // the browser names each
}

// A chat calls the server that it came from, and nobody else.
func TestAChatAsksItsServerOnly(t *testing.T) {
	p := demoProduct(t)
	site := p.marketPage("u_maya")
	tab := browser.Start(t).Tab(t, site)
	tab.Open("/")
	box := tab.Frame("/chatbox/larkfield")
	box.Until("the chat is open", `document.querySelector("textarea")`)
	box.Fill("Message", "hello")
	tab.Press("\r")
	box.See("hello")
	asked := strings.Join(tab.Asked(), " ")
	for _, part := range []string{"/talk.js", "/chatbox/larkfield", "/v1/larkfield/live"} {
		if !strings.Contains(asked, part) {
			t.Errorf("%s is not among what was asked for: %s", part, asked)
		}
	}
	for _, address := range strings.Fields(asked) {
		if !strings.HasPrefix(address, site) && !strings.HasPrefix(strings.Replace(address, "ws://", "http://", 1), p.app.URL()+"/") {
			t.Errorf("the chat asks %s", address)
		}
	}
}
