package chat

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestParseOrigin(t *testing.T) {
	for given, want := range map[string]string{
		"https://shop.example":        "https://shop.example",
		" HTTPS://Shop.Example/ ":     "https://shop.example",
		"https://shop.example:443":    "https://shop.example",
		"http://shop.example:80/":     "http://shop.example",
		"http://shop.example:443":     "http://shop.example:443",
		"https://shop.example:8443":   "https://shop.example:8443",
		"http://localhost:3000":       "http://localhost:3000",
		"http://127.0.0.1:3000":       "http://127.0.0.1:3000",
		"https://[2001:DB8::1]:8443":  "https://[2001:db8::1]:8443",
		"https://[::1]":               "https://[::1]",
		"https://xn--bcher-kva.shop":  "https://xn--bcher-kva.shop",
		"shop.example":                "", // no scheme
		"":                            "",
		"*":                           "",
		"https://*.shop.example":      "",
		"null":                        "",
		"ftp://shop.example":          "",
		"javascript:alert(1)":         "",
		"file:///etc":                 "",
		"https://":                    "",
		"https://shop.example/path":   "",
		"https://shop.example?x=1":    "",
		"https://shop.example?":       "",
		"https://shop.example#":       "",
		"https://shop.example#x":      "",
		"https://maya@shop.example":   "",
		"https://shop.example:0":      "",
		"https://shop.example:080":    "",
		"https://shop.example:65536":  "",
		"https://shop.example:":       "",
		"https://shop.example:x":      "",
		"https://shop..example":       "",
		"https://-shop.example":       "",
		"https://shop.example.":       "",
		"https://bücher.shop":         "",
		"https://shop_a.example":      "",
		"https://shop.example;x":      "",
		"https://shop.example'":       "",
		"https://[fe80::1%25eth0]":    "",
		"https://" + longName(254):    "",
		"https://" + longLabel(64):    "",
		"https://shop.example\x00":    "",
		"https://shop%2eexample":      "",
		"https://shop.example\\@evil": "",
	} {
		got, err := ParseOrigin(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", given, got, err, want)
		}
		if e := AsError(err); err != nil && (e.Code != Invalid || len(e.Fields[string(SettingAllowedOrigins)]) != 1) {
			t.Errorf("%q: %+v", given, e)
		}
		if want != "" {
			if again, err := ParseOrigin(got); again != got || err != nil {
				t.Errorf("%q is not its own spelling: %q %v", got, again, err)
			}
		}
	}
}

func longLabel(n int) string { return strings.Repeat("a", n) + ".example" }

func longName(n int) string { return strings.Repeat("a.", n/2) }

func TestAllowedOrigins(t *testing.T) {
	save := func(value string) (Settings, error) {
		c, err := SettingChange{Key: SettingAllowedOrigins, Value: value}.Normal()
		s := DefaultSettings()
		s[c.Key] = Setting{Key: c.Key, Value: c.Value}
		return s, err
	}
	s, err := save("HTTPS://b.example\r\n\r\n https://a.example:443 , https://b.example/\nhttp://a.example")
	if err != nil || !slices.Equal(s.AllowedOrigins(), []string{"https://b.example", "https://a.example", "http://a.example"}) {
		t.Errorf("%q %v", s.AllowedOrigins(), err)
	}
	for origin, fine := range map[string]bool{"https://a.example": true, "https://A.example": true, "http://a.example": true, "http://b.example": false, "https://a.example.evil": false,
		"https://evil-a.example": false, "": false, "null": false, "https://a.example:8443": false} {
		if s.OriginAllowed(origin) != fine {
			t.Errorf("%q: %t", origin, !fine)
		}
	}
	any, err := save(" \n")
	if err != nil || any[SettingAllowedOrigins].Value != "" {
		t.Errorf("%+v %v", any[SettingAllowedOrigins], err)
	}
	for _, origin := range []string{"", "null", "https://a.example"} {
		if !any.OriginAllowed(origin) {
			t.Errorf("an empty list keeps %q out", origin)
		}
	}
	_, err = save("https://a.example\nshop\nhttps://b.example/x")
	if e := AsError(err); e == nil || len(e.Fields[string(SettingAllowedOrigins)]) != 2 || !strings.Contains(fmt.Sprint(e.Fields), "“shop”") {
		t.Errorf("%+v", err)
	}
	var many []string
	for i := range MaxOrigins + 1 {
		many = append(many, fmt.Sprintf("https://shop-%d.example", i))
	}
	if _, err := save(strings.Join(many[1:], "\n")); err != nil {
		t.Error(err)
	}
	if _, err := save(strings.Join(many, "\n")); AsError(err) == nil {
		t.Error("more than the limit were taken")
	}
}

// What is read as an origin is what browsers send, and reads as itself.
func FuzzOrigin(f *testing.F) {
	for _, seed := range []string{"https://example.com", "HTTPS://Example.com:443/", "http://localhost:3000", "http://[::1]:8080", "https://192.0.2.1", "null", "file://", "https://a@b", "https://a/b",
		"https://a?", "https://a#", "https://*.example.com", "https://bücher.example", "https://xn--bcher-kva.example", "https://a:0", "https://a:", "https://a;b", "https://a, https://b", "//a", "javascript:alert(1)", " https://a\n"} {
		f.Add(seed)
	}
	sent := regexp.MustCompile(`^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]*)?$`)
	f.Fuzz(func(t *testing.T, text string) {
		origin, err := ParseOrigin(text)
		if err != nil {
			if AsError(err) == nil || AsError(err).Code != Invalid || len(AsError(err).Fields) == 0 {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		if again, err := ParseOrigin(origin); err != nil || again != origin || !sent.MatchString(origin) {
			t.Fatalf("%q is %q, which is %q, %v", text, origin, again, err)
		}
		if list, err := parseOrigins(origin + "\n" + origin); err != nil || len(list) != 1 {
			t.Fatalf("%q twice is %q, %v", origin, list, err)
		}
	})
}
