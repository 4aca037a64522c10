package pages

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/views/viewtest"

	"github.com/a-h/templ"
)

// samples holds every page in the states worth looking at. Each page's test file adds its own.
var samples = map[string]templ.Component{
	"SignIn":          SignIn(SignInView{}),
	"SignIn, refused": SignIn(SignInView{Host: "chat.example", Email: "a@b.example", Next: "/team", Error: "That email and password don’t match.", Demo: true, Foot: "Guestlist"}),
	"Setup":           Setup(SetupView{}),
	"Setup, refused":  Setup(SetupView{Code: "AB-12", Error: "Not created.", Errors: map[string]string{"email": "That is no address.", "password": "Too short."}}),
	"ErrorBody":       ErrorBody(ErrorView{Status: http.StatusNotFound, Hint: "Look in the list.", Back: "/apps/a/conversations", BackLabel: "All conversations"}),
}

func init() {
	for status := range errorTexts {
		samples["Error, "+http.StatusText(status)] = Error(ErrorView{Status: status, RequestID: "req_1"})
	}
}

func TestEveryPageKeepsTheRules(t *testing.T) { viewtest.Check(t, samples) }

// What samples are made with is in English: views that were made before, names, and texts of errors and jobs.
func TestEveryPageIsTranslated(t *testing.T) {
	viewtest.CheckTranslated(t, samples, "Not on the list", "Participant, read", "Guest", "Guests", "Guests at once", "As a guest", "Users", "Refused calls", "Participants", "Messages", "Changes", "Settings", "Never",
		"24 hours before", "is not the ID", "any", "none", "Tomás removed", "Tomás changed", "Tom left it", "more findings", "This file is damaged", "There is no conversation with this ID", "key “Orders”",
		"The conversation was deleted.", "That is not it.", "That code is not right.", "It was undone already.", "Browsers may change things", "All conversations", "A signature proves", "Guests may write", "Guest access goes back", "unless it is confirmed",
		"Pia is", "Add 5,000 people", "3 had changed since")
}

func TestEveryErrorHasAWayOn(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405, 409, 413, 418, 429, 500, 502, 503} {
		doc := viewtest.Render(t, Error(ErrorView{Status: status, RequestID: "req_1"}))
		if doc.Find("main a.btn-primary[href]").Length() != 1 || strings.TrimSpace(doc.Find("h1").Text()) == "" {
			t.Errorf("%d: no title or no way on", status)
		}
		if shown := doc.Find(`[data-copy="req_1"]`).Length() == 1; shown != (status >= 500) {
			t.Errorf("%d: the request id is shown: %v", status, shown)
		}
	}
}

func TestTheFirstErrorTakesTheFocus(t *testing.T) {
	doc := viewtest.Render(t, samples["Setup, refused"])
	if focused := doc.Find("[autofocus]"); focused.Length() != 1 || focused.AttrOr("name", "") != "email" {
		t.Errorf("focus on %d fields, first %q", focused.Length(), focused.AttrOr("name", ""))
	}
}
