package db_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// listAt is who was on a list at a moment, in the order they joined, with what is other than usual: "maya bob:Read".
func listAt(t *testing.T, s *db.Store, at time.Time) string {
	t.Helper()
	m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "fair", At: at})
	if err != nil {
		t.Fatal(err)
	}
	n := chat.Counts{}
	for _, p := range m.List.Items {
		switch p.Access {
		case chat.ReadWrite:
			n.ReadWrite++
		case chat.Read:
			n.Read++
		default:
			n.None++
		}
	}
	if n != m.Counts {
		t.Errorf("counted %+v, listed %+v", m.Counts, n)
	}
	return sayList(m.List.Items)
}

func sayList(all []chat.Participant) string {
	var text []string
	for _, p := range all {
		say := string(p.User)
		if p.Access != chat.ReadWrite {
			say += ":" + string(p.Access)
		}
		if p.Notify != chat.NotifyAll {
			say += "!" + string(p.Notify)
		}
		text = append(text, say)
	}
	return strings.Join(text, " ")
}

// The list of any moment is what it was, whatever happened since.
func TestTheListOfEveryMoment(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob", "gus", "zoe")
	before := clock.Now().Add(-time.Minute)
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	type moment struct {
		at   time.Time
		want string
	}
	var all []moment
	do := func(err error, want string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, moment{clock.Now(), want})
		clock.Add(time.Minute)
	}
	put := func(user chat.UserID, c chat.ParticipantChange) error {
		return one(s.PutParticipant(ctx, dbtest.Tom, place(user), c))
	}
	do(nil, "bob maya")
	do(put("gus", accessOf(chat.Read)), "bob maya gus:Read")
	do(put("bob", accessOf(chat.Read)), "bob:Read maya gus:Read")
	do(one(s.RemoveParticipant(ctx, dbtest.Tom, place("bob"))), "maya gus:Read")
	do(one(s.ChangeParticipant(ctx, dbtest.Tom, place("gus"), chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)}, chat.ParticipantChange{})), "maya gus:Read!false")
	do(put("bob", chat.ParticipantChange{}), "maya gus:Read!false bob")
	do(put("zoe", accessOf(chat.AccessNone)), "maya gus:Read!false bob zoe:None")
	left, err := s.RemoveParticipant(ctx, dbtest.Tom, place("gus"))
	do(err, "maya bob zoe:None")
	do(one(s.Undo(ctx, dbtest.Tom, "shop", left.Seq)), "maya gus:Read!false bob zoe:None")
	for i, m := range all {
		for _, at := range []time.Time{m.at, m.at.Add(59 * time.Second)} {
			if got := listAt(t, s, at); got != m.want {
				t.Errorf("%d: %q, want %q", i, got, m.want)
			}
		}
	}
	m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "fair", At: before})
	if err != nil || m.Exists || len(m.List.Items) != 0 || m.Counts != (chat.Counts{}) {
		t.Errorf("before it was created: %+v %v", m, err)
	}
	if m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "fair", At: all[0].at}); err != nil || !m.Exists {
		t.Errorf("after it was created: %+v %v", m, err)
	}
	for i, a := range all { // any two moments differ by what the two lists say
		for j, b := range all[i:] {
			d, err := s.ListDifference(ctx, "shop", "fair", a.at, b.at, db.Window{})
			if err != nil {
				t.Fatal(err)
			}
			if i+j == i && len(d.Moves.Items) != 0 {
				t.Errorf("%d differs from itself: %+v", i, d)
			}
			for _, side := range []struct {
				want string
				of   func(chat.Move) *chat.Participant
			}{{a.want, func(m chat.Move) *chat.Participant { return m.Before }}, {b.want, func(m chat.Move) *chat.Participant { return m.After }}} {
				words := strings.Fields(side.want)
				for _, m := range d.Moves.Items {
					on := slices.ContainsFunc(words, func(w string) bool {
						return strings.FieldsFunc(w, func(r rune) bool { return r == ':' || r == '!' })[0] == string(m.User)
					})
					p := side.of(m)
					if on != (p != nil) || p != nil && !slices.Contains(words, sayList([]chat.Participant{*p})) {
						t.Errorf("from %d to %d: %s as %+v, list %q", i, i+j, m.User, p, side.want)
					}
				}
			}
		}
	}
}

