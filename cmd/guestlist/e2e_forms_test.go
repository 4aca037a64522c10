package main

import (
	"strings"
	"testing"

	"guestlist/cmd/guestlist/browser"
)

// Two admins have the same form open. What both changed is chosen by one press, without script too; a second press of a
// button makes nothing twice.
func TestJourneyOnePressChooses(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	one, two := p.signIn(chromium, ana), p.signIn(chromium, tom)
	two.NoScript()
	two.Normal(func(line string) bool { return strings.Contains(line, "422") || strings.Contains(line, "409") }) // refusals
	one.Open("/apps/larkfield/settings")
	two.Open("/apps/larkfield/settings")
	one.Fill("Name", "Larkfield One")
	two.Fill("Name", "Larkfield Two")
	one.Click("button", "Save changes")
	one.See("Saved.")
	two.Click("button", "Save changes")
	two.See("Theirs, stored now")
	two.See("“Larkfield One”")
	two.See("“Larkfield Two”")
	two.Click("button", "Take theirs: Name")
	two.See("Nothing to save: nothing differs.")

	two.Open("/apps/larkfield/settings")
	one.Fill("Name", "Larkfield Market")
	one.Click("button", "Save changes")
	one.See("Saved.")
	two.Fill("Name", "Larkfield Two")
	two.Click("button", "Save changes")
	two.See("Theirs, stored now")
	two.Click("button", "Keep mine: Name")
	two.See("Saved.")
	one.Open("/apps/larkfield/settings")
	one.See("Larkfield Two")

	two.Open("/apps/larkfield/users/new")
	two.Fill("Name", "Una Once")
	two.Click("button", "Create user")
	two.See("User created.")
	two.Open("/apps/larkfield/users/new")
	two.Fill("Name", "Una Once")
	two.Click("button", "Create user")
	two.See("Nothing was done this time.")
	two.Open("/apps/larkfield/users?q=Una+Once")
	if n := browser.Eval[int](two, "document.querySelectorAll('main tbody tr').length"); n != 1 {
		t.Errorf("%d users", n)
	}

	one.Normal(func(line string) bool { return strings.Contains(line, "422") }) // a refusal
	one.Open("/apps/larkfield/settings")
	two.Open("/apps/larkfield/settings")
	two.Fill("Name", "Larkfield")
	two.Click("button", "Save changes")
	two.See("Saved.")
	one.Fill("Name", "Larkfield Fair")
	one.Click("button", "Save changes")
	one.See("Theirs, stored now")
	one.Axe()
	one.Size(390, 844)
	one.Fits()
	one.Axe()
	one.Click("button", "Keep mine: Name")
	one.See("Saved.")
}
