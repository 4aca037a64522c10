package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/auth"
)

// hostile are texts that would run if they were ever taken for more than text: they mark the page, or open a dialog.
var hostile = func() (all []string) {
	const mark = `document.documentElement.dataset.ran=1`
	for _, text := range []string{
		`<script>MARK</script>`, `"><script>MARK</script>`, `'><script>MARK</script>`, `</script><script>MARK</script>`, `</title><script>MARK</script>`,
		`</textarea><script>MARK</script>`, `</style><script>MARK</script>`, `--><script>MARK</script>`, `]]><script>MARK</script>`, `<ScRiPt>MARK</sCrIpT>`,
		`<scr<script>ipt>MARK</script>`, `<script src=//x.invalid/x.js>`, `<script src="data:text/javascript,MARK"></script>`, `<img src=x onerror=MARK>`, `"><img src=x onerror="MARK">`,
		`<img/src=x/onerror=MARK>`, `<svg onload=MARK>`, `<svg><animate onbegin=MARK attributeName=x dur=1s>`, `<svg><script>MARK</script></svg>`, `<math><mi xlink:href="javascript:MARK">x</mi></math>`,
		`<body onload=MARK>`, `<details open ontoggle=MARK>`, `<input autofocus onfocus=MARK>`, `<video><source onerror=MARK>`, `<iframe srcdoc="<script>parent.MARK</script>">`,
		`<iframe src="javascript:parent.MARK">`, `<object data="javascript:MARK">`, `<embed src="javascript:MARK">`, `<a href="javascript:MARK">x</a>`, `<form action="javascript:MARK"><button>x</button></form>`,
		`<base href="//x.invalid/">`, `<meta http-equiv=refresh content="0;url=javascript:MARK">`, `<link rel=stylesheet href=//x.invalid/x.css>`, `<style>*{display:none}</style>`, `" onmouseover="MARK" autofocus onfocus="MARK" x="`,
		`' onmouseover='MARK' x='`, `javascript:MARK`, `data:text/html,<script>MARK</script>`, `{{constructor.constructor("MARK")()}}`, `${MARK}`,
		`<<javascript:MARK|click>`, `&lt;script&gt;MARK&lt;/script&gt;`, `<noscript><p title="</noscript><img src=x onerror=MARK>">`, `*<b onclick=alert(1)>* _<i onclick=alert(1)>_`,
	} {
		all = append(all, strings.ReplaceAll(text, "MARK", mark))
	}
	return all
}()

// nothingRan fails when a page took a text for markup, or a text for a script.
func nothingRan(t *testing.T, where string, page, look *browser.Tab) {
	t.Helper()
	found := browser.Eval[string](look, `(() => {
	  if (document.documentElement.dataset.ran) return "a script ran";
	  const bad = document.querySelector("script:not([src]), iframe[srcdoc], base, object, embed, math, meta[http-equiv=refresh], svg script, svg animate, body style");
	  if (bad) return bad.outerHTML.slice(0, 200);
	  for (const e of document.querySelectorAll("*")) for (const { name, value } of e.attributes) {
	    if (name.startsWith("on")) return e.outerHTML.slice(0, 200);
	    if (["href", "src", "action", "formaction", "xlink:href", "data"].includes(name) && !/^(https?:|mailto:|#|\/|\?|data:image\/|\.|[\w-]*$)/i.test(value)) return e.outerHTML.slice(0, 200);
	  }
	  return "";
	})()`)
	if found != "" {
		t.Errorf("%s: %s", where, found)
	}
	for _, line := range page.Errors() {
		if !(where == "nobody" && strings.Contains(line, "status of 404")) {
			t.Errorf("%s: the console says %s", where, line)
		}
	}
}

// lostPicture tells what the console says of a picture that is blocked or not there, whenever it is given up.
func lostPicture(line string) bool {
	return strings.Contains(line, "img-src") || strings.Contains(line, "Loading the image") || strings.Contains(line, "net::ERR_") && strings.Contains(line, "x.invalid")
}

// holds waits until a page shows texts, as text.
func holds(look *browser.Tab, texts ...string) {
	list, _ := json.Marshal(append([]string{}, texts...))
	look.Until("the texts are there", `(() => { const all = document.body.textContent + [...document.querySelectorAll("input, textarea")].map((e) => e.value).join(" "); return `+string(list)+`.every((x) => all.includes(x)); })()`)
}

