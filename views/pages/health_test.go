package pages

import (
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func sampleHealth(role chat.Role) HealthView {
	v := HealthView{SettingsHead: sampleSettings(role, "health")}
	for i, kind := range chat.FindingKinds {
		f := chat.Finding{Kind: kind, Subject: "subject_1", Name: "Orders"}
		if i%2 == 0 {
			f.Since = now.AddDate(0, -3, 0)
		}
		v.Findings = append(v.Findings, f)
	}
	return v
}

func init() {
	samples["Health"] = Health(sampleHealth(chat.Owner))
	samples["Health, viewer"] = Health(sampleHealth(chat.Viewer))
	samples["Health, nothing"] = Health(HealthView{SettingsHead: sampleSettings(chat.Viewer, "health")})
}

// Every finding says what is wrong and leads to where it is mended; buttons are there for those who may press them.
func TestEveryFindingHasARemedy(t *testing.T) {
	owner, manager, viewer := viewtest.Render(t, samples["Health"]), viewtest.Render(t, Health(sampleHealth(chat.Manage))), viewtest.Render(t, samples["Health, viewer"])
	for _, kind := range chat.FindingKinds {
		row := owner.Find("[data-testid=finding-" + string(kind) + "]")
		if row.Length() != 1 || strings.TrimSpace(row.Find("p.font-semibold").Text()) == "" || row.Find("a[href^='/']").Length() != 1 {
			t.Errorf("%s: %s", kind, row.Text())
		}
		key := kind == chat.KeyShown || kind == chat.KeyUnused
		if n := manager.Find("[data-testid=finding-" + string(kind) + "] form").Length(); key && n != 0 {
			t.Errorf("%s: an admin may not deactivate keys", kind)
		}
	}
	if owner.Find("main form").Length() != 5 || viewer.Find("main form").Length() != 0 {
		t.Errorf("%d and %d buttons", owner.Find("main form").Length(), viewer.Find("main form").Length())
	}
}
