package demo

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

var ctx = context.Background()

// made is a fresh demo, open.
func made(t *testing.T) (*db.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data-demo")
	if err := Prepare(ctx, dir); err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(ctx, db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store, dir
}

// all reads a list to its end.
func all[T any](t *testing.T, page func(db.Window) (db.Page[T], error)) (items []T) {
	t.Helper()
	for after := ""; ; {
		p, err := page(db.Window{After: after, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, p.Items...)
		if after = p.Next; after == "" {
			return items
		}
	}
}

func conversations(t *testing.T, store *db.Store) []chat.Conversation {
	return all(t, func(w db.Window) (db.Page[chat.Conversation], error) {
		return store.Conversations(ctx, db.ConversationQuery{App: Live, Window: w})
	})
}

func events(t *testing.T, store *db.Store) []chat.Event {
	return all(t, func(w db.Window) (db.Page[chat.Event], error) {
		return store.Events(ctx, db.EventQuery{App: Live, Window: w})
	})
}

// Every kept total of the demo is what its lists count.
func TestTotalsAreCounts(t *testing.T) {
	store, _ := made(t)
	if err := store.Check(ctx); err != nil {
		t.Fatal(err)
	}
	app, err := store.App(ctx, Live)
	if err != nil {
		t.Fatal(err)
	}
	users := all(t, func(w db.Window) (db.Page[chat.User], error) {
		return store.Users(ctx, db.UserQuery{App: Live, Window: w})
	})
	places := map[chat.UserID]int64{}
	var participants, smallest, largest int64
	list := conversations(t, store)
	for _, c := range list {
		var counted chat.Counts
		for _, p := range all(t, func(w db.Window) (db.Page[chat.Participant], error) {
			return store.Participants(ctx, db.ParticipantQuery{App: Live, Conversation: c.ID, Window: w})
		}) {
			places[p.User]++
			switch p.Access {
			case chat.ReadWrite:
				counted.ReadWrite++
			case chat.Read:
				counted.Read++
			default:
				counted.None++
			}
		}
		if counted != c.Counts {
			t.Errorf("%s keeps %+v and has %+v", c.ID, c.Counts, counted)
		}
		if c.Messages == 0 && c.ID != "town-hall" {
			t.Errorf("nobody says anything in %s", c.ID)
		}
		n := counted.All()
		participants += n
		if largest = max(largest, n); smallest == 0 || n < smallest {
			smallest = n
		}
	}
	for _, u := range users {
		if u.Conversations != places[u.ID] {
			t.Errorf("%s keeps %d conversations and has %d", u.ID, u.Conversations, places[u.ID])
		}
	}
	if app.Users != int64(len(users)) || app.Conversations != int64(len(list)) || app.Participants != participants {
		t.Errorf("the app keeps %d users, %d conversations, %d participants; counted: %d, %d, %d",
			app.Users, app.Conversations, app.Participants, len(users), len(list), participants)
	}
	if len(people) != 40 || len(list) != 25 || smallest != 2 || largest != audienceSize {
		t.Errorf("%d named people, %d conversations of %d to %d participants", len(people), len(list), smallest, largest)
	}
}

// The audit log of the demo is a month of real work.
func TestHistoryIsAMonthOfWork(t *testing.T) {
	store, _ := made(t)
	list := events(t, store)
	sources, types, days := map[chat.Source]int{}, map[chat.EventType]int{}, map[string]int{}
	undone := 0
	for i, e := range list {
		sources[e.Source]++
		types[e.Type]++
		days[e.At.Format(time.DateOnly)]++
		if e.Undoes != 0 {
			undone++
		}
		if i > 0 && e.At.After(list[i-1].At) {
			t.Errorf("event %d is later than the one after it", e.Seq)
		}
	}
	newest, oldest := list[0].At, list[len(list)-1].At
	if time.Until(newest) > 0 || time.Since(newest) > 4*24*time.Hour || time.Since(oldest) < 29*24*time.Hour {
		t.Errorf("history runs from %s to %s", oldest, newest)
	}
	if sources[chat.Dashboard] < 50 || sources[chat.REST] < 50 || undone == 0 || types[chat.SettingsUpdated] < 2 || types[chat.ParticipantLeft] < 2 || len(days) < 10 {
		t.Errorf("sources %v, types %v, %d undone, on %d days", sources, types, undone, len(days))
	}
	if joined := types[chat.ParticipantJoined] - types[chat.ParticipantLeft]; joined <= audienceSize {
		t.Errorf("%d places", joined)
	}
}

// Pages called for some days before today: what they called was allowed, refused for several reasons, and observed while
// the switch observed. Each refused call is of somebody and something that is there, and its request leads to it.
func TestPagesCalled(t *testing.T) {
	store, _ := made(t)
	usage, err := store.Usage(ctx, Live, time.Now().AddDate(0, 0, -7))
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[chat.Outcome]int64{}
	for _, u := range usage {
		outcomes[u.Outcome] += u.Count
	}
	if outcomes[chat.CallAllowed] < 1000 || outcomes[chat.CallRefused] < 20 || outcomes[chat.CallObserved] < 5 {
		t.Errorf("in 7 days: %v", outcomes)
	}
	reasons, days := map[chat.Reason]int{}, map[string]bool{}
	last := time.Now()
	for _, c := range all(t, func(w db.Window) (db.Page[chat.Call], error) {
		return store.Refusals(ctx, Live, db.RefusalQuery{Window: w})
	}) {
		reasons[c.Reason]++
		days[c.At.Format(time.DateOnly)] = true
		if c.At.After(last) {
			t.Errorf("%+v is later than the one after it", c)
		}
		last = c.At
		if c.User != "" {
			if _, err := store.User(ctx, Live, c.User); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if c.Conversation != "" {
			if _, err := store.Conversation(ctx, Live, c.Conversation); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if found, err := store.RefusalByRequest(ctx, Live, c.RequestID); err != nil || !found.At.Equal(c.At) {
			t.Errorf("%+v: %+v %v", c, found, err)
		}
	}
	if len(reasons) < 5 || reasons[chat.UserSyncOff] < 10 || len(days) < 7 {
		t.Errorf("reasons %v on %d days", reasons, len(days))
	}
}

func TestAdminsAndApps(t *testing.T) {
	store, _ := made(t)
	for email, role := range map[string]chat.Role{Email: chat.Owner, "tomas@guestlist.example": chat.Manage} {
		if admin, _, err := store.AdminByEmail(ctx, email); err != nil || admin.Role != role {
			t.Errorf("%s: %v %v", email, admin, err)
		}
	}
	for id, live := range map[chat.AppID]bool{Live: true, Test: false} {
		if app, err := store.App(ctx, id); err != nil || app.Live != live {
			t.Errorf("%s: %+v %v", id, app, err)
		}
	}
}

// Two demos are the same but for their times and secrets.
func TestDemosAreAlike(t *testing.T) {
	one, _ := made(t)
	two, _ := made(t)
	a, b := events(t, one), events(t, two)
	if len(a) != len(b) {
		t.Fatalf("%d and %d events", len(a), len(b))
	}
	for i := range a {
		if a[i].Type != b[i].Type || a[i].User != b[i].User || a[i].Conversation != b[i].Conversation || a[i].ActorName != b[i].ActorName {
			t.Fatalf("event %d: %s of %s and %s of %s", a[i].Seq, a[i].Type, a[i].ActorName, b[i].Type, b[i].ActorName)
		}
	}
}

// Prepare leaves a demo alone that is there, and makes one again that was removed, also after an attempt that was cut.
func TestPrepareKeepsWhatIsThere(t *testing.T) {
	store, dir := made(t)
	if _, err := store.CreateConversation(ctx, chat.CommandLine, Live, "mine", chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	has := func() bool {
		store, err := db.Open(ctx, db.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		_, err = store.Conversation(ctx, Live, "mine")
		return err == nil
	}
	if err := Prepare(ctx, dir); err != nil || !has() {
		t.Fatalf("what was made in the demo is gone (%v)", err)
	}
	if err := os.Rename(dir, dir+".new"); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(ctx, dir); err != nil || has() {
		t.Fatalf("the demo was not made again (%v)", err)
	}
}
