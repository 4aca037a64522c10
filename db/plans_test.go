package db

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

// sorted are the queries that may sort: a user's own conversations, whose number bounds the work, and short lists of a
// whole table or app that are bounded by rules.
var sorted = []string{"FROM participants p CROSS JOIN conversations c", "FROM app_keys", "FROM admins a WHERE a.removed_at = 0 ORDER BY"}

// whole are the tables that are read whole on purpose: they are as small as the team and the list of apps.
var whole = []string{"SCAN apps", "SCAN a USING INDEX admins_by_email", "SCAN admin_apps"}

// Every list is read in the order of an index: no table is scanned, nothing is sorted, before and after SQLite knows
// how large the tables are.
func TestListsNeedNoScanAndNoSort(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(ctx, SeedOptions{App: "app", Users: 1000, Conversations: 1000, Participants: 2, Big: 900}); err != nil {
		t.Fatal(err)
	}
	for round, prepare := range []string{"", "ANALYZE"} {
		if prepare != "" {
			if err := s.write.conn.run(prepare); err != nil {
				t.Fatal(err)
			}
		}
		readEveryList(t, s)
		texts := statements(s)
		if len(texts) < 25 {
			t.Fatalf("only %d queries were collected", len(texts))
		}
		for text := range texts {
			for _, step := range plan(t, s, text) {
				scan := strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "VIRTUAL TABLE INDEX") && !strings.Contains(step, "CONSTANT ROW") && !strings.HasPrefix(step, "SCAN (subquery") && !contains(whole, step)
				sort := strings.Contains(step, "TEMP B-TREE") && !contains(sorted, text)
				// A list of pairs starts at the pair in the index, however many rows share its first half.
				pair := strings.Contains(text, "(c.last_activity_at, c.id)") && strings.HasPrefix(step, "SEARCH c ") && !strings.Contains(step, "(last_activity_at,id)")
				pair = pair || strings.Contains(text, "(p.joined_at, p.user_id)") && strings.HasPrefix(step, "SEARCH p ") && !strings.Contains(step, "(joined_at,user_id)")
				if scan || sort || pair {
					t.Errorf("round %d: %s\n  in %s", round, step, strings.Join(strings.Fields(text), " "))
				}
			}
		}
	}
}

func contains(parts []string, text string) bool {
	flat := strings.Join(strings.Fields(text), " ")
	for _, p := range parts {
		if strings.Contains(flat, p) {
			return true
		}
	}
	return false
}

