package dashboard

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showRefusals handles GET /apps/:app/refusals. A request id that belongs to a change leads to the audit log.
func (h *Handler) showRefusals(c echo.Context) error {
	frame, err := h.page(c, "Refused calls", layouts.NavRefusals)
	if err != nil {
		return err
	}
	v := pages.RefusalsView{Frame: frame, App: frame.App.ID, Filter: pages.RefusalFilter{Reason: c.QueryParam("reason"), Outcome: c.QueryParam("outcome"),
		Request: strings.TrimSpace(c.QueryParam("request"))}}
	app := chat.AppID(frame.App.ID)
	if v.Filter.Request != "" {
		v.Views = pages.ListViews{App: v.App, List: "refusals"}
		to, err := h.requestPage(c, app, v.Filter.Request)
		if err != nil {
			return err
		}
		if to != "" && to != refusalPage(app, v.Filter.Request) {
			return h.seeOther(c, to)
		}
		if to != "" {
			call, err := h.Store.RefusalByRequest(c.Request().Context(), app, v.Filter.Request)
			if err != nil {
				return err
			}
			v.Rows = []chat.Call{call}
		}
		return h.render(c, http.StatusOK, pages.Refusals(v))
	}
	list, err := h.Store.Refusals(c.Request().Context(), app, db.RefusalQuery{Reason: chat.Reason(v.Filter.Reason), Outcome: chat.Outcome(v.Filter.Outcome), Window: window(c)})
	if err != nil {
		return err
	}
	if v.Views, err = h.listViews(c, app, "refusals"); err != nil {
		return err
	}
	v.Rows = list.Items
	v.Newer, v.Older = pageLinks(paths.Refusals(v.App), v.Filter.Query(), list.Prev, list.Next)
	return h.render(c, http.StatusOK, pages.Refusals(v))
}

func refusalPage(app chat.AppID, request string) string {
	return paths.Page(paths.Refusals(string(app)), pages.RefusalFilter{Request: request}.Query())
}

// requestID is what a request's id looks like.
var requestID = regexp.MustCompile(`^req_[a-z0-9]{8,64}$`)

// requestPage is the page of the call or the change that a request made; "" when nothing is known of it.
func (h *Handler) requestPage(c echo.Context, app chat.AppID, request string) (string, error) {
	ctx := c.Request().Context()
	_, err := h.Store.RefusalByRequest(ctx, app, request)
	if err == nil {
		return refusalPage(app, request), nil
	}
	if e := chat.AsError(err); e == nil || e.Code != chat.NotFound {
		return "", err
	}
	events, err := h.Store.Events(ctx, db.EventQuery{App: app, RequestID: request, Window: db.Window{Limit: 1}})
	if err != nil || len(events.Items) == 0 {
		return "", err
	}
	return paths.Page(paths.Audit(string(app)), pages.AuditFilter{Request: request}.Query()), nil
}

// toRequest answers a search that found nothing, for what turns out to be the id of a request; done is false when it is
// none, or nothing is known of it.
func (h *Handler) toRequest(c echo.Context, app chat.AppID, search string) (done bool, err error) {
	if !requestID.MatchString(search) {
		return false, nil
	}
	to, err := h.requestPage(c, app, search)
	if err != nil || to == "" {
		return false, err
	}
	if isPart(c) { // a swap would put that page's list in place of this one
		c.Response().Header().Set("HX-Redirect", to)
		return true, c.NoContent(http.StatusNoContent)
	}
	return true, h.seeOther(c, to)
}
