package sdk_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// The script is readable from every origin, kept shortly, asked for again by its tag, and nothing but the build is there.
func TestScriptIsServedToEveryOrigin(t *testing.T) {
	d := newDoor(t)
	get := func(path, tag string) (*http.Response, string) {
		t.Helper()
		r, _ := http.NewRequest(http.MethodGet, d.url+path, nil)
		r.Header.Set("Origin", "https://shop.example")
		r.Header.Set("If-None-Match", tag)
		r.Header.Set("Accept-Encoding", "gzip")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	for path, kind := range map[string]string{"/talk.js": "text/javascript", "/guestlist.mjs": "text/javascript", "/sdk/types/guestlist.d.ts": "text/plain", "/sdk/LICENSES.txt": "text/plain"} {
		resp, body := get(path, "")
		h := resp.Header
		if resp.StatusCode != 200 || !strings.HasPrefix(h.Get("Content-Type"), kind) || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
			h.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(body, "\x1f\x8b") || h.Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s: %d %v", path, resp.StatusCode, h)
		}
		if again, body := get(path, h.Get("ETag")); again.StatusCode != 304 || body != "" || again.Header.Get("ETag") != h.Get("ETag") || again.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s again: %d %v", path, again.StatusCode, again.Header)
		}
	}
	for _, path := range []string{"/sdk/", "/sdk/types", "/sdk/package.json", "/sdk/../css/guestlist.min.css", "/sdk/types/none.d.ts"} {
		if resp, _ := get(path, ""); resp.StatusCode != 404 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
}
