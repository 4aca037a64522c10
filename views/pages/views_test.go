package pages

import (
	"testing"

	"guestlist/db/chat"
	"guestlist/views/layouts"
)

func init() {
	frame := sampleFrame("Saved views", layouts.NavNone)
	view := chat.SavedView{App: "shop", ID: "v1", List: "audit", Name: "Keys", Query: "what=keys", Shared: true, AdminID: "x", AdminName: "Tomás"}
	own := chat.SavedView{App: "shop", ID: "v2", List: "users", Name: "Everybody", AdminID: "me"}
	owner := chat.Actor{Kind: chat.AdminActor, ID: "me", Role: chat.Owner}
	samples["Views"] = Views(ViewsView{Frame: frame, App: "shop", All: []chat.SavedView{view, own}, Actor: owner, Failed: "v1", Error: "name is required."})
	samples["Views, none"] = Views(ViewsView{Frame: frame, App: "shop", Actor: owner})
	samples["NewView"] = NewView(NewViewView{Frame: frame, View: view, CanShare: true, Errors: map[string]string{"name": "is required"}})
	samples["NewView, viewer"] = NewView(NewViewView{Frame: frame, View: own})
}

// Each list that views are kept of has a place, and the other way round.
func TestEveryListOfViewsHasAPlace(t *testing.T) {
	for list := range chat.ViewLists {
		if viewLists[list].address == nil {
			t.Errorf("views of %s lead nowhere", list)
		}
	}
	if len(viewLists) != len(chat.ViewLists) {
		t.Error("a list that no views are kept of")
	}
	if got := ViewAddress(chat.SavedView{App: "shop", List: "audit", Query: "who=admin&gone=1&after=x"}); got != "/apps/shop/audit?who=admin" {
		t.Errorf("an old view leads to %s", got)
	}
}
