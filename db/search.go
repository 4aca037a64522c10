package db

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"guestlist/db/chat"
)

// Search finds substrings, blind to case and accents, through a trigram index. Words are stored two spaces apart, so
// that less than three characters can be looked up too: a pair with any character after it that is common, a single one
// as the start of a word.

// fold is what texts and queries are compared by.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC), s)
	if err != nil {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		switch r { // letters that Unicode doesn't take apart
		case 'ł':
			return 'l'
		case 'ø':
			return 'o'
		case 'đ':
			return 'd'
		case 'ı':
			return 'i'
		}
		return r
	}, plain)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// searchText is the indexed form of an object's searchable texts.
func searchText(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		for _, word := range strings.Fields(fold(p)) {
			b.WriteString("  ")
			b.WriteString(word)
		}
		b.WriteString("  \n")
	}
	return b.String()
}

// userText is what a user is found by.
func userText(u chat.User) string {
	return searchText(append(append([]string{u.Name, string(u.ID)}, u.Email...), customTexts(u.Custom)...)...)
}

// conversationText is what a conversation is found by.
func conversationText(c chat.Conversation) string {
	return searchText(append([]string{c.Subject, string(c.ID)}, customTexts(c.Custom)...)...)
}

// Of custom values so many are searched, in the order of their names, and of each its start.
const (
	customSearched = 20
	customStart    = 200
)

func customTexts(custom map[string]string) []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(custom)) {
		text := []rune(custom[key])
		if len(text) > 0 && len(all) < customSearched {
			all = append(all, string(text[:min(len(text), customStart)]))
		}
	}
	return all
}

// searchWords are the words of what a person typed. There are none in blanks, nor in marks that fold to nothing.
func searchWords(typed string) []string {
	return strings.Fields(fold(strings.ReplaceAll(typed, "\x00", "")))
}

// searchQuery is the index query for what a person typed, within one app: the words as they stand, or all of them in any
// order; "" when there is nothing to look for.
func searchQuery(app int64, typed string) string {
	words := searchWords(typed)
	if len(words) == 0 {
		return ""
	}
	query := searchTerm(strings.Join(words, "  "))
	if len(words) > 1 {
		var each []string
		for _, word := range words {
			each = append(each, searchTerm(word))
		}
		query += " OR (" + strings.Join(each, " AND ") + ")"
	}
	return inAppQuery(app, query)
}

func inAppQuery(app int64, query string) string {
	return `app : "` + appTag(app) + `" AND (` + query + `)`
}

// common are the characters that a pair is looked up with: the space ends every word.
const common = " abcdefghijklmnopqrstuvwxyz0123456789-_.@+/:'"

// searchTerm is the condition for one text, as phrases of the three characters that the index needs at least.
func searchTerm(text string) string {
	phrases := []string{phrase(text)}
	if utf8.RuneCountInString(text) < 3 {
		phrases = trigramsOfShort(text)
	}
	return "text : (" + strings.Join(phrases, " OR ") + ")"
}

// trigramsOfShort are what a text of one or two characters is looked up with.
func trigramsOfShort(text string) []string {
	if utf8.RuneCountInString(text) == 1 {
		return []string{phrase("  " + text)}
	}
	all := []string{phrase(" " + text)}
	for _, next := range common {
		all = append(all, phrase(text+string(next)))
	}
	return all
}

func phrase(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// appTag writes an app's number as exactly three characters, which is one trigram.
func appTag(n int64) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
	return string([]byte{digits[n>>12&63], digits[n>>6&63], digits[n&63]})
}
