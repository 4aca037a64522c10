package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// SettingKey names one setting of an app. Each is a row of its own, with a version.
type SettingKey string

const (
	SettingUserSync         SettingKey = "disallowUserSync"
	SettingConversationSync SettingKey = "disallowConversationSync"
	SettingGuests           SettingKey = "guestPolicy"
	SettingIdentity         SettingKey = "requireIdentity"
	SettingSignatures       SettingKey = "acceptSignatures"
	SettingParticipantLimit SettingKey = "participantLimit"
	SettingAllowedOrigins   SettingKey = "allowedOrigins"
	SettingTheme            SettingKey = "chatTheme"
)

// SettingKeys lists all settings.
var SettingKeys = []SettingKey{SettingUserSync, SettingConversationSync, SettingGuests, SettingIdentity, SettingSignatures, SettingParticipantLimit, SettingAllowedOrigins, SettingTheme}

// Setting is one stored setting. Version is 0 while it has its default.
type Setting struct {
	Key       SettingKey
	Value     string // "true", "observe", "false", the name of a policy, a number, origins one a line, or a theme
	Version   int64
	ChangedAt time.Time // zero while it has its default
	ChangedBy string
	Source    Source
}

// Settings are all settings of an app, by key.
type Settings map[SettingKey]Setting

// DefaultSettings are the settings of an app that nobody changed.
func DefaultSettings() Settings {
	s := Settings{}
	for _, key := range SettingKeys {
		s[key] = Setting{Key: key, Value: defaultSetting(key)}
	}
	return s
}

func defaultSetting(key SettingKey) string {
	switch key {
	case SettingGuests:
		return string(GuestsFollow)
	case SettingParticipantLimit:
		return "0"
	case SettingAllowedOrigins, SettingTheme:
		return ""
	}
	return "false"
}

// Security reads the switches.
func (s Settings) Security() Security {
	return Security{
		DisallowUserSync:         s[SettingUserSync].Value == "true",
		DisallowConversationSync: s[SettingConversationSync].Value == "true",
		Guests:                   GuestPolicy(s[SettingGuests].Value),
		RequireIdentity:          s[SettingIdentity].Value == "true",
		AcceptSignatures:         s[SettingSignatures].Value == "true",
		ObserveUserSync:          s[SettingUserSync].Value == Observing,
		ObserveConversationSync:  s[SettingConversationSync].Value == Observing,
	}
}

// Observing is the value of the third position of the two boxes: allow, and count what a tick would refuse.
const Observing = "observe"

// Theme is the look of the app's chats.
func (s Settings) Theme() Theme {
	t, err := ParseTheme(s[SettingTheme].Value)
	if err != nil {
		return Theme{} // nothing else was ever stored
	}
	return t
}

// ParticipantLimit is how many participants a conversation may have; 0 means no limit.
func (s Settings) ParticipantLimit() int64 {
	n, _ := strconv.ParseInt(s[SettingParticipantLimit].Value, 10, 64)
	return n
}

// SettingChange saves one setting. Version is the one that the form was made from: a save of a value that somebody
// else changed since is refused.
type SettingChange struct {
	Key     SettingKey
	Value   string
	Version int64
	Was     Opt[string] `json:"-"` // the value that the editor saw, where it can be told
}

// Normal is the change with its value as it is stored: origins and themes have one spelling. It refuses a value that
// the setting can't have.
func (c SettingChange) Normal() (SettingChange, error) {
	switch c.Key {
	case SettingAllowedOrigins:
		origins, err := parseOrigins(c.Value)
		c.Value = strings.Join(origins, "\n")
		return c, err
	case SettingTheme:
		theme, err := ParseTheme(c.Value)
		c.Value = theme.JSON()
		return c, err
	}
	return c, c.check()
}

// check refuses what isn't one of the values that the setting can have.
func (c SettingChange) check() error {
	switch c.Key {
	case SettingUserSync, SettingConversationSync:
		if c.Value == "true" || c.Value == "false" || c.Value == Observing {
			return nil
		}
		return InvalidField(string(c.Key), "must be true, observe or false")
	case SettingIdentity, SettingSignatures:
		if c.Value == "true" || c.Value == "false" {
			return nil
		}
		return InvalidField(string(c.Key), "must be true or false")
	case SettingGuests:
		if slices.Contains(GuestPolicies, GuestPolicy(c.Value)) {
			return nil
		}
		return InvalidField(string(c.Key), "must be follow, every, allowed or never")
	case SettingParticipantLimit:
		if n, err := strconv.ParseInt(c.Value, 10, 64); err == nil && n >= 0 && n <= 10_000_000 && strconv.FormatInt(n, 10) == c.Value {
			return nil
		}
		return InvalidField(string(c.Key), "must be a number from 0 (no limit) to 10000000")
	}
	return InvalidField(string(c.Key), "is not a setting")
}

// Label is the setting as the Settings page names it.
func (k SettingKey) Label() string {
	switch k {
	case SettingUserSync:
		return "Disallow user synchronization via the browser"
	case SettingConversationSync:
		return "Disallow conversation synchronization via the browser"
	case SettingGuests:
		return "Guest access"
	case SettingIdentity:
		return "Require a signed token"
	case SettingSignatures:
		return "Accept signatures of older integrations"
	case SettingParticipantLimit:
		return "Participants per conversation"
	case SettingAllowedOrigins:
		return "Allowed origins"
	case SettingTheme:
		return "Chat theme"
	}
	return string(k)
}

// Say is a value of the setting in words: a box is ticked or not, a policy has its label, a limit may be none.
func (k SettingKey) Say(value string) string {
	switch {
	case k == SettingGuests:
		return "“" + GuestPolicy(value).Label() + "”"
	case k == SettingParticipantLimit && value == "0":
		return "no limit"
	case k == SettingParticipantLimit:
		return value
	case k == SettingAllowedOrigins && value == "":
		return "any"
	case k == SettingAllowedOrigins:
		return strings.ReplaceAll(value, "\n", ", ")
	case k == SettingTheme && value == "":
		return "the default"
	case k == SettingTheme:
		return "one of your own"
	case value == "true":
		return "ticked"
	case value == Observing:
		return "observing"
	}
	return "not ticked"
}

// saw is what the editor saw, in words.
func (c SettingChange) saw() string {
	if !c.Was.Set {
		return ""
	}
	return c.Key.sayWhole(c.Was.Value)
}

// sayWhole is Say with all that a theme has.
func (k SettingKey) sayWhole(value string) string {
	if k != SettingTheme || value == "" {
		return k.Say(value)
	}
	theme := Settings{k: {Value: value}}.Theme()
	var all []string
	for _, v := range ThemeVariables {
		if theme[v.Name] != "" {
			all = append(all, v.Label+" "+theme[v.Name])
		}
	}
	return strings.Join(all, ", ")
}

// StaleSettingError refuses a save over somebody else's newer value and shows both.
func StaleSettingError(yours SettingChange, now Setting) *Error {
	mine, theirs := yours.Key.sayWhole(yours.Value), yours.Key.sayWhole(now.Value)
	return &Error{Code: Conflict, Reason: StaleSetting,
		Message: "Not saved. " + now.ChangedBy + " changed this setting while you were editing.",
		Hint:    "Yours: " + mine + ". Now: " + theirs + ". Look at both and save again.",
		Clashes: []Clash{{Field: string(yours.Key), Was: yours.saw(), Theirs: theirs, Mine: mine}},
		Fields:  map[string][]string{string(yours.Key): {"Yours: " + mine + ". Now: " + theirs + ", since " + now.ChangedBy + " changed it meanwhile."}}}
}
