package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// stager makes and looks at stages of one conversation.
type stager struct {
	*testing.T
	store *db.Store
	clock *dbtest.Clock
	ana   chat.Actor
}

// newStager has a fair with bob (read only) and zoe, where ban is kept out, and maya and two called Sam outside.
func newStager(t *testing.T) *stager {
	s := &stager{T: t}
	s.store, s.clock = dbtest.New(t)
	s.ana = onTeam(t, s.store, "Ana", chat.Owner)
	dbtest.App(t, s.store, "shop", "bob", "zoe", "ban", "maya", "sam1", "sam2", "pia")
	for id, change := range map[chat.UserID]chat.UserChange{
		"sam1": {Name: chat.Some("Sam Lund")}, "sam2": {Name: chat.Some("sam lund")},
		"maya": {Name: chat.Some("Máya Lind"), Email: chat.Some([]string{"maya@shop.example"})},
		"pia":  {Email: chat.Some([]string{"pia@home.example", "pia@shop.example"})},
	} {
		if _, err := s.store.PutUser(ctx, chat.CommandLine, "shop", id, change, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Conversation(t, s.store, "shop", "fair", "bob", "zoe", "ban")
	s.set("bob", chat.Read)
	s.set("ban", chat.AccessNone)
	return s
}

func (s *stager) set(user chat.UserID, access chat.Access) {
	s.Helper()
	ref := chat.ParticipantRef{App: "shop", Conversation: "fair", User: user}
	if _, err := s.store.PutParticipant(ctx, s.ana, ref, chat.ParticipantChange{Access: chat.Some(access)}); err != nil {
		s.Fatal(err)
	}
}

func (s *stager) new(mode chat.StageMode) chat.NewStage {
	return chat.NewStage{App: "shop", Conversation: "fair", Mode: mode, Title: "A list", Access: chat.ReadWrite, Notify: chat.NotifyAll}
}

// stage makes one of lines of text; cells are apart by commas.
func (s *stager) stage(mode chat.StageMode, text string) chat.StageRef {
	s.Helper()
	var rows []chat.RosterRow
	for i, line := range strings.Split(text, "\n") {
		rows = append(rows, chat.RosterRow{Line: i + 1, Cells: strings.Split(line, ",")})
	}
	lines, _ := chat.ParseRoster(rows)
	ref, err := s.store.MakeStage(ctx, s.ana, s.new(mode), lines)
	if err != nil {
		s.Fatal(err)
	}
	return ref
}

// says is every line of a stage: number, verdict and whom.
func (s *stager) says(ref chat.StageRef) string {
	s.Helper()
	st, err := s.store.Stage(ctx, ref)
	if err != nil {
		s.Fatal(err)
	}
	page, err := s.store.StagedLines(ctx, db.StagedQuery{Stage: st.N, App: "shop"})
	if err != nil {
		s.Fatal(err)
	}
	var all []string
	counts := map[chat.Verdict]int64{}
	for _, l := range page.Items {
		counts[l.Verdict]++
		all = append(all, strings.TrimSpace(fmt.Sprintf("%d %s %s", l.N, l.Verdict, l.User)))
	}
	for v, n := range st.Counts {
		if counts[v] != n {
			s.Errorf("%d lines are %s, counted are %d", counts[v], v, n)
		}
	}
	return strings.Join(all, "\n")
}

func (s *stager) is(ref chat.StageRef, want string) {
	s.Helper()
	if got := s.says(ref); got != want {
		s.Errorf("the stage says\n%s\n\nand not\n%s", got, want)
	}
}

// on is who is on the list, with their access.
func (s *stager) on() string {
	s.Helper()
	page, err := s.store.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "fair"})
	if err != nil {
		s.Fatal(err)
	}
	var all []string
	for _, p := range page.Items {
		all = append(all, string(p.User)+" "+string(p.Access))
	}
	return strings.Join(all, ", ")
}

func (s *stager) ban(user chat.UserID) {
	s.Helper()
	if _, err := s.store.BanUser(ctx, s.ana, "shop", user, chat.NewBan{For: chat.BanUntilLifted}); err != nil {
		s.Fatal(err)
	}
}

func (s *stager) fix(ref chat.StageRef, line int, fix chat.StageFix) {
	s.Helper()
	if err := s.store.FixStaged(ctx, s.ana, ref, line, fix); err != nil {
		s.Fatal(err)
	}
}

