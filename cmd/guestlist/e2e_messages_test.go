package main

import (
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// An admin reads, deletes, restores and sends as system, while somebody has the chat open.
func TestJourneyAnAdminMindsTheMessages(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	page := chromium.Tab(t, p.marketPage("u_maya"))
	page.Open("/")
	chat := page.Frame("/chatbox/larkfield")
	gone := func() {
		t.Helper()
		chat.Until("the message is gone", `![...document.querySelectorAll(".bubble")].some((b) => b.innerText.includes("Buy cheap lamps"))`)
	}
	chat.Until("the chat is open", `document.querySelector("textarea")`)
	admin := p.signIn(chromium, ana)
	admin.Open(organisers)
	admin.Click("link", "Messages")
	admin.See("You are reading as an admin. Nobody in the chat sees you")
	isLive(admin)
	stay(admin)
	p.say("u_sam", "Buy cheap lamps at https://lamps.example/now")
	chat.See("Buy cheap lamps")
	admin.See("Buy cheap lamps")
	stayed(t, admin)

	admin.Click("button", "Actions for the message of Sam Whitlock at "+p.clock())
	admin.Click("button", "Delete message")
	admin.See("Message deleted. It is kept for 30 days.")
	admin.See("Only admins see what it said")
	gone()
	chat.See("Message deleted")
	admin.Click("button", "Undo")
	admin.See("Undone.")
	chat.See("Buy cheap lamps")
	admin.Click("button", "Actions for the message of Sam Whitlock at "+p.clock())
	admin.Click("button", "Delete message")
	gone()
	admin.Click("button", "Restore the message of Sam Whitlock at "+p.clock())
	admin.See("Message restored.")
	chat.See("Buy cheap lamps")

	admin.Fill("System message", "The gates open at ten.")
	admin.Click("button", "Send as system")
	admin.See("Sent.")
	admin.See("The gates open at ten.")
	chat.See("The gates open at ten.")

	admin.Fill("Search messages", "LÁMPS cheap")
	admin.NotSee("The gates open at ten.")
	admin.See("Buy cheap lamps")
	admin.Open(organisers + "/messages?on=" + time.Now().AddDate(0, 0, 2).Format(time.DateOnly))
	admin.See("Nothing was said since then")
	admin.Open(organisers + "/messages")
	admin.Click("button", "Say why")
	admin.Fill("Why you read, for the audit log", "Complaint 41")
	admin.Click("button", "Add reason")
	admin.See("The audit log says why.")
	admin.Open("/apps/larkfield/audit?what=messages")
	admin.See("read the messages of Spring fair organisers: Complaint 41")
	admin.See("sent a system message to Spring fair organisers")
	admin.See("restored a message of Sam Whitlock in Spring fair organisers")
}

// Without script, and on a phone.
func TestJourneyMessagesWithoutScript(t *testing.T) {
	p := demoProduct(t)
	p.say("u_sam", "Buy cheap lamps")
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Size(390, 800)
	tab.Open(organisers + "/messages")
	tab.Fits()
	tab.Click("button", "Actions for the message of Sam Whitlock at "+p.clock())
	tab.Click("button", "Delete message")
	tab.See("Message deleted.")
	tab.Click("button", "Restore the message of Sam Whitlock at "+p.clock())
	tab.See("Message restored.")
	tab.Fill("System message", "Gates open at ten.")
	tab.Click("button", "Send as system")
	tab.See("Sent.")
	tab.Fill("Search messages", "cheap")
	tab.Click("button", "Find")
	tab.See("Buy cheap lamps")
	tab.NotSee("Gates open at ten.")
	tab.Fits()
}

// say has a server send a message to the organisers.
func (p *product) say(user chat.UserID, text string) {
	p.t.Helper()
	m, err := p.app.store.SendMessage(p.t.Context(), dbtest.Backend(demo.Live), demo.Live, "spring-fair-organisers", chat.NewMessage{Sender: user, Text: text})
	if err != nil {
		p.t.Fatal(err)
	}
	p.said = m.CreatedAt
}

// clock is when the last message of say was sent, as the dashboard shows it.
func (p *product) clock() string { return p.said.In(time.Local).Format("15:04") }
