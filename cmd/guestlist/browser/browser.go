// Package browser drives a real Chromium for journeys through the product. It finds things as people do: by their role and
// their name. Everything that a tab reports as an error fails the test that used it.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Chromium is one running browser. Each tab has a profile of its own.
type Chromium struct{ ctx context.Context }

// Start starts Chromium for a test or a benchmark. It fails when there is none: a run without its journeys is no run.
func Start(t testing.TB) *Chromium {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium: install Debian's package chromium (make test does so as root)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(func() { end(); stop() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return &Chromium{ctx}
}

// Tab is one tab in a profile of its own, at a site.
type Tab struct {
	t     testing.TB
	ctx   context.Context
	site  string
	frame string // a part of the address of the iframe that it looks into; "" for the page

	mu     sync.Mutex
	errors []string
	asked  []string               // addresses
	normal func(line string) bool // what the console may say at any time
}

// Tab opens a tab at a site, wide and light.
func (c *Chromium) Tab(t testing.TB, site string) *Tab {
	t.Helper()
	ctx, end := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext(func(*target.CreateBrowserContextParams) {}))
	tab := &Tab{t: t, ctx: ctx, site: site}
	tab.must(chromedp.Do(ctx))
	tab.watch()
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException {
				tab.mu.Lock()
				if line := m.Text + " " + m.URL; tab.normal == nil || !tab.normal(line) {
					tab.errors = append(tab.errors, line)
				}
				tab.mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		for _, text := range tab.Errors() {
			t.Errorf("the console says: %s", text)
		}
		end()
	})
	tab.Size(1280, 900)
	return tab
}

// Normal passes over lines of the console that are no fault of the page.
func (tab *Tab) Normal(is func(line string) bool) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.normal = is
}

// Errors are the console's errors so far, and forgets them: a test that expects one takes it.
func (tab *Tab) Errors() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	all := tab.errors
	tab.errors = nil
	return all
}

// SomeErrors waits until the console has an error, and takes those that are there.
func (tab *Tab) SomeErrors() []string {
	tab.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if all := tab.Errors(); len(all) > 0 || time.Now().After(end) {
			return all
		}
	}
}

// patience is how long a tab waits for what a test expects.
const patience = 30 * time.Second

func (tab *Tab) must(err error) {
	tab.t.Helper()
	if err != nil {
		tab.t.Fatal(err)
	}
}

func (tab *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Size sets the viewport.
func (tab *Tab) Size(width, height int64) {
	tab.t.Helper()
	tab.must(tab.do(chromedp.EmulateViewport(width, height)))
}

// Dark switches the system's colour scheme.
func (tab *Tab) Dark(dark bool) {
	tab.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	tab.Prefers("prefers-color-scheme", scheme)
}

// Prefers has the system prefer what media features say, by pairs of a feature and its value, and nothing else.
func (tab *Tab) Prefers(pairs ...string) {
	tab.t.Helper()
	tab.media(emulation.SetEmulatedMediaParams{}, pairs...)
}

// Paper shows pages as they are printed, until Prefers or Dark is called.
func (tab *Tab) Paper() {
	tab.t.Helper()
	tab.media(emulation.SetEmulatedMediaParams{Media: "print"})
}

func (tab *Tab) media(p emulation.SetEmulatedMediaParams, pairs ...string) {
	tab.t.Helper()
	for pair := range slices.Chunk(pairs, 2) {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: pair[0], Value: pair[1]})
	}
	_, err := chromedp.Call(tab.ctx, emulation.SetEmulatedMedia, p)
	tab.must(err)
}

// NoScript turns the pages' scripts off.
func (tab *Tab) NoScript() {
	tab.t.Helper()
	_, err := chromedp.Call(tab.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	tab.must(err)
}

// Open goes to a path of the site.
func (tab *Tab) Open(path string) {
	tab.t.Helper()
	if !strings.Contains(path, "://") {
		path = tab.site + path
	}
	tab.must(tab.do(chromedp.Navigate(path)))
}

// Leave opens an empty page, for who stops the server: a page that is open would miss it.
func (tab *Tab) Leave() {
	tab.t.Helper()
	tab.must(tab.do(chromedp.Navigate("about:blank")))
}

// Eval runs an expression in the page, past its content policy.
func Eval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, 3*patience)
	defer cancel()
	where, err := tab.where(ctx)
	tab.must(err)
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise, where))
	tab.must(err)
	return v
}

