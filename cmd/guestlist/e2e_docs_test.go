package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// examples are the code blocks of a page in the docs, by language, in their order.
func examples(t *testing.T, page string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, block := range regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		all[block[1]] = append(all[block[1]], block[2])
	}
	return all
}

// reader is somebody who follows the docs: they have a site of an origin of its own, put one page after the other there,
// and look at it.
type reader struct {
	t      *testing.T
	tab    *browser.Tab
	html   string
	policy string
}

func newReader(t *testing.T, c *browser.Chromium) *reader {
	r := &reader{t: t}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html")
			if r.policy != "" {
				w.Header().Set("Content-Security-Policy", r.policy)
			}
			io.WriteString(w, r.html)
		case "/chat-token":
			io.WriteString(w, sdkToken(t, "maya", time.Hour))
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	t.Cleanup(site.Close)
	r.tab = c.Tab(t, site.URL)
	return r
}

var declared = regexp.MustCompile(`const (\w+) =`)

// open shows a page. What its script declares can be looked at from outside. It waits for the chat to show a conversation.
func (r *reader) open(html string) {
	r.t.Helper()
	r.html = declared.ReplaceAllString(html, "window.$1 =")
	r.tab.Open("/")
	r.tab.Until("the chat shows a conversation", `window.chatbox?.currentConversation`)
}

// run runs a script as a module of the page that is shown.
func (r *reader) run(script string) {
	r.t.Helper()
	if failed := browser.Eval[string](r.tab, fmt.Sprintf(`import(URL.createObjectURL(new Blob([%q], { type: "text/javascript" }))).then(() => "", (e) => String(e?.stack ?? e))`, script)); failed != "" {
		r.t.Errorf("%s\n%s", failed, script)
	}
}

func TestBrowserDocs(t *testing.T) {
	p := start(t, t.TempDir())
	dbtest.App(t, p.app.store, "shop")
	if _, _, err := p.app.store.CreateKey(t.Context(), chat.CommandLine, "shop", "Orders", sdkSecret); err != nil {
		t.Fatal(err)
	}
	blocks := examples(t, "docs/browser.md")
	here := strings.NewReplacer("https://chat.example.com", p.app.URL(), "wss://chat.example.com", "ws"+strings.TrimPrefix(p.app.URL(), "http"))
	r := newReader(t, browser.Start(t))
	in := func(user chat.UserID, conv chat.ConversationID) string {
		t.Helper()
		got, err := p.app.store.Participant(t.Context(), chat.ParticipantRef{App: "shop", Conversation: conv, User: user})
		if chat.ReasonOf(err) == chat.ParticipantMissing {
			return "out"
		}
		return fmt.Sprint(got.Access, " ", got.Notify, " ", err)
	}

	first := here.Replace(blocks["html"][0])
	r.open(first)
	both := chat.ConversationID(browser.Eval[string](r.tab, `conversation.id`))
	if maya, bob := in("maya", both), in("bob", both); maya != "ReadWrite true <nil>" || bob != maya {
		t.Errorf("the first page: maya %s, bob %s", maya, bob)
	}
	dbtest.Conversation(t, p.app.store, "shop", "welcome", "maya")
	dbtest.Conversation(t, p.app.store, "shop", "lobby", "bob")
	dbtest.Conversation(t, p.app.store, "shop", "not-mine", "bob")
	for _, page := range blocks["html"][1:] {
		r.open(here.Replace(page))
		if got := browser.Eval[string](r.tab, `chatbox.currentConversation.id`); got != "welcome" {
			t.Errorf("it shows %q:\n%s", got, page)
		}
	}

	r.open(first + `<div id="visitors" style="height: 300px"></div><div id="inbox" style="height: 300px"></div>`)
	for _, script := range blocks["js"] {
		r.run(here.Replace(script))
		switch {
		case strings.Contains(script, "Zoe is here"):
			r.tab.Until("Zoe is in", `session.conversation(conversation.id).participant("zoe").get().then((p) => window.zoeIs = p?.access + p?.notify) && window.zoeIs === "ReadWriteMentionsOnly"`)
		case strings.Contains(script, `participant("zoe").delete`):
			if zoe := in("zoe", both); zoe != "out" {
				t.Errorf("zoe is %s", zoe)
			}
		case strings.Contains(script, "leave()"):
			if maya := in("maya", both); maya != "out" {
				t.Errorf("maya is %s", maya)
			}
		case strings.Contains(script, "getTalkSession"):
			r.tab.Until("the message is there", `document.title === "1 messages"`)
		}
	}
	// A page with a content policy needs no more than what is said.
	r.policy = "default-src 'none'; " + strings.Replace(here.Replace(strings.TrimSpace(blocks["csp"][0])), "script-src ", "script-src 'nonce-own' ", 1)
	r.open(strings.ReplaceAll(first, "<script>", `<script nonce="own">`))
}

