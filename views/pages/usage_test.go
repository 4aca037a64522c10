package pages

import (
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
	"guestlist/views/words"
)

func sampleCall(command string, outcome chat.Outcome, reason chat.Reason) chat.Call {
	return chat.Call{App: "shop", At: now.Add(-4 * time.Minute), Command: command, Outcome: outcome, Reason: reason, User: "u_maya", Conversation: "fair",
		Origin: "https://market.example", RequestID: "req_" + strings.ToLower(command[:4])}
}

func sampleUsage(command string, outcome chat.Outcome, reason chat.Reason, n int64) chat.Usage {
	return chat.Usage{Command: command, Outcome: outcome, Reason: reason, Count: n, Last: sampleCall(command, outcome, reason)}
}

// inUse is the Security page of an app that browsers and guests use.
func inUse(s chat.Security) SecurityView {
	v := sampleSecurity(s)
	day := []chat.Usage{sampleUsage("user.set", chat.CallObserved, chat.UserSyncOff, 3)}
	week := []chat.Usage{
		sampleUsage("user.set", chat.CallAllowed, "", 1200), sampleUsage("user.set", chat.CallObserved, chat.UserSyncOff, 40),
		sampleUsage("participant.set", chat.CallRefused, chat.ConversationSyncOff, 7), sampleUsage("participant.set", chat.CallRefused, chat.AccessCeiling, 5),
		sampleUsage("conversation.open as guest", chat.CallRefused, chat.GuestsNotAllowed, 2),
		sampleUsage("conversation.send as guest", chat.CallAllowed, "", 9),
	}
	v.Usage = map[chat.SettingKey]SwitchUsage{}
	for _, key := range []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync, chat.SettingGuests} {
		v.Usage[key] = SwitchUsage{Key: key, State: v.Saved[key], App: v.app(), Calls: UsageOf(key, day, week), Now: now}
	}
	v.Guests = []GuestPlace{{chat.Conversation{App: "shop", ID: "fair", Subject: "Spring fair", Guests: chat.GuestsInherit}, 30},
		{chat.Conversation{App: "shop", ID: "help", Guests: chat.GuestsReadWrite}, 7}}
	return v
}

func TestEachSwitchCountsItsOwnCalls(t *testing.T) {
	v := inUse(chat.Security{ObserveUserSync: true, DisallowConversationSync: true, Guests: chat.GuestsEvery})
	users := v.Usage[chat.SettingUserSync]
	if len(users.Calls) != 1 || users.Calls[0].Week != (Outcomes{Allowed: 1200, Observed: 40}) || users.Calls[0].Day != (Outcomes{Observed: 3}) {
		t.Errorf("%+v", users.Calls)
	}
	if text := users.summary(t.Context()); text != "Observing began 2 h ago. In 7 days browsers made 1,240 calls; of those it saw, a tick would have refused 40." {
		t.Error(text)
	}
	convs := v.Usage[chat.SettingConversationSync]
	if len(convs.Calls) != 1 || convs.Calls[0].Week != (Outcomes{Refused: 7}) {
		t.Errorf("what another rule refused counts too: %+v", convs.Calls)
	}
	if text := convs.summary(t.Context()); text != "In 7 days the box refused 7 calls." {
		t.Error(text)
	}
	if guests := v.Usage[chat.SettingGuests]; len(guests.Calls) != 2 || guests.summary(t.Context()) != "In 7 days guests were allowed 9 calls and refused 2." {
		t.Errorf("%+v %s", guests.Calls, guests.summary(t.Context()))
	}
	quiet := SwitchUsage{Key: chat.SettingUserSync}
	if quiet.summary(t.Context()) != "No browser has called this in 7 days." {
		t.Error(quiet.summary(t.Context()))
	}
}

func TestTheNewestExampleIsLinked(t *testing.T) {
	doc := viewtest.Render(t, samples["Security, in use"])
	panel := doc.Find("[data-testid=usage-disallowUserSync]")
	for _, href := range []string{"/apps/shop/users/u_maya", "/apps/shop/conversations/fair"} {
		if panel.Find("a[href='"+href+"']").Length() != 1 {
			t.Errorf("no link to %s", href)
		}
	}
	if !strings.Contains(panel.Text(), "https://market.example") || panel.Find("time").Length() == 0 {
		t.Error("the example has neither its origin nor its time")
	}
}

// In each state that the page can be set to, it says whom that cuts: those whom the rules no longer let in.
func TestThePageSaysWhomAChangeCuts(t *testing.T) {
	for _, saved := range everySecurity() {
		v := inUse(saved)
		for _, next := range everySecurity() {
			var out, limited int64
			for _, p := range v.Guests {
				switch is, was := chat.EffectiveGuestAccess(next, p.Conversation.Guests), chat.EffectiveGuestAccess(saved, p.Conversation.Guests); {
				case !is.Open():
					out += int64(p.Guests)
				case is.Access.Rank() < was.Access.Rank():
					limited += int64(p.Guests)
				}
			}
			said := v.cut(t.Context(), next)
			if (out > 0) != strings.Contains(said, "disconnects "+words.Number(t.Context(), out)+" guest") || (limited > 0) != strings.Contains(said, "can only read") {
				t.Fatalf("from %+v to %+v: %d cut, %d limited: %q", saved, next, out, limited, said)
			}
		}
	}
}

func TestAllGuestsAreCounted(t *testing.T) {
	doc := viewtest.Render(t, samples["Security, in use"])
	if text := doc.Find("[data-testid=guests-in]").Text(); !strings.Contains(text, "37 guests are in 2 conversations now.") || doc.Find("[data-testid=guests-in] a").Length() != 2 {
		t.Error(text)
	}
	cut := doc.Find("[data-testid=cut][data-when=never]").Text()
	if !strings.Contains(cut, "Saving disconnects 37 guests in 2 conversations.") || !strings.Contains(cut, "Participants are not affected.") {
		t.Error(cut)
	}
}
