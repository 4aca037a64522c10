package pages

import (
	"context"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/words"
)

// clashLabel is a field in dispute as its form names it.
func clashLabel(ctx context.Context, field string) string {
	if key, ok := strings.CutPrefix(field, "custom."); ok {
		return words.T(ctx, "Custom field %s", key)
	}
	switch field {
	case "name":
		return words.T(ctx, "Name")
	case "email":
		return words.T(ctx, "E-mail")
	case "phone":
		return words.T(ctx, "Phone")
	case "photoUrl":
		return words.T(ctx, "Photo")
	case "role":
		return words.T(ctx, "Role")
	case "locale":
		return words.T(ctx, "Language")
	case "welcomeMessage":
		return words.T(ctx, "Welcome message")
	case "welcomeMessages":
		return words.T(ctx, "Welcome messages")
	case "subject":
		return words.T(ctx, "Subject")
	case "guestAccess":
		return words.T(ctx, "Guest access")
	}
	return words.Said(ctx, chat.SettingKey(field).Label())
}

// Seen is what a refused form was made from; without any, a form is made from what is stored.
type Seen struct {
	Name     string // of the app; "" for the stored one
	Settings chat.Settings
}

func (s Seen) seen(stored chat.Settings, key chat.SettingKey) chat.Setting {
	if seen, ok := s.Settings[key]; ok {
		return seen
	}
	return stored[key]
}