// Until waits until an expression is true. It may be asked across a navigation.
func (tab *Tab) Until(what, expression string) {
	tab.t.Helper()
	end := time.Now().Add(patience)
	for {
		ctx, cancel := context.WithTimeout(tab.ctx, patience)
		where, err := tab.where(ctx)
		ok := false
		if err == nil {
			ok, err = chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")", where))
		}
		cancel()
		if err == nil && ok {
			return
		}
		if time.Now().After(end) {
			tab.t.Fatalf("%s: not so after %s (%v). The page says:\n%s", what, patience, err, tab.Text("body"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Text is the visible text of the first element that matches, "" when there is none.
func (tab *Tab) Text(css string) string {
	tab.t.Helper()
	return Eval[string](tab, fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "").replace(/\s+/g, " ").trim()`, css))
}

// Has tells whether the page shows a text.
func (tab *Tab) Has(text string) bool {
	tab.t.Helper()
	return strings.Contains(tab.Text("body"), text)
}

// See waits until the page shows a text.
func (tab *Tab) See(text string) {
	tab.t.Helper()
	tab.Until("see “"+text+"”", fmt.Sprintf(`document.body?.innerText.replace(/\s+/g, " ").includes(%q)`, text))
}

// NotSee waits until the page doesn't show a text.
func (tab *Tab) NotSee(text string) {
	tab.t.Helper()
	tab.Until("not see “"+text+"”", fmt.Sprintf(`document.body && !document.body.innerText.replace(/\s+/g, " ").includes(%q)`, text))
}

// At waits until the address's path is path.
func (tab *Tab) At(path string) {
	tab.t.Helper()
	tab.Until("be at "+path, fmt.Sprintf(`location.pathname === %q && document.readyState === "complete"`, path))
}

// Opened waits until a page of the browser, of this tab or another, is at path.
func (tab *Tab) Opened(path string) {
	tab.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		all, err := chromedp.Call(tab.ctx, target.GetTargets, target.GetTargetsParams{})
		tab.must(err)
		for _, info := range all.TargetInfos {
			if strings.HasPrefix(info.URL, tab.site+path) {
				return
			}
		}
	}
	tab.t.Fatalf("nothing was opened at %s", path)
}

// find is a script that gives the visible elements of a role with a name, first those whose name is it, then those
// whose name contains it.
const find = `((role, name) => {
  const tags = { button: "button, summary, [role=button], input[type=submit]", link: "a[href]", checkbox: "input[type=checkbox]", radio: "input[type=radio]",
    textbox: "input:not([type=checkbox]):not([type=radio]):not([type=hidden]):not([type=submit]), textarea", combobox: "select", row: "tr" };
  const text = (e) => {
    const labelled = e.getAttribute("aria-labelledby")?.split(" ").map((id) => document.getElementById(id)?.textContent).join(" ");
    const labels = e.labels && [...e.labels].map((l) => l.textContent).join(" ");
    return (e.getAttribute("aria-label") || labelled || labels || e.innerText || e.value || "").replace(/\s+/g, " ").trim();
  };
  const seen = (e) => e.getClientRects().length > 0 || e.matches(".sr-only");
  const all = [...document.querySelectorAll(tags[role])].filter(seen);
  return [...all.filter((e) => text(e) === name), ...all.filter((e) => text(e) !== name && text(e).includes(name))];
})`

// mark waits for an element and gives a selector for it.
func (tab *Tab) mark(role, name string) string {
	tab.t.Helper()
	tab.Until(fmt.Sprintf("find %s “%s”", role, name), fmt.Sprintf(`(() => {
	  const e = %s(%q, %q)[0];
	  if (!e) return false;
	  document.querySelectorAll("[data-found]").forEach((e) => e.removeAttribute("data-found"));
	  e.setAttribute("data-found", ""); e.scrollIntoView({ block: "center" }); return true;
	})()`, find, role, name))
	return "[data-found]"
}

// Click clicks the element of a role ("button", "link", "checkbox", "radio") with a name.
func (tab *Tab) Click(role, name string) {
	tab.t.Helper()
	css := tab.mark(role, name)
	click := func() error {
		if tab.frame != "" {
			return tab.clickInFrame(css)
		}
		ctx, cancel := context.WithTimeout(tab.ctx, patience/2)
		defer cancel()
		return chromedp.Do(ctx, chromedp.Click(chromedp.CSS(css)))
	}
	err := click()
	for tries := 0; errors.Is(err, context.DeadlineExceeded) && tries < 3 && !Eval[bool](tab, fmt.Sprintf(`!!document.querySelector(%q)`, css)); tries++ {
		css = tab.mark(role, name) // the page drew it anew meanwhile
		err = click()
	}
	if err != nil && !strings.Contains(err.Error(), "navigated or closed") {
		tab.t.Fatalf("click %s “%s”: %v", role, name, err)
	}
}

// Fill types into the field with a label, over what is in it.
func (tab *Tab) Fill(label, text string) {
	tab.t.Helper()
	css := tab.mark("textbox", label)
	Eval[bool](tab, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); e.value = ""; e.dispatchEvent(new Event("input", { bubbles: true })); return true; })()`, css))
	if tab.frame != "" {
		tab.Press(text)
		return
	}
	tab.must(tab.do(chromedp.SendKeys(chromedp.CSS(css), text)))
}

// Choose selects an option of the list with a label, by the option's value.
func (tab *Tab) Choose(label, value string) {
	tab.t.Helper()
	css := tab.mark("combobox", label)
	Eval[bool](tab, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`, css, value))
}

// Press sends keys to whatever has the focus; see package kb for their names.
func (tab *Tab) Press(keys string, modifiers ...chromedp.KeyOption) {
	tab.t.Helper()
	tab.Until("a page that hears keys", `document.readyState === "complete"`)
	tab.must(tab.do(chromedp.KeyEvent(keys, modifiers...)))
}

// Focused is the name of what has the focus.
func (tab *Tab) Focused() string {
	tab.t.Helper()
	return Eval[string](tab, `(() => { const e = document.activeElement; return (e?.getAttribute("aria-label") || (e?.labels && [...e.labels].map((l) => l.textContent).join(" ")) || e?.innerText || e?.value || "").replace(/\s+/g, " ").trim(); })()`)
}

// Screenshot writes a picture of the whole page.
func (tab *Tab) Screenshot(path string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, 3*patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	tab.must(err)
	tab.must(os.WriteFile(path, png, 0o644))
}

// Fits fails when the page is wider than the window: nothing may scroll sideways.
func (tab *Tab) Fits() {
	tab.t.Helper()
	if over := Eval[int](tab, `document.documentElement.scrollWidth - window.innerWidth`); over > 0 {
		tab.t.Errorf("%s is %d px wider than the window", Eval[string](tab, "location.pathname"), over)
	}
}
