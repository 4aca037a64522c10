package components

import "github.com/a-h/templ"

// LiveProps is what a page needs to keep itself fresh. The zero value is a page that doesn't.
type LiveProps struct {
	Stream string // the address of the news
	Since  string // the state that the page can have in it; another one means that there is news
}

// LiveNow marks a part of a page that is fetched again when there is news of one of its topics, the first words of the
// news's types or whole types: "participant guest.blocked". Its rows carry LiveRow; where they would jump under somebody's hands, the page asks.
func LiveNow(topics string) templ.Attributes { return templ.Attributes{"data-live": topics} }

// LiveAsked is LiveNow for lists whose rows jump with every change: they move only when asked to.
func LiveAsked(topics string) templ.Attributes {
	return templ.Attributes{"data-live": topics, "data-live-asked": true}
}

// LiveRow marks a row of a live part. The row has an id.
func LiveRow() templ.Attributes { return templ.Attributes{"data-row": true} }