// Every line says what will become of it, whatever names the person; making a stage changes nothing but the stage.
func TestAStageSaysWhatWillHappen(t *testing.T) {
	s := newStager(t)
	before := dbtest.Dump(t, s.store)
	ref := s.stage(chat.StageAdd, "maya\nzoe\nMAYA@shop.example\nsam lund\nnew_1\nban\nmaya lind\npia@shop.example\na/b\nSam Lund <pia@home.example>")
	s.is(ref, `1 add maya
2 already zoe
3 duplicate maya
4 ambiguous
5 unknown new_1
6 banned ban
7 duplicate maya
8 add pia
9 invalid
10 duplicate pia`)
	table := s.stage(chat.StageAdd, "Id,Name,Access,Other\nbob,,ReadWrite,x\nnew_2,New Two,read,\nzoe,,Read,\n,sam lund,,\n,,,\nzoe,,Write,\nmaya,,,")
	s.is(table, `2 change bob
3 unknown new_2
4 change zoe
5 ambiguous
6 invalid
7 invalid
8 add maya`)
	if after := dbtest.Dump(t, s.store); after != before {
		t.Error("staging changed something")
	}
	if _, err := s.store.MakeStage(ctx, dbtest.Vic, s.new(chat.StageAdd), []chat.StagedLine{{N: 1, Typed: "maya"}}); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error(err)
	}
	if _, err := s.store.MakeStage(ctx, s.ana, s.new(chat.StageAdd), nil); chat.ReasonOf(err) != chat.BadArgument {
		t.Error(err)
	}
	gone := s.new(chat.StageAdd)
	gone.Conversation = "nope"
	if _, err := s.store.MakeStage(ctx, s.ana, gone, []chat.StagedLine{{N: 1, Typed: "maya"}}); chat.ReasonOf(err) != chat.ConversationMissing {
		t.Error(err)
	}
	if dbtest.Dump(t, s.store) != before {
		t.Error("a refusal changed something")
	}
}

// Lines are mended in place, and what else names the same people follows.
func TestAStageIsFixedInPlace(t *testing.T) {
	s := newStager(t)
	ref := s.stage(chat.StageAdd, "sam lund\nnew_1\nsam1\nmaya")
	s.fix(ref, 1, chat.StageFix{User: "sam2"})
	s.is(ref, "1 add sam2\n2 unknown new_1\n3 add sam1\n4 add maya")
	s.fix(ref, 1, chat.StageFix{Text: "sam1"})
	s.is(ref, "1 add sam1\n2 unknown new_1\n3 duplicate sam1\n4 add maya")
	s.fix(ref, 1, chat.StageFix{Choice: chat.ChoiceSkip})
	s.is(ref, "1 skipped sam1\n2 unknown new_1\n3 add sam1\n4 add maya")
	s.fix(ref, 1, chat.StageFix{Again: true})
	s.is(ref, "1 add sam1\n2 unknown new_1\n3 duplicate sam1\n4 add maya")
	s.fix(ref, 2, chat.StageFix{Choice: chat.ChoiceCreate, Name: "New One"})
	s.is(ref, "1 add sam1\n2 create new_1\n3 duplicate sam1\n4 add maya")
	r, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{})
	if err != nil || r.Added != 3 || r.Created != 1 || r.Told != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	if u, err := s.store.User(ctx, "shop", "new_1"); err != nil || u.Name != "New One" {
		t.Errorf("%+v %v", u, err)
	}
	for what, err := range map[string]error{
		"fixing":     s.store.FixStaged(ctx, s.ana, ref, 1, chat.StageFix{Again: true}),
		"choosing":   s.store.ChooseStaged(ctx, s.ana, ref, chat.WillAdd, chat.ChoiceSkip),
		"discarding": s.store.DiscardStage(ctx, s.ana, ref),
	} {
		if chat.ReasonOf(err) != chat.StaleChange {
			t.Errorf("%s what was applied: %v", what, err)
		}
	}
	if _, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{}); chat.ReasonOf(err) != chat.StaleChange {
		t.Error("applied twice", err)
	}
	undo, err := s.store.UndoBatch(ctx, s.ana, "shop", r.Batch)
	if err != nil || undo.Undone != 3 || s.on() != "ban None, bob Read, zoe ReadWrite" {
		t.Errorf("%+v %v: %s", undo, err, s.on())
	}
}

