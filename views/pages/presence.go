package pages

import (
	"context"
	"strings"

	"guestlist/views/words"
)

// Present is another admin who has the same page open.
type Present struct {
	Name  string
	Edits bool // the page is a form that they may send
}

// PresenceText says who else is at a page; "" when nobody is.
func PresenceText(ctx context.Context, others []Present) string {
	switch {
	case len(others) == 0:
		return ""
	case len(others) == 1 && others[0].Edits:
		return words.T(ctx, "%s is editing this.", others[0].Name)
	case len(others) == 1:
		return words.T(ctx, "%s is looking at this too.", others[0].Name)
	}
	names := make([]string, len(others))
	for i, o := range others {
		names[i] = o.Name
	}
	return words.T(ctx, "Also here: %s.", strings.Join(names, ", "))
}

// IsForm tells the paths of pages that are edited from those that are looked at.
func IsForm(path string) bool {
	return strings.Contains(path, "/settings") || strings.HasSuffix(path, "/edit")
}
