package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
)

// shown is what the Security page shows for one state of its boxes, by its styles alone.
type shown struct {
	Effects []bool   // Yes or No, row by row
	States  []string // of the two boxes, in words
	Offers  []bool   // whether each box offers to observe
	Partly  bool
	Guests  string   // the sentence on guests
	Changes []string // the lines of the save bar
	Asks    bool     // for the password
}

// look sets the boxes and reads the page. Whether a password is asked for is read off a probe, since the field is left
// out while the password was given lately.
func look(tab *browser.Tab, s chat.Security) shown {
	return browser.Eval[shown](tab, `(() => {
	  const form = document.getElementById("security"), seen = (e) => e.getClientRects().length > 0;
	  const set = (id, on) => { document.getElementById(id).checked = on; };
	  set("disallow-users", `+word(s.DisallowUserSync)+`); set("disallow-convs", `+word(s.DisallowConversationSync)+`); set("require-identity", `+word(s.RequireIdentity)+`);
	  set("observe-users", `+word(s.ObserveUserSync)+`); set("observe-convs", `+word(s.ObserveConversationSync)+`);
	  set("guests-`+string(s.Guests)+`", true);
	  const probe = form.appendChild(document.createElement("div"));
	  probe.className = "reauth";
	  const all = (css) => [...document.querySelectorAll(css)].filter(seen).map((e) => e.innerText.replace(/\s+/g, " ").trim());
	  const page = {
	    Effects: [...document.querySelectorAll("[data-testid=effect]")].map((r) => seen(r.querySelector(".m-yes")) && !seen(r.querySelector(".m-no"))),
	    Offers: ["observe-users", "observe-convs"].map((id) => seen(document.getElementById(id))),
	    States: all("[data-testid^=state-disallow]"),
	    Partly: all(".m-yes .partly").length > 0, Guests: all(".guests").join(" | "), Changes: all(".change"), Asks: seen(probe),
	  };
	  probe.remove();
	  return page;
	})()`)
}

// The styles of the Security page are tried in every state of the boxes and policies, against the rules.
func TestTheSecurityPageFollowsTheBoxes(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	for _, saved := range []chat.Security{
		{Guests: chat.GuestsFollow},
		{DisallowUserSync: true, Guests: chat.GuestsAllowed, RequireIdentity: true},
		{DisallowConversationSync: true, Guests: chat.GuestsFollow},
		{Guests: chat.GuestsNever},
		{ObserveUserSync: true, ObserveConversationSync: true, Guests: chat.GuestsFollow},
	} {
		save(t, p, saved)
		tab.Open(security)
		for _, s := range everySecurity() {
			check(t, saved, s, look(tab, s))
		}
	}
}

// everySecurity is every state that the switches can have.
func everySecurity() (all []chat.Security) {
	for _, policy := range chat.GuestPolicies {
		for i := range 18 {
			users, convs := i%3, i/3%3 // allow, observe, disallow
			all = append(all, chat.Security{DisallowUserSync: users == 2, ObserveUserSync: users == 1, DisallowConversationSync: convs == 2, ObserveConversationSync: convs == 1,
				RequireIdentity: i >= 9, Guests: policy})
		}
	}
	return all
}

// position is the stored value of a box.
func position(disallow, observe bool) string {
	if observe {
		return chat.Observing
	}
	return word(disallow)
}

func save(t testing.TB, p *product, s chat.Security) {
	t.Helper()
	now, err := p.app.store.Settings(t.Context(), demo.Live)
	if err != nil {
		t.Fatal(err)
	}
	var changes []chat.SettingChange
	for key, value := range map[chat.SettingKey]string{chat.SettingUserSync: position(s.DisallowUserSync, s.ObserveUserSync), chat.SettingConversationSync: position(s.DisallowConversationSync, s.ObserveConversationSync),
		chat.SettingIdentity: word(s.RequireIdentity), chat.SettingGuests: string(s.Guests)} {
		changes = append(changes, chat.SettingChange{Key: key, Value: value, Version: now[key].Version})
	}
	if _, err := p.app.store.SaveSettings(t.Context(), chat.CommandLine, demo.Live, changes); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, saved, s chat.Security, got shown) {
	t.Helper()
	var want []bool
	partly := false
	for _, e := range chat.Effects(s) {
		want = append(want, e.Allowed)
		partly = partly || e.Allowed && e.Why != ""
	}
	if !slices.Equal(got.Effects, want) || got.Partly != partly {
		t.Errorf("%+v: the panel shows %v (in part: %v), the rules say %v (%v)", s, got.Effects, got.Partly, want, partly)
	}
	now := chat.SwitchStates(s)[2].Now
	if got.Guests != "Now: "+now && got.Guests != "After saving: "+now {
		t.Errorf("%+v: %q, the rules say %q", s, got.Guests, now)
	}
	if offers := []bool{!s.DisallowUserSync, !s.DisallowConversationSync}; !slices.Equal(got.Offers, offers) {
		t.Errorf("%+v: observing is offered: %v", s, got.Offers)
	}
	states := chat.SwitchStates(s)
	for i, changed := range []bool{saved.DisallowUserSync != s.DisallowUserSync || saved.ObserveUserSync != s.ObserveUserSync,
		saved.DisallowConversationSync != s.DisallowConversationSync || saved.ObserveConversationSync != s.ObserveConversationSync} {
		want := "Now: " + states[i].Now
		if changed {
			want = "After saving: " + states[i].Now
		}
		if i >= len(got.States) || got.States[i] != want {
			t.Errorf("from %+v to %+v: box %d says %q, want %q", saved, s, i+1, got.States, want)
		}
	}
	if got.Asks != chat.Loosens(saved, s) {
		t.Errorf("from %+v to %+v: asks for the password: %v", saved, s, got.Asks)
	}
	var differs []string
	for what, is := range map[string]bool{"User synchronization": saved.DisallowUserSync != s.DisallowUserSync || saved.ObserveUserSync != s.ObserveUserSync,
		"Conversation synchronization": saved.DisallowConversationSync != s.DisallowConversationSync || saved.ObserveConversationSync != s.ObserveConversationSync,
		"Signed token":                 saved.RequireIdentity != s.RequireIdentity, "Guest access": saved.Guests != s.Guests} {
		if is {
			differs = append(differs, what)
		}
	}
	for _, what := range differs {
		if !slices.ContainsFunc(got.Changes, func(line string) bool { return strings.HasPrefix(line, what) }) {
			t.Errorf("from %+v to %+v: the save bar does not name %q: %q", saved, s, what, got.Changes)
		}
	}
	if len(got.Changes) != len(differs) {
		t.Errorf("from %+v to %+v: the save bar names %q", saved, s, got.Changes)
	}
}

