package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/layouts"
)

func sampleSettings(role chat.Role, tab string) SettingsHead {
	return SettingsHead{Frame: sampleFrame("Settings", layouts.NavSettings), App: chat.App{ID: "shop", Name: "Larkfield Market", Live: true, Users: 8216, Conversations: 1}, Role: role, Tab: tab}
}

func init() {
	samples["SettingsPage"] = SettingsPage(sampleSettings(chat.Owner, "danger"))
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
	samples["Team"] = Team(TeamView{Frame: frame, Admins: admins, Me: "adm_1", CanOwn: true, Days: Days(context.Background(), sampleEvents()[15:], now, chat.Viewer, ""), Error: "Nothing was changed."})
	samples["Team, viewer"] = Team(TeamView{Frame: frame, Admins: admins, Me: "adm_2"})
	samples["NewAdmin"] = NewAdmin(NewAdminView{Frame: frame, Admin: admins[1], Password: "abc-def"})
	samples["NewAdmin, reset"] = NewAdmin(NewAdminView{Frame: frame, Admin: admins[1], Password: "abc-def", Reset: true})
	samples["RemoveAdmin"] = RemoveAdmin(AdminView{Frame: frame, Admin: admins[1]})
	samples["RemoveAdmin, oneself"] = RemoveAdmin(AdminView{Frame: frame, Admin: admins[0], Self: true})
	samples["ResetAdmin"] = ResetAdmin(AdminView{Frame: frame, Admin: admins[1]})
	samples["Undo"] = Undo(UndoView{Frame: sampleFrame("Undo", layouts.NavAudit), App: "shop", Seq: 7, Back: "/apps/shop/settings/security", Error: "is not your password"})
	samples["Account"] = Account(AccountView{Frame: frame, Admin: admins[0], Current: "ses_1", Errors: map[string]string{"password": "is not your password"}, Error: "No.",
		Sessions: []chat.AdminSession{{ID: "ses_1", IP: "127.0.0.1", UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156", LastSeenAt: now}, {ID: "ses_2", IP: "::1", LastSeenAt: now}}})
}
