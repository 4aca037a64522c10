package chat

import (
	"slices"
	"testing"
	"time"
)

func kindsOf(all []Finding) (kinds []FindingKind) {
	for _, f := range all {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

func settingsWith(values map[SettingKey]string) Settings {
	s := DefaultSettings()
	for key, value := range values {
		s[key] = Setting{Key: key, Value: value, Version: 1}
	}
	return s
}

func TestFindings(t *testing.T) {
	closed := map[SettingKey]string{SettingIdentity: "true", SettingAllowedOrigins: "https://a.example"}
	old := noon.Add(-KeyUnusedFor)
	for name, x := range map[string]struct {
		facts HealthFacts
		want  []FindingKind
	}{
		"as it starts":        {HealthFacts{Settings: DefaultSettings()}, []FindingKind{SyncUnverified, WriteUnverified}},
		"live as it starts":   {HealthFacts{App: App{Live: true}, Settings: DefaultSettings()}, []FindingKind{SyncUnverified, WriteUnverified, AnyOrigin}},
		"closed":              {HealthFacts{App: App{Live: true}, Settings: settingsWith(closed)}, nil},
		"one box is open":     {HealthFacts{Settings: settingsWith(map[SettingKey]string{SettingUserSync: "true"})}, []FindingKind{SyncUnverified}},
		"both boxes are shut": {HealthFacts{Settings: settingsWith(map[SettingKey]string{SettingUserSync: "true", SettingConversationSync: "true"})}, nil},
		"signatures":          {HealthFacts{Settings: settingsWith(map[SettingKey]string{SettingIdentity: "true", SettingSignatures: "true"})}, []FindingKind{SignaturesNoEnd}},
		"keys": {HealthFacts{Settings: settingsWith(closed), Shown: map[string]time.Time{"shown": old, "off": old}, Keys: []Key{{ID: "never", Active: true, CreatedAt: old}, {ID: "new", Active: true, CreatedAt: noon},
			{ID: "used", Active: true, CreatedAt: old, LastUsedAt: old.Add(time.Minute)}, {ID: "shown", Active: true, CreatedAt: old}, {ID: "off", CreatedAt: old}}}, []FindingKind{KeyShown, KeyUnused}},
		"open conversations": {HealthFacts{Settings: settingsWith(closed), Open: []OpenConversation{{Conversation{ID: "a", Guests: GuestsRead}, noon.Add(-ConversationsOpenFor)},
			{Conversation{ID: "b", Guests: GuestsRead}, noon.Add(-ConversationsOpenFor + 1)}}}, []FindingKind{ConversationOpen}},
		"the app lets in nobody": {HealthFacts{Settings: settingsWith(map[SettingKey]string{SettingIdentity: "true", SettingGuests: "never"}), Open: []OpenConversation{{Conversation{ID: "a", Guests: GuestsRead}, time.Time{}}}}, nil},
		"passwords alone": {HealthFacts{App: App{ID: "shop"}, Settings: settingsWith(closed), Admins: []Admin{
			{ID: "server", Role: Viewer, HasPassword: true}, {ID: "app", Apps: AppRoles{"shop": Moderator}, HasPassword: true}, {ID: "elsewhere", Apps: AppRoles{"fair": Owner}, HasPassword: true},
			{ID: "code", Role: Owner, HasPassword: true, HasCode: true}, {ID: "passkey", Role: Owner, HasPassword: true, Passkeys: 1}, {ID: "provider", Role: Owner},
			{ID: "ended", Role: Owner, HasPassword: true, EndsAt: noon}, {ID: "ends", Role: Viewer, HasPassword: true, EndsAt: noon.Add(1)}}}, []FindingKind{NoSecondFactor, NoSecondFactor, NoSecondFactor}},
	} {
		x.facts.Now = noon
		if got := kindsOf(Findings(x.facts)); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}
