package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"guestlist/cmd/guestlist/browser"
)

// preferred are pages with everything that a preference of the system could take away: switches, groups of buttons, tabs,
// menus, charts, badges.
var preferred = []struct{ name, path string }{
	{"overview", "/apps/larkfield"}, {"participants", organisers}, {"guests", guestsTab}, {"security", security}, {"jobs", "/apps/larkfield/jobs"},
	{"account", "/account"}, {"code", "/account/code"}, {"browser", "/apps/larkfield/settings/browser"}, {"search", "/apps/larkfield/search?q=spring"},
}

// moving counts what moves on the page by itself.
const moving = `document.getAnimations().filter((a) => a.playState === "running" && a.effect.getComputedTiming().duration > 1).length`

func TestNothingMovesForWhoWantsNoMotion(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(guestsTab)
	tab.Until("something moves for everybody else", moving+" > 0")
	tab.Prefers("prefers-reduced-motion", "reduce")
	for _, page := range preferred {
		tab.Open(page.path)
		if n := browser.Eval[int](tab, moving); n != 0 {
			t.Errorf("%d things move on %s", n, page.path)
		}
	}
}

// weakFocus names what has the keyboard's focus without a line around it.
const weakFocus = `(() => {
  const weak = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (!e.checkVisibility() || e.disabled) continue;
    e.focus();
    if (document.activeElement !== e) continue;
    const lines = [e, e.closest("label")].filter(Boolean).map((x) => getComputedStyle(x));
    if (!lines.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)) weak.push(e.outerHTML.slice(0, 120));
  }
  return weak;
})()`

// told tells whether an element looks different from its neighbour by what forced colours leave: lines and system colours.
const told = `((on, off) => { const look = (e) => { const s = getComputedStyle(e); return [s.backgroundColor, s.borderBottomColor, s.borderBottomWidth, s.outlineStyle, s.color].join(); }; return look(on) !== look(off); })`

func TestColoursThatTheSystemChooses(t *testing.T) {
	p := demoProduct(t)
	p.listSome()
	tab := p.signIn(browser.Start(t), ana)
	tab.Size(1440, 900)
	for _, scheme := range []string{"light", "dark"} {
		tab.Prefers("forced-colors", "active", "prefers-color-scheme", scheme, "prefers-contrast", "more")
		for _, page := range preferred {
			tab.Open(page.path)
			tab.Press("\t") // from now on the focus is the keyboard's
			if weak := browser.Eval[[]string](tab, weakFocus); len(weak) > 0 {
				t.Errorf("the focus is not seen on %s: %q", page.path, weak)
			}
			if folder := os.Getenv("GUESTLIST_LOOK"); folder != "" {
				tab.Screenshot(filepath.Join(folder, page.name+"-forced-"+scheme+".png"))
			}
		}
		for what, at := range map[string]struct{ path, on, off string }{
			"a pressed button":   {organisers, `.seg > button[aria-pressed=true]`, `.seg > button[aria-pressed=false]`},
			"a ticked box":       {security, `.check:checked`, `.check:not(:checked)`},
			"the page in sight":  {organisers, `.nav a[aria-current]`, `.nav a:not([aria-current])`},
			"the tab in sight":   {organisers, `.tabs > a[aria-current]`, `.tabs > a:not([aria-current])`},
			"the range in sight": {"/apps/larkfield", `.seg > a[aria-current]`, `.seg > a:not([aria-current])`},
			"the chosen radio":   {security, `.radio:checked`, `.radio:not(:checked)`},
		} {
			tab.Open(at.path)
			browser.Eval[bool](tab, `(() => { document.querySelector(".check")?.click(); return true; })()`)
			tab.Until(what+" looks different", fmt.Sprintf(`%s(document.querySelector(%q), document.querySelector(%q))`, told, at.on, at.off))
		}
	}
	if folder := os.Getenv("GUESTLIST_LOOK"); folder != "" {
		tab.Prefers("prefers-contrast", "more")
		for _, page := range preferred {
			tab.Open(page.path)
			tab.Screenshot(filepath.Join(folder, page.name+"-contrast.png"))
		}
	}
}
