package chat

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseTheme(t *testing.T) {
	for given, field := range map[string]string{
		``: "", ` `: "", `{}`: "", `{"accent":""}`: "",
		`{"accent":"#1A5C47","radius":"12px"}`:                      "",
		`{"accent":"#000","on-accent":"#fff","font-size":"14.5px"}`: "",
		`{"accent":"red"}`:                       "chatTheme.accent",
		`{"accent":"#12"}`:                       "chatTheme.accent",
		`{"accent":"#1a5c47ff"}`:                 "chatTheme.accent",
		`{"accent":"#000;} body{display:none"}`:  "chatTheme.accent",
		`{"accent":"url(https://evil.example)"}`: "chatTheme.accent",
		`{"accent":"#000\n"}`:                    "",
		`{"accent":"#0\n00"}`:                    "chatTheme.accent",
		`{"radius":"24px"}`:                      "",
		`{"radius":"0px"}`:                       "",
		`{"radius":"25px"}`:                      "chatTheme.radius",
		`{"radius":"-1px"}`:                      "chatTheme.radius",
		`{"radius":"1em"}`:                       "chatTheme.radius",
		`{"radius":"1e1px"}`:                     "chatTheme.radius",
		`{"radius":"12"}`:                        "chatTheme.radius",
		`{"radius":"calc(1px)"}`:                 "chatTheme.radius",
		`{"font-size":"12px"}`:                   "chatTheme.font-size",
		`{"font-size":"19px"}`:                   "chatTheme.font-size",
		`{"--accent":"#000"}`:                    "chatTheme.--accent",
		`{"font":"Comic Sans"}`:                  "chatTheme.font",
		`{"accent":"#ffffff"}`:                   "chatTheme.on-accent", // white on white
		`{"on-accent":"#777777"}`:                "chatTheme.on-accent",
		`{"accent-dark":"#06231a"}`:              "chatTheme.on-accent-dark",
		`{"background":"#000000"}`:               "chatTheme.text",
		`{"background":"#000000","text":"#eee"}`: "",
		`[]`:                                     "chatTheme",
		`{"accent":1}`:                           "chatTheme",
		`{} {}`:                                  "chatTheme",
		`accent`:                                 "chatTheme",
	} {
		theme, err := ParseTheme(given)
		if e := AsError(err); (field == "") != (err == nil) || e != nil && len(e.Fields[field]) != 1 {
			t.Errorf("%s: %+v; want a problem with %q", given, err, field)
		}
		if err == nil {
			if again, err := ParseTheme(theme.JSON()); err != nil || again.JSON() != theme.JSON() || again.CSS() != theme.CSS() {
				t.Errorf("%s: stored as %s, which reads as %s: %v", given, theme.JSON(), again.JSON(), err)
			}
		}
	}
	_, err := ParseTheme(`{"on-accent":"#777777"}`)
	if got := AsError(err).Fields["chatTheme.on-accent"][0]; got != "can't be read on #1a5c47: the contrast is 1.7 and must be at least 4.5" {
		t.Errorf("%s", got)
	}
}

func TestThemeCSS(t *testing.T) {
	theme, err := ParseTheme(`{"accent":"#0B5F56","radius":"8px","on-accent-dark":"#000","accent-dark":"#fff"}`)
	want := "--gl-accent:#0b5f56;--gl-accent-dark:#fff;--gl-on-accent-dark:#000;--gl-radius:8px;"
	if err != nil || theme.CSS() != want {
		t.Errorf("%v\n%s", err, theme.CSS())
	}
	if css := (Theme{}).CSS(); css != "" {
		t.Errorf("the default theme has rules: %s", css)
	}
	s := DefaultSettings()
	if s[SettingTheme] = (Setting{Value: theme.JSON()}); s.Theme().CSS() != want {
		t.Errorf("%s", s.Theme().CSS())
	}
	if s[SettingTheme] = (Setting{Value: `{"accent":"red"}`}); s.Theme().CSS() != "" {
		t.Errorf("what is no theme became %s", s.Theme().CSS())
	}
	if problems := (fieldErrors{}); true {
		Theme{}.checkContrast(problems)
		if len(problems) > 0 {
			t.Errorf("the defaults can't be read: %v", problems)
		}
	}
}

// TestNoThemeLeavesItsRules: whatever gets through is made of these characters, so that a stylesheet stays one.
func TestNoThemeLeavesItsRules(t *testing.T) {
	safe := regexp.MustCompile(`^(--gl-[a-z-]+:(#[0-9a-f]+|[0-9.]+px);)*$`)
	names := []string{"x", "accent;"}
	for _, v := range ThemeVariables {
		names = append(names, v.Name)
	}
	through := 0
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.StringMatching(`#[0-9a-fA-F]{3}`), rapid.StringMatching(`#[0-9a-f]{6}`), rapid.StringMatching(`[0-9]{1,2}(\.[0-9])?px`), rapid.StringMatching(`[#0-9a-fpx;:{}() ]{1,9}`))
		theme, err := ParseTheme(Theme(rapid.MapOfN(rapid.SampledFrom(names), value, 0, 3).Draw(t, "theme")).JSON())
		if err != nil {
			return
		}
		if through++; !safe.MatchString(theme.CSS()) {
			t.Fatalf("%q", theme.CSS())
		}
	})
	if through == 0 {
		t.Error("nothing got through")
	}
}

func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000", "#ffffff", 21}, {"#fff", "#fff", 1}, {"#777777", "#ffffff", 4.48}, {"#0000ff", "#ffffff", 8.59}, {"#ffffff", "#767676", 4.54}} {
		if got := Contrast(c.a, c.b); math.Abs(got-c.want) > 0.01 || got != Contrast(c.b, c.a) {
			t.Errorf("%s on %s: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
	if strings.ToLower(ThemeVariables[0].Default) != ThemeVariables[0].Default {
		t.Error("defaults are written as themes are stored")
	}
}

// Whatever is read as a theme can be written into a stylesheet as it is, and is stored in one spelling.
func FuzzTheme(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"accent":"#1A5C47"}`, `{"accent":"#fff","on-accent":"#000","radius":"0px","font-size":"15.5px"}`, `{"background-dark":" #000 "}`, `{"accent":""}`,
		`{"accent":"red;}body{display:none"}`, `{"radius":"99px"}`, `{"accent":"#12345"}`, `{"x":"#fff"}`, `{"accent":1}`, `{"accent":"#fff","accent":"#000"}`, `[]`, `null`, `{}{}`, "{\"accent\":\"url(x)\"}"} {
		f.Add(seed)
	}
	safe := regexp.MustCompile(`^(#[0-9a-f]{3}|#[0-9a-f]{6}|[0-9.]+px)$`)
	f.Fuzz(func(t *testing.T, text string) {
		theme, err := ParseTheme(text)
		if err != nil {
			if AsError(err) == nil || AsError(err).Code != Invalid {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		for name, value := range theme {
			if theme.Value(name) != value || !safe.MatchString(value) {
				t.Fatalf("%q: %s is %q", text, name, value)
			}
		}
		if again, err := ParseTheme(theme.JSON()); err != nil || again.JSON() != theme.JSON() {
			t.Fatalf("%q: %v, %v", text, again, err)
		}
	})
}
