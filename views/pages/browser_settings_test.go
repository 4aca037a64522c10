package pages

import (
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func sampleBrowserSettings(origins string) BrowserSettingsView {
	saved := chat.DefaultSettings()
	saved[chat.SettingAllowedOrigins] = chat.Setting{Key: chat.SettingAllowedOrigins, Value: origins, Version: 1, ChangedAt: now.Add(-time.Hour), ChangedBy: "Ana"}
	return BrowserSettingsView{SettingsHead: sampleSettings(chat.Owner, "browser"), Saved: saved, Origins: origins, Theme: map[string]string{},
		Seen: []Origin{{"https://market.example", now.Add(-time.Minute)}, {"https://old.example", now.Add(-48 * time.Hour)}}}
}

func init() {
	samples["BrowserSettings"] = BrowserSettings(sampleBrowserSettings(""))
	warned := sampleBrowserSettings("https://market.example")
	warned.Warned, warned.Only = true, OnlyOrigins
	samples["BrowserSettings, warned"] = BrowserSettings(warned)
	refused := sampleBrowserSettings("")
	refused.Theme = map[string]string{"accent": "#ffffff", "text": "no colour"}
	refused.Previews, refused.Only, refused.Password, refused.Error = true, OnlyOrigins, true, "Not saved."
	refused.Errors = map[string]string{"chatTheme.text": "must be a colour such as #0b5f56", "password": "is needed"}
	samples["BrowserSettings, refused"] = BrowserSettings(refused)
	signed := sampleBrowserSettings("")
	signed.Saved[chat.SettingSignatures] = chat.Setting{Key: chat.SettingSignatures, Value: "true", Version: 2, ChangedAt: now.Add(-time.Minute), ChangedBy: "Tomás"}
	signed.Signatures = true
	samples["BrowserSettings, signatures accepted"] = BrowserSettings(signed)
	unsigned := sampleBrowserSettings("")
	unsigned.Signatures, unsigned.Only, unsigned.Password, unsigned.Error = true, OnlySignatures, true, "Not saved."
	unsigned.Errors = map[string]string{"acceptSignatures": "Yours: ticked. Now: not ticked.", "password": "is needed"}
	samples["BrowserSettings, signatures refused"] = BrowserSettings(unsigned)
	viewer := sampleBrowserSettings("")
	viewer.Role = chat.Viewer
	samples["BrowserSettings, viewer"] = BrowserSettings(viewer)
}

func TestThePageSaysWhichPagesAListRefuses(t *testing.T) {
	if v := sampleBrowserSettings(""); v.seenText(t.Context()) != "Pages of 2 origins called in 7 days. This list refuses none of them." {
		t.Error(v.seenText(t.Context()))
	}
	v := sampleBrowserSettings("https://market.example")
	if v.seenText(t.Context()) != "1 of the 2 origins whose pages called in 7 days is refused by this list." || v.saveOrigins(t.Context()) != "Save origins" {
		t.Error(v.seenText(t.Context()), v.saveOrigins(t.Context()))
	}
	doc := viewtest.Render(t, samples["BrowserSettings, warned"])
	if doc.Find("input[name=refuse][value='https://old.example']").Length() != 1 || !strings.Contains(doc.Find("#origins-form button").First().Text(), "Save, and refuse 1 origin") {
		t.Error("the form does not say what saving it refuses")
	}
}

func TestOlderSignaturesAreSaidInWords(t *testing.T) {
	for sample, want := range map[string][]string{
		"BrowserSettings, signatures accepted": {"A signature proves a user as a token does, for as long as its key is active.", "Tomás"},
		"BrowserSettings, signatures refused":  {"Sessions that pass a signature without a token are refused.", "Changed", "Yours: ticked. Now: not ticked.", "Needed because this takes protection away."},
	} {
		form := viewtest.Render(t, samples[sample]).Find("#signatures-form")
		for _, text := range want {
			if !strings.Contains(form.Text(), text) {
				t.Errorf("%s: no %q in %s", sample, text, form.Text())
			}
		}
		if form.Find("input[type=checkbox][checked]").Length() != 1 {
			t.Errorf("%s: the box is not ticked", sample)
		}
	}
}

func TestLowContrastIsSaid(t *testing.T) {
	text := viewtest.Render(t, samples["BrowserSettings, refused"]).Find("#sample").Text()
	if !strings.Contains(text, "Text on the accent: contrast 1.0, too low to read. It needs 4.5.") {
		t.Error(text)
	}
}
