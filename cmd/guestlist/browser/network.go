package browser

import (
	"net/url"
	"slices"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// watch writes down the address of everything that the tab's pages ask for: documents, pictures, fonts, fetches, streams,
// pings, sockets. What is refused by the page's policy counts too, since it was asked for.
func (tab *Tab) watch() {
	tab.must(chromedp.Listen(tab.ctx, func(ev any) {
		address := ""
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			address = e.Request.URL
		case *network.EventWebSocketCreated:
			address = e.URL
		case *network.EventWebTransportCreated:
			address = e.URL
		}
		if u, err := url.Parse(address); err != nil || u.Host == "" {
			return // data:, blob:, about:
		}
		tab.mu.Lock()
		defer tab.mu.Unlock()
		tab.asked = append(tab.asked, address)
	}))
	_, err := chromedp.Call(tab.ctx, network.Enable, network.EnableParams{})
	tab.must(err)
}

// Asked are the addresses that the tab's pages asked for since it was last called.
func (tab *Tab) Asked() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	all := tab.asked
	tab.asked = nil
	return all
}

// OwnOnly fails when a page asked for anything that isn't its own server's since Asked was last called, or names such an
// address for the browser to connect to ahead.
func (tab *Tab) OwnOnly() {
	tab.t.Helper()
	at := Eval[string](tab, "location.href")
	asked := tab.Asked()
	if len(asked) == 0 {
		tab.t.Errorf("nothing was seen to be asked for by %s", at)
	}
	asked = append(asked, Eval[[]string](tab, `[...document.querySelectorAll("link[href]")].map((e) => e.href)`)...)
	asked = slices.DeleteFunc(asked, func(address string) bool { return host(address) == host(tab.site) || host(address) == "" })
	if len(asked) > 0 {
		tab.t.Errorf("%s asks others: %q", at, asked)
	}
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