// Filters, search and pages of a past list answer as those of the present one do.
func TestThePastIsReadInPages(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob", "gus", "zoe", "hal")
	dbtest.Conversation(t, s, "shop", "fair")
	for _, user := range []chat.UserID{"maya", "bob", "gus", "zoe", "hal"} {
		clock.Add(time.Minute)
		if _, err := s.PutParticipant(ctx, dbtest.Tom, place(user), chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	at := clock.Now()
	clock.Add(time.Hour)
	for _, user := range []chat.UserID{"bob", "zoe"} {
		if _, err := s.RemoveParticipant(ctx, dbtest.Tom, place(user)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.PutParticipant(ctx, dbtest.Tom, place("gus"), accessOf(chat.Read)); err != nil {
		t.Fatal(err)
	}
	read := func(mq db.MomentQuery) db.Page[chat.Participant] {
		t.Helper()
		mq.App, mq.Conversation, mq.At = "shop", "fair", at
		m, err := s.ListAt(ctx, mq)
		if err != nil {
			t.Fatal(err)
		}
		return m.List
	}
	want := []string{"maya bob", "gus zoe", "hal"}
	var cursors []string
	w := db.Window{Limit: 2}
	for i, page := range want {
		p := read(db.MomentQuery{Window: w})
		if got := sayList(p.Items); got != page || (p.Next == "") != (i == 2) || (p.Prev == "") != (i == 0) {
			t.Errorf("page %d: %q %+v, want %q", i, got, p, page)
		}
		cursors = append(cursors, p.Prev)
		w.After = p.Next
	}
	for i := 2; i > 0; i-- {
		if got := sayList(read(db.MomentQuery{Window: db.Window{Limit: 2, Before: cursors[i]}}).Items); got != want[i-1] {
			t.Errorf("back to page %d: %q", i-1, got)
		}
	}
	if got := sayList(read(db.MomentQuery{Access: chat.Read}).Items); got != "" {
		t.Errorf("nobody could only read: %q", got)
	}
	if got := sayList(read(db.MomentQuery{Search: "BO"}).Items); got != "bob" {
		t.Errorf("found %q", got)
	}
	if _, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "fair", At: at, Window: db.Window{After: "x"}}); chat.ReasonOf(err) != chat.BadArgument {
		t.Errorf("a bad cursor: %v", err)
	}
	if _, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "nowhere", At: at}); chat.ReasonOf(err) != chat.ConversationMissing {
		t.Errorf("nowhere: %v", err)
	}
}

// Who came on a list by an import was on it from the time it says, and a list that was filled without events has a past.
func TestThePastOfAnImportedList(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	if err := s.Seed(ctx, db.SeedOptions{App: "shop", Users: 8, Big: 8}); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	ref := func(i int) chat.ParticipantRef {
		return chat.ParticipantRef{App: "shop", Conversation: "big", User: chat.UserID(fmt.Sprintf("user-%d", i))}
	}
	if _, err := s.RemoveParticipant(ctx, dbtest.Tom, ref(2)); err != nil {
		t.Fatal(err)
	}
	at := func(at time.Time) (string, chat.Counts) {
		m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "big", At: at})
		if err != nil {
			t.Fatal(err)
		}
		return sayList(m.List.Items), m.Counts
	}
	if got, n := at(dbtest.Start.Add(4 * time.Millisecond)); got != "user-0 user-1 user-2 user-3 user-4" || n.Listed() != 5 {
		t.Errorf("%q %+v", got, n)
	}
	if got, n := at(clock.Now().Add(-time.Minute)); strings.Count(got, " ") != 7 || n.Listed() != 8 {
		t.Errorf("%q %+v", got, n)
	}
	if got, n := at(clock.Now()); strings.Contains(got, "user-2") || n.Listed() != 7 {
		t.Errorf("%q %+v", got, n)
	}
}

// A conversation that was deleted and made anew has the past of both, as far as events tell it.
func TestThePastOfADeletedConversation(t *testing.T) {
	s, clock := guestStore(t)
	first := clock.Now()
	clock.Add(time.Minute)
	if _, err := s.DeleteConversation(ctx, dbtest.Ana, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	between := clock.Now()
	clock.Add(time.Minute)
	dbtest.Conversation(t, s, "shop", "fair", "zoe")
	second := clock.Now()
	clock.Add(time.Minute)
	for at, want := range map[time.Time]string{first: "bob maya", between: "", second: "zoe", clock.Now(): "zoe"} {
		if got := listAt(t, s, at); got != want {
			t.Errorf("at %s: %q, want %q", at, got, want)
		}
		m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "fair", At: at})
		if err != nil || m.Exists != (at != between) || m.Replayed != at.Before(between) {
			t.Errorf("at %s: %+v %v", at, m, err)
		}
	}
	d, err := s.ListDifference(ctx, "shop", "fair", first, time.Time{}, db.Window{})
	if err != nil || d.Counts[chat.MovedIn] != 1 || d.Counts[chat.MovedOut] != 2 {
		t.Errorf("%+v %v", d, err)
	}
	for at, want := range map[time.Time]int{first: 1, between: 0, second: 0} {
		if _, n, err := s.PlacesAt(ctx, "shop", "bob", at, db.Window{}); err != nil || n != want {
			t.Errorf("bob at %s: %d %v", at, n, err)
		}
	}
}

