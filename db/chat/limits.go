package chat

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on what is stored. Over a limit nothing is changed.
const (
	MaxName        = 1000  // characters of a name or subject
	MaxText        = 10000 // characters of a message or other free text
	MaxURL         = 2000  // characters of a URL
	MaxCustomKeys  = 50
	MaxCustomKey   = 100   // characters
	MaxCustomValue = 10000 // characters
	MaxListItems   = 50    // e-mail addresses, phone numbers, welcome messages
)

// textProblem says what is wrong with free text of at most max characters, or "".
func textProblem(s string, max int) string {
	switch {
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	case strings.ContainsRune(s, 0):
		return "contains a NUL byte"
	case utf8.RuneCountInString(s) > max:
		return "is longer than " + strconv.Itoa(max) + " characters"
	}
	return ""
}

// nameProblem is textProblem for what people see in lists: it may not hide or reverse the text around it.
func nameProblem(s string) string {
	if why := textProblem(s, MaxName); why != "" {
		return why
	}
	if s != "" && strings.TrimSpace(s) == "" {
		return "is only spaces"
	}
	for _, r := range s {
		if r != '\u200d' && invisible(r) { // a zero-width joiner holds emoji together
			return "contains a control or invisible character"
		}
	}
	return ""
}

func urlProblem(s string) string {
	if why := textProblem(s, MaxURL); why != "" {
		return why
	}
	lower := strings.ToLower(s)
	if s != "" && !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") {
		return "must be a web address that starts with https:// or http://"
	}
	return ""
}

func listProblem(items []string) string {
	if len(items) > MaxListItems {
		return "has more than " + strconv.Itoa(MaxListItems) + " items"
	}
	for _, s := range items {
		if why := textProblem(s, MaxText); why != "" {
			return "has an item that " + why
		}
	}
	return ""
}

func customProblem(custom map[string]string) string {
	if len(custom) > MaxCustomKeys {
		return "has more than " + strconv.Itoa(MaxCustomKeys) + " keys"
	}
	for k, v := range custom {
		if k == "" {
			return "has an empty key"
		}
		if why := textProblem(k, MaxCustomKey); why != "" {
			return "has a key that " + why
		}
		if why := textProblem(v, MaxCustomValue); why != "" {
			return "has a value (" + k + ") that " + why
		}
	}
	return ""
}
