package words

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Slots are the parts of a sentence that are more than text, by the names that stand for them in braces.
type Slots map[string]templ.Component

// Rich says a sentence that has other parts than text: in "{who} left {conversation}." the slots who and conversation are
// drawn where the language puts them.
func Rich(sentence string, slots Slots, args ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		rest := T(ctx, sentence, args...)
		for rest != "" {
			text, after, open := strings.Cut(rest, "{")
			if _, err := io.WriteString(w, templ.EscapeString(text)); err != nil || !open {
				return err
			}
			name, after, _ := strings.Cut(after, "}")
			if slot := slots[name]; slot != nil {
				if err := slot.Render(ctx, w); err != nil {
					return err
				}
			}
			rest = after
		}
		return nil
	})
}
