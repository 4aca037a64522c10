package chat

import (
	"maps"
	"strings"
	"testing"
)

func TestSettingChangeCheck(t *testing.T) {
	flag := map[string]bool{"true": true, "false": true, "": false, "TRUE": false, "1": false, "on": false, "observe": false}
	box := maps.Clone(flag)
	box["observe"] = true
	for key, values := range map[SettingKey]map[string]bool{
		SettingUserSync:         box,
		SettingConversationSync: box,
		SettingIdentity:         flag,
		SettingGuests:           {"follow": true, "every": true, "allowed": true, "never": true, "": false, "Never": false, "true": false},
		SettingParticipantLimit: {"0": true, "1": true, "10000000": true, "10000001": false, "-1": false, "01": false, "+1": false, " 1": false, "1e3": false, "": false},
		"theme":                 {"true": false},
		"":                      {"": false},
	} {
		for value, fine := range values {
			_, err := SettingChange{Key: key, Value: value}.Normal()
			if (err == nil) != fine {
				t.Errorf("%s = %q: %v", key, value, err)
			}
			if e := AsError(err); err != nil && (e == nil || e.Code != Invalid || len(e.Fields[string(key)]) != 1) {
				t.Errorf("%s = %q: %v", key, value, err)
			}
		}
	}
}

func TestDefaultSettings(t *testing.T) {
	s := DefaultSettings()
	if len(s) != len(SettingKeys) {
		t.Errorf("%d defaults for %d settings", len(s), len(SettingKeys))
	}
	for key, setting := range s {
		if setting.Key != key || setting.Version != 0 || !setting.ChangedAt.IsZero() {
			t.Errorf("%s: %+v", key, setting)
		}
		if _, err := (SettingChange{Key: key, Value: setting.Value}).Normal(); err != nil {
			t.Errorf("the default of %s is not valid: %v", key, err)
		}
	}
	if got := s.Security(); got != (Security{Guests: GuestsFollow}) {
		t.Errorf("security by default: %+v", got)
	}
	if s.ParticipantLimit() != 0 {
		t.Error("there is a limit by default")
	}
}

func TestSettingsSecurity(t *testing.T) {
	for _, key := range []SettingKey{SettingUserSync, SettingConversationSync, SettingIdentity, SettingSignatures} {
		s := DefaultSettings()
		s[key] = Setting{Key: key, Value: "true"}
		want := map[SettingKey]Security{
			SettingUserSync:         {DisallowUserSync: true, Guests: GuestsFollow},
			SettingConversationSync: {DisallowConversationSync: true, Guests: GuestsFollow},
			SettingIdentity:         {RequireIdentity: true, Guests: GuestsFollow},
			SettingSignatures:       {AcceptSignatures: true, Guests: GuestsFollow},
		}[key]
		if got := s.Security(); got != want {
			t.Errorf("%s: %+v", key, got)
		}
	}
	s := DefaultSettings()
	s[SettingGuests] = Setting{Value: "never"}
	s[SettingParticipantLimit] = Setting{Value: "300"}
	if s.Security().Guests != GuestsNever || s.ParticipantLimit() != 300 {
		t.Errorf("%+v, %d", s.Security(), s.ParticipantLimit())
	}
}

func TestStaleSettingShowsBoth(t *testing.T) {
	e := StaleSettingError(SettingChange{Key: SettingGuests, Value: "every"}, Setting{Value: "never", ChangedBy: "Tomás"})
	if e.Code != Conflict || e.Reason != StaleSetting || len(e.Fields[string(SettingGuests)]) != 1 {
		t.Errorf("%+v", e)
	}
	for _, part := range []string{"Tomás", "“In every conversation that doesn’t forbid it”", "“Never”"} {
		if !strings.Contains(e.Error(), part) {
			t.Errorf("%q does not name %s", e.Error(), part)
		}
	}
}

func TestSettingsAreSaidInWords(t *testing.T) {
	for _, c := range []struct {
		key         SettingKey
		value, want string
	}{
		{SettingUserSync, "true", "ticked"}, {SettingUserSync, "observe", "observing"},
		{SettingAllowedOrigins, "", "any"}, {SettingAllowedOrigins, "https://a.example\nhttps://b.example", "https://a.example, https://b.example"},
		{SettingTheme, "", "the default"}, {SettingTheme, `{"accent":"#000"}`, "one of your own"}, {SettingIdentity, "false", "not ticked"}, {SettingParticipantLimit, "0", "no limit"},
		{SettingParticipantLimit, "300", "300"}, {SettingGuests, "allowed", "“Only in conversations that allow it”"}, {SettingGuests, "follow", "“Follow browser synchronization”"},
	} {
		if got := c.key.Say(c.value); got != c.want {
			t.Errorf("%s %s: %q", c.key, c.value, got)
		}
	}
}
