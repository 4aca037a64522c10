package main

import (
	"testing"

	"guestlist/cmd/guestlist/browser"
)

// Two admins at one form see each other, and no longer once one of them leaves; one's own second tab is nobody else.
func TestJourneyPresence(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	one, two := p.signIn(chromium, ana), p.signIn(chromium, tom)
	one.Open(security)
	two.Open(security)
	one.See("Tomás Herrera is editing this.")
	two.See("Imani Okafor is editing this.")
	one.Axe()
	one.Size(390, 844)
	one.Fits()
	one.Axe()
	two.Open("/apps/larkfield/users")
	one.NotSee("Tomás Herrera is editing this.")
}
