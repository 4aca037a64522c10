package rest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// notHere are the reasons that only pages and browsers are told.
var notHere = []string{"key_not_found", "admin_not_found", "event_not_found", "already_exists", "key_limit", "key_active", "last_owner", "stale_setting", "stale_change",
	"cannot_undo", "role_too_low", "reauth_required", "identity_required", "user_sync_disallowed", "conversation_sync_disallowed", "guests_not_allowed", "read_only",
	"not_yours", "not_in_browser", "access_ceiling", "cross_origin", "message_not_found", "secret_key_exposed",
	"guest_blocked", "removed", "origin_not_allowed", "signed_in_elsewhere", "token_expired", "key_deactivated", "too_many_calls"}

// The list of error codes is closed: each that a backend can meet is explained, and nothing else is.
func TestErrorCodesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/rest.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../../db/chat/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Reason" {
			return true
		}
		reason, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found++
		documented := strings.Contains(string(page), "`"+strings.ToUpper(reason)+"`")
		if documented == slices.Contains(notHere, reason) {
			t.Errorf("%s: documented %t", reason, documented)
		}
		return true
	})
	if found < 30 {
		t.Fatalf("only %d reasons were found", found)
	}
}
