// Package docs is the documentation, as the dashboard shows it under /help.
package docs

import "embed"

// Pages are the pages in Markdown. A page that is added here is shown there.
//
//go:embed *.md
var Pages embed.FS
