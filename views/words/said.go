package words

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Said says in the reader's language what was said in English before: by a rule, whose refusals are made for programs and
// logs as well, or in a record that was kept. What has no translation stays as it is.
func Said(ctx context.Context, text string) string {
	code := Of(ctx)
	if code == Languages[0].Code {
		return text
	}
	return spoken[code]().texts.say(text)
}

// texts are the translations into one language, by the English sentence, and the sentences among them that are filled.
type texts struct {
	exact    map[string]translation
	patterns []pattern
}

// pattern is a sentence with places to fill, as it is known again once it was filled.
type pattern struct {
	key     string
	fits    *regexp.Regexp
	quoted  []bool // per place: what fills it is somebody's own word
	letters int    // of the sentence itself: the more, the surer
}

// say says one sentence, or of several the longest beginning that is known, and then the rest.
func (t texts) say(text string) string {
	if said, ok := t.sentence(text); ok {
		return said
	}
	for at := strings.LastIndex(text, ". "); at > 0; at = strings.LastIndex(text[:at], ". ") {
		if said, ok := t.sentence(text[:at+1]); ok {
			return said + " " + t.say(text[at+2:])
		}
	}
	return text
}

func (t texts) sentence(text string) (string, bool) {
	if said, ok := t.exact[text]; ok {
		return said.Other, true
	}
	if said, ok := t.exact[" "+text]; ok { // made to be put behind another
		return strings.TrimSpace(said.Other), true
	}
	for _, p := range t.patterns {
		if found := p.fits.FindStringSubmatch(text); found != nil {
			return t.fill(p, found[1:]), true
		}
	}
	// Two halves, each with words of its own.
	if before, after, ok := strings.Cut(text, ": "); ok {
		first, known := t.exact[before]
		second, both := t.exact[strings.TrimSuffix(after, ".")]
		if known && both {
			return first.Other + ": " + second.Other + ".", true
		}
	}
	// A field, and what is wrong with it.
	field, why, _ := strings.Cut(strings.TrimPrefix(text, "The "), " ")
	if said, ok := t.exact[strings.TrimSuffix(why, ".")]; ok && lower(field) && lower(why) && strings.HasSuffix(text, ".") {
		return t.say(field) + ": " + said.Other + ".", true
	}
	return "", false
}

// lower tells whether text begins as the names of fields do, and what is wrong with them.
func lower(text string) bool { return text != "" && text[0] >= 'a' && text[0] <= 'z' }

func (t texts) fill(p pattern, found []string) string {
	args := make([]any, len(found))
	for i, arg := range found {
		if args[i] = arg; !p.quoted[i] {
			args[i] = t.say(arg)
		}
	}
	return strings.TrimSpace(fmt.Sprintf(verbs.ReplaceAllString(t.exact[p.key].Other, "%${1}s"), args...))
}

var verbs = regexp.MustCompile(`%(\[\d+\])?[.\d]*[a-z]`)

// newPattern is nil for sentences that are said as they stand, or have too little of their own to be known by.
func newPattern(key string) *pattern {
	p, at, source := pattern{key: key}, 0, "^ ?"
	key = strings.TrimSpace(key)
	for _, place := range verbs.FindAllStringIndex(key, -1) {
		before := strings.ReplaceAll(key[at:place[0]], "%%", "%")
		source += regexp.QuoteMeta(before) + "(.*?)"
		p.quoted = append(p.quoted, strings.HasSuffix(before, "“"))
		p.letters, at = p.letters+len(before), place[1]
	}
	rest := strings.ReplaceAll(key[at:], "%%", "%")
	if p.letters += len(rest); len(p.quoted) == 0 || p.letters < 12 {
		return nil
	}
	p.fits = regexp.MustCompile("(?s)" + source + regexp.QuoteMeta(rest) + "$")
	return &p
}

// patternsOf are the patterns among the keys, the surest first.
func patternsOf(exact map[string]translation) []pattern {
	var all []pattern
	for key := range exact {
		if p := newPattern(key); p != nil {
			all = append(all, *p)
		}
	}
	slices.SortFunc(all, func(a, b pattern) int {
		if a.letters != b.letters {
			return b.letters - a.letters
		}
		return strings.Compare(a.key, b.key)
	})
	return all
}
