package pages

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func samplePlan() PlanView {
	saved := chat.DefaultSettings()
	return PlanView{Saved: saved, Now: now, CanManage: true,
		Plan: chat.SettingsPlan{N: 3, App: "shop", At: now.Add(50 * time.Hour), By: "Ana", Version: 1, State: chat.PlanWaiting, Note: chat.SaveNote{Reason: "After the deploy", Trial: chat.DefaultTrial},
			Changes: []chat.SettingChange{{Key: chat.SettingConversationSync, Value: "true"}, {Key: chat.SettingGuests, Value: "never"}, {Key: chat.SettingIdentity, Value: "true", Version: 4},
				{Key: chat.SettingAllowedOrigins, Value: "https://b.example"}, {Key: chat.SettingParticipantLimit, Value: "50"}, {Key: chat.SettingTheme, Value: `{"accent":"#7a1fa2"}`}}},
		Use: RealUse{Guests: []GuestPlace{{Conversation: chat.Conversation{ID: "fair", Guests: chat.GuestsInherit}, Guests: 3}}, Seen: []Origin{{Origin: "https://a.example", Last: now}},
			Usage: map[chat.SettingKey]SwitchUsage{chat.SettingConversationSync: {Key: chat.SettingConversationSync, State: saved[chat.SettingConversationSync], Now: now}}}}
}

func settingsEvent(seq int64, before, after string) chat.Event {
	return chat.Event{Seq: seq, App: "shop", At: now.Add(-time.Hour), Kind: chat.AdminActor, ActorID: "adm_1", ActorName: "Ana", Source: chat.Dashboard, Type: chat.SettingsUpdated,
		Before: json.RawMessage(before), After: json.RawMessage(after)}
}

func init() {
	saved := chat.DefaultSettings()
	saved[chat.SettingGuests] = chat.Setting{Key: chat.SettingGuests, Value: "never", Version: 1, ChangedBy: "Ana"}
	guests := settingsEvent(9, `{"guestPolicy":"follow"}`, `{"guestPolicy":"never"}`)
	guests.Reason = "Abuse"
	origins := settingsEvent(8, `{"allowedOrigins":"https://a.example\nhttps://c.example"}`, `{"allowedOrigins":"https://a.example\nhttps://b.example"}`)
	theme := settingsEvent(7, `{"chatTheme":""}`, `{"chatTheme":"{\"accent\":\"#7a1fa2\"}"}`)
	theme.Undoes, theme.Undone = 6, 8
	trials := []chat.SettingsTrial{{Save: guests, Due: now.Add(20 * time.Minute), Left: []chat.Setting{{Key: chat.SettingIdentity, ChangedBy: "Tom"}}}}
	v := SettingsHistoryView{SettingsHead: sampleSettings(chat.Manage, "history"), Trials: trials, Plans: []PlanView{samplePlan()}, Newer: "/newer", Older: "/older", Back: "/back"}
	for _, e := range []chat.Event{guests, origins, theme} {
		v.Changes = append(v.Changes, NewSettingsChange(e, saved, trials, now, chat.Manage))
	}
	for _, state := range []chat.PlanState{chat.PlanDone, chat.PlanCancelled, chat.PlanRefused} {
		p := samplePlan().Plan
		p.State, p.Outcome = state, "Pia, who scheduled it, is no admin any more."
		v.Ended = append(v.Ended, p)
	}
	v.Frame.Trials, v.Frame.Here = append(v.Frame.Trials, Trial(context.Background(), trials[0], now)), "/here"
	v.Frame.Trials[0].Keep, v.Frame.Trials[0].Revert = "/keep", "/revert"
	samples["SettingsHistory"] = SettingsHistory(v)
	samples["SettingsHistory, none"] = SettingsHistory(SettingsHistoryView{SettingsHead: sampleSettings(chat.Viewer, "history")})
	form := PlanFormView{SettingsHead: sampleSettings(chat.Manage, "history"), PlanView: samplePlan(), Date: "2026-03-16", Time: "06:00", Password: true, Error: "Not saved.",
		Errors: map[string]string{"at": "must be in the future", "password": "is needed", "participantLimit": "must be a number"}}
	form.Note = NoteForm{Reason: "Long", Trial: true, Errors: map[string]string{"reason": "is too long", "trial": "waits"}}
	samples["PlanForm"] = PlanForm(form)
	samples["PlanForm, nothing"] = PlanForm(PlanFormView{SettingsHead: sampleSettings(chat.Manage, "history")})
}

func TestAPlanTellsWhatItDoesNow(t *testing.T) {
	p := samplePlan()
	said := strings.Join(p.Effects(t.Context()), "\n")
	for _, want := range []string{"Stops in browsers: Create a conversation.", "Stops in browsers: Open a chat as a guest.", "No browser has called this in 7 days.",
		"Refuses pages that called in 7 days: https://a.example.", "As of now it would disconnect 3 guests in 1 conversation."} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
	if strings.Contains(said, "Set roles") {
		t.Errorf("what somebody changed since is left alone:\n%s", said)
	}
	p.Saved[chat.SettingIdentity] = chat.Setting{Key: chat.SettingIdentity, Value: "false", Version: 5, ChangedBy: "Tom"}
	if all := p.Warnings(t.Context()); len(all) != 1 || !strings.Contains(all[0], "Require a signed token will be left alone: Tom changed it") {
		t.Error(all)
	}
}

func TestDifferencesOfListsNameTheirLines(t *testing.T) {
	doc := viewtest.Render(t, samples["SettingsHistory"])
	rows := doc.Find("[data-testid=settings-change]")
	for i, want := range []string{"before: “Follow browser synchronization”after: “Never”", "before: https://c.exampleafter: https://b.example", "Accent: #7a1fa2"} {
		if text := strings.Join(strings.Fields(rows.Eq(i).Text()), " "); !strings.Contains(text, want) && !strings.Contains(strings.ReplaceAll(text, " after", "after"), want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	if rows.Eq(0).Find("form").Length() != 1 || rows.Eq(1).Find("form").Length() != 0 {
		t.Error("reverting is offered where it can't be done, or not where it can")
	}
}

func TestTimeLeftIsNeverTooMuch(t *testing.T) {
	for d, want := range map[time.Duration]string{-time.Second: "any moment", 0: "any moment", 59 * time.Second: "in less than a minute", 90 * time.Second: "in 1 minute", 30 * time.Minute: "in 30 minutes",
		119 * time.Minute: "in 119 minutes", 47 * time.Hour: "in 47 hours", 50 * time.Hour: "in 2 days"} {
		if got := left(t.Context(), now.Add(d), now); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
