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

func TestEveryPageIsTranslated(t *testing.T) { viewtest.CheckTranslated(t, samples) }

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
