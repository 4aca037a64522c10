package pages

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/viewtest"
)

func init() {
	frame := sampleFrame("Team", layouts.NavTeam)
	ana := chat.Admin{ID: "adm_1", Email: "ana@x.example", Name: "Ana", Role: chat.Owner, Passkeys: 1}
	mo := chat.Admin{ID: "adm_3", Email: "mo@x.example", Name: "Mo", Apps: chat.AppRoles{"shop": chat.Moderator}, HasCode: true, EndsAt: now.Add(time.Hour), HasPassword: true}
	gone := chat.Admin{ID: "adm_4", Email: "old@x.example", Name: "Old", Role: chat.Viewer, EndsAt: now.Add(-time.Hour)}
	invitation := chat.Invitation{ID: "inv_1", Email: "new@x.example", Role: chat.Manage, Lasts: 4 * time.Hour, CreatedBy: "Ana", ExpiresAt: now.Add(20 * time.Hour)}
	late := chat.Invitation{ID: "inv_2", Email: "late@x.example", Apps: chat.AppRoles{"shop": chat.Viewer}, ExpiresAt: now.Add(-time.Hour)}
	sessions := []chat.AdminSession{{ID: "ses_1", IP: "127.0.0.1", LastSeenAt: now, Method: chat.ByPasskey}}
	samples["Team, of all kinds"] = Team(TeamView{Frame: frame, Admins: []chat.Admin{ana, mo, gone}, Me: "adm_1", CanOwn: true, Invitations: []chat.Invitation{invitation, late},
		Uses: map[string]SessionUse{"adm_1": {1, now}, "adm_3": {2, now.Add(-time.Hour)}}, Rules: chat.TeamRules{SecondStep: true}})
	standing := StandingForm{Role: "viewer", Apps: map[string]string{"shop": "owner"}, All: frame.Apps}
	wrong := standing
	wrong.Errors = map[string]string{"role": "must be one", "apps": "must name apps"}
	samples["Invite"] = Invite(InviteView{Frame: frame, Standing: standing})
	samples["Invite, refused"] = Invite(InviteView{Frame: frame, Email: "x", Standing: wrong, Proof: true, Passkey: "/options", Error: "No.", Errors: map[string]string{"email": "must be", "password": "is not"}})
	samples["Invited"] = Invited(InvitedView{Frame: frame, Invitation: invitation, Link: "https://chat.example/invitation?token=x"})
	samples["Member"] = Member(MemberView{Frame: frame, Admin: mo, Standing: standing, Sessions: sessions, Error: "Nothing was changed."})
	samples["Member, oneself"] = Member(MemberView{Frame: frame, Admin: ana, Self: true, Standing: StandingForm{Role: "none"}})
	samples["ResetSecondStep"] = ResetSecondStep(AdminView{Frame: frame, Admin: mo})
	samples["Account, secured"] = Account(AccountView{Frame: frame, Admin: mo, Keys: []chat.Passkey{{ID: "k1", Name: "Laptop", CreatedAt: now}, {ID: "k2", Name: "Blue key", CreatedAt: now, LastUsedAt: now}},
		CodesLeft: 8, SSO: "Keycloak", Linked: true, Confirmed: now.Add(8 * time.Minute), Sessions: sessions, Errors: map[string]string{"passkey": "was not accepted"}})
	samples["Account, by number"] = Account(AccountView{Frame: frame, Admin: ana, KeysWhy: "Passkeys need a name.", Confirmed: now.Add(30 * time.Second)})
	samples["SignIn, all ways"] = SignIn(SignInView{Passkey: true, SSO: "Keycloak", Next: "/team"})
	samples["SignInCode"] = SignInCode(SignInCodeView{Code: true, Passkey: true})
	samples["SignInCode, passkey"] = SignInCode(SignInCodeView{Passkey: true, Error: "That code is not right."})
	samples["SignInCode, recovery"] = SignInCode(SignInCodeView{Code: true, Recovery: true})
	samples["SignInCode, nothing here"] = SignInCode(SignInCodeView{})
	samples["Invitation"] = Invitation(InvitationView{Token: "x", Invitation: invitation, Passkey: true, SSO: "Keycloak"})
	samples["Invitation, refused"] = Invitation(InvitationView{Token: "x", Invitation: late, Name: "New", Error: "No.", Errors: map[string]string{"name": "is needed", "password": "is short"}})
	samples["Code"] = Code(CodeView{Frame: frame, QR: QR(dots{}), Secret: "ABCDEFGH", Error: "is not right"})
	samples["Recovery"] = Recovery(RecoveryView{Frame: frame, Codes: []chat.Secret{"aaaaa-bbbbb", "ccccc-ddddd"}, Next: "/account"})
	samples["SecondStep"] = SecondStep(SecondStepView{Frame: frame, Required: true})
	samples["SecondStep, by number"] = SecondStep(SecondStepView{Frame: frame, KeysWhy: "Passkeys need a name."})
	samples["Proof"] = Proof(ProofView{Frame: frame, Action: "/team/adm_1", Back: "/team", Fields: []components.Hidden{{Name: "role", Value: "owner"}}, Passkey: "/options", SSO: "Keycloak", Error: "is not your password"})
}

// dots is a picture of two modules by two, of which two are black.
type dots struct{}

func (dots) ColorModel() color.Model { return color.GrayModel }
func (dots) Bounds() image.Rectangle { return image.Rect(0, 0, 2, 2) }
func (dots) At(x, y int) color.Color {
	if x == y {
		return color.Black
	}
	return color.White
}

func TestAQRCodeIsDrawnAsItIs(t *testing.T) {
	path := viewtest.Render(t, samples["Code"]).Find("[data-testid=qr] path").AttrOr("d", "")
	if path != "M0 0h1v1h-1zM1 1h1v1h-1z" {
		t.Error(path)
	}
}

// What the page says of the roles is what the policy says.
func TestTheTableOfRoles(t *testing.T) {
	rows := viewtest.Render(t, samples["Team"]).Find("section[aria-labelledby=roles-h] tbody tr")
	want := map[string]string{"See everything but secrets": "YesYesYesYes", "Change participants, show guests out": "YesYesYesNo", "Change settings": "YesYesNoNo", "Manage the team": "YesNoNoNo"}
	found := 0
	for i := range rows.Length() {
		row := rows.Eq(i)
		if says, ok := want[row.Find("th").Text()]; ok {
			found++
			if got := strings.Join(strings.Fields(row.Find("td").Text()), ""); got != says {
				t.Errorf("%s: %s", row.Find("th").Text(), got)
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d of %d rows", found, len(want))
	}
}

func TestTimesLeftInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{-time.Second: "", 30 * time.Second: "Confirmed for 1 more minute.", 8 * time.Minute: "Confirmed for 8 more minutes.", 7*time.Minute + time.Second: "Confirmed for 8 more minutes."} {
		if got := minutesLeft(t.Context(), now.Add(d), now); got != want {
			t.Errorf("%s: %q", d, got)
		}
	}
	for d, want := range map[time.Duration]string{0: "", 4 * time.Hour: ", for 4 hours", 24 * time.Hour: ", for 1 day", 7 * 24 * time.Hour: ", for 7 days"} {
		if got := lasting(t.Context(), d); got != want {
			t.Errorf("%s: %q", d, got)
		}
	}
}