// Whoever selects what they may not see finds one line in the console that says what to do.
func TestRefusedSelectionIsLogged(t *testing.T) {
	s := newShop(t)
	c := browser.Start(t)
	for _, x := range []struct{ user, selected, code, todo string }{
		{"maya", `"nowhere"`, "CONVERSATION_NOT_FOUND", "setParticipant(me)"},
		{"maya", `"fair"`, "CONVERSATION_NOT_FOUND", "setParticipant(me)"},
		{"maya", `"fair", { asGuest: true }`, "GUESTS_NOT_ALLOWED", "Settings > Security"},
		{"nobody", `"fair"`, "USER_NOT_FOUND", "Create the user first"},
	} {
		if x.code == "GUESTS_NOT_ALLOWED" {
			s.set(t, chat.SettingGuests, string(chat.GuestsNever))
		}
		r := newReader(t, c)
		r.open(fmt.Sprintf(`<!doctype html><div id="chat" style="height: 500px"></div><script src="%s/talk.js"></script><script>
  const session = new Talk.Session({ appId: "shop", userId: %q });
  const chatbox = session.createChatbox();
  chatbox.select(%s);
  chatbox.mount(document.getElementById("chat"));
</script>`, s.app.URL(), x.user, x.selected))
		said := r.tab.Errors()
		for end := time.Now().Add(10 * time.Second); len(said) == 0 && time.Now().Before(end); said = r.tab.Errors() {
			time.Sleep(20 * time.Millisecond)
		}
		if len(said) != 1 || !strings.Contains(said[0], "[Guestlist] select was refused. "+x.code+": ") || !strings.Contains(said[0], x.todo) {
			t.Errorf("%s as %s: the console says %q", x.selected, x.user, said)
		}
	}
}

// The first thing that the README says about pages works on the sample data, as a file that is opened.
func TestReadmeChat(t *testing.T) {
	p := demoProduct(t)
	page := strings.ReplaceAll(examples(t, "README.md")["html"][0], "http://127.0.0.1:8080", p.app.URL())
	file := filepath.Join(t.TempDir(), "chat.html")
	if err := os.WriteFile(file, []byte(declared.ReplaceAllString(page, "window.$1 =")), 0o644); err != nil {
		t.Fatal(err)
	}
	tab := browser.Start(t).Tab(t, "file://")
	tab.Open(file)
	tab.Until("the chat shows the sample", `window.chatbox?.currentConversation?.id === "sample_conversation"`)
}

// The tokens of the samples open a session where one is needed.
func TestTokenSamples(t *testing.T) {
	s := newShop(t)
	s.set(t, chat.SettingIdentity, "true")
	blocks, dir := examples(t, "docs/browser.md"), t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, command := range map[string][]string{
		"Node": {"node", file("sample.mjs", blocks["mjs"][0]+`process.stdout.write(chatToken("maya"));`)},
		"Go": {"go", "run", file("sample.go", blocks["go"][0]), file("main.go", `package main
import "fmt"
func main() {
	token, err := chatToken("maya")
	if err != nil { panic(err) }
	fmt.Print(token)
}`)},
	} {
		sample := exec.CommandContext(t.Context(), command[0], command[1:]...)
		sample.Env = append(os.Environ(), "GUESTLIST_KEY="+sdkSecret)
		token, err := sample.Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		request, err := http.NewRequestWithContext(t.Context(), "POST", s.app.URL()+"/v1/shop/browser/user.get", strings.NewReader(`{"args":{"user":"maya"}}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+string(token))
		request.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != 200 || !strings.Contains(string(body), `"id":"maya"`) {
			t.Errorf("%s: %d %s", name, answer.StatusCode, body)
		}
	}
}
