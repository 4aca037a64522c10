package words

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"guestlist/db/chat"
)

// pattern is a sentence that is filled with something, as it is recognized once it was filled.
type pattern struct {
	key     string
	fits    *regexp.Regexp
	letters int // of the sentence itself: the more, the surer
}

var verbs = regexp.MustCompile(`%(?:\[\d+\])?[.\d]*[a-z]`)

// newPattern is nil for sentences that are said as they stand, or have too little of their own to be known by.
func newPattern(key string) *pattern {
	places := verbs.FindAllStringIndex(key, -1)
	if len(places) == 0 {
		return nil
	}
	p, at, source := pattern{key: key}, 0, "^"
	for _, place := range places {
		source += regexp.QuoteMeta(unescape(key[at:place[0]])) + "(.+?)"
		p.letters, at = p.letters+place[0]-at, place[1]
	}
	source += regexp.QuoteMeta(unescape(key[at:])) + "$"
	if p.letters += len(key) - at; p.letters < 6 {
		return nil
	}
	p.fits = regexp.MustCompile("(?s)" + source)
	return &p
}

func unescape(s string) string { return strings.ReplaceAll(s, "%%", "%") }

// patternsOf are the patterns among the keys, the surest first.
func patternsOf(texts map[string]translation) []pattern {
	var all []pattern
	for key := range texts {
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

// Said says in the reader's language what was said in English before: by a rule, whose refusals are made for programs and
// logs as well, or in a record that was kept. What has no translation stays as it is.
func Said(ctx context.Context, text string) string {
	code := Of(ctx)
	if code == Languages[0].Code || text == "" {
		return text
	}
	texts := catalogs[code]
	if t, ok := texts.exact[text]; ok {
		return t.Other
	}
	for _, p := range texts.patterns {
		found := p.fits.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		args := make([]any, 0, len(found)-1)
		for _, arg := range found[1:] {
			args = append(args, Said(ctx, arg))
		}
		return fmt.Sprintf(verbs.ReplaceAllStringFunc(texts.exact[p.key].Other, func(verb string) string { return verb[:strings.LastIndexAny(verb, "]%")+1] + "s" }), args...)
	}
	return text
}

// Refusal says an error: what happened, and what to do, which may be "".
func Refusal(ctx context.Context, e *chat.Error) (text, hint string) {
	return what(ctx, e), Said(ctx, e.Hint)
}

// what says what happened. That one field is wrong names the field, and says of it what is wrong.
func what(ctx context.Context, e *chat.Error) string {
	for field, why := range e.Fields {
		if len(e.Fields) == 1 && len(why) == 1 && e.Message == field+" "+strings.TrimSuffix(why[0], ".")+"." && Of(ctx) != Languages[0].Code {
			return Said(ctx, field) + ": " + strings.TrimSuffix(Said(ctx, why[0]), ".") + "."
		}
	}
	return Said(ctx, e.Message)
}

// Problem is Refusal in one text, and any other error as it is.
func Problem(ctx context.Context, err error) string {
	e := chat.AsError(err)
	if e == nil {
		return err.Error()
	}
	text, hint := Refusal(ctx, e)
	return strings.TrimSpace(text + " " + hint)
}
