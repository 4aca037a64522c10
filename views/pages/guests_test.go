package pages

import (
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/viewtest"
)

func sampleGuest(user chat.UserID, name string, access chat.Access, messages int) chat.Guest {
	return chat.Guest{App: "shop", Conversation: "fair", User: user, Name: name, Since: now.Add(-15 * time.Minute), Origin: "https://market.larkfield.example", IP: "203.0.113.0/24", Messages: messages, Access: access}
}

func sampleGuests(manage bool) GuestsView {
	head := sampleConversation(manage)
	head.Tab, head.Live = "guests", components.LiveProps{Stream: "/apps/shop/live?conversation=fair", Since: "12-a"}
	head.GuestsIn = []chat.Guest{sampleGuest("noor a/ß", "Noor Aziz", chat.ReadWrite, 2), sampleGuest("finn", "", chat.Read, 0), sampleGuest("ines", "Inês Carvalho", chat.ReadWrite, 1)}
	return GuestsView{ConversationHead: head, Guests: head.GuestsIn, Older: "/older", Blocks: []chat.GuestBlock{
		{App: "shop", Conversation: "fair", User: "spam", UserName: "Spam <b>", Until: now.Add(50 * time.Minute), Reason: "Advertises", At: now.Add(-10 * time.Minute), By: "Imani Okafor"},
		{App: "shop", Conversation: "fair", User: "worse", At: now.Add(-48 * time.Hour), By: "Tomás Herrera"}}}
}

func closedGuests() GuestsView {
	v := sampleGuests(true)
	v.Conversation.Guests, v.GuestsIn, v.Guests, v.Blocks = chat.GuestsForbidden, nil, nil, nil
	return v
}

func sampleTry(change func(*TryView)) TryView {
	v := TryView{Frame: sampleFrame("Try the chat", layouts.NavNone), App: chat.App{ID: "shop", Name: "Larkfield Market", Live: true}, Server: "https://chat.example", CanManage: true, HasKey: true,
		Conversation: "fair", User: "maya", Subject: "Spring fair", UserName: "Maya Lindqvist", Conversations: []chat.Conversation{{ID: "fair", Subject: "Spring fair"}}, Users: []components.Option{{Value: "maya", Label: "Maya"}}}
	change(&v)
	return v
}

var sampleGuestsNow = GuestsNow{App: "shop", Guests: 37, Conversations: 7, Most: []GuestsHere{{"lounge", "Sellers’ lounge", 21}, {"help", "", 9}}}

func init() {
	head := sampleGuests(true).ConversationHead
	samples["Guests"] = Guests(sampleGuests(true))
	samples["Guests, viewer"] = Guests(sampleGuests(false))
	samples["Guests, closed"] = Guests(closedGuests())
	samples["GuestAccessForm"] = GuestAccessForm(head, "/back")
	samples["GuestAccess"] = GuestAccess(GuestAccessView{ConversationHead: head, To: chat.GuestsForbidden})
	samples["GuestAccess, read"] = GuestAccess(GuestAccessView{ConversationHead: head, To: chat.GuestsRead})
	samples["ShowOut"] = ShowOut(ShowOutView{ConversationHead: head, User: "noor", UserName: "Noor Aziz", For: "hour"})
	samples["ShowOut, refused"] = ShowOut(ShowOutView{ConversationHead: head, User: "noor", For: "day", Error: "Not saved.", Errors: map[string]string{"reason": "is too long"}})
	samples["GuestsNowList"] = GuestsNowList(sampleGuestsNow)
	samples["Try"] = Try(sampleTry(func(v *TryView) {}))
	samples["Try, with tokens, as a guest"] = Try(sampleTry(func(v *TryView) { v.Security.RequireIdentity, v.AsGuest, v.App.Live = true, true, false }))
	samples["Try, without a key"] = Try(sampleTry(func(v *TryView) { v.Security.RequireIdentity, v.HasKey = true, false }))
	samples["Try, viewer"] = Try(sampleTry(func(v *TryView) { v.CanManage = false }))
	samples["Try, nothing there"] = Try(sampleTry(func(v *TryView) {
		v.Conversation, v.User = "", ""
		v.Errors = map[string]string{"conversation": "There is no conversation with this ID."}
	}))
}

func TestAChangeOfGuestAccessSaysWhomItTakesWhat(t *testing.T) {
	head := sampleGuests(true).ConversationHead
	for to, want := range map[chat.ConversationGuests]string{
		chat.GuestsForbidden: "3 guests are in now and are disconnected at once.",
		chat.GuestsRead:      "2 guests are in now and can’t write any more.",
		chat.GuestsReadWrite: "", chat.GuestsInherit: "",
	} {
		if got := head.cut(to).text(t.Context()); got != want {
			t.Errorf("%s: %q", to, got)
		}
	}
	doc := viewtest.Render(t, samples["GuestAccess"])
	if text := doc.Find("form").Text(); !strings.Contains(text, "Disconnect 3 guests") || !strings.Contains(text, "Noor Aziz") {
		t.Error(text)
	}
}

func TestOnlyTheNewestOfManyGuestsAreListed(t *testing.T) {
	v := sampleGuests(true)
	v.Guests = nil
	for range guestRows + 5 {
		v.Guests = append(v.Guests, sampleGuest("a", "", chat.Read, 0))
	}
	v.Guests[len(v.Guests)-1].User = "newest"
	if all := v.shown(); len(all) != guestRows || all[guestRows-1].User != "newest" || v.shownText(t.Context()) != "The newest 200 of 205 guests" {
		t.Error(len(all), v.shownText(t.Context()))
	}
}

func TestTheSnippetHoldsAnyID(t *testing.T) {
	v := sampleTry(func(v *TryView) {
		v.Conversation, v.User = `</script><img src=x>"'`, "a\u2028b\\"
	})
	code := v.snippet()
	if strings.Count(code, "</script>") != 2 || strings.Contains(code, "<img") || strings.ContainsRune(code, '\u2028') || !strings.Contains(code, `a\u2028b\\`) {
		t.Error(code)
	}
	doc := viewtest.Render(t, Try(v))
	if doc.Find("pre code").First().Text() != code {
		t.Error("the page shows other code than it offers to copy")
	}
	if id := doc.Find("#try").AttrOr("data-conversation", ""); id != v.Conversation {
		t.Error(id)
	}
}
