package pages

import (
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func sampleStage(mode chat.StageMode) StageView {
	v := StageView{ConversationHead: sampleConversation(true), CanCreate: true, Address: "/apps/shop/conversations/fair/lists/list_1", Older: "/apps/shop/conversations/fair/lists/list_1?after=x"}
	v.Stage = chat.Stage{StageRef: chat.StageRef{App: "shop", Conversation: "fair", ID: "list_1"}, Mode: mode, Title: "Add a pasted list", ReadAs: "One person a line.", Access: chat.ReadWrite, Notify: chat.NotifyAll, At: now, Counts: map[chat.Verdict]int64{}}
	for i, verdict := range chat.Verdicts {
		l := chat.StagedLine{N: i + 1, Typed: "typed_" + string(verdict), User: chat.UserID("u_" + verdict), UserName: "Sam", Verdict: verdict, Near: []chat.UserID{"u_1", "u_2"}}
		if verdict == chat.WillCreate || verdict == chat.IsSkipped {
			l.Choice, l.UserName, l.Name = chat.ChoiceCreate, "", "New Sam"
		}
		v.Rows = append(v.Rows, l)
		v.Stage.Counts[verdict] = int64(i + 1)
	}
	v.Rows = append(v.Rows, chat.StagedLine{N: 40, User: "u_other", UserName: "Other", Verdict: chat.WillRemove, Access: chat.Read}, chat.StagedLine{N: 41, Typed: "x", User: "x", Verdict: chat.WillAdd, Outcome: "The user is gone."})
	return v
}

func init() {
	many := ManyView{ConversationHead: sampleConversation(true), Mode: chat.StageAdd, Access: chat.ReadWrite, Notify: chat.NotifyAll, Days: "90"}
	many.CanManage = true
	samples["Many"] = Many(many)
	many.Error, many.Errors, many.From = "No such conversation.", map[string]string{"other": "names none"}, "conversation"
	samples["Many, of a conversation"] = Many(many)
	many.From = "rule"
	samples["Many, by rule"] = Many(many)
	v := sampleStage(chat.StageAdd)
	v.Limit = 3
	samples["StagePage"] = StagePage(v)
	exact := sampleStage(chat.StageExact)
	exact.Show, exact.Error, exact.Errors = string(chat.WillRemove), "Tick it.", map[string]string{"remove": "must be ticked", "empty": "must be ticked"}
	exact.Stage.Counts[chat.WillRemove] = 1000
	samples["StagePage, exact"] = StagePage(exact)
	exact.Rows, exact.Stage.Counts = nil, map[chat.Verdict]int64{chat.WillRemove: 2}
	samples["StagePage, only removals"] = StagePage(exact)
	v.Stage.AppliedAt, v.Stage.Told, v.Stage.Job, v.Show = now, 2, "job_1", ShowTold
	samples["StagePage, applied"] = StagePage(v)
}

func TestEveryVerdictHasWords(t *testing.T) {
	for _, v := range chat.Verdicts {
		if w := verdictWords[v]; w.badge == "" || w.tab == "" || w.icon == "" {
			t.Errorf("%s has no words", v)
		}
	}
	if len(verdictWords) != len(chat.Verdicts) {
		t.Error("words of a verdict that there is not")
	}
}

func TestAStageSaysWhatItWillDo(t *testing.T) {
	text := func(sample string) string {
		return strings.Join(strings.Fields(viewtest.Render(t, samples[sample]).Find("main").Text()), " ")
	}
	for sample, want := range map[string][]string{
		"StagePage":                {"Nothing has changed yet.", "Add 11, change 7 and remove 8", "Use u_1", "Create all 3 unknown users", "Too many for this app.", "Download problems", "Not done: The user is gone."},
		"StagePage, exact":         {"Also remove the 1,000 people who are not in the list", "Leave nobody in the conversation", "must be ticked", "Keep all 1,000", "Not in your list. Will be removed if you tick that below."},
		"StagePage, only removals": {"Remove those who are not in the list", "No line is like that any more."},
		"StagePage, applied":       {"2 lines were not done.", "Applied", "See the job", "Download what was left out", "Undo"},
	} {
		got := text(sample)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not in %q", sample, w, got)
			}
		}
	}
}

func TestRejectsCanBePastedAgain(t *testing.T) {
	row := Rejected(t.Context(), chat.StagedLine{N: 7, Typed: "sam", Name: "sam", Access: chat.Read, Verdict: chat.Ambiguous, Why: "2 people are called so."})
	if strings.Join(row, "|") != "sam||Read||2 people are called so.|7" {
		t.Error(row)
	}
	lines, readAs := chat.ParseRoster([]chat.RosterRow{{Line: 1, Cells: []string{"person", "name", "access", "notify", "problem", "line"}}, {Line: 2, Cells: row}})
	if len(lines) != 1 || lines[0].Typed != "sam" || lines[0].By != "" || lines[0].Access != chat.Read || readAs != "A table with the columns person, name, access, notify." {
		t.Errorf("%+v %s", lines, readAs)
	}
}
