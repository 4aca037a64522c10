package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
)

// lastWeek is a moment of the demo's month, in the time of the pages.
var lastWeek = time.Now().AddDate(0, 0, -20).Format("2006-01-02T15:04")

// everyPage is an address of every page of the product, by the name of its picture.
var everyPage = []struct{ name, path string }{
	{"overview", "/apps/larkfield"},
	{"conversations", "/apps/larkfield/conversations"},
	{"conversations-no-match", "/apps/larkfield/conversations?q=harvest"},
	{"conversation-new", "/apps/larkfield/conversations/new"},
	{"participants", organisers},
	{"participants-large", "/apps/larkfield/conversations/town-hall"},
	{"participants-add", organisers + "/participants/add?q=ma"},
	{"participants-print", organisers + "/participants/print"},
	{"participants-many", manyPeople},
	{"participants-many-conversation", manyPeople + "?from=conversation"},
	{"participants-many-rule", manyPeople + "?from=rule"},
	{"conversation-guests", organisers + "/guests"},
	{"conversation-guests-closed", "/apps/larkfield/conversations/cleaning/guests"},
	{"conversation-guests-show-out", organisers + "/guests/buyer_0934/show-out"},
	{"conversation-guests-access", organisers + "/guests/access?to=Never"},
	{"conversation-messages", organisers + "/messages"},
	{"conversation-messages-no-match", organisers + "/messages?q=harvest"},
	{"try", "/apps/larkfield/try"},
	{"try-guest", "/apps/larkfield/try?as=guest&conversation=spring-fair-organisers"},
	{"try-nothing", "/apps/larkfield/try?conversation=nope"},
	{"conversation-rights", organisers + "/rights?user=seller_019"},
	{"conversation-rights-nobody", organisers + "/rights?user=nobody"},
	{"conversation-history", organisers + "/history"},
	{"conversation-history-at", organisers + "/history/at?at=" + lastWeek},
	{"conversation-history-difference", organisers + "/history/difference?at=" + lastWeek},
	{"conversation-terms", organisers + "/participants/seller_019/terms"},
	{"endings", "/apps/larkfield/endings"},
	{"endings-no-match", "/apps/larkfield/endings?user=nobody"},
	{"conversation-settings", organisers + "/settings"},
	{"conversation-delete", organisers + "/delete"},
	{"search", "/apps/larkfield/search?q=spring&at=" + organisers},
	{"search-nothing", "/apps/larkfield/search?q=zzzz"},
	{"search-server", "/search?q=app"},
	{"views", "/apps/larkfield/views"},
	{"view-new", "/apps/larkfield/views/new?list=audit&query=what%3Dkeys%26who%3Dadmin"},
	{"users", "/apps/larkfield/users"},
	{"user", "/apps/larkfield/users/u_maya"},
	{"user-history", "/apps/larkfield/users/seller_450/history?at=" + lastWeek},
	{"user-edit", "/apps/larkfield/users/seller_019/edit"},
	{"user-banned", "/apps/larkfield/users/buyer_5561"},
	{"user-ban", "/apps/larkfield/users/seller_019/ban"},
	{"user-lift", "/apps/larkfield/users/buyer_5561/lift"},
	{"user-delete", "/apps/larkfield/users/seller_019/delete"},
	{"user-erase", "/apps/larkfield/users/seller_019/erase"},
	{"users-banned", "/apps/larkfield/users?show=banned"},
	{"trash", trashPage},
	{"trash-purge", trashPage + "/1/purge"},
	{"user-new", "/apps/larkfield/users/new"},
	{"audit", "/apps/larkfield/audit"},
	{"jobs", "/apps/larkfield/jobs"},
	{"refusals", "/apps/larkfield/refusals"},
	{"refusals-no-match", "/apps/larkfield/refusals?reason=origin_not_allowed"},
	{"refusals-request", "/apps/larkfield/refusals?request=req_nope"},
	{"refusals-none", "/apps/larkfield_test/refusals"},
	{"settings", "/apps/larkfield/settings"},
	{"settings-security", security},
	{"settings-browser", "/apps/larkfield/settings/browser"},
	{"settings-keys", "/apps/larkfield/settings/keys"},
	{"settings-health", "/apps/larkfield/settings/health"},
	{"settings-history", "/apps/larkfield/settings/history"},
	{"settings-schedule", "/apps/larkfield/settings/schedule/new?disallowConversationSync=true&guestPolicy=never&allowedOrigins=https%3A%2F%2Fmarket.larkfield.example"},
	{"help", "/help"},
	{"help-found", "/help?q=guest"},
	{"help-settings", "/help/settings"},
	{"help-refusals", "/help/refusals"},
	{"overview-month", "/apps/larkfield?range=30d"},
	{"settings-danger", "/apps/larkfield/settings/danger"},
	{"overview-test-app", "/apps/larkfield_test"},
	{"apps", "/apps"},
	{"app-new", "/apps/new"},
	{"team", "/team"},
	{"team-invite", "/team/invite"},
	{"backups", "/backups"},
	{"account", "/account"},
	{"account-code", "/account/code"},
	{"account-second-step", "/account/second-step"},
	{"account-confirm", "/account/confirm"},
	{"not-found", "/apps/larkfield/conversations/nope"},
	{"sign-in", "/sign-in"},
}

