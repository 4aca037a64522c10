package pages

import (
	"context"
	"slices"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/views/layouts"
)

func init() {
	frame := sampleFrame("Users", layouts.NavUsers)
	maya := chat.User{App: "shop", ID: "a b/ü", Name: "Maya Lindqvist", Email: []string{"maya@x.example"}, Role: "organiser", CreatedAt: now, Conversations: 2, Custom: map[string]string{"tier": "gold"}, PushTokens: []string{"fcm:1"}}
	samples["Users"] = Users(UsersView{Frame: frame, App: "shop", Rows: []chat.User{maya, {ID: "x"}}, Total: 2, CanManage: true, Next: "n"})
	samples["Users, none yet"] = Users(UsersView{Frame: frame, App: "shop"})
	samples["Users, no match"] = Users(UsersView{Frame: frame, App: "shop", Search: "q", Total: 2})
	place := UserPlace{Conversation: sampleConversation(true).Conversation, Participant: chat.Participant{Access: chat.Read, Notify: chat.NotifyNone}}
	samples["User"] = User(UserView{Frame: frame, App: "shop", User: maya, Places: []UserPlace{place}, Days: Days(context.Background(), sampleEvents()[:3], now, chat.Owner, ""), CanManage: true, CanModerate: true, ComeBack: true, Next: "n", Errors: map[string]string{"conversations": "There is no conversation."}})
	samples["User, viewer, nowhere"] = User(UserView{Frame: frame, App: "shop", User: chat.User{ID: "x", CreatedAt: now}})
	form := UserFormOf(maya)
	samples["UserEditor"] = UserEditor(UserFormView{Frame: frame, App: "shop", ID: "a b/ü", Base: maya, Form: form})
	samples["UserEditor, new, refused"] = UserEditor(UserFormView{Frame: frame, App: "shop", New: true, Error: "No.", Errors: map[string]string{"name": "is required", "id": "is taken"}})
	samples["Audit"] = Audit(AuditView{Frame: frame, App: "shop", Days: Days(context.Background(), sampleEvents(), now, chat.Owner, "/back"), Older: "/older", Filter: AuditFilter{Actor: "adm_1", Who: "admin"}})
	samples["Audit, empty"] = Audit(AuditView{Frame: frame, App: "shop"})
	samples["Audit, no match"] = Audit(AuditView{Frame: frame, App: "shop", Filter: AuditFilter{User: "x"}})
	samples["Overview"] = Overview(OverviewView{Frame: frame, App: chat.App{ID: "shop", Name: "Larkfield", Users: 3, Conversations: 1}, Days: Days(context.Background(), sampleEvents()[:4], now, chat.Owner, ""), Server: "https://chat.example", CanManage: true, Security: chat.Security{Guests: chat.GuestsFollow}, Charts: sampleCharts(), Active: 12,
		Attention: sampleAttention(), Doors: []chat.DoorCount{{Door: chat.Dashboard, Changes: 3}, {Door: chat.REST, Changes: 1200}}})
	samples["Overview, new"] = Overview(OverviewView{Frame: frame, App: chat.App{ID: "shop", Name: "Larkfield"}, Server: "https://chat.example", Security: chat.Security{DisallowConversationSync: true, Guests: chat.GuestsAllowed}, Charts: NewCharts(context.Background(), chat.App{ID: "shop"}, Ranges[1], nil, now)})
}

// Every kind of change of an app can be asked for; those of admins stand on the team's page.
func TestEveryChangeIsInAGroupOfTheLog(t *testing.T) {
	for _, kind := range chat.EventTypes {
		in := 0
		for _, g := range Groups {
			if slices.Contains(g.Types, kind) {
				in++
			}
		}
		if in != 1 && !strings.HasPrefix(string(kind), "admin.") {
			t.Errorf("%s is in %d groups", kind, in)
		}
	}
}
