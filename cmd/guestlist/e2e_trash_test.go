package main

import (
	"fmt"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db"
	"guestlist/db/chat"
)

const trashPage = "/apps/larkfield/trash"

// trashSome puts a conversation and two users into the trash, one of whose ids is taken again, and bans somebody.
func (p *product) trashSome() {
	p.t.Helper()
	ana, s, ctx := p.admin("Ana Moreau"), p.app.store, p.t.Context()
	must := func(_ any, err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	must(s.DeleteConversation(ctx, ana, demo.Live, "order-4177"))
	must(s.DeleteUser(ctx, ana, demo.Live, "buyer_8052"))
	must(s.DeleteUser(ctx, ana, demo.Live, "buyer_8490"))
	must(s.PutUser(ctx, ana, demo.Live, "buyer_8490", chat.UserChange{Name: chat.Some("Yusuf Demir-Kaya")}, chat.UserChange{}))
	must(s.BanUser(ctx, ana, demo.Live, "buyer_5561", chat.NewBan{For: chat.BanMonth, PutBack: true, Reason: "Writes to sellers who asked her not to"}))
}

func TestJourneyDeleteUndoRestoreAndPurge(t *testing.T) {
	p, pass := laterProduct(t)
	chromium := browser.Start(t)
	tab := p.signIn(chromium, ana)
	before, err := p.app.store.Conversation(t.Context(), demo.Live, "cleaning")
	if err != nil {
		t.Fatal(err)
	}
	remove := func() {
		t.Helper()
		tab.Open("/apps/larkfield/conversations/cleaning/settings")
		tab.Click("link", "Delete conversation…")
		tab.See("For 30 days it can be restored from the trash")
		tab.Click("button", "Delete conversation")
		tab.See("Conversation deleted. It stays in the trash for 30 days.")
	}
	remove()
	tab.Click("button", "Undo")
	tab.At("/apps/larkfield/conversations/cleaning")
	tab.See("Undone.")

	remove()
	leave := func(d time.Duration) { // the session ends meanwhile, which the page that is left says
		tab.Normal(func(string) bool { return true })
		pass(d)
	}
	leave(24 * time.Hour)
	tab = p.signIn(chromium, ana)
	tab.Size(390, 800)
	tab.Open(trashPage)
	tab.Click("button", "Restore "+before.Subject)
	tab.See("Restored: " + before.Subject)
	tab.See("Nothing in the trash")
	after, err := p.app.store.Conversation(t.Context(), demo.Live, "cleaning")
	if err != nil || after.Counts != before.Counts || after.Messages != before.Messages || !after.CreatedAt.Equal(before.CreatedAt) {
		t.Errorf("%+v %v, was %+v", after, err, before)
	}

	tab.Size(1280, 900)
	remove()
	pass(time.Hour) // the password was given too long ago
	tab.Open(trashPage)
	tab.Click("link", "Purge "+before.Subject+"…")
	tab.See("This can’t be undone. It removes, for good:")
	tab.Fill("Type cleaning to confirm", "clean")
	tab.Fill("Your password", demo.Password)
	tab.Click("button", "Purge conversation")
	tab.See("That is not the ID yet. Nothing was changed.")
	expect(t, tab, "status of 422")
	tab.Fill("Type cleaning to confirm", "cleaning")
	tab.Fill("Your password", demo.Password)
	tab.Click("button", "Purge conversation")
	tab.See("Purged: " + before.Subject)
	tab.See("Nothing in the trash")

	// What nobody looks after purges itself.
	tab.NoScript()
	tab.Open("/apps/larkfield/users/buyer_9003/delete")
	tab.Click("button", "Delete user")
	tab.See("User deleted. They stay in the trash for 30 days.")
	leave(30 * 24 * time.Hour)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		left, err := p.app.store.Trash(t.Context(), db.TrashQuery{App: demo.Live})
		if err != nil {
			t.Fatal(err)
		}
		if len(left.Items) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the trash keeps it for ever")
		}
	}
	tab = p.signIn(chromium, ana)
	tab.Open("/apps/larkfield/audit")
	tab.See("Guestlist purged the user Zuzanna Wójcik from the trash")
}

