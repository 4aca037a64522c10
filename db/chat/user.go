package chat

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// User is a person of an app. Empty strings and lists stand for null.
type User struct {
	App              AppID
	ID               UserID
	Name             string
	Email            []string
	Phone            []string
	PhotoURL         string
	WelcomeMessage   string
	Role             string
	Locale           string
	AvailabilityText string // legacy, stored and given back
	HeaderPhotoURL   string // legacy, stored and given back
	Custom           map[string]string
	PushTokens       []string // "fcm:…" or "apns:…"
	CreatedAt        time.Time

	Conversations int64 // how many conversations the user participates in
}

// UserChange is a change of a user: only what is set changes. It reads the body that REST documents for PUT users.
type UserChange struct {
	Name             Opt[string]
	Email            Opt[[]string]
	Phone            Opt[[]string]
	PhotoURL         Opt[string]
	WelcomeMessage   Opt[string]
	Role             Opt[string]
	Locale           Opt[string]
	AvailabilityText Opt[string]
	HeaderPhotoURL   Opt[string]
	Custom           Opt[Custom]
	PushTokens       Opt[map[string]*bool] // true adds, null removes
}

// UnmarshalJSON reads the documented body; unknown keys are ignored. "configuration" is the old name of role.
func (c *UserChange) UnmarshalJSON(b []byte) error {
	var configuration Opt[string]
	err := decodeFields(b, map[string]jsonField{
		"name":             {&c.Name, "a string"},
		"email":            {&c.Email, "a list of strings or null"},
		"phone":            {&c.Phone, "a list of strings or null"},
		"photoUrl":         {&c.PhotoURL, "a string or null"},
		"welcomeMessage":   {&c.WelcomeMessage, "a string or null"},
		"role":             {&c.Role, "a string or null"},
		"configuration":    {&configuration, "a string or null"},
		"locale":           {&c.Locale, "a string or null"},
		"availabilityText": {&c.AvailabilityText, "a string or null"},
		"headerPhotoUrl":   {&c.HeaderPhotoURL, "a string or null"},
		"custom":           {&c.Custom, "an object of strings, or null"},
		"pushTokens":       {&c.PushTokens, "an object of true and null, or null"},
	})
	if configuration.Set && !c.Role.Set {
		c.Role = configuration
	}
	return err
}

// Apply is the user after the change, checked whole; u stays untouched.
func (c UserChange) Apply(u User) (User, error) {
	problems := fieldErrors{}
	text := func(field string, o Opt[string], was string, problem func(string) string) string {
		now := o.Or(was, "")
		if why := problem(now); o.Set && why != "" {
			problems.add(field, why)
		}
		return now
	}
	short := func(s string) string { return textProblem(s, MaxName) }
	long := func(s string) string { return textProblem(s, MaxText) }
	u.Name = text("name", c.Name, u.Name, nameProblem)
	if u.Name == "" {
		problems.add("name", "is required")
	}
	u.PhotoURL = text("photoUrl", c.PhotoURL, u.PhotoURL, urlProblem)
	u.HeaderPhotoURL = text("headerPhotoUrl", c.HeaderPhotoURL, u.HeaderPhotoURL, urlProblem)
	u.WelcomeMessage = text("welcomeMessage", c.WelcomeMessage, u.WelcomeMessage, long)
	u.AvailabilityText = text("availabilityText", c.AvailabilityText, u.AvailabilityText, long)
	u.Role = text("role", c.Role, u.Role, short)
	u.Locale = text("locale", c.Locale, u.Locale, short)
	u.Email = c.Email.Or(u.Email, nil)
	if why := listProblem(u.Email); why != "" {
		problems.add("email", why)
	}
	u.Phone = c.Phone.Or(u.Phone, nil)
	if why := listProblem(u.Phone); why != "" {
		problems.add("phone", why)
	}
	u.Custom = patchCustom(u.Custom, c.Custom)
	if why := customProblem(u.Custom); why != "" {
		problems.add("custom", why)
	}
	for token, on := range c.PushTokens.Value {
		switch kind, id, _ := strings.Cut(token, ":"); {
		case kind != "fcm" && kind != "apns" || strings.TrimSpace(id) == "":
			problems.add("pushTokens", "has “"+token+"”, which is neither fcm: nor apns: and a token")
		case on != nil && !*on:
			problems.add("pushTokens", "must be true to add “"+token+"” or null to remove it")
		}
	}
	u.PushTokens = patchTokens(u.PushTokens, c.PushTokens)
	if why := listProblem(u.PushTokens); why != "" {
		problems.add("pushTokens", why)
	}
	return u, problems.err()
}

func patchTokens(was []string, change Opt[map[string]*bool]) []string {
	if !change.Set {
		return was
	}
	set := map[string]bool{}
	if !change.Null {
		for _, t := range was {
			set[t] = true
		}
	}
	for t, on := range change.Value {
		if on == nil {
			delete(set, t)
		} else {
			set[t] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// fields is the user as the event images name it.
func (u User) fields() fieldValues {
	return fieldValues{
		{"name", orNull(u.Name)}, {"email", listOrNull(u.Email)}, {"phone", listOrNull(u.Phone)},
		{"photoUrl", orNull(u.PhotoURL)}, {"welcomeMessage", orNull(u.WelcomeMessage)},
		{"role", orNull(u.Role)}, {"locale", orNull(u.Locale)},
		{"availabilityText", orNull(u.AvailabilityText)}, {"headerPhotoUrl", orNull(u.HeaderPhotoURL)},
	}
}

// DiffUser is the change from before to after as two event images, each a valid UserChange; nil when nothing differs.
func DiffUser(before, after User) (was, now Image) {
	was, now = before.fields().diff(after.fields())
	if back, forth := DiffCustom(before.Custom, after.Custom); len(forth) > 0 {
		was["custom"], now["custom"] = back, forth
	}
	if !slices.Equal(before.PushTokens, after.PushTokens) {
		was["pushTokens"], now["pushTokens"] = tokenPatch(after.PushTokens, before.PushTokens), tokenPatch(before.PushTokens, after.PushTokens)
	}
	return was, now
}

func tokenPatch(from, to []string) map[string]any {
	patch := map[string]any{}
	for _, t := range from {
		patch[t] = nil
	}
	for _, t := range to {
		patch[t] = true
	}
	return patch
}
