package sdk_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

func (d *door) get(path string) (*http.Response, string) {
	d.t.Helper()
	r, err := http.Get(d.url + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return r, string(body)
}

func (d *door) set(key chat.SettingKey, value string) {
	d.t.Helper()
	now, err := d.store.Settings(d.t.Context(), "shop")
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.store.SaveSettings(d.t.Context(), chat.CommandLine, "shop", []chat.SettingChange{{Key: key, Value: value, Version: now[key].Version}}); err != nil {
		d.t.Fatal(err)
	}
}

// The iframe's page is the same for every app id, may be framed where the app allows it, and runs nothing but its script.
func TestFrame(t *testing.T) {
	d := newDoor(t)
	r, page := d.get("/chatbox/shop?view=chatbox")
	policy := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s is missing in %s", want, policy)
		}
	}
	if strings.Contains(policy, "frame-ancestors") {
		t.Errorf("a page from a file can't hold it: %s", policy)
	}
	if r.StatusCode != 200 || r.Header.Get("X-Frame-Options") != "" || r.Header.Get("Cross-Origin-Opener-Policy") != "" || r.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	for _, asset := range []string{"sdk/dist/chatbox.js", "sdk/dist/chatbox.css"} {
		_, after, _ := strings.Cut(page, "/static/")
		hash, _, _ := strings.Cut(after, "/")
		if a, body := d.get("/static/" + hash + "/" + asset); a.StatusCode != 200 || body == "" || !strings.Contains(page, asset) {
			t.Errorf("%s: %d", asset, a.StatusCode)
		}
	}
	other, unknown := d.get("/chatbox/nowhere?view=chatbox")
	if unknown != strings.ReplaceAll(page, "/chatbox/shop/", "/chatbox/nowhere/") || other.StatusCode != 200 || other.Header.Get("Content-Security-Policy") != policy {
		t.Errorf("an unknown app is told apart: %d\n%s", other.StatusCode, unknown)
	}
	if _, page := d.get("/chatbox/%22%3E%3Cscript%3E"); strings.Contains(page, "<script>") {
		t.Errorf("an app id got into the page:\n%s", page)
	}

	d.set(chat.SettingAllowedOrigins, "https://shop.example\nhttp://localhost:3000")
	r, _ = d.get("/chatbox/shop")
	if policy := r.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors 'self' https://shop.example http://localhost:3000") {
		t.Error(policy)
	}
}

func TestFrameTheme(t *testing.T) {
	d := newDoor(t)
	for path, want := range map[string]string{"/chatbox/shop/theme.css": ":root{}\n", "/chatbox/nowhere/theme.css": ":root{}\n"} {
		if r, css := d.get(path); css != want || r.Header.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%s: %q %v", path, css, r.Header)
		}
	}
	d.set(chat.SettingTheme, `{"accent":"#7a1f5c","accent-dark":"#f0b9d9","radius":"4px"}`)
	if _, css := d.get("/chatbox/shop/theme.css"); css != ":root{--gl-accent:#7a1f5c;--gl-accent-dark:#f0b9d9;--gl-radius:4px;}\n" {
		t.Error(css)
	}
	d.set(chat.SettingTheme, `{"background":"#fffbe6"}`)
	if _, css := d.get("/chatbox/shop/theme.css"); !strings.HasPrefix(css, ":root{--gl-background:#fffbe6;--hover:color-mix(") {
		t.Error(css)
	}
}