func TestJourneyBanAndLift(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	admin := p.signIn(chromium, ana)
	const carmen = "/apps/larkfield/users/seller_019"
	u, err := p.app.store.User(t.Context(), demo.Live, "seller_019")
	if err != nil || u.Conversations == 0 {
		t.Fatalf("%+v %v", u, err)
	}
	shop := chromium.Tab(t, p.marketPage("seller_019"))
	shop.Open("/")
	chat1 := shop.Frame("/chatbox/larkfield")
	chat1.See("Spring fair")
	stay(shop)

	admin.Open(carmen)
	admin.Click("link", "Ban from all…")
	admin.See("Ban Carmen Ruiz from all conversations?")
	admin.See(fmt.Sprintf("Removed from %d conversations.", u.Conversations))
	admin.Fill("Reason", "Sells what isn’t theirs")
	admin.Click("button", "Ban Carmen Ruiz")
	start := time.Now()
	chat1.See("You are banned from this chat")
	t.Logf("cut %s after the click", time.Since(start).Round(10*time.Millisecond))
	stayed(t, shop)
	admin.See("Carmen Ruiz is banned from all conversations.")
	admin.See("Sells what isn’t theirs")
	admin.See("On no list.")

	// A reload is no way back, nor is being added.
	shop.Open("/")
	chat1.See("You are banned from this chat")
	shop.Errors()
	admin.Open(organisers + "/participants/add?q=carmen")
	admin.See("Banned from all conversations")
	admin.Open("/apps/larkfield/users?show=banned")
	admin.See("Carmen Ruiz")
	admin.Open(organisers + "/rights?user=seller_019")
	admin.See("They are banned from all conversations of this app.")

	admin.Open(carmen)
	admin.Click("link", "Lift the ban…")
	admin.See("Lift the ban of Carmen Ruiz?")
	admin.Click("button", "Lift the ban")
	admin.See("The ban is lifted.")
	if again, err := p.app.store.User(t.Context(), demo.Live, "seller_019"); err != nil || again.Conversations != u.Conversations {
		t.Errorf("back in %d of %d conversations: %v", again.Conversations, u.Conversations, err)
	}
	shop.Open("/")
	chat1.See("Spring fair")
	shop.Errors()
	if got, err := p.app.store.Participant(t.Context(), chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: "seller_019"}); err != nil || got.Access != chat.Read {
		t.Errorf("%+v %v", got, err)
	}
}

// An admin who tries the chat as somebody who is banned sees what they see, and that it is the ban.
func TestJourneyTryAsABannedUser(t *testing.T) {
	p := demoProduct(t)
	if _, err := p.app.store.BanUser(t.Context(), chat.CommandLine, demo.Live, "seller_019", chat.NewBan{For: chat.BanUntilLifted}); err != nil {
		t.Fatal(err)
	}
	tab := p.signIn(browser.Start(t), ana)
	const try = "/apps/larkfield/try?conversation=spring-fair-organisers&user=seller_019"
	tab.Open(try)
	tab.See("Carmen Ruiz is banned from all conversations. The chat shows what they see.")
	box := tab.Frame("/chatbox/larkfield")
	box.See("You are banned from this chat")
	tab.Errors()
	if _, err := p.app.store.LiftBan(t.Context(), chat.CommandLine, demo.Live, "seller_019", true); err != nil {
		t.Fatal(err)
	}
	tab.Open(try)
	box.See("Spring fair")
	tab.NotSee("is banned from all conversations")
	tab.Errors()
}

func TestJourneyErase(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open("/apps/larkfield/users/seller_019")
	tab.Click("link", "Erase person…")
	tab.See("This can’t be undone. It removes, for good:")
	tab.Fill("Type seller_019 to confirm", "seller_019")
	tab.Click("button", "Erase for good")
	tab.See("Erased.")
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		events, err := p.app.store.Events(t.Context(), db.EventQuery{App: demo.Live, User: "seller_019"})
		if err != nil {
			t.Fatal(err)
		}
		if len(events.Items) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the audit log knows them: %+v", events.Items[0])
		}
	}
	tab.Open("/apps/larkfield/audit")
	tab.See("erased a person")
	tab.NotSee("Carmen Ruiz")
	tab.Open("/apps/larkfield/users?q=carmen+ruiz")
	tab.See("No user matches")
}
