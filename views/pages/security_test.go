package pages

import (
	"slices"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"

	"github.com/PuerkitoBio/goquery"
)

func sampleSecurity(s chat.Security) SecurityView {
	saved := chat.DefaultSettings()
	set := func(key chat.SettingKey, value string) {
		saved[key] = chat.Setting{Key: key, Value: value, Version: 1, ChangedAt: now.Add(-2 * time.Hour), ChangedBy: "Ana"}
	}
	set(chat.SettingUserSync, position(s.DisallowUserSync, s.ObserveUserSync))
	set(chat.SettingConversationSync, position(s.DisallowConversationSync, s.ObserveConversationSync))
	set(chat.SettingIdentity, position(s.RequireIdentity, false))
	saved[chat.SettingGuests] = chat.Setting{Key: chat.SettingGuests, Value: string(s.Guests)}
	return SecurityView{SettingsHead: sampleSettings(chat.Owner, "security"), Saved: saved, Form: saved, Password: true}
}

// position is the stored value of a box.
func position(disallow, observe bool) string {
	switch {
	case disallow:
		return "true"
	case observe:
		return chat.Observing
	}
	return "false"
}

func init() {
	open := sampleSecurity(chat.Security{Guests: chat.GuestsFollow})
	refused := open
	refused.Form = sampleSecurity(chat.Security{DisallowUserSync: true, Guests: chat.GuestsNever}).Saved
	refused.Error, refused.Reauth, refused.Errors = "Not saved.", true, map[string]string{"password": "is not your password", "disallowUserSync": "Yours: ticked. Now: not ticked."}
	viewer := open
	viewer.Role = chat.Viewer
	samples["Security"] = Security(open)
	samples["Security, in use"] = Security(inUse(chat.Security{ObserveUserSync: true, DisallowConversationSync: true, Guests: chat.GuestsEvery}))
	samples["Security, refused"] = Security(refused)
	samples["Security, viewer"] = Security(viewer)
}

// The panel follows the boxes by styles, which know only the conditions: those must say what the rules say, for every
// state of the switches.
func TestTheEffectPanelSaysWhatTheRulesSay(t *testing.T) {
	for i, e := range chat.Effects(chat.Security{}) {
		when := effectConditions[i]
		if when == "" {
			t.Errorf("no condition of the styles says when “%s” is closed", e.What)
			continue
		}
		for _, s := range everySecurity() {
			if closed := conditions[when](s); closed == chat.Effects(s)[i].Allowed {
				t.Errorf("“%s” under %+v: the panel says %v", e.What, s, !closed)
			}
		}
	}
}

func TestSecurityUsesTheExactLabels(t *testing.T) {
	doc := viewtest.Render(t, samples["Security"])
	for id, label := range map[string]string{"disallow-users": "Disallow user synchronization via the browser", "disallow-convs": "Disallow conversation synchronization via the browser"} {
		if got := doc.Find("label[for=" + id + "]").Text(); got != label {
			t.Errorf("%s: %q", id, got)
		}
	}
}

// What a row says while it is allowed in part is shown under one policy, which must be the one where the rules say it.
func TestThePanelSaysWhatIsAllowedInPart(t *testing.T) {
	for _, s := range everySecurity() {
		for i, e := range chat.Effects(s) {
			said := e.Allowed && s.Guests == chat.GuestsAllowed && partly(i) != ""
			if said != (e.Allowed && e.Why != "") || said && partly(i) != e.Why {
				t.Errorf("“%s” under %+v: %q", e.What, s, e.Why)
			}
		}
	}
}

// The sentence on guests is chosen by the policy and, where it follows them, the boxes. No two states with different
// sentences may share a name.
func TestEveryStateOfGuestsHasItsSentence(t *testing.T) {
	for _, saved := range everySecurity() {
		states := sampleSecurity(saved).guestStates(t.Context())
		for _, s := range everySecurity() {
			i := slices.IndexFunc(states, func(g guestState) bool { return g.When == guestsWhen(s) })
			if i < 0 || states[i].Text != switchState(s, chat.SettingGuests).Now || states[i].Now != (guestsWhen(s) == guestsWhen(saved)) {
				t.Fatalf("%+v saved as %+v: %+v", s, saved, states)
			}
		}
	}
}

// The password is asked for on the page exactly when the save would be refused without it.
func TestThePageAsksForThePasswordWhenProtectionGoes(t *testing.T) {
	for _, saved := range everySecurity() {
		for _, next := range everySecurity() {
			when := loosensWhen(saved, next.Guests)
			asks := saved.DisallowUserSync && !next.DisallowUserSync || saved.DisallowConversationSync && !next.DisallowConversationSync ||
				saved.RequireIdentity && !next.RequireIdentity || when == "always" ||
				when == "open" && !next.DisallowUserSync && !next.DisallowConversationSync
			if asks != chat.Loosens(saved, next) {
				t.Errorf("from %+v to %+v: the page asks: %v", saved, next, asks)
			}
		}
	}
}

func TestASaveBarNamesEachChange(t *testing.T) {
	doc := viewtest.Render(t, samples["Security"])
	lines := doc.Find(".change").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	for _, want := range []string{"User synchronization via the browser: allowed → disallowed", "Signed token: not required → required", "Guest access: Follow browser synchronization → Never"} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not in %q", want, lines)
		}
	}
}

func TestALiveAppIsWarnedWhileAnyoneCanBeAnyone(t *testing.T) {
	for _, s := range everySecurity() {
		for _, live := range []bool{true, false} {
			v := sampleSecurity(s)
			v.App.Live = live
			title, _ := v.exposed(t.Context())
			if want := live && !s.RequireIdentity && (!s.DisallowUserSync || !s.DisallowConversationSync); (title != "") != want {
				t.Errorf("live %v, %+v: %q", live, s, title)
			}
		}
	}
}
