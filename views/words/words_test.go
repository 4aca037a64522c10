package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// said are the sentences of the code, each with where it is said; counted are those that are said of a number of things.
func said(t *testing.T) (sentences map[string]string, counted map[string]bool) {
	sentences, counted = map[string]string{}, map[string]bool{}
	files := token.NewFileSet()
	for _, dir := range []string{"..", "../../handlers", "../../db/chat"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name, at := calls(call, file.Name.Name)
				if name == "" || at >= len(call.Args) {
					return true
				}
				lit, ok := call.Args[at].(*ast.BasicLit)
				if !ok {
					return true // a Key said later
				}
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				sentences[text] = files.Position(lit.Pos()).String()
				counted[text] = counted[text] || name == "N"
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return sentences, counted
}

// calls is the function of this package that a call names, and the place of the sentence among its arguments. Of N the
// sentence about many is the key.
func calls(call *ast.CallExpr, in string) (name string, at int) {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); !ok || of.Name != "words" {
			return "", 0
		}
		name = f.Sel.Name
	case *ast.Ident:
		if in != "words" {
			return "", 0
		}
		name = f.Name
	}
	at, ok := map[string]int{"T": 1, "N": 3, "Rich": 0, "Key": 0}[name]
	if !ok {
		return "", 0
	}
	return name, at
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z%]|\{[a-z]+\}`)

// fillings are what a sentence is filled with, by the place of each argument.
func fillings(text string) []string {
	var all []string
	n := 0
	for _, v := range verb.FindAllStringSubmatch(text, -1) {
		switch {
		case v[0] == "%%":
		case v[0][0] == '{':
			all = append(all, v[0])
		case v[1] != "":
			all = append(all, v[1]+v[0][len(v[0])-1:])
		default:
			n++
			all = append(all, "["+strconv.Itoa(n)+"]"+v[0][1:])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestEverySentenceIsTranslated(t *testing.T) {
	sentences, counted := said(t)
	rules := ruled(t)
	if len(sentences) < 1000 {
		t.Fatalf("only %d sentences were found in the code", len(sentences))
	}
	for _, l := range Languages[1:] {
		texts, err := translations(l.Code)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range slices.Sorted(maps.Keys(sentences)) {
			text, ok := texts[key]
			switch {
			case !ok || text.Other == "":
				t.Errorf("%s: %s.json lacks %q", sentences[key], l.Code, key)
				continue
			case counted[key] && text.One == "":
				t.Errorf("%s.json says %q of one and of many alike", l.Code, key)
			}
			for _, form := range []string{text.One, text.Other} {
				if form != "" && !slices.Equal(fillings(form), fillings(key)) && !(form == text.One && counted[key]) {
					t.Errorf("%s.json fills %q with %v, the code gives %v", l.Code, key, fillings(form), fillings(key))
				}
			}
		}
		for key, at := range rules {
			if text := texts[key]; text.Other == "" {
				t.Errorf("%s: %s.json lacks %q", at, l.Code, key)
			} else if !slices.Equal(fillings(text.Other), fillings(key)) {
				t.Errorf("%s.json fills %q with %v, the rule gives %v", l.Code, key, fillings(text.Other), fillings(key))
			}
		}
		for key := range texts {
			if sentences[key] == "" && rules[key] == "" {
				t.Errorf("%s.json has %q, which nobody says", l.Code, key)
			}
		}
	}
}
