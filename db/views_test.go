package db_test

import (
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestSavedViews(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	as := func(id string, role chat.Role) chat.Actor {
		t.Helper()
		a, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: id + "@shop.example", Name: id, Role: role}, "x")
		if err != nil {
			t.Fatal(err)
		}
		return chat.Actor{Kind: chat.AdminActor, ID: a.ID, Name: id, Role: role, Source: chat.Dashboard}
	}
	ana, bob, vic := as("ana", chat.Manage), as("bob", chat.Moderator), as("vic", chat.Viewer)
	save := func(a chat.Actor, name string, shared bool) (chat.SavedView, chat.Event, error) {
		return s.SaveView(ctx, a, chat.SavedView{App: "shop", List: "audit", Name: name, Query: "what=keys&nonsense=1&after=xyz&who=", Shared: shared})
	}
	sees := func(a chat.Actor) (names []string) {
		all, err := s.Views(ctx, a, "shop", "audit")
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all {
			names = append(names, v.Name)
		}
		return names
	}
	mine, e, err := save(vic, " Keys ", false)
	if err != nil || e.Seq != 0 || mine.Name != "Keys" || mine.Query != "what=keys" {
		t.Fatal(mine, e, err)
	}
	if len(sees(vic)) != 1 || len(sees(ana)) != 0 {
		t.Error("a view for one is seen by another, or not by its admin")
	}
	if _, err := s.DeleteView(ctx, ana, "shop", mine.ID); chat.ReasonOf(err) != chat.ViewNotFound {
		t.Error("somebody else's own view:", err)
	}
	if _, _, err := save(vic, "For all", true); chat.ReasonOf(err) != chat.RoleTooLow || len(sees(ana)) != 0 {
		t.Error("a viewer shares:", err)
	}
	team, e, err := save(ana, "Team keys", true)
	if err != nil || e.Type != chat.ViewShared || len(sees(vic)) != 2 {
		t.Fatal(e, err, sees(vic))
	}
	if _, err := s.EditView(ctx, bob, "other", team.ID, chat.Some("X"), chat.Opt[bool]{}, team); chat.ReasonOf(err) != chat.ViewNotFound {
		t.Error("in another app:", err)
	}
	if e, err = s.EditView(ctx, bob, "shop", team.ID, chat.Some("Keys of the team"), chat.Opt[bool]{}, team); err != nil || e.Type != chat.ViewUpdated {
		t.Fatal(e, err)
	}
	if _, err := s.EditView(ctx, ana, "shop", team.ID, chat.Some("Mine again"), chat.Opt[bool]{}, team); chat.ReasonOf(err) != chat.StaleChange {
		t.Error("a stale name:", err)
	}
	if again, err := s.EditView(ctx, ana, "shop", team.ID, chat.Some("Keys of the team"), chat.Opt[bool]{}, team); err != nil || again.Seq != 0 {
		t.Error("the same name again:", again, err)
	}
	if _, err := s.EditView(ctx, bob, "shop", team.ID, chat.Opt[string]{}, chat.Some(false), team); chat.ReasonOf(err) != chat.BadArgument || len(sees(vic)) != 2 {
		t.Error("somebody else's view taken from the team:", err)
	}
	if _, err := s.Undo(ctx, ana, "shop", e.Seq); err != nil || sees(ana)[0] != "Team keys" {
		t.Error("undo of a name:", err, sees(ana))
	}
	gone, err := s.DeleteView(ctx, bob, "shop", team.ID)
	if err != nil || gone.Type != chat.ViewDeleted || len(sees(ana)) != 0 {
		t.Fatal(gone, err)
	}
	if _, err := s.DeleteView(ctx, bob, "shop", team.ID); chat.ReasonOf(err) != chat.ViewNotFound {
		t.Error("deleted twice:", err)
	}
	if _, err := s.Undo(ctx, vic, "shop", gone.Seq); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error("a viewer undoes:", err)
	}
	if _, err := s.Undo(ctx, ana, "shop", gone.Seq); err != nil || len(sees(vic)) != 2 {
		t.Error("undo of a deletion:", err)
	}
	for _, bad := range []chat.SavedView{
		{App: "shop", List: "audit", Name: " "}, {App: "shop", List: "nope", Name: "x"}, {App: "shop", List: "audit", Name: "x\u202e"}, {App: "shop", List: "audit", Name: "x", Query: "%zz"}, {App: "nope", List: "audit", Name: "x"},
	} {
		before := len(sees(ana))
		if _, _, err := s.SaveView(ctx, ana, bad); chat.AsError(err) == nil || len(sees(ana)) != before {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
