package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ThemeVariable is one thing that an app can choose about the look of its chats.
type ThemeVariable struct {
	Name    string // in the stored theme; in stylesheets --gl-name
	Label   string
	Default string
	Min     float64 // of a length in px; a variable without Max is a colour
	Max     float64
}

// Colour tells colours from lengths.
func (v ThemeVariable) Colour() bool { return v.Max == 0 }

// dark ends the names of variables that take another one's place on dark screens.
const dark = "-dark"

// ThemeVariables are all of them, as the Settings page lists them.
var ThemeVariables = []ThemeVariable{
	{Name: "accent", Label: "Accent", Default: "#1a5c47"},
	{Name: "on-accent", Label: "Text on the accent", Default: "#ffffff"},
	{Name: "background", Label: "Background", Default: "#ffffff"},
	{Name: "text", Label: "Text", Default: "#14201b"},
	{Name: "accent-dark", Label: "Accent, dark", Default: "#82c9ac"},
	{Name: "on-accent-dark", Label: "Text on the accent, dark", Default: "#06231a"},
	{Name: "background-dark", Label: "Background, dark", Default: "#111714"},
	{Name: "text-dark", Label: "Text, dark", Default: "#e8eeeb"},
	{Name: "radius", Label: "Corners", Default: "12px", Max: 24},
	{Name: "font-size", Label: "Text size", Default: "15px", Min: 13, Max: 18},
}

// Theme is what an app chose: values by the names of ThemeVariables. What it doesn't name has its default.
type Theme map[string]string

var (
	hexColour = regexp.MustCompile(`^#([0-9a-f]{3}|[0-9a-f]{6})$`)
	pixels    = regexp.MustCompile(`^(0|[1-9][0-9]?)(\.[0-9])?px$`)
)

// ParseTheme reads a theme from a JSON object. Nothing but hex colours and lengths in px gets through, so that a theme
// can be written into a stylesheet as it is. Empty values mean the default and are left out.
func ParseTheme(text string) (Theme, error) {
	theme := Theme{}
	if strings.TrimSpace(text) == "" {
		return theme, nil
	}
	given := map[string]string{}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	if err := d.Decode(&given); err != nil || d.More() {
		return nil, InvalidField(string(SettingTheme), "must be a JSON object of texts")
	}
	problems := fieldErrors{}
	for name, value := range given {
		i := slices.IndexFunc(ThemeVariables, func(v ThemeVariable) bool { return v.Name == name })
		switch value = strings.ToLower(strings.TrimSpace(value)); {
		case i < 0:
			problems.add(themeField(name), "is not part of a theme")
		case value == "":
		default:
			if why := ThemeVariables[i].Problem(value); why != "" {
				problems.add(themeField(name), why)
			}
			theme[name] = value
		}
	}
	if len(problems) == 0 {
		theme.checkContrast(problems)
	}
	return theme, problems.err()
}

// themeField names the input of one variable.
func themeField(name string) string { return string(SettingTheme) + "." + name }

// Problem says what is wrong with a value in lower case; "" for one that the variable can have.
func (v ThemeVariable) Problem(value string) string {
	if v.Colour() {
		if !hexColour.MatchString(value) {
			return "must be a colour such as #1a5c47"
		}
		return ""
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(value, "px"), 64)
	if err != nil || !pixels.MatchString(value) || n < v.Min || n > v.Max {
		return fmt.Sprintf("must be %g px to %g px", v.Min, v.Max) + ", such as " + v.Default
	}
	return ""
}

// MinContrast is what text needs against what is behind it.
const MinContrast = 4.5

// checkContrast refuses text that can't be read.
func (t Theme) checkContrast(problems fieldErrors) {
	for _, suffix := range []string{"", dark} {
		for front, back := range map[string]string{"on-accent": "accent", "text": "background"} {
			if c := Contrast(t.Value(front+suffix), t.Value(back+suffix)); c < MinContrast {
				problems.add(themeField(front+suffix), fmt.Sprintf("can't be read on %s: the contrast is %.1f and must be at least %g", t.Value(back+suffix), math.Floor(c*10)/10, MinContrast))
			}
		}
	}
}

// Value is a variable's value, or its default; "" for what is no variable.
func (t Theme) Value(name string) string {
	if v := t[name]; v != "" {
		return v
	}
	for _, v := range ThemeVariables {
		if v.Name == name {
			return v.Default
		}
	}
	return ""
}

// JSON is the theme as it is stored; "" for the default theme.
func (t Theme) JSON() string {
	if len(t) == 0 {
		return ""
	}
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // a map of texts
	}
	return string(b)
}

// CSS is the theme as declarations of a stylesheet: what the app chose, each value under its own name.
func (t Theme) CSS() string {
	var css strings.Builder
	for _, v := range ThemeVariables {
		if value := t[v.Name]; value != "" {
			fmt.Fprintf(&css, "--gl-%s:%s;", v.Name, value)
		}
	}
	return css.String()
}

// Contrast is how well one colour is told from another: 1 for the same, 21 for black and white.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is how bright a hex colour is to the eye, 0 to 1.
func luminance(hex string) float64 {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, _ := strconv.ParseUint(hex, 16, 32)
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}