// Whatever users and admins may set is shown as text, on every page of the dashboard and in every chat.
func TestJourneyNothingThatIsTypedRuns(t *testing.T) {
	s := newShop(t)
	store, server, ctx := s.app.store, dbtest.Backend("shop"), t.Context()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// One user and one conversation for each text, and for each eight of them together, whose pages are all visited.
	var together []string
	for i := 0; i < len(hostile); i += 8 {
		together = append(together, strings.Join(hostile[i:min(i+8, len(hostile))], " "))
	}
	id := func(text string) string {
		text = strings.ReplaceAll(text, "/", "")
		return text[:min(len(text), 200)]
	}
	dbtest.Conversation(t, store, "shop", "all", "maya")
	var calls []chat.Call
	for i, text := range append(append([]string{}, hostile...), together...) {
		user, conv, key := chat.UserID(id(text)), chat.ConversationID(id(text)), text[:min(len(text), 100)]
		custom, photo := chat.Custom{key: &text}, "https://x.invalid/"+text
		must(store.PutUser(ctx, server, "shop", user, chat.UserChange{Name: chat.Some(text), PhotoURL: chat.Some(photo), HeaderPhotoURL: chat.Some(photo), WelcomeMessage: chat.Some(text),
			AvailabilityText: chat.Some(text), Custom: chat.Some(custom), Email: chat.Some([]string{"maya@shop.example"}), Phone: chat.Some([]string{text[:min(len(text), 50)]})}, chat.UserChange{}))
		for field, change := range map[string]chat.UserChange{"role": {Role: chat.Some(text)}, "locale": {Locale: chat.Some(text)}, "email": {Email: chat.Some([]string{text})}} {
			if _, err := store.PutUser(ctx, server, "shop", user, change, chat.UserChange{}); err != nil && chat.AsError(err).Code != chat.Invalid {
				t.Fatal(field, err)
			}
		}
		must(store.PutConversation(ctx, server, "shop", conv, chat.ConversationChange{Subject: chat.Some(text), PhotoURL: chat.Some(photo), Custom: chat.Some(custom), WelcomeMessages: chat.Some([]string{text})},
			chat.ConversationChange{}, "maya", user))
		must(store.PutParticipant(ctx, server, chat.ParticipantRef{App: "shop", Conversation: "all", User: user}, chat.ParticipantChange{}))
		if i%8 != 7 { // some show their welcome messages
			must(store.SendMessage(ctx, server, "shop", conv, chat.NewMessage{Type: chat.UserMessage, Sender: user, Text: text}))
			must(store.SendMessage(ctx, server, "shop", conv, chat.NewMessage{Type: chat.SystemMessage, Text: text}))
		}
		must(store.BlockGuest(ctx, chat.CommandLine, chat.ParticipantRef{App: "shop", Conversation: "fair", User: user}, chat.NewGuestBlock{For: chat.BlockHour, Reason: text[:min(len(text), 200)]}))
		calls = append(calls, chat.Call{App: "shop", At: store.Now(), Command: "conversation.send", Outcome: chat.CallRefused, Reason: chat.ReadOnly, User: user, Conversation: conv, Origin: text[:min(len(text), 200)], RequestID: fmt.Sprint("req_", i)})

		settings, err := store.Settings(ctx, "shop")
		if err != nil {
			t.Fatal(err)
		}
		theme, _ := json.Marshal(map[string]string{"accent": text})
		for setting, value := range map[chat.SettingKey]string{chat.SettingTheme: string(theme), chat.SettingAllowedOrigins: text, chat.SettingGuests: text, chat.SettingUserSync: text, chat.SettingParticipantLimit: text} {
			if _, err := store.SaveSettings(ctx, chat.CommandLine, "shop", []chat.SettingChange{{Key: setting, Value: value, Version: settings[setting].Version}}); err == nil {
				t.Errorf("%s takes %q", setting, value)
			}
		}
		if _, err := store.PutUser(ctx, server, "shop", user, chat.UserChange{PhotoURL: chat.Some("javascript:" + text)}, chat.UserChange{}); err == nil {
			t.Errorf("a photo takes javascript:%s", text)
		}
	}
	must(nil, store.CountCalls(ctx, calls))
	hash, err := auth.HashPassword(ctx, "password", "solid is on the list")
	must(nil, err)
	for i, text := range together {
		name := text[:min(len(text), 90)]
		must(store.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: chat.AppID(fmt.Sprint("other", i)), Name: name}))
		must(store.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: fmt.Sprintf("a%d@shop.example", i), Name: name, Role: chat.Viewer}, hash))
		_, _, err := store.CreateKey(ctx, chat.CommandLine, "shop", name, "")
		must(nil, err)
	}
	must(store.RenameApp(ctx, chat.CommandLine, "shop", together[0][:90]))

	c := browser.Start(t)
	admin := s.admin(t, c)
	admin.Normal(lostPicture)
	visit := func(path string, texts ...string) {
		t.Helper()
		admin.Open(path)
		holds(admin, texts...)
		nothingRan(t, path, admin, admin)
	}
	const app = "/apps/shop"
	for path, texts := range map[string][]string{
		"/apps": {together[1][:90]}, "/team": {together[1][:90]}, "/account": nil, app: {together[0][:90]}, app + "/users": hostile[:10], app + "/conversations": hostile[:10], app + "/conversations/all": hostile[:10],
		app + "/conversations/all/history": hostile[:1], app + "/audit": hostile[:1], app + "/refusals": hostile[20:30], app + "/settings": {together[0][:90]}, app + "/settings/security": nil, app + "/settings/browser": nil,
		app + "/settings/keys": {together[1][:90]}, app + "/settings/danger": nil, app + "/conversations/fair/guests": hostile[20:30], app + "/try?conversation=all": nil, app + "/conversations/all/participants/add": nil,
	} {
		visit(path, texts...)
	}
	for _, text := range together {
		user, conv := app+"/users/"+url.PathEscape(id(text)), app+"/conversations/"+url.PathEscape(id(text))
		for _, path := range []string{user, user + "/edit", conv, conv + "/history", conv + "/settings", conv + "/guests", conv + "/rights?user=" + url.QueryEscape(id(text)), conv + "/delete", conv + "/guests/" + url.PathEscape(id(text)) + "/show-out",
			app + "/try?conversation=" + url.QueryEscape(id(text))} {
			visit(path, text[:80])
		}
		for _, list := range []string{"/users", "/conversations", "/conversations/all", "/conversations/all/participants/add", "/refusals", "/audit"} {
			visit(app + list + "?" + url.Values{"q": {text}, "request": {text}, "actor": {text}, "user": {text}}.Encode())
		}
	}
	admin.Open(app + "/conversations/" + url.PathEscape(id("nobody"+hostile[0])))
	admin.See("There is no")
	nothingRan(t, "nobody", admin, admin)

	maya := s.visit(t, c, "maya", ``, `const box = window.box = session.createInbox(); box.select(null); box.mount(chat);`)
	maya.page.Normal(lostPicture)
	maya.page.Size(1000, 900)
	holds(maya.box, together[len(together)-1][:80])
	nothingRan(t, "the inbox", maya.page, maya.box)
	for _, text := range append(append([]string{}, hostile...), together...) {
		name, _ := json.Marshal(id(text))
		browser.Eval[bool](maya.page, `box.select(`+string(name)+`).then(() => true)`)
		subject, _ := json.Marshal(text)
		maya.box.Until("the chat is open", `document.querySelector(".conversation h1")?.textContent === `+string(subject)+` && document.querySelector("textarea")`)
		nothingRan(t, "the chat of "+text, maya.page, maya.box)
	}
	browser.Eval[bool](maya.page, `box.select("all").then(() => true)`)
	maya.box.Until("the chat of all is open", `/\d\d people/.test(document.querySelector(".conversation .names p")?.innerText)`)
	maya.box.Click("button", "Chat menu")
	maya.box.Click("button", "People")
	holds(maya.box, together[0])
	nothingRan(t, "the list of people", maya.page, maya.box)
	name, _ := json.Marshal(id(together[1]))
	browser.Eval[bool](maya.page, `(box.destroy(), window.popup = session.createPopup(), popup.select(`+string(name)+`), popup.mount({ show: true }).then(() => true))`)
	popup := maya.page.Frame("view=popup")
	holds(popup, together[1])
	nothingRan(t, "the popup", maya.page, popup)
	nothingRan(t, "the page around it", maya.page, popup)
	if browser.Eval[bool](maya.page, `"ran" in document.documentElement.dataset`) {
		t.Error("a script ran in the page around the chats")
	}

	// They are alive: a page that takes them for markup runs them.
	careless := c.Tab(t, s.page)
	careless.Normal(func(string) bool { return true })
	careless.Open("/")
	list, _ := json.Marshal(hostile)
	browser.Eval[bool](careless, `(`+string(list)+`.forEach((x) => document.body.appendChild(document.createElement("div")).innerHTML = x), true)`)
	careless.Until("they run", `document.documentElement.dataset.ran`)
}
