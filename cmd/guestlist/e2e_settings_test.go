package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
)

const (
	settingsHistory = "/apps/larkfield/settings/history"
	health          = "/apps/larkfield/settings/health"
)

// laterProduct is the demo on a clock that the test moves on.
func laterProduct(t testing.TB) (p *product, later func(time.Duration)) {
	t.Helper()
	var ahead atomic.Int64
	p = &product{t: t, dir: demoDir(t), now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}
	p.boot()
	t.Cleanup(func() { p.stop() })
	return p, func(d time.Duration) { ahead.Add(int64(d)) }
}

func (p *product) setting(key chat.SettingKey) string {
	p.t.Helper()
	all, err := p.app.store.Settings(p.t.Context(), demo.Live)
	if err != nil {
		p.t.Fatal(err)
	}
	return all[key].Value
}

func (p *product) becomes(key chat.SettingKey, value string) {
	p.t.Helper()
	for end := time.Now().Add(15 * time.Second); p.setting(key) != value; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("%s is %q and not %q", key, p.setting(key), value)
		}
	}
}

// A save says why; the history shows what it did; it is reverted there, and that is undone. All without script.
func TestJourneyASettingWithAPast(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Open(security)
	tab.Click("checkbox", "Disallow conversation synchronization via the browser")
	tab.Fill("Reason", "Somebody added themselves")
	tab.Click("button", "Save changes")
	tab.See("Saved. It holds at once")
	tab.Open(settingsHistory)
	tab.See("“Somebody added themselves”")
	row := tab.Text("[data-testid=settings-change]")
	for _, want := range []string{"Imani Okafor", "Disallow conversation synchronization via the browser", "not ticked", "ticked"} {
		if !strings.Contains(row, want) {
			t.Errorf("%q is missing in %q", want, row)
		}
	}
	tab.Click("button", "Revert: Disallow conversation synchronization via the browser")
	tab.See("Undone.")
	tab.See("Took back a change")
	p.becomes(chat.SettingConversationSync, "false")
	tab.Click("button", "Revert: Disallow conversation synchronization via the browser") // of the revert, which is the newest
	tab.See("Undone.")
	p.becomes(chat.SettingConversationSync, "true")
}

// A change on trial is told on every page, survives a restart and goes back; another one is confirmed and stays. On a
// phone, too.
func TestJourneyAChangeThatGoesBackByItself(t *testing.T) {
	p, later := laterProduct(t)
	save := func(tab *browser.Tab, limit string) {
		t.Helper()
		tab.Open("/apps/larkfield/settings")
		tab.Fill("Participants per conversation", limit)
		tab.Click("checkbox", "Take it back in 30 minutes unless I confirm")
		tab.Click("button", "Save changes")
		tab.See("Saved for 30 minutes.")
	}
	tab := p.signIn(browser.Start(t), ana)
	save(tab, "600")
	for _, path := range []string{"/apps/larkfield", "/apps/larkfield/users", organisers, settingsHistory} {
		tab.Open(path)
		tab.See("Participants per conversation, changed by Imani Okafor, goes back in")
		tab.See("unless it is confirmed.")
	}
	tab.Leave()
	later(20 * time.Minute)
	p.restart()
	tab = p.signIn(browser.Start(t), ana)
	tab.Size(390, 800)
	tab.Open("/apps/larkfield/users")
	tab.See("goes back in 9 minutes")
	tab.Fits()
	p.becomes(chat.SettingParticipantLimit, "600")
	later(10 * time.Minute)
	p.becomes(chat.SettingParticipantLimit, "0")
	tab.Open(settingsHistory)
	tab.NotSee("goes back in")
	tab.See("“Nobody confirmed it in time.”")

	save(tab, "700")
	tab.Click("button", "Confirm: Participants per conversation")
	tab.See("Confirmed. It stays.")
	later(time.Hour)
	tab.Open("/apps/larkfield")
	tab.NotSee("goes back in")
	p.becomes(chat.SettingParticipantLimit, "700")

	save(tab, "800")
	tab.Click("button", "Revert now: Participants per conversation")
	tab.See("Undone.")
	p.becomes(chat.SettingParticipantLimit, "700")
}

