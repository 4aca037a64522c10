package pages

import (
	"context"

	"guestlist/views/layouts"
	"guestlist/views/words"
)

// helpFor is the heading of docs/settings.md that explains a group of settings, by the group's id. A test checks that each
// group has one and that it is there.
var helpFor = map[string]string{
	"about": "app", "limits": "limits",
	"sync": "browser-synchronization", "guests": "guest-access", "identity": "identity-verification",
	"origins": "allowed-origins", "signatures": "older-signatures", "theme": "chat-theme",
	"public": "app-id", "secret": "secret-keys",
	"health": "health", "scheduled": "scheduled-changes", "changes": "history",
}

// HelpView is the documentation: its table of contents, what a search found, or a page.
type HelpView struct {
	Frame    layouts.Page
	Find     string
	Pages    []HelpLink
	Found    []HelpHit
	Title    string
	HTML     string // of the program's own documentation
	Contents []HelpLink
}

// HelpLink is a page or a heading.
type HelpLink struct {
	Label, Href string
	Sub         bool // below the one before
	Current     bool
}

// HelpHit is a section that a search found.
type HelpHit struct{ Page, Title, Text, Href string }

func (v HelpView) foundText(ctx context.Context) string {
	if len(v.Found) == 0 {
		return words.T(ctx, "No page has all of these words.")
	}
	return words.T(ctx, "%s with “%s”", words.N(ctx, int64(len(v.Found)), "%d section", "%d sections"), v.Find)
}
