package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/views/paths"
)

const manyPeople = organisers + "/participants/many"

// listed is how many are on the organisers' list, as the store counts.
func (p *product) listed() int64 {
	p.t.Helper()
	c, err := p.app.store.Conversation(p.t.Context(), demo.Live, "spring-fair-organisers")
	if err != nil {
		p.t.Fatal(err)
	}
	return c.Counts.Listed()
}

// listSome makes a list that waits, one that was applied by a job, and gives their pages.
func (p *product) listSome() []page {
	p.t.Helper()
	ana, s, ctx := p.admin("Bo Larsen"), p.app.store, p.t.Context()
	stage := func(mode chat.StageMode, create bool, typed ...string) chat.StageRef {
		p.t.Helper()
		var lines []chat.StagedLine
		for i, text := range typed {
			lines = append(lines, chat.StagedLine{N: i + 1, Typed: text})
		}
		ref, err := s.MakeStage(ctx, ana, chat.NewStage{App: demo.Live, Conversation: "stewards-night", Mode: mode, Title: "Make the list exactly the pasted one", ReadAs: "One person a line.",
			Access: chat.ReadWrite, Notify: chat.NotifyAll, Create: create}, lines)
		if err != nil {
			p.t.Fatal(err)
		}
		return ref
	}
	waits := stage(chat.StageExact, false, "u_sam", "buyer_2210", "noor aziz", "buyer_0934", "new_steward", "a/b", "buyer_5561")
	var crowd []string
	for i := range 501 {
		crowd = append(crowd, fmt.Sprintf("crowd_%03d", i))
	}
	long := stage(chat.StageAdd, true, crowd...)
	r, err := s.ApplyStage(ctx, ana, long, chat.StageApply{})
	if err != nil {
		p.t.Fatal(err)
	}
	for !r.Job.State.Ended() {
		if r.Job, err = s.Job(ctx, r.Job.JobRef); err != nil {
			p.t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return []page{
		{"list", paths.Stage(string(demo.Live), "stewards-night", string(waits.ID)), anAdmin},
		{"list-applied", paths.Stage(string(demo.Live), "stewards-night", string(long.ID)), anAdmin},
		{"job", paths.Job(string(demo.Live), string(r.Job.ID)), anAdmin},
	}
}

// paste puts a text into the list at once, as pasting does.
func paste(tab *browser.Tab, text string) {
	browser.Eval[bool](tab, fmt.Sprintf(`(() => { document.querySelector("[name=list]").value = %q; return true; })()`, text))
}

// line waits until a line of the list says something.
func line(tab *browser.Tab, n int, text string) {
	tab.Until(fmt.Sprintf("line %d says %q", n, text), fmt.Sprintf(`document.getElementById("line-%d")?.innerText.includes(%q)`, n, text))
}

// A mixed list is pasted, looked at, mended in place, applied and taken back.
func TestJourneyPasteAList(t *testing.T) {
	p := demoProduct(t)
	before := p.listed()
	for _, twin := range []chat.UserID{"twin_1", "twin_2"} {
		if _, err := p.app.store.PutUser(t.Context(), chat.CommandLine, demo.Live, twin, chat.UserChange{Name: chat.Some("Robin Twin")}, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(organisers)
	tab.Click("link", "Many people")
	tab.At(manyPeople)
	tab.Fill("List of people", "u_maya\nbuyer_2210\nnoor aziz\nbuyer_0934\nRobin Twin\nnew_steward\nu_amina@larkfield.example\n")
	tab.Click("button", "Check the list")
	tab.See("7 lines. One person a line. Nothing has changed yet.")
	line(tab, 1, "Already in")
	line(tab, 2, "Will be added.")
	line(tab, 3, "Noor Aziz")
	line(tab, 4, "The same person as line 3.")
	line(tab, 5, "2 people are called so.")
	line(tab, 6, "No user has this ID, address or name.")
	line(tab, 7, "u_amina")
	tab.Axe()
	tab.Size(390, 800)
	tab.Fits()
	tab.Axe()
	tab.Size(1440, 900)
	stay(tab)
	tab.Click("button", "Use twin_2 for line 5")
	line(tab, 5, "twin_2")
	line(tab, 5, "Will be added.")
	tab.Click("button", "Create the user of line 6")
	line(tab, 6, "Will be created as “new_steward” and added.")
	tab.Click("button", "Skip line 7")
	line(tab, 7, "Left out by you.")
	stayed(t, tab)
	if n := p.listed(); n != before {
		t.Fatalf("%d are on the list before anything was applied", n)
	}
	tab.Click("button", "Add 4")
	tab.At(organisers)
	tab.See("4 added. 1 of them created.")
	if n := p.listed(); n != before+4 {
		t.Errorf("%d are on the list, %d were", n, before)
	}
	tab.Open("/apps/larkfield/audit")
	tab.See("and 4 more changes, as one")
	browser.Eval[bool](tab, `document.querySelector("[data-testid=event] details").open = true`)
	tab.Click("button", "Undo all of")
	tab.See("Undone for 4.")
	tab.See("Undone")
	if n := p.listed(); n != before {
		t.Errorf("%d are on the list after undo, %d were", n, before)
	}
}

// The list is made exactly what was pasted: who goes is apart, and goes only when that is ticked.
func TestJourneyExactList(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(manyPeople)
	paste(tab, "id;access\nu_maya;\nu_tomas;Read\nbuyer_2210;Read")
	tab.Click("radio", "Make the list exactly this")
	tab.Click("button", "Check the list")
	tab.See("A table with the columns ID, access.")
	tab.See("Also remove the 15 people who are not in the list")
	before := p.listed()
	tab.Click("button", "Add 1 and change 1")
	tab.See("1 added. 1 changed.")
	if n := p.listed(); n != before+1 {
		t.Errorf("%d are on the list without the tick", n)
	}
	tab.Open(manyPeople)
	paste(tab, "u_maya")
	tab.Click("radio", "Make the list exactly this")
	tab.Click("button", "Check the list")
	tab.Click("link", "Will be removed")
	tab.Click("button", "Remove those who are not in the list")
	tab.See("must be ticked")
	expect(t, tab, "status of 422")
	tab.Click("checkbox", "Also remove the 17 people who are not in the list")
	tab.Click("button", "Remove those who are not in the list")
	tab.See("17 removed.")
	if n := p.listed(); n != 1 {
		t.Errorf("%d are on the list", n)
	}
	tab.Click("button", "Undo")
	tab.See("Undone for 17.")
	tab.Open(manyPeople)
	paste(tab, "nobody_at_all")
	tab.Click("radio", "Remove everyone who is not in this list")
	tab.Click("button", "Check the list")
	tab.Click("checkbox", "Also remove the 18 people")
	tab.Click("button", "Remove those who are not in the list")
	tab.See("nobody would be left in this conversation")
	expect(t, tab, "status of 422")
	if n := p.listed(); n != 18 {
		t.Errorf("%d are on the list after it was nearly emptied", n)
	}
}

// People are found by a rule, and looked at before they go.
func TestJourneyRemoveByRule(t *testing.T) {
	p := demoProduct(t)
	before := p.listed()
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(manyPeople)
	tab.Click("link", "Remove by rule")
	tab.Click("radio", "Whose custom field has a value")
	tab.Fill("Custom field", "tier")
	tab.Fill("Value", "gold")
	tab.Click("button", "Check the list")
	tab.See("fits nobody on the list")
	expect(t, tab, "status of 422")
	tab.Fill("Value", "regular")
	tab.Click("button", "Check the list")
	tab.See("Remove whose custom field “tier” is “regular”")
	tab.Click("button", "Skip line 1")
	line(tab, 1, "Left out by you.")
	n := browser.Eval[int](tab, `[...document.querySelectorAll("[data-testid=line]")].filter((e) => e.innerText.includes("Will be removed.")).length`)
	if n < 5 {
		t.Fatalf("%d would go", n)
	}
	tab.Click("button", fmt.Sprintf("Remove %d", n))
	tab.See(fmt.Sprintf("%d removed.", n))
	if now := p.listed(); now != before-int64(n) {
		t.Errorf("%d are on the list, %d were, %d should go", now, before, n)
	}
}

// worked waits until no job is left to do, however long the machine takes for it.
func (p *product) worked() {
	p.t.Helper()
	for {
		jobs, err := p.app.store.Jobs(p.t.Context(), db.JobQuery{App: demo.Live, Window: db.Window{Limit: 50}})
		if err != nil {
			p.t.Fatal(err)
		}
		if !slices.ContainsFunc(jobs.Items, func(j chat.Job) bool { return !j.State.Ended() }) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A long list is applied by a job: its page moves on by itself, it is stopped, goes on, and is taken back as one change.
func TestJourneyALongListIsAJob(t *testing.T) {
	p := demoProduct(t)
	before := p.listed()
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(manyPeople)
	var list strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&list, "crowd_%05d\n", i)
	}
	paste(tab, list.String())
	tab.Click("checkbox", "Create users that don’t exist yet")
	tab.Click("button", "Check the list")
	tab.See("5,000 lines")
	tab.Click("link", "Next")
	line(tab, 51, "crowd_00050")
	tab.Click("button", "Add 5,000")
	tab.See("You can leave this page.")
	stay(tab)
	tab.Until("stop it once it has begun", `(() => {
	  const stop = [...document.querySelectorAll("button")].find((b) => b.innerText.trim() === "Stop");
	  if (stop && parseInt(document.querySelector("[data-testid=far]").innerText.replace(",", "")) > 250) { stop.click(); return true; }
	})()`)
	tab.See("It was stopped. What was done stays done.")
	stopped := p.listed()
	if stopped <= before || stopped >= before+5000 {
		t.Errorf("%d are on the list after the job was stopped", stopped)
	}
	tab.See(fmt.Sprintf("%d added.", stopped-before))
	tab.Click("button", "Go on")
	tab.Until("it goes on", `!document.body.innerText.includes("It was stopped")`)
	p.worked()
	tab.See("100 %")
	tab.See("5000 added. 5000 of them created.")
	if n := p.listed(); n != before+5000 {
		t.Errorf("%d are on the list", n)
	}
	tab.Click("button", "Undo what was done")
	tab.See("Undo of a change of many")
	p.worked()
	tab.See("100 %")
	if n := p.listed(); n != before {
		t.Errorf("%d are on the list after undo, %d were", n, before)
	}
	tab.Click("link", "Jobs")
	tab.See("Add a pasted list: Spring fair organisers")
	tab.See("Change of participants")
}

// All of it works without script, and on a phone.
func TestJourneyManyWithoutScript(t *testing.T) {
	p := demoProduct(t)
	before := p.listed()
	tab := p.signIn(browser.Start(t), ana)
	tab.NoScript()
	tab.Size(390, 800)
	tab.Open(manyPeople)
	tab.Fits()
	tab.Fill("List of people", "buyer_2210, new_1, new_2")
	tab.Click("button", "Check the list")
	tab.See("One person a cell")
	tab.Fits()
	tab.Click("button", "Skip line 3")
	line(tab, 3, "Left out by you.")
	tab.Click("button", "Create all 1 unknown user")
	line(tab, 2, "Will be created")
	tab.Click("button", "Add 2")
	tab.See("2 added. 1 of them created.")
	if n := p.listed(); n != before+2 {
		t.Errorf("%d are on the list", n)
	}
	var list strings.Builder
	for i := range 2500 {
		fmt.Fprintf(&list, "crowd_%04d\n", i)
	}
	tab.Open(manyPeople)
	paste(tab, list.String())
	tab.Click("checkbox", "Create users that don’t exist yet")
	tab.Click("button", "Check the list")
	tab.Click("button", "Add 2,500")
	tab.Fits()
	tab.See("2500 added.") // the page loads itself again
	if n := p.listed(); n != before+2502 {
		t.Errorf("%d are on the list", n)
	}
}