// What guests could do at a moment is told by the switches and the conversation's own setting as they were.
func TestWhatGuestsCouldDoThen(t *testing.T) {
	s, clock := guestStore(t)
	open := clock.Now()
	clock.Add(time.Minute)
	if _, err := s.EditConversation(ctx, dbtest.Tom, "shop", "fair", chat.ConversationChange{Guests: chat.Some(chat.GuestsRead)}, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	read := clock.Now()
	clock.Add(time.Minute)
	if _, err := s.SaveSettings(ctx, dbtest.Ana, "shop", []chat.SettingChange{{Key: chat.SettingConversationSync, Value: "true"}}); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]chat.Access{open: chat.ReadWrite, read: chat.Read, clock.Now(): chat.AccessNone} {
		m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "fair", At: at})
		if err != nil || chat.EffectiveGuestAccess(m.Security, m.Guests).Access != want {
			t.Errorf("at %s: %+v %v", at, m, err)
		}
	}
}

// A list is restored as one change that is undone as one; only the parts that were ticked move, and not when the
// difference is another one by now.
func TestAListIsRestored(t *testing.T) {
	for name, x := range map[string]struct {
		parts []chat.MoveKind
		want  string
	}{
		"whole":       {chat.MoveKinds, "bob gus:Read maya"},
		"only adding": {[]chat.MoveKind{chat.MovedOut}, "bob gus maya zoe"},
		"only out":    {[]chat.MoveKind{chat.MovedIn}, "gus maya"},
		"only back":   {[]chat.MoveKind{chat.Changed}, "gus:Read maya zoe"},
		"nothing":     {nil, "gus maya zoe"},
	} {
		t.Run(name, func(t *testing.T) {
			s, clock := guestStore(t)
			if _, err := s.PutParticipant(ctx, dbtest.Tom, place("gus"), accessOf(chat.Read)); err != nil {
				t.Fatal(err)
			}
			at := clock.Now()
			clock.Add(time.Minute)
			for _, err := range []error{one(s.PutParticipant(ctx, dbtest.Tom, place("zoe"), chat.ParticipantChange{})), one(s.PutParticipant(ctx, dbtest.Tom, place("gus"), chat.ParticipantChange{})),
				one(s.RemoveParticipant(ctx, dbtest.Tom, place("bob")))} {
				if err != nil {
					t.Fatal(err)
				}
			}
			clock.Add(time.Minute)
			parts := map[chat.MoveKind]bool{}
			for _, kind := range x.parts {
				parts[kind] = true
			}
			r := db.Restoration{At: at, Parts: parts, Seen: map[chat.MoveKind]int{chat.MovedIn: 1, chat.MovedOut: 1, chat.Changed: 1}}
			before := dbtest.Dump(t, s)
			stale := r
			stale.Seen = maps.Clone(r.Seen)
			stale.Seen[chat.MovedIn]++
			if _, err := s.RestoreList(ctx, dbtest.Tom, "shop", "fair", stale); chat.ReasonOf(err) != chat.StaleChange {
				t.Errorf("another difference: %v", err)
			}
			if _, err := s.RestoreList(ctx, dbtest.Vic, "shop", "fair", r); chat.ReasonOf(err) != chat.RoleTooLow {
				t.Errorf("by a viewer: %v", err)
			}
			if _, err := s.RestoreList(ctx, maya(chat.Security{}), "shop", "fair", r); err == nil {
				t.Error("by a browser")
			}
			if dbtest.Dump(t, s) != before {
				t.Error("a refused restoration changed something")
			}
			now := listAt(t, s, clock.Now())
			result, err := s.RestoreList(ctx, dbtest.Tom, "shop", "fair", r)
			if err != nil || len(result.Changed) != len(x.parts) {
				t.Fatalf("%+v %v", result, err)
			}
			if got := listAt(t, s, clock.Now()); got != x.want {
				t.Errorf("%q, want %q", got, x.want)
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
			}
			if len(x.parts) == 0 {
				return
			}
			if u, err := s.UndoBatch(ctx, dbtest.Tom, "shop", result.Batch); err != nil || u.Undone != len(x.parts) || u.Skipped != 0 {
				t.Errorf("%+v %v", u, err)
			}
			if got := listAt(t, s, clock.Now()); got != now {
				t.Errorf("undone: %q, want %q", got, now)
			}
		})
	}
}