// A change is scheduled, told with today's numbers, put off, and made at its time.
func TestJourneyAScheduledChange(t *testing.T) {
	p, later := laterProduct(t)
	p.browsersCall()
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(security)
	tab.Click("checkbox", "Disallow user synchronization via the browser")
	tab.Click("button", "Schedule…")
	tab.At("/apps/larkfield/settings/schedule/new")
	tab.See("Stops in browsers: Create or change a user.")
	tab.See("of those it saw, a tick would have refused")
	at := func(when time.Time) {
		t.Helper()
		browser.Eval[bool](tab, fmt.Sprintf(`(() => { document.querySelector("[name=date]").value = %q; document.querySelector("[name=time]").value = %q; return true; })()`, when.Format(time.DateOnly), when.Format("15:04")))
	}
	soon := p.now().UTC().Add(time.Hour)
	at(soon)
	tab.Fill("Reason", "After the deploy")
	tab.Axe()
	tab.Click("button", "Schedule this change")
	tab.At(settingsHistory)
	tab.See("Scheduled for " + soon.Format("2 January 2006, 15:04"))
	tab.See("“After the deploy”")
	tab.Click("link", "Edit what is scheduled for")
	tab.See("Edit a scheduled change")
	at(soon.Add(time.Hour))
	tab.Click("button", "Save")
	tab.See("Scheduled for " + soon.Add(time.Hour).Format("2 January 2006, 15:04"))
	later(61 * time.Minute)
	tab.Open(settingsHistory)
	tab.See("“After the deploy”")
	later(time.Hour)
	p.becomes(chat.SettingUserSync, "true")
	tab.Open(settingsHistory)
	tab.See("Nothing is scheduled.")
	tab.See("What became of earlier ones")
}

// What stands open is mended by its button; the overview names it until then.
func TestJourneyAFindingIsMended(t *testing.T) {
	p := demoProduct(t)
	p.browsersCall()
	tab := p.signIn(browser.Start(t), ana)
	tab.Open("/apps/larkfield")
	tab.Click("link", "Browsers may change things, and nobody has to prove who they are.")
	tab.At(health)
	tab.Click("button", "Require a signed token")
	tab.See("Saved for 30 minutes.")
	tab.NotSee("nobody has to prove who they are")
	p.becomes(chat.SettingIdentity, "true")
	tab.Click("button", "Confirm: Require a signed token")
	tab.See("Confirmed. It stays.")
}

// The charts are pictures with words, and their numbers are a table, for every range, without script.
func TestJourneyTheOverviewIsReadAsText(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Open("/apps/larkfield")
	labels := browser.Eval[[]string](tab, `[...document.querySelectorAll("#charts svg[role=img]")].map((e) => e.getAttribute("aria-label"))`)
	if len(labels) != 6 || !strings.HasPrefix(labels[0], "Messages over 24 hours: ") {
		t.Errorf("%q", labels)
	}
	tab.Click("button", "The numbers, per hour")
	tab.Until("the table in sight", `document.querySelector("[data-testid=numbers] tbody tr")?.getClientRects().length > 0`)
	tab.Click("link", "30 days")
	tab.Until("the month", `location.search === "?range=30d"`)
	month := browser.Eval[[]int](tab, `[...document.querySelectorAll("[data-testid=numbers] tbody tr")].map((r) => +r.querySelector("td").textContent.replace(/\D/g, ""))`)
	sum := 0
	for _, n := range month {
		sum += n
	}
	if shown := tab.Text("[data-testid=chart-messages]"); len(month) != 30 || sum == 0 || !strings.Contains(strings.ReplaceAll(shown, ",", ""), fmt.Sprint(sum)) {
		t.Errorf("%d rows, %d messages, and the chart says %q", len(month), sum, shown)
	}
}

// Help is one step from a group of settings and from a refusal, and is searched.
func TestJourneyHelpWhereItIsNeeded(t *testing.T) {
	p := demoProduct(t)
	p.browsersCall()
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Open(security)
	tab.Click("link", "Help: Guest access")
	tab.At("/help/settings")
	tab.Until("the heading", `location.hash === "#guest-access" && document.querySelector(":target")?.textContent === "Guest access"`)
	tab.Open("/apps/larkfield/refusals?reason=conversation_sync_disallowed")
	tab.Click("button", "Conversation synchronization is disallowed")
	tab.Click("link", "More about this reason")
	tab.At("/help/refusals")
	tab.Until("the reason", `document.querySelector(":target")?.textContent === "conversation_sync_disallowed"`)
	tab.Open("/help")
	tab.Fill("Search the help", "dead man")
	tab.Press("\r")
	tab.See("No page has all of these words.")
	tab.Fill("Search the help", "banner confirm")
	tab.Press("\r")
	tab.Click("link", "Take it back unless I confirm")
	tab.At("/help/settings")
}
