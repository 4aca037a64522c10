package chat

import (
	"slices"
	"testing"
	"time"
)

// The dashboard and REST, written down a second time.
var dashboard = map[Role][]Operation{
	Viewer: {OpAppRead, OpKeyList, OpSettingsRead, OpUserRead, OpConversationRead, OpParticipantRead, OpMessageRead,
		OpGuestRead, OpTrashRead, OpAuditRead, OpTeamRead, OpViewSave},
	Moderator: {OpParticipantAdd, OpParticipantEditAccess, OpParticipantEditNotify, OpParticipantRemove,
		OpMessageSendSystem, OpMessageSendButtons, OpMessageDeleteOther, OpMessageRestore, OpExportConversation, OpGuestRemove, OpUserBan, OpUndo, OpViewShare},
	Manage: {OpAppCreate, OpAppEdit, OpSettingsSave, OpSettingsLoosen, OpUserCreate, OpUserEdit,
		OpConversationCreate, OpConversationEdit, OpConversationDelete, OpExportList, OpUserDelete, OpUserErase, OpTrashRestore, OpTrashPurge},
	Owner: {OpAppDelete, OpExportApp, OpExportCollect, OpKeyCreate, OpKeyReveal, OpKeyChange, OpKeyDelete, OpTeamManage, OpTeamSecure, OpBackup, OpBackupRead},
}

var needPassword = []Operation{OpSettingsLoosen, OpAppDelete, OpKeyCreate, OpKeyReveal, OpKeyDelete, OpBackup, OpExportApp, OpTeamSecure, OpAccountSecure, OpUserErase, OpTrashPurge}

var restOperations = []Operation{OpUserRead, OpUserCreate, OpUserEdit,
	OpConversationRead, OpConversationCreate, OpConversationEdit, OpConversationDelete,
	OpParticipantRead, OpParticipantAdd, OpParticipantEditAccess, OpParticipantEditNotify, OpParticipantRemove,
	OpMessageRead, OpMessageSend, OpMessageSendSystem, OpMessageSendButtons, OpMessageSendAs, OpMessageEditOther, OpMessageDeleteOther}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// leastRole is the weakest role that may do op, or "" when the dashboard doesn't have it.
func leastRole(op Operation) Role {
	for role, ops := range dashboard {
		if slices.Contains(ops, op) {
			return role
		}
	}
	return ""
}

func TestDashboardRoles(t *testing.T) {
	reasons := declared(t, "errors.go", "Reason")
	passwords := map[string]struct {
		at     time.Time
		recent bool
	}{
		"never":           {time.Time{}, false},
		"now":             {noon, true},
		"ten minutes ago": {noon.Add(-ReauthWindow), true},
		"longer ago":      {noon.Add(-ReauthWindow - time.Millisecond), false},
		"in the future":   {noon.Add(time.Second), false},
	}
	strength := map[Role]int{Viewer: 1, Moderator: 2, Manage: 3, Owner: 4, "": 0, "root": 0}
	cases := 0
	for op := range rules {
		least := leastRole(op)
		for role := range strength {
			for when, password := range passwords {
				cases++
				var want Reason
				switch {
				case op == OpAccountSecure: // whatever the role
					if !password.recent {
						want = ReauthRequired
					}
				case least == "":
					want = PageNotFound
				case role == "":
					want = AppNotFound
				case strength[role] < strength[least]:
					want = RoleTooLow
				case slices.Contains(needPassword, op) && !password.recent:
					want = ReauthRequired
				}
				a := Admin{ID: "1", Name: "Ana", Role: role}.Actor(password.at)
				err := Allow(a, op, Facts{App: "app", Now: noon})
				if ReasonOf(err) != want {
					t.Errorf("%s by %q, password %s: %v, want %q", op, role, when, err, want)
				}
				if err != nil {
					checkRefusal(t, reasons, err)
				}
			}
		}
	}
	if cases < 1000 {
		t.Errorf("ran %d cases", cases)
	}
}

func TestRoleRefusalsSayWhatIsMissing(t *testing.T) {
	viewer := Actor{Kind: AdminActor, Role: Viewer}
	want := "Your role is viewer, and this needs the role owner. Ask an owner of this server to do it or to change your role."
	if err := Allow(viewer, OpTeamManage, Facts{}); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestAdminOfOneAppSeesNoOther(t *testing.T) {
	a := Actor{Kind: AdminActor, Role: Owner, App: "app", AuthAt: noon}
	for op := range rules {
		if got := ReasonOf(Allow(a, op, Facts{App: "other", Now: noon})); got != AppNotFound {
			t.Errorf("%s on another app: %q", op, got)
		}
	}
}

func TestServersReachOnlyTheirApp(t *testing.T) {
	reasons := declared(t, "errors.go", "Reason")
	for op := range rules {
		for app, wanted := range map[AppID]Reason{"app": "", "App": BadCredential, "other": BadCredential, "": BadCredential} {
			if wanted == "" && !slices.Contains(restOperations, op) {
				wanted = PageNotFound
			}
			err := Allow(Actor{Kind: BackendActor, ID: "key", App: app}, op, Facts{App: "app", Now: noon})
			if ReasonOf(err) != wanted {
				t.Errorf("%s with a key of %q: %v, want %q", op, app, err, wanted)
			}
			if err != nil {
				checkRefusal(t, reasons, err)
			}
		}
		if got := ReasonOf(Allow(Actor{Kind: BackendActor}, op, Facts{})); got != BadCredential {
			t.Errorf("%s without an app at all: %q", op, got)
		}
	}
}

func TestBrowsersReachOnlyTheirApp(t *testing.T) {
	for op := range rules {
		for _, a := range []Actor{
			{Kind: UserActor, ID: "ann", App: "other", Verified: true},
			{Kind: UserActor, ID: "ann", Verified: true},
			{Kind: UserActor, App: "app", Verified: true},
		} {
			if got := ReasonOf(Allow(a, op, Facts{App: "app", Exists: true, Place: ReadWrite})); got != BadCredential {
				t.Errorf("%s by %+v: %q", op, a, got)
			}
		}
	}
}
