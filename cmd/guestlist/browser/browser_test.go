package browser

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

const sample = `<!doctype html><html lang="en"><head><title>Sample</title><link rel="icon" href="data:,"></head><body><main><h1>Sample</h1>
<form action="/next"><label>Name <input name="name"></label><button>Save</button></form>
<p id="script">no script</p><script>document.getElementById("script").textContent = "script ran"</script></main></body></html>`

const broken = `<!doctype html><html lang="en"><head><title>Broken</title><link rel="icon" href="data:,"></head><body><main><h1>Broken</h1>
<input name="nameless"><div style="width: 5000px">wide</div><script>console.error("planted")</script></main></body></html>`

func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	page := func(path, html string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte(html))
		})
	}
	page("/{$}", sample)
	page("/broken", broken)
	page("/next", `<!doctype html><html lang="en"><title>Next</title><link rel="icon" href="data:,"><main><h1>Arrived</h1></main></html>`)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// recorder is a test that keeps its failures to itself.
type recorder struct {
	testing.TB
	failures int
}

func (r *recorder) Errorf(string, ...any) { r.failures++ }
func (r *recorder) Helper()               {}

func TestTabDoesWhatPeopleDo(t *testing.T) {
	tab := Start(t).Tab(t, serve(t))
	tab.Open("/")
	tab.See("script ran")
	tab.Axe()
	tab.Fits()
	tab.Fill("Name", "Maya")
	tab.Click("button", "Save")
	tab.At("/next")
	tab.See("Arrived")
}

func TestTabWithoutScript(t *testing.T) {
	tab := Start(t).Tab(t, serve(t))
	tab.NoScript()
	tab.Open("/")
	tab.See("no script")
	tab.Click("button", "Save")
	tab.See("Arrived")
}

func TestTabNoticesWhatIsWrong(t *testing.T) {
	chromium := Start(t)
	r := &recorder{TB: t}
	tab := chromium.Tab(t, serve(t))
	tab.t = r
	tab.Open("/broken")
	tab.Axe()
	if r.failures == 0 {
		t.Error("axe found no fault with a nameless field")
	}
	r.failures = 0
	tab.Size(400, 800)
	tab.Fits()
	if r.failures == 0 {
		t.Error("a page of 5,000 px fits into 400")
	}
	tab.Until("report the console's error", "true")
	if len(tab.Errors()) == 0 {
		t.Error("the console's error was not noticed")
	}
}
