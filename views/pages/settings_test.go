package pages

import (
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/viewtest"
)

func sampleSettings(role chat.Role, tab string) SettingsHead {
	return SettingsHead{Frame: sampleFrame("Settings", layouts.NavSettings), App: chat.App{ID: "shop", Name: "Larkfield Market", Live: true, Users: 8216, Conversations: 1}, Role: role, Tab: tab}
}

func sampleSecurity(s chat.Security) SecurityView {
	saved := chat.DefaultSettings()
	set := func(key chat.SettingKey, value string) {
		saved[key] = chat.Setting{Key: key, Value: value, Version: 1, ChangedAt: now.Add(-2 * time.Hour), ChangedBy: "Ana"}
	}
	word := map[bool]string{true: "true", false: "false"}
	set(chat.SettingUserSync, word[s.DisallowUserSync])
	set(chat.SettingConversationSync, word[s.DisallowConversationSync])
	set(chat.SettingIdentity, word[s.RequireIdentity])
	saved[chat.SettingGuests] = chat.Setting{Key: chat.SettingGuests, Value: string(s.Guests)}
	return SecurityView{SettingsHead: sampleSettings(chat.Owner, "security"), Saved: saved, Form: saved, Password: true}
}

func init() {
	open := sampleSecurity(chat.Security{Guests: chat.GuestsFollow})
	refused := open
	refused.Form = sampleSecurity(chat.Security{DisallowUserSync: true, Guests: chat.GuestsNever}).Saved
	refused.Error, refused.Reauth, refused.Errors = "Not saved.", true, map[string]string{"password": "is not your password", "disallowUserSync": "Tom set it to true"}
	viewer := open
	viewer.Role = chat.Viewer
	samples["SettingsPage"] = SettingsPage(sampleSettings(chat.Owner, "danger"))
	samples["Security"] = Security(open)
	samples["Security, refused"] = Security(refused)
	samples["Security, viewer"] = Security(viewer)
	general := GeneralView{SettingsHead: sampleSettings(chat.Owner, "general"), Settings: chat.DefaultSettings(), Server: "https://chat.example", Name: "Larkfield", Limit: "300"}
	samples["General"] = General(general)
	general.Error, general.Errors = "Not saved.", map[string]string{"name": "is required", "participantLimit": "must be a number"}
	samples["General, refused"] = General(general)
	samples["Danger"] = Danger(DangerView{SettingsHead: sampleSettings(chat.Owner, "danger"), Password: true, Errors: map[string]string{"confirm": "That is not it.", "password": "is needed"}})
	keys := []chat.Key{{ID: "key_1", Name: "Orders", Hint: "4f9c", Active: true, CreatedAt: now, CreatedBy: "Ana", LastUsedAt: now}, {ID: "key_2", Name: "Old shop", Hint: "03da", CreatedAt: now, CreatedBy: "Tom"}}
	samples["Keys"] = Keys(KeysView{SettingsHead: sampleSettings(chat.Owner, "keys"), Keys: keys, Server: "https://chat.example", Password: true})
	samples["Keys, viewer"] = Keys(KeysView{SettingsHead: sampleSettings(chat.Viewer, "keys"), Keys: keys, Server: "https://chat.example"})
	samples["Keys, none, refused"] = Keys(KeysView{SettingsHead: sampleSettings(chat.Owner, "keys"), Server: "https://chat.example", Password: true, Error: "No.", Errors: map[string]string{"name": "needs", "password": "is needed"}})
	samples["NewKey"] = NewKey(NewKeyView{SettingsHead: sampleSettings(chat.Owner, "keys"), Key: keys[0], Secret: "sk_live_example", Server: "https://chat.example"})
	samples["DeleteKey"] = DeleteKey(DeleteKeyView{SettingsHead: sampleSettings(chat.Owner, "keys"), Key: keys[1], Password: true})
	frame := sampleFrame("Apps", layouts.NavApps)
	frame.App = layouts.App{}
	samples["Apps"] = Apps(AppsView{Frame: frame, Apps: []chat.App{{ID: "shop", Name: "Shop", Live: true}, {ID: "t", Name: "Try"}}, CanManage: true})
	samples["Apps, none"] = Apps(AppsView{Frame: frame})
	samples["NewApp"] = NewApp(NewAppView{Frame: frame, Errors: map[string]string{"name": "is required", "id": "is taken"}})
	admins := []chat.Admin{{ID: "adm_1", Email: "ana@x.example", Name: "Ana", Role: chat.Owner}, {ID: "adm_2", Email: "vic@x.example", Name: "Vic", Role: chat.Viewer}}
	samples["Team"] = Team(TeamView{Frame: frame, Admins: admins, Me: "adm_1", CanOwn: true, Days: Days(sampleEvents()[15:], now, false, ""), Error: "Nothing was changed.", Errors: map[string]string{"email": "must be"}})
	samples["Team, viewer"] = Team(TeamView{Frame: frame, Admins: admins, Me: "adm_2"})
	samples["NewAdmin"] = NewAdmin(NewAdminView{Frame: frame, Admin: admins[1], Password: "abc-def"})
	samples["NewAdmin, reset"] = NewAdmin(NewAdminView{Frame: frame, Admin: admins[1], Password: "abc-def", Reset: true})
	samples["Account"] = Account(AccountView{Frame: frame, Admin: admins[0], Current: "ses_1", Errors: map[string]string{"password": "is not your password"}, Error: "No.",
		Sessions: []chat.AdminSession{{ID: "ses_1", IP: "127.0.0.1", UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156", LastSeenAt: now}, {ID: "ses_2", IP: "::1", LastSeenAt: now}}})
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