// call is a call of a browser, from a page of the demo's market.
func (p *product) call(command, body string) (status int, request string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.app.URL()+"/v1/"+string(demo.Live)+"/browser/"+command, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "https://market.larkfield.example")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("X-Request-Id")
}

// browsersCall makes calls of every outcome, and waits until they are counted.
func (p *product) browsersCall() (refused, observed string) {
	p.t.Helper()
	save(p.t, p, chat.Security{ObserveUserSync: true, DisallowConversationSync: true, Guests: chat.GuestsFollow})
	if status, _ := p.call("user.get", `{"user":"u_maya","args":{"user":"u_maya"}}`); status != http.StatusOK {
		p.t.Fatal(status)
	}
	status, observed := p.call("user.set", `{"user":"u_maya","args":{"user":"u_maya","set":{"locale":"sv-SE"}}}`)
	if status != http.StatusOK {
		p.t.Fatalf("observing changed an answer: %d", status)
	}
	status, refused = p.call("conversation.set", `{"user":"u_maya","args":{"conversation":"spring-fair-organisers","set":{"subject":"Autumn fair"}}}`)
	if status != http.StatusForbidden {
		p.t.Fatalf("the box refuses nothing: %d", status)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		_, errRefused := p.app.store.RefusalByRequest(p.t.Context(), demo.Live, refused)
		_, errObserved := p.app.store.RefusalByRequest(p.t.Context(), demo.Live, observed)
		if errRefused == nil && errObserved == nil {
			return refused, observed
		}
		if time.Now().After(end) {
			p.t.Fatal("not counted: ", errRefused, errObserved)
		}
	}
}

// Observing is chosen by keyboard and without script, survives a restart, and shows what it found.
func TestJourneyObserveBeforeTheTick(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Open(security)
	tab.See("Now: Browsers can create and change users.")
	browser.Eval[bool](tab, `(document.getElementById("observe-users").focus(), true)`)
	tab.Press(" ")
	tab.See("After saving: Browsers can create and change users. What the tick would refuse is counted.")
	tab.See("User synchronization via the browser: allowed → observed")
	tab.Click("button", "Save changes")
	tab.See("Saved. It holds at once")
	tab.See("Observing began")
	seen := func() (n int64) {
		t.Helper()
		usage, err := p.app.store.Usage(t.Context(), demo.Live, time.Now().AddDate(0, 0, -7))
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range usage {
			if u.Outcome == chat.CallObserved {
				n += u.Count
			}
		}
		return n
	}
	before := seen()
	p.restart()
	if s, err := p.app.store.Settings(t.Context(), demo.Live); err != nil || !s.Security().ObserveUserSync || s.Security().DisallowUserSync {
		t.Fatalf("%+v %v", s, err)
	}
	refused, observed := p.browsersCall()
	tab = p.signIn(browser.Start(t), ana)
	tab.Open(security)
	if n := seen(); n != before+1 {
		t.Errorf("%d observed, and %d before", n, before)
	}
	tab.See(fmt.Sprint("a tick would have refused ", before+1, "."))
	tab.See("In 7 days the box refused 1 call.")
	tab.Open("/apps/larkfield/refusals")
	tab.See("User synchronization is disallowed")
	tab.See("Conversation synchronization is disallowed")
	// A request id that somebody read out leads to the call, from the search of any list.
	for _, id := range []string{refused, observed} {
		tab.Open("/apps/larkfield/users")
		tab.Fill("Find by name, ID or e-mail", id)
		tab.Until("the call's page", `location.search === "?request=`+id+`"`)
		tab.See("What to do")
	}
}

// The sample of the chat follows the fields at once where there is script.
func TestJourneyAThemeIsSeenBeforeItIsSaved(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open("/apps/larkfield/settings/browser")
	tab.Fill("Accent", "#7a1fa2")
	tab.Until("the sample in the new colour", `getComputedStyle(document.querySelector(".chat-sample .mine")).backgroundColor === "rgb(122, 31, 162)"`)
	tab.Click("button", "Save theme")
	tab.See("Saved. Chats have the new look")
	tab.Until("the sample as it is saved", `getComputedStyle(document.querySelector(".chat-sample .mine")).backgroundColor === "rgb(122, 31, 162)"`)
	tab.Fill("Text on the accent", "#8a2fb2")
	tab.Until("the contrast of what is typed", `document.getElementById("sample").innerText.includes("too low to read")`)
	tab.Click("button", "Save theme")
	tab.Until("the refusal", `document.querySelector("[role=alert]") !== null`)
	expect(t, tab, "status of 422")
}
