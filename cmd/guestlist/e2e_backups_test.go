package main

import (
	"testing"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
)

// An owner backs up, looks inside, restores everything and one list, while a chat is open.
func TestJourneyBackUpAndRestore(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	page := chromium.Tab(t, p.marketPage("u_maya"))
	page.Open("/")
	box := page.Frame("/chatbox/larkfield")
	box.Until("the chat is open", `document.querySelector("textarea")`)
	tab := p.signIn(chromium, ana)
	tab.Open("/backups")
	tab.See("No backup yet")
	tab.Click("button", "Back up now")
	tab.See("Backed up, and read whole: it is sound.")
	tab.Size(1440, 900)
	backups, err := p.app.store.Backups()
	if err != nil || len(backups) != 1 {
		t.Fatal(backups, err)
	}
	inside := "/backups/" + backups[0].Name
	for _, width := range []int64{1440, 390} {
		for _, dark := range []bool{false, true} {
			tab.Size(width, 900)
			tab.Dark(dark)
			for _, at := range []string{inside, "/backups", organisers + "/messages", "/apps/larkfield/settings/danger"} {
				tab.Open(at)
				tab.Fits()
				tab.Axe()
			}
		}
	}
	tab.Dark(false)
	tab.Size(1440, 900)
	ref := chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: "u_sam"}
	if _, err := p.app.store.RemoveParticipant(t.Context(), chat.CommandLine, ref); err != nil {
		t.Fatal(err)
	}
	// One list comes back alone.
	tab.Open(inside)
	tab.Choose("App", string(demo.Live))
	tab.Fill("Conversation ID", "spring-fair-organisers")
	tab.Click("button", "Compare the lists")
	tab.See("Add 1 person who went since")
	tab.Axe()
	tab.Click("button", "Restore what is ticked")
	tab.See("List restored: 1 changed.")
	tab.See("Sam Whitlock u_sam")
	// Then everything, and the chat goes on.
	p.say("u_tomas", "Said after the backup")
	box.See("Said after the backup")
	tab.Open(inside)
	tab.Fill("Type restore to confirm", "restore")
	tab.Click("button", "Restore everything")
	tab.See("Restored. What was there before is kept as")
	tab.See("Safety copy")
	box.Until("the chat shows what the backup holds", `![...document.querySelectorAll(".bubble")].some((b) => b.innerText.includes("Said after the backup"))`)
	p.say("u_tomas", "Said after the restore")
	box.See("Said after the restore")
	page.Errors() // what the browser says of the socket that was closed
	tab.Open(organisers + "/messages")
	tab.NotSee("Said after the backup")
}
