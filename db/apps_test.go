package db_test

import (
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Name and settings of an app are saved both or neither.
func TestSavingAnAppIsAllOrNothing(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	limit := func(value string, version int64) []chat.SettingChange {
		return []chat.SettingChange{{Key: chat.SettingParticipantLimit, Value: value, Version: version}}
	}
	all, err := s.SaveApp(ctx, dbtest.Tom, "shop", chat.AppRename{Seen: "shop", Name: "Market"}, limit("5", 0), chat.SaveNote{})
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v %v", all, err)
	}
	before := dbtest.Dump(t, s)
	for name, c := range map[string]struct {
		who    chat.Actor
		rename chat.AppRename
		limit  []chat.SettingChange
		want   chat.Reason
	}{
		"a stale limit":        {dbtest.Tom, chat.AppRename{Seen: "Market", Name: "Store"}, limit("7", 0), chat.StaleSetting},
		"a stale name":         {dbtest.Tom, chat.AppRename{Seen: "shop", Name: "Store"}, limit("7", 1), chat.StaleChange},
		"no name":              {dbtest.Tom, chat.AppRename{Seen: "Market"}, limit("7", 1), chat.BadArgument},
		"a viewer":             {dbtest.Vic, chat.AppRename{Seen: "shop", Name: "Store"}, limit("7", 1), chat.RoleTooLow},
		"a setting that isn’t": {dbtest.Tom, chat.AppRename{Seen: "Market", Name: "Store"}, []chat.SettingChange{{Key: "colour", Value: "red"}}, chat.BadArgument},
	} {
		if _, err := s.SaveApp(ctx, c.who, "shop", c.rename, c.limit, chat.SaveNote{}); chat.ReasonOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What nobody touched in the form is left as somebody else made it, and what is so already is no change.
	for _, rename := range []chat.AppRename{{Seen: "shop", Name: "shop"}, {Seen: "shop", Name: "Market"}} {
		if all, err := s.SaveApp(ctx, dbtest.Tom, "shop", rename, nil, chat.SaveNote{}); err != nil || len(all) != 0 {
			t.Errorf("%+v: %+v %v", rename, all, err)
		}
	}
	if dbtest.Dump(t, s) != before {
		t.Error("something was changed")
	}
}
