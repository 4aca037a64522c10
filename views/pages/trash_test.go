package pages

import (
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/layouts"
)

func trashSamples() map[string]chat.Trashed {
	at := now.Add(-time.Hour)
	return map[string]chat.Trashed{
		"kept":   {N: 1, App: "shop", Kind: chat.TrashedConversation, ID: "fair", Name: "Spring fair", Places: 1, Messages: 1204, At: at, By: "Ana", State: chat.TrashKept},
		"user":   {N: 2, App: "shop", Kind: chat.TrashedUser, ID: "tom", Name: "Tom", Places: 12, Messages: MessagesCounted, At: at, By: "Ana", State: chat.TrashKept},
		"taken":  {N: 3, App: "shop", Kind: chat.TrashedUser, ID: "zoe", Places: 1, Messages: 1, At: at, By: "Ana", State: chat.TrashKept, Taken: true},
		"going":  {N: 4, App: "shop", Kind: chat.TrashedConversation, ID: "hall", At: at, By: "Ana", State: chat.TrashEmptying},
		"coming": {N: 5, App: "shop", Kind: chat.TrashedConversation, ID: "hall2", At: at, By: "Ana", State: chat.TrashRestoring},
		"purged": {N: 6, App: "shop", Kind: chat.TrashedConversation, ID: "hall3", At: at, By: "Ana", State: chat.TrashPurging},
	}
}

func init() {
	frame := sampleFrame("Trash", layouts.NavTrash)
	v := TrashView{Frame: frame, App: "shop", CanManage: true, Kind: chat.TrashedUser, Next: "n"}
	for _, t := range trashSamples() {
		v.Rows = append(v.Rows, t)
	}
	samples["Trash"] = Trash(v)
	v.CanManage = false
	samples["Trash, to look at"] = Trash(v)
	samples["Trash, nothing"] = Trash(TrashView{Frame: frame, App: "shop"})
	samples["Purge"] = Purge(PurgeView{Frame: frame, App: "shop", Thing: trashSamples()["kept"], Password: true, Typed: "x", Errors: map[string]string{"confirm": "is not the ID", "password": "is not your password"}})
	samples["Purge, a user"] = Purge(PurgeView{Frame: frame, App: "shop", Thing: trashSamples()["user"]})

	user := chat.User{App: "shop", ID: "tom", Name: "Tom", Conversations: 12, PushTokens: []string{"fcm:x"}}
	end := EndUserView{Frame: frame, App: "shop", User: user, Conversations: 12, Messages: 3, Password: true, Errors: map[string]string{"confirm": "is not the ID"}}
	samples["DeleteUser"] = DeleteUser(end)
	samples["EraseUser"] = EraseUser(end)

	ban := chat.Ban{App: "shop", User: "tom", UserName: "Tom", Until: now.Add(time.Hour), Reason: "Spam", At: now, By: "Ana", Places: 12}
	samples["BanUser"] = BanUser(BanView{Frame: frame, App: "shop", User: user, For: "day", PutBack: true})
	samples["BanUser, refused"] = BanUser(BanView{Frame: frame, App: "shop", User: user, Error: "Not saved.", Errors: map[string]string{"reason": "is too long"}, Security: chat.Security{RequireIdentity: true}})
	samples["LiftBan"] = LiftBan(LiftView{Frame: frame, App: "shop", Ban: ban})
	lasting := ban
	lasting.Until, lasting.Reason = time.Time{}, ""
	samples["Banned"] = Banned(BannedView{UsersView: UsersView{Frame: frame, App: "shop", CanModerate: true, Next: "n"}, Bans: []chat.Ban{ban, lasting}})
	samples["Banned, nobody"] = Banned(BannedView{UsersView: UsersView{Frame: frame, App: "shop"}})
	samples["User, banned"] = User(UserView{Frame: frame, App: "shop", User: user, Ban: &ban, CanManage: true, CanModerate: true})
	samples["User, banned, to look at"] = User(UserView{Frame: frame, App: "shop", User: user, Ban: &lasting})
}

func TestTrashSaysWhatIsInside(t *testing.T) {
	all := trashSamples()
	for name, want := range map[string]string{
		"kept": "1 place on its list, 1,204 messages",
		"user": "Was in 12 conversations. 100,000 messages or more stay with their name.",
	} {
		if got := inside(t.Context(), all[name]); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, moves := range map[string]bool{"kept": false, "taken": false, "going": true, "coming": true, "purged": true} {
		if (movingText(t.Context(), all[name]) != "") != moves {
			t.Errorf("%s: %q", name, movingText(t.Context(), all[name]))
		}
	}
}

func TestBansNameTheWayAround(t *testing.T) {
	for name, x := range map[string]struct {
		s    chat.Security
		want string
	}{
		"no identities":  {chat.Security{DisallowUserSync: true}, "anybody connect as anyone"},
		"open boxes":     {chat.Security{RequireIdentity: true}, "a friend’s browser"},
		"one box ticked": {chat.Security{RequireIdentity: true, DisallowConversationSync: true}, ""},
	} {
		if got := (BanView{Security: x.s}).loophole(t.Context()); !strings.Contains(got, x.want) || (got == "") != (x.want == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
