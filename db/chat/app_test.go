package chat

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsDoNotPrint(t *testing.T) {
	const text = "sk_live_n4Tq8v"
	secret := Secret(text)
	inside := struct {
		Key  Secret
		Keys []Secret
		Ref  *Secret
		Map  map[string]Secret
	}{secret, []Secret{secret}, &secret, map[string]Secret{"key": secret}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X"} {
		for _, value := range []any{secret, &secret, []Secret{secret}, inside} {
			got := fmt.Sprintf(verb, value)
			if strings.Contains(got, "n4Tq") || strings.Contains(strings.ToLower(got), fmt.Sprintf("%x", "n4Tq")) {
				t.Errorf("%s of %T prints %s", verb, value, got)
			}
		}
	}
	for _, value := range []any{secret, inside} {
		got, err := json.Marshal(value)
		if err != nil || strings.Contains(string(got), "n4Tq") {
			t.Errorf("as JSON: %s, %v", got, err)
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "key", secret, "all", inside)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "key", secret, "all", inside)
	if strings.Contains(log.String(), "n4Tq") {
		t.Errorf("in a log: %s", &log)
	}
	if err := fmt.Errorf("key %s: %w", secret, ErrAppNotFound()); strings.Contains(err.Error(), "n4Tq") {
		t.Errorf("in an error: %v", err)
	}
	if secret.Reveal() != text {
		t.Error("the text is lost")
	}
}
