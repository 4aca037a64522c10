package main

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guestlist/cmd/guestlist/browser"
)

const ctrl = 2 // of chromedp.KeyModifiers

// chosen waits until the palette's active row reads so.
func chosen(tab *browser.Tab, text string) {
	tab.Until("“"+text+"” is chosen", fmt.Sprintf(`(() => {
	  const o = document.getElementById(document.querySelector("#palette input[role=combobox]").getAttribute("aria-activedescendant"));
	  return o?.getAttribute("aria-selected") === "true" && o.innerText.replace(/\s+/g, " ").includes(%q);
	})()`, text))
}

func TestJourneySearchEverything(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	tab := p.signIn(chromium, ana)
	open := func() {
		t.Helper()
		tab.Press("k", chromedp.KeyModifiers(ctrl))
		tab.Until("the palette is open", `document.querySelector("#palette[open]") && document.activeElement.getAttribute("role") === "combobox"`)
	}
	// By keys alone: to a conversation, and what it can do.
	tab.Open("/apps/larkfield/users")
	open()
	tab.Press("SPRÍNG fair")
	chosen(tab, "Spring fair organisers")
	tab.Until("the count is announced", `/results?$/.test(document.querySelector("[data-palette-said]").textContent)`)
	tab.Axe()
	tab.Press(kb.Enter)
	tab.At(organisers)
	open()
	chosen(tab, "Add participants")
	tab.Press(kb.ArrowDown)
	chosen(tab, "Block guests")
	tab.Press(kb.End)
	chosen(tab, "Switch to this app")
	tab.Press(kb.Home)
	chosen(tab, "Add participants")
	tab.Press(kb.ArrowUp)
	chosen(tab, "Switch to this app")
	tab.Press(kb.Escape)
	tab.Until("it closes", `!document.querySelector("#palette[open]")`)
	open()
	tab.Press("user synch")
	chosen(tab, "Disallow user synchronization via the browser")
	tab.Press(kb.Enter)
	tab.At(security)
	// A pasted address, of the REST API and with escapes.
	open()
	tab.Press("https://api.example/v1/larkfield/users/u%5Fmaya")
	chosen(tab, "Maya Lindqvist")
	tab.Press(kb.Enter)
	tab.At("/apps/larkfield/users/u_maya")
	open()
	chosen(tab, "Edit this user")
	tab.Press("#zzzz")
	tab.See("Nothing found for “#zzzz”.")
	tab.Press(kb.Enter) // nothing to follow: the search as a page
	tab.At("/apps/larkfield/search")
	// A phone: by touch, at its foot, without scrolling sideways.
	tab.Size(390, 844)
	tab.Open(organisers)
	tab.Click("link", "Search")
	tab.Until("rows", `document.querySelectorAll("#palette [role=option]").length > 5`)
	tab.Fits()
	tab.Axe()
	tab.Until("it is at the foot", `innerHeight - document.querySelector("#palette").getBoundingClientRect().bottom < 40`)
	tab.Click("link", "See the history")
	tab.At(organisers + "/history")
}

func TestJourneySearchWithoutScript(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Open(organisers)
	tab.Click("link", "Search")
	tab.At("/apps/larkfield/search")
	tab.See("In Spring fair organisers")
	tab.Fill("Search people, conversations and commands", "maya")
	tab.Press(kb.Enter)
	tab.See("Maya Lindqvist")
	if q := browser.Eval[string](tab, "location.search"); q != "?at="+url.QueryEscape(organisers)+"&q=maya" {
		t.Errorf("the search is not in the address: %s", q)
	}
	tab.Click("link", "Maya Lindqvist")
	tab.At("/apps/larkfield/users/u_maya")
}

// Ctrl+Enter opens a row in a new tab, and the page stays.
func TestSearchOpensNewTabs(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Press("k", chromedp.KeyModifiers(ctrl))
	tab.Press("u_maya")
	chosen(tab, "Maya Lindqvist")
	tab.Press(kb.Enter, chromedp.KeyModifiers(ctrl))
	tab.Opened("/apps/larkfield/users/u_maya")
	tab.At("/apps/larkfield")
}

func TestJourneyKeyboardMap(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Press("?")
	tab.See("Keyboard shortcuts")
	tab.See("Read only on or off")
	tab.Axe()
	tab.Press(kb.Escape)
	tab.Until("it closes", `!document.querySelector("dialog[open]")`)
	for keys, path := range map[string]string{"gc": "/apps/larkfield/conversations", "gu": "/apps/larkfield/users", "gs": "/apps/larkfield/settings", "go": "/apps/larkfield", "ga": "/apps/larkfield/audit"} {
		tab.Press(keys)
		tab.At(path)
	}
	// The list: move, select up to here, read only, remove, undo.
	tab.Open(organisers)
	tab.Press("j")
	tab.Press("j")
	tab.Press("k")
	tab.Press("x")
	tab.See("1 selected")
	tab.Press("jj")
	tab.Press("X", chromedp.KeyModifiers(8))
	tab.See("3 selected")
	tab.Press(kb.Escape)
	tab.Until("nothing is selected", `!document.querySelector("form[data-some]")`)
	first := browser.Eval[string](tab, `document.activeElement.closest("tr").id`)
	pressed := func(value, state string) string {
		return fmt.Sprintf(`document.getElementById(%q)?.querySelector("button[name=access][value=%s]").getAttribute("aria-pressed") === %q`, first, value, state)
	}
	was := browser.Eval[bool](tab, pressed("Read", "true"))
	tab.Press("r")
	tab.See("Saved.")
	tab.Until("read only is switched", pressed("Read", fmt.Sprint(!was)))
	tab.Press("z")
	tab.See("Undone.")
	tab.Until("and back", pressed("Read", fmt.Sprint(was)))
	tab.Press("j")
	second := browser.Eval[string](tab, `document.activeElement.closest("tr").id`)
	tab.Press(kb.Backspace)
	tab.See("was removed.")
	tab.Until("the row is gone", fmt.Sprintf(`!document.getElementById(%q)`, second))
	tab.Press("z")
	tab.See("Undone.")
	tab.Press("/")
	tab.Until("the search has the focus", `document.activeElement.type === "search"`)
	tab.Press("gu?a") // typing is typing
	tab.Until("typed", `document.activeElement.value.endsWith("gu?a") && !document.querySelector("dialog[open]")`)
	// Ctrl+S saves; single keys rest where they are turned off, and the palette doesn't.
	tab.Open("/apps/larkfield/users/u_sam/edit")
	tab.Fill("Name", "Samuel W.")
	tab.Press("s", chromedp.KeyModifiers(ctrl))
	tab.See("Saved.")
	tab.Open("/account")
	tab.Click("button", "Turn single keys off")
	tab.See("Single keys are off.")
	tab.Press("gu")
	tab.Press("?")
	tab.Press("k", chromedp.KeyModifiers(ctrl))
	tab.Until("the palette opens, nothing else", `document.querySelector("#palette[open]") && !document.querySelector("#keys-dialog[open]") && location.pathname === "/account"`)
}
