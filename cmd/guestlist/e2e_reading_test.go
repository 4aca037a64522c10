package main

import (
	"testing"

	"guestlist/cmd/guestlist/browser"
)

// An admin reads the dashboard in their own language and zone, chooses another, prints a list, and does so without script.
func TestJourneyInTheLanguageOfTheReader(t *testing.T) {
	p := demoProduct(t)
	c := browser.Start(t)
	tab := p.signIn(c, ana)
	tab.Open("/account")
	tab.Choose("Language", "de")
	tab.Fill("Time zone", "Asia/Tokyo")
	tab.Click("button", "Save language and time")
	tab.See("Für diesen Browser gespeichert.")
	if got := browser.Eval[string](tab, `document.documentElement.lang`); got != "de" {
		t.Errorf("the page says that it is in %q", got)
	}
	tab.Open("/apps/larkfield/audit")
	tab.See("Zeiten sind in JST.")
	tab.See("hat Einstellungen geändert: Benutzersynchronisierung über den Browser verbieten")

	tab.Open(organisers)
	tab.Click("button", "Unterhaltungs-ID spring-fair-organisers kopieren")
	tab.See("Kopiert spring-fair-organisers")
	tab.Click("link", "Drucken")
	tab.At(organisers + "/participants/print")
	tab.See("17 Teilnehmer, Stand ")
	tab.Paper()
	if browser.Eval[bool](tab, `[...document.querySelectorAll("nav, header, button")].some((e) => e.checkVisibility())`) {
		t.Error("what is for screens goes on paper")
	}
	tab.Prefers()
	tab.Axe()
	tab.Fits()

	tab.Open("/apps/larkfield/settings/security")
	tab.Click("checkbox", "Benutzersynchronisierung über den Browser verbieten")
	tab.Click("button", "Änderungen speichern")
	tab.See("Gespeichert.")

	tab.Open("/apps/larkfield/conversations/no-such-one")
	tab.See("Es gibt keine Unterhaltung “no-such-one” in dieser App.")
	expect(t, tab, "404")

	plain := p.signIn(c, ana)
	plain.NoScript()
	plain.Open("/account")
	plain.Choose("Language", "es")
	plain.Click("button", "Save language and time")
	plain.See("Guardado para este navegador.")
	plain.Open("/apps/larkfield")
	plain.See("Requiere atención")
}