// readEveryList runs every list in every direction, order and filter.
func readEveryList(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(100))}, {Limit: 10, Before: encodeCursor(int64(100))}} {
		for _, deleted := range []bool{false, true} {
			_, err := s.Messages(ctx, chat.CommandLine, MessageQuery{App: "app", Conversation: "big", Deleted: deleted, Window: w})
			try(err)
		}
		for _, search := range []string{"", "gate", "ga"} {
			_, err := s.SearchMessages(ctx, chat.CommandLine, MessageSearch{App: "app", Conversation: "big", Text: search, Window: Window{After: w.After, Limit: 10}})
			try(err)
		}
		_, err := s.MessagesSince(ctx, chat.CommandLine, "app", "big", time.Now())
		try(err)
		for _, kind := range []chat.TrashKind{"", chat.TrashedUser} {
			_, err := s.Trash(ctx, TrashQuery{App: "app", Kind: kind, Window: w})
			try(err)
		}
		_, err = s.Bans(ctx, "app", w)
		try(err)
		_, err = s.TracesOf(ctx, "app", "user-1")
		try(err)
		_, _, err = s.Ban(ctx, "app", "user-1")
		try(err)
		for _, search := range []string{"", "maya", "m"} {
			_, err := s.Users(ctx, UserQuery{App: "app", Search: search, Window: w})
			try(err)
			_, err = s.Conversations(ctx, ConversationQuery{App: "app", Search: search, Order: ByAge, Window: w})
			try(err)
		}
		for _, q := range []EventQuery{{}, {Entries: true}, {Entries: true, Conversation: "big"}, {Conversation: "big"}, {User: "user-1"}, {ActorKind: chat.AdminActor, ActorID: "x"}, {ActorKind: chat.AdminActor}, {Types: []chat.EventType{chat.SettingsUpdated}}, {Batch: "b"}, {RequestID: "req_1"},
			{From: time.Now().Add(-time.Hour), To: time.Now().Add(-time.Minute)}} {
			q.App, q.Window = "app", w
			_, err := s.Events(ctx, q)
			try(err)
		}
	}
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(1), "a", "b")}, {Limit: 10, Before: encodeCursor(int64(1), "a", "b")}} {
		for _, q := range []EndingQuery{{}, {Conversation: "big"}, {User: "user-1"}, {Before: time.Now()}} {
			q.App, q.Window = "app", w
			_, err := s.Endings(ctx, q)
			try(err)
		}
	}
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(1), int64(1))}, {Limit: 10, Before: encodeCursor(int64(1), int64(1))}} {
		for _, oldest := range []bool{false, true} {
			_, err := s.UserConversations(ctx, "user-1", ConversationQuery{App: "app", OldestFirst: oldest, Window: w})
			try(err)
		}
	}
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(1), "a")}, {Limit: 10, Before: encodeCursor(int64(1), "a")}} {
		for _, oldest := range []bool{false, true} {
			_, err := s.Conversations(ctx, ConversationQuery{App: "app", OldestFirst: oldest, Window: w})
			try(err)
		}
		for _, access := range []chat.Access{"", chat.ReadWrite, chat.Read, chat.AccessNone} {
			for _, notify := range []chat.Notify{"", chat.NotifyAll, chat.NotifyNone} {
				_, err := s.Participants(ctx, ParticipantQuery{App: "app", Conversation: "big", Access: access, Notify: notify, Window: w})
				try(err)
			}
		}
	}
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(1), "a")}, {Limit: 10, Before: encodeCursor(int64(1), "a")}} {
		_, err := s.GuestBlocks(ctx, "app", "big", w)
		try(err)
		_, err = s.ListAt(ctx, MomentQuery{App: "app", Conversation: "big", At: time.Now(), Window: w})
		try(err)
		_, err = s.ListDifference(ctx, "app", "big", time.Now().Add(-time.Hour), time.Time{}, w)
		try(err)
		_, err = s.GuestEndings(ctx, "app", 10)
		try(err)
		_, err = s.EndAccess(ctx)
		try(err)
		_, _, err = s.PlacesAt(ctx, "app", "user-1", time.Now().Add(-time.Hour), w)
		try(err)
	}
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(100))}, {Limit: 10, Before: encodeCursor(int64(100))}} {
		_, err := s.Jobs(ctx, JobQuery{App: "app", Window: w})
		try(err)
		_, err = s.Refusals(ctx, "app", RefusalQuery{Reason: chat.UserSyncOff, Outcome: chat.CallRefused, Window: w})
		try(err)
	}
	_, err := s.Usage(ctx, "app", time.Now().Add(-time.Hour))
	try(err)
	if _, err := s.RefusalByRequest(ctx, "app", "x"); chat.ReasonOf(err) != chat.EventNotFound {
		t.Fatal(err)
	}
	_, _, err = s.NextJob(ctx)
	try(err)
	_, _, err = s.RosterOf(ctx, "app", "big")
	try(err)
	_, err = s.SilentIn(ctx, "app", "big", time.Now())
	try(err)
	_, err = s.CustomIn(ctx, "app", "big", "tier", "vip")
	try(err)
	stage := aStage(t, s)
	_, err = s.Stage(ctx, stage.StageRef)
	try(err)
	for _, w := range []Window{{Limit: 10}, {Limit: 10, After: encodeCursor(int64(1))}, {Limit: 10, Before: encodeCursor(int64(1))}} {
		for _, sq := range []StagedQuery{{}, {Verdict: chat.WillAdd}, {Told: true}} {
			sq.Stage, sq.App, sq.Window = stage.N, "app", w
			_, err = s.StagedLines(ctx, sq)
			try(err)
		}
	}
	_, err = s.KeepsJobFile(ctx, "x")
	try(err)
	_, err = s.JobUndone(ctx, chat.Job{Batch: "b"})
	try(err)
	_, err = s.LastSeq(ctx)
	try(err)
	_, err = s.Rights(ctx, "app", "big", []chat.Actor{{Kind: chat.UserActor, ID: "user-1", App: "app"}})
	try(err)
	_, err = s.Readers(ctx, chat.Actor{Kind: chat.UserActor, ID: "user-1", App: "app"}, "big")
	try(err)
	_, err = s.Participants(ctx, ParticipantQuery{App: "app", Conversation: "big", Search: "maya"})
	try(err)
	_, err = s.Participants(ctx, ParticipantQuery{App: "app", Conversation: "big", Listed: true})
	try(err)
	_, err = s.Keys(ctx, "app")
	try(err)
	_, err = s.Apps(ctx)
	try(err)
	_, err = s.Admins(ctx)
	try(err)
	_, err = s.Sessions(ctx, "x")
	try(err)
	_, err = s.EventsAfter(ctx, 100, 10)
	try(err)
	_, err = s.GuestAccessChange(ctx, "app", "big")
	try(err)
	_, err = s.Hours(ctx, "app", time.Now().AddDate(0, 0, -60))
	try(err)
	_, err = s.Doors(ctx, "app", time.Now())
	try(err)
	_, err = s.ActiveConversations(ctx, "app", time.Now())
	try(err)
	_, err = s.AccessHealth(ctx, "app")
	try(err)
	_, err = s.SettingsTrials(ctx, "app")
	try(err)
	_, err = s.SettingsPlans(ctx, "app")
	try(err)
	_, err = s.EndedPlans(ctx, "app", 5)
	try(err)
	_, err = s.DueSettings(ctx)
	try(err)
	_, err = s.EventsSince(ctx, "app", time.Now())
	try(err)
}