// The exact list: those who go are apart, go only when that is ticked, and the last ones only when that is ticked too.
func TestTheListIsMadeExactly(t *testing.T) {
	s := newStager(t)
	ref := s.stage(chat.StageExact, "maya\nzoo")
	s.is(ref, "1 add maya\n2 unknown zoo\n3 remove bob\n4 remove zoe")
	s.fix(ref, 2, chat.StageFix{Text: "zoe"})
	s.is(ref, "1 add maya\n2 already zoe\n3 remove bob")
	s.fix(ref, 2, chat.StageFix{Text: "zoo"})
	s.is(ref, "1 add maya\n2 unknown zoo\n3 remove bob\n4 remove zoe")
	s.fix(ref, 3, chat.StageFix{Choice: chat.ChoiceSkip})
	s.is(ref, "1 add maya\n2 unknown zoo\n3 skipped bob\n4 remove zoe")
	s.fix(ref, 3, chat.StageFix{Again: true})
	r, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{})
	if err != nil || r.Added != 1 || r.Removed != 0 || s.on() != "ban None, bob Read, maya ReadWrite, zoe ReadWrite" {
		t.Fatalf("%+v %v: %s", r, err, s.on())
	}
	ref = s.stage(chat.StageExact, "maya")
	before := dbtest.Dump(t, s.store)
	if _, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{}); chat.AsError(err) == nil || chat.AsError(err).Fields["remove"] == nil || dbtest.Dump(t, s.store) != before {
		t.Errorf("removals that were not ticked: %v", err)
	}
	if r, err = s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{Remove: true}); err != nil || r.Removed != 2 || s.on() != "ban None, maya ReadWrite" {
		t.Errorf("%+v %v: %s", r, err, s.on())
	}
	if _, err := s.store.UndoBatch(ctx, s.ana, "shop", r.Batch); err != nil || s.on() != "ban None, bob Read, maya ReadWrite, zoe ReadWrite" {
		t.Errorf("%v: %s", err, s.on())
	}
	ref = s.stage(chat.StageKeep, "nobody\nban")
	s.is(ref, "1 unknown nobody\n2 absent ban\n3 remove bob\n4 remove maya\n5 remove zoe")
	before = dbtest.Dump(t, s.store)
	if _, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{Remove: true}); chat.AsError(err) == nil || chat.AsError(err).Fields["empty"] == nil || dbtest.Dump(t, s.store) != before {
		t.Errorf("emptied silently: %v", err)
	}
	if r, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{Remove: true, Empty: true}); err != nil || r.Removed != 3 || s.on() != "ban None" {
		t.Errorf("%+v %v: %s", r, err, s.on())
	}
}

// What changed since the list was looked at is told, not overridden.
func TestAStageIsCheckedAgain(t *testing.T) {
	s := newStager(t)
	ref := s.stage(chat.StageAdd, "id,access\nmaya,\nbob,ReadWrite\nsam1,\nsam2,\npia,")
	s.set("maya", chat.Read)
	s.set("sam1", chat.AccessNone)
	if _, err := s.store.RemoveParticipant(ctx, s.ana, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "bob"}); err != nil {
		t.Fatal(err)
	}
	s.ban("pia")
	s.is(s.stage(chat.StageAdd, "pia"), "1 banned pia")
	r, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{})
	if err != nil || r.Added != 1 || r.Changed != 0 || r.Told != 4 {
		t.Fatalf("%+v %v", r, err)
	}
	if got := s.on(); got != "ban None, maya Read, sam1 None, sam2 ReadWrite, zoe ReadWrite" {
		t.Error(got)
	}
	st, err := s.store.Stage(ctx, ref)
	if err != nil || st.Told != 4 || st.AppliedAt.IsZero() || st.Batch != r.Batch {
		t.Fatalf("%+v %v", st, err)
	}
	told, err := s.store.StagedLines(ctx, db.StagedQuery{Stage: st.N, App: "shop", Told: true})
	if err != nil || len(told.Items) != 4 || told.Items[3].Outcome != "They are banned from all conversations by now." || told.Items[0].Outcome != "They were on the list already." || told.Items[1].Outcome != "They were not on the list any more." || told.Items[2].Outcome != "They are kept out by now." {
		t.Errorf("%+v %v", told.Items, err)
	}
}

