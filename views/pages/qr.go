package pages

import (
	"context"
	"fmt"
	"image"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// QR draws a code as lines of modules: black on the white that it stands on in both themes, since cameras expect that.
func QR(code image.Image) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		size := code.Bounds().Dx()
		var path strings.Builder
		for y := range size {
			for x := range size {
				if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
					fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
				}
			}
		}
		_, err := fmt.Fprintf(w, `<svg viewBox="0 0 %d %d" width="184" height="184" role="img" aria-label="Code to scan with the app" shape-rendering="crispEdges"><path fill="currentColor" d="%s"/></svg>`, size, size, path.String())
		return err
	})
}
