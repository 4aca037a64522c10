package pages

import (
	"context"
	"encoding/json"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// TryView is the page with the real chatbox, as one user of the app.
type TryView struct {
	Frame     layouts.Page
	App       chat.App
	Security  chat.Security
	Server    string // where browsers reach this server
	CanManage bool
	HasKey    bool // there is an active secret key to sign tokens with

	Conversation string // as asked for
	User         string
	AsGuest      bool
	Subject      string // of the conversation, once it is known
	UserName     string
	Banned       bool              // the user, from all conversations
	Errors       map[string]string // what of the choice isn't there
	Elsewhere    bool              // another site led here

	Conversations []chat.Conversation // to choose from
	Users         []components.Option
}

func (v TryView) app() string { return string(v.App.ID) }

func (v TryView) as() string {
	if v.AsGuest {
		return "guest"
	}
	return ""
}

func (v TryView) modes(ctx context.Context) []components.SegOption {
	return []components.SegOption{{Value: "", Label: words.T(ctx, "As participant")}, {Value: "guest", Label: words.T(ctx, "As guest")}}
}

// why says why the chat isn't shown; "" when it is.
func (v TryView) why(ctx context.Context) string {
	switch {
	case !v.CanManage:
		return words.T(ctx, "The chat here reads and writes as somebody else, so it needs the role admin. Yours, viewer, can copy the code.")
	case v.Conversation == "" || v.User == "":
		return words.T(ctx, "Choose a conversation and a user above.")
	case len(v.Errors) > 0:
		return words.T(ctx, "Choose a conversation and a user that are there.")
	case v.Elsewhere:
		return words.T(ctx, "Another site led here, and what the chat shows counts as read by its user. Press “Open the chat” if you want that.")
	case v.Security.RequireIdentity && !v.HasKey:
		return words.T(ctx, "This app requires signed tokens, and it has no active secret key to sign one with. Create one in Settings > API keys.")
	}
	return ""
}

// tokenURL is where the chat gets its tokens from; "" where the app wants none.
func (v TryView) tokenURL() string {
	if v.Security.RequireIdentity {
		return paths.TryToken(v.app())
	}
	return ""
}

// js is a text as JavaScript that may stand in HTML: no text can end the script.
func js(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(b)
}

// snippet is the page that shows this chat, to copy.
func (v TryView) snippet() string {
	options := "\n      appId: " + js(v.app()) + ",\n      userId: " + js(or(v.User, "USER_ID")) + ","
	if v.Security.RequireIdentity {
		options += "\n      tokenFetcher: () => fetch(\"/chat-token\").then((r) => r.text()),"
	}
	selected := js(or(v.Conversation, "CONVERSATION_ID"))
	if v.AsGuest {
		selected += ", { asGuest: true }"
	}
	return `<script src=` + js(v.Server+"/talk.js") + `></script>
<div id="chat" style="height: 500px"></div>
<script>
  Talk.ready.then(() => {
    const session = new Talk.Session({` + options + `
    });
    const chatbox = session.createChatbox();
    chatbox.select(` + selected + `);
    chatbox.mount(document.getElementById("chat"));
  });
</script>`
}

// serverSnippet answers /chat-token on the app's own server.
func (v TryView) serverSnippet() string {
	return `// Express, on your server. The secret key never leaves it.
import jwt from "jsonwebtoken";

app.get("/chat-token", (request, answer) => {
  const user = request.session.userId; // who is signed in on your site
  answer.send(jwt.sign(
    { tokenType: "user" },
    process.env.GUESTLIST_KEY,
    { issuer: ` + js(v.app()) + `, subject: user, expiresIn: "10m" }
  ));
});`
}

func (v TryView) heading(ctx context.Context) string {
	if v.why(ctx) != "" {
		return words.T(ctx, "The chat")
	}
	as := words.T(ctx, " as participant")
	if v.AsGuest {
		as = words.T(ctx, " as guest")
	}
	return or(v.Subject, v.Conversation) + ", " + or(v.UserName, v.User) + as
}