// A long list is applied by a job, step by step, as one change.
func TestALongStageIsAppliedByAJob(t *testing.T) {
	s := newStager(t)
	var b strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&b, "p%04d\n", i)
	}
	n := s.new(chat.StageAdd)
	n.Create = true
	var lines []chat.StagedLine
	for i, id := range strings.Fields(b.String()) {
		lines = append(lines, chat.StagedLine{N: i + 1, Typed: id})
	}
	ref, err := s.store.MakeStage(ctx, s.ana, n, lines)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{})
	if err != nil || r.Job.Total != 1200 || r.Done() != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	j := next(t, s.store)
	for steps := 0; !j.State.Ended(); steps++ {
		if steps == 2 { // as if the program had ended
			if err := s.store.ResumeJobs(ctx); err != nil {
				t.Fatal(err)
			}
			next(t, s.store)
		}
		if j, err = s.store.StageStep(ctx, j.JobRef); err != nil {
			t.Fatal(err)
		}
	}
	if j.State != chat.JobDone || j.Done != 1200 || j.Note != "1200 added. 1200 of them created." {
		t.Errorf("%+v", j)
	}
	joined, err := s.store.Events(ctx, db.EventQuery{App: "shop", Batch: r.Batch, Types: []chat.EventType{chat.ParticipantJoined}, Window: db.Window{Limit: 5000}})
	if err != nil || len(joined.Items) != 1200 {
		t.Errorf("%d joined, %v", len(joined.Items), err)
	}
}

// Other conversations and rules make lists too.
func TestListsOfOtherConversationsAndRules(t *testing.T) {
	s := newStager(t)
	dbtest.Conversation(t, s.store, "shop", "other", "maya", "zoe")
	lines, c, err := s.store.RosterOf(ctx, "shop", "other")
	if err != nil || len(lines) != 2 || c.ID != "other" || lines[0].User != "maya" {
		t.Fatalf("%+v %v", lines, err)
	}
	ref, err := s.store.MakeStage(ctx, s.ana, s.new(chat.StageRemove), lines)
	if err != nil {
		t.Fatal(err)
	}
	s.is(ref, "1 absent maya\n2 remove zoe")
	s.clock.Add(48 * time.Hour)
	if _, err := s.store.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Text: "hello", Sender: "zoe"}); err != nil {
		t.Fatal(err)
	}
	s.set("maya", chat.ReadWrite)
	silent, err := s.store.SilentIn(ctx, "shop", "fair", s.store.Now().Add(-24*time.Hour))
	if err != nil || len(silent) != 1 || silent[0].User != "bob" {
		t.Errorf("silent: %+v %v", silent, err)
	}
	vip := "vip"
	if _, err := s.store.PutUser(ctx, chat.CommandLine, "shop", "zoe", chat.UserChange{Custom: chat.Some(chat.Custom{"tier": &vip})}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]int{"vip": 1, "VIP": 0, "": 0} {
		if got, err := s.store.CustomIn(ctx, "shop", "fair", "tier", value); err != nil || len(got) != want {
			t.Errorf("tier %q: %+v %v", value, got, err)
		}
	}
}

// What was staged is thrown away after a day.
func TestStagesAreForgotten(t *testing.T) {
	s := newStager(t)
	ref := s.stage(chat.StageAdd, "maya")
	other := s.stage(chat.StageAdd, "maya")
	if err := s.store.DiscardStage(ctx, s.ana, other); err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.Stage(ctx, other); chat.ReasonOf(err) != chat.StageNotFound {
		t.Error(err)
	}
	if more, err := s.store.ForgetStages(ctx); more || err != nil {
		t.Error("forgotten too early", err)
	}
	s.clock.Add(24 * time.Hour)
	before := dbtest.Dump(t, s.store)
	if _, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{}); chat.ReasonOf(err) != chat.StageNotFound || dbtest.Dump(t, s.store) != before {
		t.Error("applied after its day", err)
	}
	if more, err := s.store.ForgetStages(ctx); !more || err != nil {
		t.Error("not forgotten", err)
	}
	if more, err := s.store.ForgetStages(ctx); more || err != nil {
		t.Error("something is left", err)
	}
}
