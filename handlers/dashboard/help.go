package dashboard

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/docs"
	"guestlist/handlers/help"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// manual is the documentation, read once.
var manual = help.Open(docs.Pages, paths.Help)

// showHelp handles GET /help: the table of contents, or with q what is found.
func (h *Handler) showHelp(c echo.Context) error {
	frame, err := h.page(c, "Help", layouts.NavNone)
	if err != nil {
		return err
	}
	v := pages.HelpView{Frame: frame, Find: strings.TrimSpace(c.QueryParam("q")), Pages: helpPages("")}
	for _, hit := range manual.Find(v.Find) {
		v.Found = append(v.Found, pages.HelpHit{Page: hit.Page, Title: hit.Title, Text: hit.Text, Href: paths.Help(hit.Name, hit.ID)})
	}
	return h.render(c, http.StatusOK, pages.HelpIndex(v))
}

// showHelpPage handles GET /help/:page.
func (h *Handler) showHelpPage(c echo.Context) error {
	page, ok := manual.Page(c.Param("page"))
	if !ok {
		return web.FromEcho(echo.ErrNotFound)
	}
	frame, err := h.page(c, page.Title, layouts.NavNone)
	if err != nil {
		return err
	}
	v := pages.HelpView{Frame: frame, Pages: helpPages(page.Name), Title: page.Title, HTML: page.HTML}
	for _, s := range page.Sections {
		if s.Level == 2 || s.Level == 3 {
			v.Contents = append(v.Contents, pages.HelpLink{Label: s.Title, Href: "#" + s.ID, Sub: s.Level == 3})
		}
	}
	return h.render(c, http.StatusOK, pages.HelpPage(v))
}

func helpPages(current string) (all []pages.HelpLink) {
	for _, p := range manual.Pages() {
		all = append(all, pages.HelpLink{Label: p.Title, Href: paths.Help(p.Name, ""), Current: p.Name == current})
	}
	return all
}