// statements are the texts of all queries that the readers prepared.
func statements(s *Store) map[string]bool {
	texts := map[string]bool{}
	for range readers {
		c := <-s.reads
		for text := range c.stmts {
			if strings.HasPrefix(text, "SELECT") {
				texts[text] = true
			}
		}
		defer func() { s.reads <- c }()
	}
	return texts
}

var argument = regexp.MustCompile(`\$(\d+)`)

func plan(t *testing.T, s *Store, text string) []string {
	t.Helper()
	most := 0
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		most = max(most, n)
	}
	rows, err := s.readDB.Query("EXPLAIN QUERY PLAN "+text, make([]any, most)...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}

// What counting calls and blocking guests looks for and drops is found by an index too.
func TestCountingNeedsNoScan(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(ctx, SeedOptions{App: "app", Users: 100, Conversations: 10, Participants: 2}); err != nil {
		t.Fatal(err)
	}
	if err := s.CountCalls(ctx, []chat.Call{{App: "app", At: time.Now(), Command: "user.set", Outcome: chat.CallRefused, Reason: chat.UserSyncOff}}); err != nil {
		t.Fatal(err)
	}
	conversations, err := s.Conversations(ctx, ConversationQuery{App: "app"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateUserIfMissing(ctx, chat.Actor{Kind: chat.UserActor, ID: "gus", App: "app"}, "gus", chat.UserChange{Name: chat.Some("Gus")}); err != nil {
		t.Fatal(err)
	}
	ref := chat.ParticipantRef{App: "app", Conversation: conversations.Items[0].ID, User: "gus"}
	for range 2 {
		if _, err := s.BlockGuest(ctx, chat.CommandLine, ref, chat.NewGuestBlock{For: chat.BlockDay}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.UnblockGuest(ctx, chat.CommandLine, ref); err != nil {
		t.Fatal(err)
	}
	looked := 0
	for text := range s.write.conn.stmts {
		if !strings.Contains(text, "call_hours") && !strings.Contains(text, "refusals") && !strings.Contains(text, "guest_blocks") {
			continue
		}
		looked++
		for _, step := range plan(t, s, text) {
			if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "CONSTANT ROW") || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\n  in %s", step, strings.Join(strings.Fields(text), " "))
			}
		}
	}
	if looked < 10 {
		t.Errorf("only %d statements were looked at", looked)
	}
}

// aStage is a stage that names people in every way.
func aStage(t *testing.T, s *Store) chat.Stage {
	t.Helper()
	ref, err := s.MakeStage(context.Background(), chat.CommandLine, chat.NewStage{App: "app", Conversation: "big", Mode: chat.StageExact, Access: chat.Read, Notify: chat.NotifyAll},
		[]chat.StagedLine{{N: 1, Typed: "user-1"}, {N: 2, Typed: "Maya Lindqvist"}, {N: 3, Typed: "nobody@shop.example"}})
	if err != nil {
		t.Fatal(err)
	}
	st, err := s.Stage(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return st
}
