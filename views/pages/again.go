package pages

import (
	"time"

	"guestlist/views/components"
	"guestlist/views/layouts"
)

// AgainView asks whether something is meant to be done once more that was just done.
type AgainView struct {
	Frame  layouts.Page
	Action string
	Last   time.Time // when it was done
	Back   string
	Fields []components.Hidden // what was sent
}
