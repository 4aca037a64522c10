package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const sdkSecret = "sk_test_0123456789abcdefghij"

// shop is an App with one app in it, and a page of another origin that loads its script.
type shop struct {
	*product
	page string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	p := start(t, t.TempDir())
	dbtest.App(t, p.app.store, "shop", "maya", "bob")
	if _, _, err := p.app.store.CreateKey(t.Context(), chat.CommandLine, "shop", "Orders", sdkSecret); err != nil {
		t.Fatal(err)
	}
	dbtest.Conversation(t, p.app.store, "shop", "fair", "bob")
	return &shop{p, pageOf(t, p.app.URL())}
}

// pageOf serves a page, on an origin of its own, that has both doors of the server at host.
func pageOf(t *testing.T, host string) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Shop</title><body><div id="chat" style="height:500px"></div>
<script>
(function(t,a,l,k,s){s=a.createElement("script");s.async=1;s.src=%q;a.head.appendChild(s);k=t.Promise;
t.Talk={v:3,ready:{then:function(f){if(k)return new k(function(r,e){l.push([f,r,e])});l.push([f])},catch:function(){return k&&new k()},c:l}}})(window,document,[]);
Talk.ready.then(function(){ window.queued = typeof Talk.Session; });
</script>
<script type="module">import * as guestlist from %q; Object.assign(window, { guestlist, getTalkSession: guestlist.getTalkSession });</script>`, host+"/talk.js", host+"/guestlist.mjs")
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// tab opens the page, with helpers for what tests look at: refused(promise) is the code of a refusal, soon(f) waits.
func (s *shop) tab(t *testing.T, c *browser.Chromium) *browser.Tab {
	t.Helper()
	tab := c.Tab(t, s.page)
	tab.Open("/")
	tab.Until("both doors are there", `window.queued === "function" && window.getTalkSession`)
	browser.Eval[bool](tab, `(() => {
	  window.refused = (promise) => promise.then(() => "", (e) => e.name === "GuestlistError" ? e.code : String(e));
	  window.soon = async (f) => { for (let i = 0; i < 1000; i++) { try { if (await f()) return true; } catch {} await new Promise((r) => setTimeout(r, 10)); } throw new Error("not soon: " + f); };
	  return true;
	})()`)
	return tab
}

func sdkToken(t *testing.T, user string, life time.Duration) string {
	t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"tokenType": "user", "iss": "shop", "sub": user, "exp": time.Now().Add(life).Unix()}).SignedString([]byte(sdkSecret))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sdkSignature is what older integrations have in place of a token.
func sdkSignature(user string) string {
	mac := hmac.New(sha256.New, []byte(sdkSecret))
	mac.Write([]byte(user))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *shop) set(t *testing.T, key chat.SettingKey, value string) {
	t.Helper()
	now, err := s.app.store.Settings(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.store.SaveSettings(t.Context(), chat.CommandLine, "shop", []chat.SettingChange{{Key: key, Value: value, Version: now[key].Version}}); err != nil {
		t.Fatal(err)
	}
}

// yes runs a script that returns an object of what must be true.
func yes(t *testing.T, tab *browser.Tab, script string) {
	t.Helper()
	got := browser.Eval[map[string]any](tab, `(async () => {`+script+`})()`)
	for what, is := range got {
		if is != true {
			text, _ := json.Marshal(is)
			t.Errorf("%s: %s", what, text)
		}
	}
	if len(got) == 0 {
		t.Error("nothing was looked at")
	}
}
