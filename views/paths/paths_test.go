package paths

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAddresses(t *testing.T) {
	tests := []struct{ got, want string }{
		{Home(), "/"},
		{Setup(""), "/setup"},
		{Setup("AB-12"), "/setup?code=AB-12"},
		{SignIn("/apps/a?x=1&y=2"), "/sign-in?next=%2Fapps%2Fa%3Fx%3D1%26y%3D2"},
		{EndSession("s1"), "/account/sessions/s1/end"},
		{Overview("shop"), "/apps/shop"},
		{Participants("shop", "fair"), "/apps/shop/conversations/fair"},
		{AddParticipants("shop", "fair"), "/apps/shop/conversations/fair/participants"},
		{AddParticipantsPage("shop", "fair"), "/apps/shop/conversations/fair/participants/add"},
		{RemoveParticipant("shop", "fair", "bob"), "/apps/shop/conversations/fair/participants/bob/remove"},
		{ShowOut("shop", "fair", "access"), "/apps/shop/conversations/fair/guests/%61ccess/show-out"},
		{GuestAccess("shop", "fair", "Never"), "/apps/shop/conversations/fair/guests/access?to=Never"},
		{Live("shop", ""), "/apps/shop/live"},
		{Live("shop", "a b"), "/apps/shop/live?conversation=a+b"},
		{TryAsGuest("shop", "fair"), "/apps/shop/try?as=guest&conversation=fair"},
		{Undo("shop", 42), "/apps/shop/audit/42/undo"},
		{DeleteKey("shop", "k1"), "/apps/shop/settings/keys/k1/delete"},
		{Page("/x", url.Values{"q": {""}, "before": {"7"}}), "/x?before=7"},
		{Anchor("/x", "p-bob#1"), "/x#p-bob%231"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

// An id that is called like a page stays an id in the escaped path, which is what the router reads.
func TestIDsAreNeverTakenForPages(t *testing.T) {
	if User("shop", "new") == NewUser("shop") || Participants("shop", "new") == NewConversation("shop") {
		t.Error("an id called new has the address of a page")
	}
	if Participant("shop", "fair", "add") == AddParticipantsPage("shop", "fair") || Participant("shop", "fair", "bulk") == BulkParticipants("shop", "fair") {
		t.Error("a user called add or bulk has the address of a page")
	}
}

func TestEveryIDIsOneSegmentAndComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		app, conv, user := rapid.String().Draw(t, "app"), rapid.String().Draw(t, "conv"), rapid.String().Draw(t, "user")
		address, err := url.Parse("https://host" + RemoveParticipant(app, conv, user) + "?x=1")
		if err != nil {
			t.Fatal(err)
		}
		segments := strings.Split(address.EscapedPath(), "/")
		if len(segments) != 8 || address.RawQuery != "x=1" || address.Fragment != "" {
			t.Fatalf("%q is not one path", address)
		}
		for i, want := range map[int]string{2: app, 4: conv, 6: user} {
			if got, err := url.PathUnescape(segments[i]); err != nil || got != want {
				t.Fatalf("segment %d is %q, want %q", i, got, want)
			}
		}
	})
}
