package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
)

const guestsTab = organisers + "/guests"

// marketPage is a page of an origin of its own that opens the organisers' conversation as a guest.
func (p *product) marketPage(user chat.UserID) string {
	p.t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		token, err := auth.SignUser(r.Context(), p.app.store, demo.Live, user)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Market</title><script src="%s/talk.js"></script><div id="chat" style="height:500px"></div>
<script>
  Talk.ready.then(() => {
    const session = new Talk.Session({ appId: %q, userId: %q, token: %q });
    const chatbox = session.createChatbox();
    chatbox.select("spring-fair-organisers", { asGuest: true });
    chatbox.mount(document.getElementById("chat"));
  });
</script>`, p.app.URL(), demo.Live, user, token)
	}))
	p.t.Cleanup(site.Close)
	return site.URL
}

// stay marks a page, and stayed tells that it is still that page: it was not loaded again.
func stay(tab *browser.Tab) { browser.Eval[bool](tab, `window.stayed = true`) }
func stayed(t *testing.T, tab *browser.Tab) {
	t.Helper()
	if !browser.Eval[bool](tab, `window.stayed === true`) {
		t.Error("the page was loaded again")
	}
}

// isLive waits until a page's stream is open.
func isLive(tab *browser.Tab) {
	tab.Until("the page is live", `document.querySelector("[data-live-stream]")?.dataset.liveOpen === "true"`)
}

func TestJourneyAGuestIsSeenShownOutAndPromoted(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	admin := p.signIn(chromium, ana)
	admin.Open(guestsTab)
	admin.See("No guest is in now")
	isLive(admin)
	stay(admin)
	market := chromium.Tab(t, p.marketPage("buyer_0934"))
	market.Open("/")
	opened := time.Now()
	admin.See("Noor Aziz buyer_0934")
	t.Logf("seen %s after the page was opened", time.Since(opened).Round(10*time.Millisecond))
	admin.See("Guests are allowed, 1 is here now")
	admin.See("127.0.0.0/24")
	stayed(t, admin)

	admin.Click("link", "Show out Noor Aziz…")
	admin.See("Show Noor Aziz out?")
	admin.Click("radio", "1 day")
	admin.Fill("Reason", "Advertises")
	admin.Click("button", "Show out")
	admin.See("Noor Aziz was shown out.")
	admin.See("No guest is in now")
	admin.See("Advertises")

	// Loaded again, the page asks to come in and is refused.
	market.Open("/")
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		refused, err := p.app.store.Refusals(t.Context(), demo.Live, db.RefusalQuery{Reason: chat.GuestIsBlocked})
		if err != nil {
			t.Fatal(err)
		}
		if len(refused.Items) > 0 && refused.Items[0].User == "buyer_0934" {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the page was not refused")
		}
	}
	admin.Open(guestsTab)
	admin.See("No guest is in now")

	admin.Click("button", "Lift the block of Noor Aziz")
	admin.See("Lifted.")
	isLive(admin)
	market.Open("/")
	admin.See("Noor Aziz buyer_0934")
	admin.Click("button", "Add as participant: Noor Aziz")
	admin.See("Noor Aziz is a participant now")
	admin.See("18 participants are on the list")
	admin.See("No guest is in now")
	if got, err := p.app.store.Participant(t.Context(), chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: "buyer_0934"}); err != nil || got.Access != chat.ReadWrite {
		t.Errorf("%+v %v", got, err)
	}
	market.Errors() // what the page says of its change is the chatbox's own journey
}

func TestJourneyPagesRefreshInPlace(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	one, two := p.signIn(chromium, ana), p.signIn(chromium, tom)
	ref := func(user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: user}
	}
	tomas := p.admin("Tomás Herrera")
	remove := func(user chat.UserID) {
		t.Helper()
		if _, err := p.app.store.RemoveParticipant(t.Context(), tomas, ref(user)); err != nil {
			t.Fatal(err)
		}
	}
	one.Open(organisers)
	isLive(one)
	stay(one)
	// A change of a row shows in it, and what is picked stays picked.
	one.Click("checkbox", "Select Jonas Ek")
	two.Open(organisers)
	pressed := func(option string) string {
		return `[...document.querySelectorAll('[aria-label="Access for Yuki Tanabe"] button')].some((b) => b.innerText.trim() === "` + option + `" && b.getAttribute("aria-pressed") === "true")`
	}
	two.Until("press None", `(() => { const b = [...document.querySelectorAll('[aria-label="Access for Yuki Tanabe"] button')].find((b) => b.innerText.trim() === "None"); b?.click(); return !!b; })()`)
	two.See("Saved.")
	one.Until("the row follows", pressed("None"))
	one.See("1 selected")
	// While something is picked, rows don't jump: the page says that there is more.
	remove("u_sam")
	one.See("since you opened this.")
	one.See("Sam Whitlock u_sam")
	one.Click("button", "Show")
	one.NotSee("Sam Whitlock u_sam")
	one.See("1 selected")
	one.Click("checkbox", "Select Jonas Ek")
	browser.Eval[bool](one, `(document.activeElement.blur(), true)`)
	// Nobody is at it: the row goes by itself.
	remove("u_oskar")
	one.NotSee("Oskar Lund u_oskar")
	one.See("14 participants are on the list")
	stayed(t, one)
	// One's own changes are not told as news.
	two.Open("/apps/larkfield/audit")
	isLive(two)
	stay(two)
	remove("u_greta")
	two.See("1 change since you opened this.")
	two.NotSee("removed Greta Holm")
	two.Click("button", "Show")
	two.See("removed Greta Holm")
	stayed(t, two)
	two.NotSee("since you opened this.")
	// The list of conversations waits to be asked, too.
	one.Open("/apps/larkfield/conversations")
	isLive(one)
	if _, err := p.app.store.CreateConversation(t.Context(), tomas, demo.Live, "brand-new", chat.ConversationChange{Subject: chat.Some("Brand new")}); err != nil {
		t.Fatal(err)
	}
	one.See("1 change since you opened this.")
	one.Click("button", "Show")
	one.See("Brand new")
	// Paused, it says so; going on, it catches up.
	one.Open(organisers)
	isLive(one)
	one.Click("button", "Pause")
	one.See("Paused at")
	remove("seller_341")
	one.Click("button", "Go on")
	one.NotSee("Jonas Ek seller_341")
	one.See("Live. Updates by itself.")
	// A tab in the background lets go of its stream, and catches up when it is looked at again.
	isLive(one)
	stay(one)
	hide := func(hidden string) {
		browser.Eval[bool](one, `(Object.defineProperty(document, "hidden", { configurable: true, get: () => `+hidden+` }), document.dispatchEvent(new Event("visibilitychange")))`)
	}
	hide("true")
	one.Until("the stream is let go", `!document.querySelector("[data-live-stream]").dataset.liveOpen`)
	remove("seller_204")
	hide("false")
	one.NotSee("Yuki Tanabe seller_204")
	stayed(t, one)
}

func TestJourneyALivePageSaysWhenItIsNot(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(organisers)
	isLive(tab)
	began := time.Now()
	p.stop()
	t.Logf("stopped within %s with an open stream", time.Since(began).Round(10*time.Millisecond))
	tab.See("Not live since")
	tab.Errors() // the browser's own words on the lost stream
}
