package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Frame is what an iframe of the page shows, as a tab: it is looked at and used in the same way, whatever its origin. Its
// address contains part. It is found anew each time, so it may come late and be loaded again.
func (tab *Tab) Frame(part string) *Tab {
	return &Tab{t: tab.t, ctx: tab.ctx, site: tab.site, frame: part}
}

// where makes an expression run in the frame, in a world of its own beside the frame's scripts.
func (tab *Tab) where(ctx context.Context) (chromedp.EvaluateOption, error) {
	if tab.frame == "" {
		return func(*runtime.EvaluateParams) {}, nil
	}
	tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	for _, child := range tree.FrameTree.ChildFrames {
		if !strings.Contains(child.Frame.URL, tab.frame) {
			continue
		}
		world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: child.Frame.ID, WorldName: "test"})
		return func(p *runtime.EvaluateParams) { p.ContextID = world.ExecutionContextID }, err
	}
	return nil, errors.New("the page has no frame of " + tab.frame)
}

// inPage is the page that holds the frame.
func (tab *Tab) inPage() *Tab { return &Tab{t: tab.t, ctx: tab.ctx, site: tab.site} }

// clickInFrame clicks the middle of an element of the frame.
func (tab *Tab) clickInFrame(css string) error {
	tab.t.Helper()
	type point struct{ X, Y float64 }
	in := Eval[point](tab, fmt.Sprintf(`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return { X: r.x + r.width / 2, Y: r.y + r.height / 2 }; })()`, css))
	at := Eval[point](tab.inPage(), fmt.Sprintf(`(() => {
	  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
	  const r = all(document).find((e) => e.tagName === "IFRAME" && e.src.includes(%q)).getBoundingClientRect(); return { X: r.x, Y: r.y };
	})()`, tab.frame))
	return tab.do(chromedp.MouseClickXY(at.X+in.X, at.Y+in.Y))
}
