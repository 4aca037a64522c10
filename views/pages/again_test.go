package pages

import (
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/viewtest"
)

func init() {
	samples["Again"] = Again(AgainView{Frame: sampleFrame("Once more?", layouts.NavNone), Action: "/apps/shop/users/new", Last: now.Add(-2 * time.Minute), Back: "/apps/shop",
		Fields: []components.Hidden{{Name: "name", Value: "Una"}, {Name: "again", Value: "true"}}})
}

func TestAgainSendsWhatWasSent(t *testing.T) {
	doc := viewtest.Render(t, samples["Again"])
	if doc.Find(`form[action="/apps/shop/users/new"] input[name=name][value=Una]`).Length() != 1 || doc.Find(`form input[name=again]`).Length() != 1 {
		t.Error("what was sent is not sent again")
	}
}

func init() {
	samples["Clashes"] = Clashes([]chat.Clash{{Field: "custom.tier", Was: "“1”", Theirs: "“2”", Mine: "“3”"}, {Field: "guestPolicy", Theirs: "“Never”", Mine: "“Follow browser synchronization”"}})
}
