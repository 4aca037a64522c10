package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, address, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, address, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestEveryFileIsServedForEver(t *testing.T) {
	for name, a := range assets {
		res := get(t, http.MethodGet, URL(name), "")
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK || !bytes.Equal(body, a.plain) {
			t.Errorf("%s: status %d, %d of %d bytes", name, res.StatusCode, len(body), len(a.plain))
		}
		want := map[string]string{
			"Content-Type":           types[path.Ext(name)],
			"Cache-Control":          "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff",
			"Content-Encoding":       "",
		}
		for key, value := range want {
			if got := res.Header.Get(key); got != value {
				t.Errorf("%s: %s is %q, want %q", name, key, got, value)
			}
		}
	}
}

func TestGzipIsUsedWhenAccepted(t *testing.T) {
	tests := []struct {
		name, accept string
		zipped       bool
	}{
		{"css/guestlist.min.css", "gzip, deflate, br", true},
		{"css/guestlist.min.css", "br;q=1.0, gzip; q=0.5", true},
		{"css/guestlist.min.css", "*", true},
		{"css/guestlist.min.css", "gzip;q=0, *", false},
		{"css/guestlist.min.css", "identity", false},
		{"css/guestlist.min.css", "", false},
		{"fonts/jetbrains-mono-latin.woff2", "gzip", false},
	}
	for _, test := range tests {
		res := get(t, http.MethodGet, URL(test.name), test.accept)
		if zipped := res.Header.Get("Content-Encoding") == "gzip"; zipped != test.zipped {
			t.Errorf("%s with %q: gzip %v, want %v", test.name, test.accept, zipped, test.zipped)
			continue
		}
		if !test.zipped {
			continue
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: a compressed answer must vary by Accept-Encoding", test.name)
		}
		zip, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(zip); !bytes.Equal(body, assets[test.name].plain) {
			t.Errorf("%s: the compressed answer holds something else", test.name)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, address := range []string{
		Prefix, root, root + "css", root + "css/", root + "css/guestlist.css", root + "static.go", root + "build.mjs",
		root + "css/../static.go", Prefix + "000000000000/css/guestlist.min.css", "/css/guestlist.min.css",
	} {
		if res := get(t, http.MethodGet, address, ""); res.StatusCode != http.StatusNotFound || res.Header.Get("Cache-Control") != "" {
			t.Errorf("%s: status %d, cached %q", address, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
	if res := get(t, http.MethodPost, URL("img/mark.svg"), ""); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", res.StatusCode)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	res := get(t, http.MethodHead, URL("img/mark.svg"), "")
	if body, _ := io.ReadAll(res.Body); len(body) != 0 || res.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d bytes, length %s", len(body), res.Header.Get("Content-Length"))
	}
}

func TestAddressesInTheStylesResolve(t *testing.T) {
	const sheet = "css/guestlist.min.css"
	found := regexp.MustCompile(`url\(["']?([^"')]+)`).FindAllStringSubmatch(string(assets[sheet].plain), -1)
	fonts := 0
	for _, match := range found {
		if strings.HasPrefix(match[1], "data:") {
			continue
		}
		fonts++
		if _, ok := assets[path.Join(path.Dir(sheet), match[1])]; !ok {
			t.Errorf("the styles use %s, which is not served", match[1])
		}
	}
	if fonts == 0 {
		t.Error("the styles use no font")
	}
}

func TestUnknownNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("URL of a file that does not exist must panic")
		}
	}()
	URL("css/none.css")
}
