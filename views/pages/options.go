package pages

import (
	"context"

	"guestlist/views/components"
	"guestlist/views/words"
)

// said are options whose labels stand in a table, in the language of who reads.
func said(ctx context.Context, options []components.Option) []components.Option {
	all := make([]components.Option, len(options))
	for i, o := range options {
		o.Label = words.T(ctx, o.Label)
		all[i] = o
	}
	return all
}
