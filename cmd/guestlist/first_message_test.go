package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// seenAfter is when the newest message of a chat was painted, in milliseconds after the moment that the page's script tag
// was read. The message is the largest thing in the chat, so the browser itself tells when it was painted.
const seenAfter = `new Promise((done) => new PerformanceObserver((list) => {
  const painted = list.getEntries().findLast((e) => e.element?.closest(".bubble"));
  if (painted) done(performance.timeOrigin + painted.startTime);
}).observe({ type: "largest-contentful-paint", buffered: true }))`

// BenchmarkFirstMessage opens a page of another origin in a fresh profile, where nothing is cached yet, and then once more:
// from its script tag to the first message that one sees.
func BenchmarkFirstMessage(b *testing.B) {
	p := start(b, b.TempDir())
	dbtest.App(b, p.app.store, "shop", "maya", "bob")
	dbtest.Conversation(b, p.app.store, "shop", "fair", "maya", "bob")
	for n := range 50 {
		text := fmt.Sprint("Message ", n, ". It is as long as what people write when they explain what they sell, and so it takes two or three lines.")
		if _, err := p.app.store.SendMessage(b.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: text}); err != nil {
			b.Fatal(err)
		}
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><body><div id="chat" style="height:500px;width:400px"></div>
<script>window.began = performance.timeOrigin + performance.now()</script><script src="%s/talk.js"></script>
<script>
  Talk.ready.then(() => {
    const session = new Talk.Session({ appId: "shop", userId: "maya" });
    const chatbox = session.createChatbox();
    chatbox.select("fair");
    chatbox.mount(document.getElementById("chat"));
  });
</script>`, p.app.URL())
	}))
	b.Cleanup(site.Close)
	c := browser.Start(b)
	var first, again []float64
	for b.Loop() {
		tab := c.Tab(b, site.URL)
		for _, took := range []*[]float64{&first, &again} {
			tab.Open("/")
			box := tab.Frame("/chatbox/shop")
			box.Until("a message is there", `document.querySelector(".bubble")`)
			*took = append(*took, browser.Eval[float64](box, seenAfter)-browser.Eval[float64](tab, "began"))
		}
	}
	for what, took := range map[string][]float64{"first": first, "again": again} {
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2], what+"-ms/median")
		b.ReportMetric(took[len(took)-1], what+"-ms/most")
	}
}