// complaints are what the console rightly says on a page, by the page's name: once browsers were kept from changing
// conversations, guests are not let in.
var complaints = map[string]string{"not-found": "status of 404", "try-guest": "select was refused"}

// every visits every page, wide and narrow, light and dark.
func every(t *testing.T, look func(tab *browser.Tab, name string)) {
	p := demoProduct(t)
	p.browsersCall()
	p.trashSome()
	chromium := browser.Start(t)
	tab := p.signIn(chromium, ana)
	for _, page := range append(slices.Clone(everyPage), p.listSome()...) {
		for _, view := range []struct {
			name string
			wide int64
			dark bool
		}{{"wide-light", 1440, false}, {"wide-dark", 1440, true}, {"narrow-light", 390, false}, {"narrow-dark", 390, true}} {
			at := tab
			if page.name == "sign-in" {
				at = chromium.Tab(t, p.app.URL())
			}
			at.Size(view.wide, 900)
			at.Dark(view.dark)
			at.Open(page.path)
			look(at, page.name+"-"+view.name)
			if says := complaints[page.name]; says != "" {
				expect(t, at, says)
			}
		}
	}
}

func TestEveryPageIsForEverybody(t *testing.T) {
	every(t, func(tab *browser.Tab, name string) {
		tab.Fits()
		tab.Axe()
	})
}

func TestPagesFitTheSmallestPhone(t *testing.T) {
	p := demoProduct(t)
	p.browsersCall()
	p.trashSome()
	tab := p.signIn(browser.Start(t), ana)
	tab.Size(360, 740)
	for _, page := range append(slices.Clone(everyPage), p.listSome()...) {
		tab.Open(page.path)
		tab.Fits()
		if says := complaints[page.name]; says != "" {
			expect(t, tab, says)
		}
	}
}

// What acts on a selection stays in sight of what is selected, however far down the list that is.
func TestTheBarOfASelectionStaysInSight(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	for _, wide := range []int64{1280, 390} {
		tab.Size(wide, 740)
		tab.Open("/apps/larkfield/conversations/town-hall")
		browser.Eval[bool](tab, `(() => { const all = document.querySelectorAll("[data-pick]"), e = all[all.length - 5]; e.scrollIntoView({ block: "center", behavior: "instant" }); e.click(); return true; })()`)
		tab.See("1 selected")
		tab.Until("see and reach Remove selected", `(() => {
		  const e = [...document.querySelectorAll("[data-bulk] button")].find((b) => b.innerText.trim() === "Remove selected"), r = e.getBoundingClientRect();
		  return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2));
		})()`)
	}
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
	every(t, func(tab *browser.Tab, name string) { tab.Screenshot(filepath.Join(folder, name+".png")) })
}
