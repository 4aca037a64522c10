// Package words says what pages say in the language of who reads them.
//
// The English sentence, as it stands in the code, is the key of its translations: whole sentences, never pieces glued
// together, since other languages put them together differently. Translations lie in de.json and es.json beside this
// file. A test reads the code and fails where a sentence has no translation, or a translation no sentence.
package words

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Language is one that pages can be read in.
type Language struct {
	Code string // as in the lang attribute
	Name string // in the language itself
}

// Languages that pages can be read in. The first is the code's own.
var Languages = []Language{{"en", "English"}, {"de", "Deutsch"}, {"es", "Español"}}

//go:embed *.json
var files embed.FS

var matcher = language.NewMatcher([]language.Tag{language.English, language.German, language.Spanish})

// speech is what it takes to speak a language.
type speech struct {
	printer *message.Printer
	texts   texts
}

// spoken are the languages by their codes. Each is read when somebody first reads in it, so that starting costs nothing.
var spoken = func() map[string]func() speech {
	all := map[string]func() speech{}
	for _, l := range Languages {
		all[l.Code] = sync.OnceValue(func() speech { return learn(l.Code) })
	}
	return all
}()

// learn reads a language. Its file is part of the program, so what is wrong with it is found by the tests.
func learn(code string) speech {
	tag, all := language.Make(code), catalog.NewBuilder(catalog.Fallback(language.English))
	exact := map[string]translation{}
	if code != Languages[0].Code {
		var err error
		if exact, err = translations(code); err != nil {
			panic(err)
		}
	}
	for key, t := range exact {
		if err := all.Set(tag, key, t.message()); err != nil {
			panic(fmt.Errorf("%s.json: %q: %w", code, key, err))
		}
	}
	return speech{message.NewPrinter(tag, message.Catalog(all)), texts{exact, patternsOf(exact)}}
}

// translation is one sentence in another language, or its forms by number.
type translation struct{ One, Other string }

func (t *translation) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &t.Other)
	}
	type forms translation
	return json.Unmarshal(b, (*forms)(t))
}

func (t translation) message() catalog.Message {
	if t.One == "" {
		return catalog.String(t.Other)
	}
	return plural.Selectf(1, "%d", plural.One, t.One, plural.Other, t.Other)
}

func translations(code string) (texts map[string]translation, err error) {
	b, err := files.ReadFile(code + ".json")
	if err != nil {
		return nil, err
	}
	return texts, json.Unmarshal(b, &texts)
}

type languageKey struct{}

// In is ctx for a reader of a language.
func In(ctx context.Context, code string) context.Context {
	return context.WithValue(ctx, languageKey{}, code)
}

// Of is the code of the reader's language; English where nobody said.
func Of(ctx context.Context) string {
	if code, ok := ctx.Value(languageKey{}).(string); ok && spoken[code] != nil {
		return code
	}
	return Languages[0].Code
}

// Pick is the code of the first language that is spoken here: the reader's choice, else what the browser accepts (an
// Accept-Language header).
func Pick(choice, accepts string) string {
	if spoken[choice] != nil {
		return choice
	}
	tags, _, err := language.ParseAcceptLanguage(accepts)
	if err != nil {
		return Languages[0].Code
	}
	_, i, _ := matcher.Match(tags...)
	return Languages[i].Code
}

// T says a sentence. Its arguments are formatted as fmt.Sprintf does, numbers as the language writes them.
func T(ctx context.Context, sentence string, args ...any) string {
	return spoken[Of(ctx)]().printer.Sprintf(sentence, args...)
}

// N says a sentence about n things, n being its first argument: one where English takes the singular, else many.
func N(ctx context.Context, n int64, one, many string, args ...any) string {
	code, key := Of(ctx), many
	if n == 1 && code == Languages[0].Code {
		key = one
	}
	return spoken[code]().printer.Sprintf(key, append([]any{n}, args...)...)
}

// Number writes n as the language does.
func Number(ctx context.Context, n int64) string { return spoken[Of(ctx)]().printer.Sprintf("%d", n) }

// Key marks a sentence that T says later, such as the label of a kind that stands in a table.
func Key(sentence string) string { return sentence }
