package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// A server can't bring back whom an admin banned; their fields it can change as ever.
func TestBannedUsersAreNotAdded(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	dbtest.Conversation(t, a.store, "shop", "fair", "maya", "bob")
	if _, err := a.store.BanUser(t.Context(), chat.CommandLine, "shop", "bob", chat.NewBan{For: chat.BanUntilLifted}); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, a.store)
	for name, x := range map[string]struct{ path, body, field string }{
		"join":   {"/conversations/fair/participants/bob", `{}`, "userId"},
		"a list": {"/conversations/fair", `{"subject":"x","participants":["maya","bob"]}`, "participants"},
		"a new":  {"/conversations/new", `{"participants":["bob"]}`, "participants"},
	} {
		r := a.send(http.MethodPut, "/v1/shop"+x.path, x.body)
		if r.Code != http.StatusBadRequest || !strings.Contains(r.Body, `"USER_BANNED"`) || !strings.Contains(r.Body, `"`+x.field+`":["`) {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}
	if r := a.send(http.MethodPatch, "/v1/shop/conversations/fair/participants/bob", `{"access":"Read"}`); r.Code != http.StatusNotFound {
		t.Errorf("patch: %d %s", r.Code, r.Body)
	}
	if dbtest.Dump(t, a.store) != before {
		t.Error("a refusal changed something")
	}
	if r := a.send(http.MethodPut, "/v1/shop/users/bob", `{"name":"Robert"}`); r.Code != http.StatusOK {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

// What REST deletes goes to the same trash, and its id is free.
func TestADeletedConversationIsInTheTrash(t *testing.T) {
	a := newAPI(t, "maya")
	dbtest.Conversation(t, a.store, "shop", "fair", "maya")
	if r := a.send(http.MethodDelete, "/v1/shop/conversations/fair", ""); r.Code != http.StatusOK {
		t.Fatal(r.Code, r.Body)
	}
	if r := a.send(http.MethodGet, "/v1/shop/conversations/fair", ""); r.Code != http.StatusNotFound {
		t.Error(r.Code, r.Body)
	}
	if r := a.send(http.MethodPut, "/v1/shop/conversations/fair", `{}`); r.Code != http.StatusOK {
		t.Error(r.Code, r.Body)
	}
	if r := a.send(http.MethodGet, "/v1/shop/conversations/fair/participants", ""); !strings.Contains(r.Body, `"data":[]`) {
		t.Error(r.Body)
	}
}