// Where a person was at a moment is told over all conversations.
func TestWhereAPersonWas(t *testing.T) {
	s, clock := guestStore(t)
	at := clock.Now()
	clock.Add(time.Minute)
	dbtest.Conversation(t, s, "shop", "second", "bob")
	if _, err := s.RemoveParticipant(ctx, dbtest.Tom, place("bob")); err != nil {
		t.Fatal(err)
	}
	for when, want := range map[time.Time]string{at: "fair", clock.Now(): "second"} {
		p, n, err := s.PlacesAt(ctx, "shop", "bob", when, db.Window{})
		if err != nil || n != 1 || string(p.Items[0].Participant.Conversation) != want {
			t.Errorf("%s: %+v %d %v", when, p, n, err)
		}
	}
	if _, _, err := s.PlacesAt(ctx, "shop", "nobody", at, db.Window{}); chat.ReasonOf(err) != chat.UserNotFound {
		t.Errorf("nobody: %v", err)
	}
}

func BenchmarkThePastOfALongList(b *testing.B) {
	s, clock := dbtest.New(b)
	dbtest.App(b, s, "shop")
	if err := s.Seed(ctx, db.SeedOptions{App: "shop", Users: 100_000, Big: 100_000}); err != nil {
		b.Fatal(err)
	}
	at := clock.Now().Add(time.Hour)
	clock.Add(2 * time.Hour)
	for from := 0; from < 100_000; from += db.MaxBulk {
		var users []chat.UserID
		for i := range db.MaxBulk {
			users = append(users, chat.UserID(fmt.Sprintf("user-%d", from+i)))
		}
		if _, err := s.ChangeParticipants(ctx, dbtest.Tom, "shop", "big", users, accessOf(chat.Read)); err != nil {
			b.Fatal(err)
		}
	}
	for name, q := range map[string]db.MomentQuery{"page": {}, "filter": {Access: chat.Read}, "search": {Search: "maya lindqvist"}} {
		b.Run(name, func(b *testing.B) {
			q.App, q.Conversation, q.At = "shop", "big", at
			for b.Loop() {
				if _, err := s.ListAt(ctx, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("difference", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.ListDifference(ctx, "shop", "big", at, time.Time{}, db.Window{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A conversation that came back from the trash has its whole past: the list before, nobody meanwhile, and the list again.
func TestThePastOfARestoredConversation(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	if err := s.Seed(ctx, db.SeedOptions{App: "shop", Users: 4, Big: 4}); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	first := clock.Now()
	clock.Add(time.Minute)
	if _, err := s.RemoveParticipant(ctx, dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "big", User: "user-2"}); err != nil {
		t.Fatal(err)
	}
	second := clock.Now()
	clock.Add(time.Minute)
	if _, err := s.DeleteConversation(ctx, dbtest.Ana, "shop", "big"); err != nil {
		t.Fatal(err)
	}
	binned := clock.Now()
	clock.Add(time.Minute)
	bin, err := s.Trash(ctx, db.TrashQuery{App: "shop"})
	if err != nil || len(bin.Items) != 1 {
		t.Fatalf("%+v %v", bin, err)
	}
	if _, err := s.Restore(ctx, dbtest.Ana, "shop", bin.Items[0].N); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]string{first: "user-0 user-1 user-2 user-3", second: "user-0 user-1 user-3", binned: "", clock.Now(): "user-0 user-1 user-3"} {
		m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "big", At: at})
		if err != nil || sayList(m.List.Items) != want || m.Exists != (want != "") || m.Counts.Listed() != int64(len(strings.Fields(want))) {
			t.Errorf("at %s: %+v %v, want %q", at, m, err, want)
		}
		p, n, err := s.PlacesAt(ctx, "shop", "user-1", at, db.Window{})
		if err != nil || n != 1 && at != binned {
			t.Errorf("at %s: %+v %v", at, p, err)
		}
	}
	d, err := s.ListDifference(ctx, "shop", "big", first, time.Time{}, db.Window{})
	if err != nil || len(d.Moves.Items) != 1 || d.Moves.Items[0].User != "user-2" {
		t.Errorf("%+v %v", d, err)
	}
	// Who is banned, or deleted, was where they were.
	if _, err := s.DeleteUser(ctx, dbtest.Ana, "shop", "user-3"); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Minute)
	if m, err := s.ListAt(ctx, db.MomentQuery{App: "shop", Conversation: "big", At: first}); err != nil || sayList(m.List.Items) != "user-0 user-1 user-2 user-3" {
		t.Errorf("%+v %v", m, err)
	}
}
