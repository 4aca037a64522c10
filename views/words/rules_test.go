package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// ruled are the sentences that rules say in English, which Said knows again: refusals wherever they are made, and all that
// package chat has words for. What is put together with + is a sentence with places to fill.
func ruled(t *testing.T) map[string]string {
	sentences := map[string]string{}
	files := token.NewFileSet()
	for _, dir := range []string{"../../db/chat", "../../db", "../../handlers/auth", "../../handlers/dashboard", "../../handlers/web", "../../handlers/jobs", "../../handlers/export"} {
		paths, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") || forPrograms[filepath.Base(path)] {
				continue
			}
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			take := func(e ast.Expr) {
				if text, ok := flat(e); ok && sentence.MatchString(verb.ReplaceAllString(text, "")) && !code.MatchString(text) {
					sentences[text] = files.Position(e.Pos()).String()
				}
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && (f.Name.Name == "UnmarshalJSON" || f.Name.Name == "decodeFields") || isImport(d) {
					continue
				}
				ast.Inspect(d, func(n ast.Node) bool { return look(n, dir == "../../db/chat", take) })
			}
		}
	}
	return sentences
}

// forPrograms are files whose refusals only browsers' scripts and backends get, in English.
var forPrograms = map[string]bool{"policy_browser.go": true, "bearer.go": true, "browser.go": true, "signature.go": true, "json.go": true, "middleware.go": true, "path.go": true, "opt.go": true}

var (
	sentence = regexp.MustCompile(`\pL{2}.* |\d \pL{2}|^\p{Lu}\pL+$`)
	code     = regexp.MustCompile(`·|\(…|%w`) // names of methods, and errors for the log
)

func isImport(d ast.Decl) bool {
	g, ok := d.(*ast.GenDecl)
	return ok && g.Tok != token.VAR
}

// look takes the sentences below n and tells whether to look further below. Outside of package chat only refusals are looked at.
func look(n ast.Node, all bool, take func(ast.Expr)) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if named(n.Type) == "Error" {
			for _, el := range n.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					switch kv.Key.(*ast.Ident).Name {
					case "Message", "Hint":
						take(kv.Value)
					case "Fields":
						ast.Inspect(kv.Value, func(n ast.Node) bool { return look(n, true, take) })
					}
				}
			}
			return false
		}
	case *ast.CallExpr:
		switch named(n.Fun) {
		case "flash", "flashEvent", "toAccount", "page", "conversationHead":
			for _, arg := range n.Args {
				take(arg)
			}
		case "InvalidField", "CannotUndoError", "tableError":
			take(n.Args[len(n.Args)-1])
			return false
		case "Format", "ContainsAny", "FieldsFunc", "Split", "Parse", "Replace", "TrimSuffix", "TrimPrefix", "ReplaceAll", "NewReplacer":
			return false
		}
	case *ast.AssignStmt: // what is said of a change, or stands above a page
		for i, left := range n.Lhs {
			if name := named(left); (name == "text" || name == "Title" || name == "says") && i < len(n.Rhs) {
				take(n.Rhs[i])
			}
		}
	case *ast.BinaryExpr, *ast.BasicLit:
		if all {
			take(n.(ast.Expr))
			_, sum := n.(*ast.BinaryExpr)
			if _, text := flat(n.(ast.Expr)); sum && text {
				return false
			}
		}
	}
	return true
}

func named(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// flat is a text, or a sum of texts and other things, with %s for the others; ok where some of it is text.
func flat(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, l := flat(e.X)
		right, r := flat(e.Y)
		if !l {
			left = "%s"
		}
		if !r {
			right = "%s"
		}
		return left + right, l || r
	case *ast.CallExpr:
		if named(e.Fun) == "Sprintf" {
			return flat(e.Args[0])
		}
	}
	return "", false
}
