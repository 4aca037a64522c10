package rest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// elsewhere are the reasons that are not met at a door: its page doesn't name them.
var elsewhere = map[string][]string{
	"rest.md": {"key_not_found", "view_not_found", "admin_not_found", "event_not_found", "already_exists", "key_limit", "key_active", "last_owner", "stale_setting", "stale_change",
		"cannot_undo", "role_too_low", "reauth_required", "identity_required", "user_sync_disallowed", "conversation_sync_disallowed", "guests_not_allowed", "read_only",
		"not_yours", "not_in_browser", "access_ceiling", "cross_origin", "message_not_found", "secret_key_exposed",
		"guest_blocked", "removed", "access_ended", "origin_not_allowed", "signed_in_elsewhere", "token_expired", "key_deactivated", "too_many_calls",
		"signatures_not_accepted",
		"plan_not_found", "trial_waiting", "plan_limit", "already_done",
		"job_not_found", "stage_not_found", "backup_not_found", "backup_refused", "last_way_in", "invitation_gone", "not_on_the_team",
		"not_in_trash", "id_taken", "banned"},
	"browser.md": {"key_not_found", "view_not_found", "admin_not_found", "event_not_found", "already_exists", "key_limit", "key_active", "last_owner", "stale_setting", "stale_change",
		"cannot_undo", "role_too_low", "reauth_required", "cross_origin", "bad_api_version", "method_not_allowed", "wrong_content_type", "too_many_attempts", "wrong_host",
		"plan_not_found", "trial_waiting", "plan_limit", "already_done",
		"job_not_found", "stage_not_found", "backup_not_found", "backup_refused", "last_way_in", "invitation_gone", "not_on_the_team",
		"not_in_trash", "id_taken"},
}

// The list of error codes is closed: each that a backend or a page can meet is explained, and nothing else is.
func TestErrorCodesAreDocumented(t *testing.T) {
	for name, elsewhere := range elsewhere {
		page, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, reason := range reasons(t) {
			documented := strings.Contains(string(page), "`"+strings.ToUpper(reason)+"`")
			if documented == slices.Contains(elsewhere, reason) {
				t.Errorf("%s in %s: documented %t", reason, name, documented)
			}
		}
	}
}

// The SDK has codes of its own, for what no server says.
func TestSDKErrorCodesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/browser.md")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("../../static/sdk/src/*.ts")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range sources {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range regexp.MustCompile(`code: .*?"([A-Z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			found++
			if !strings.Contains(string(page), "`"+code[1]+"`") {
				t.Errorf("%s of %s is not documented", code[1], path)
			}
		}
	}
	if found < 8 {
		t.Fatalf("only %d codes were found", found)
	}
}

// reasons are all reasons that db/chat declares.
func reasons(t *testing.T) (all []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../db/chat/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
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
		all = append(all, reason)
		return true
	})
	if len(all) < 30 {
		t.Fatalf("only %d reasons were found", len(all))
	}
	return all
}
