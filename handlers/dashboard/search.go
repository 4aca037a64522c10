package dashboard

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/pages"
)

// findLimit is how many people and conversations a search shows.
const findLimit = 6

// search handles GET /search and GET /apps/:app/search: a page, or the rows of the palette for whoever asks for a part.
func (h *Handler) search(c echo.Context) error {
	frame, err := h.page(c, "Search", layouts.NavNone)
	if err != nil {
		return err
	}
	v := pages.SearchView{Frame: frame, Text: strings.TrimSpace(c.QueryParam("q")), At: localPath(c.QueryParam("at"), "")}
	place, err := h.placeOf(c, frame, v.At)
	if err != nil {
		return err
	}
	if err := h.find(c, &v, place); err != nil {
		return err
	}
	if isPart(c) {
		return h.render(c, http.StatusOK, pages.SearchRows(v))
	}
	return h.render(c, http.StatusOK, pages.Search(v))
}

// find fills a search: what the text names as a whole, then what has it in it.
func (h *Handler) find(c echo.Context, v *pages.SearchView, place pages.Place) error {
	app, ctx := place.App, c.Request().Context()
	jumps, err := h.jumps(c, v)
	if err != nil {
		return err
	}
	v.Add("Jump to", jumps)
	if app == "" || v.Text == "" || len(jumps) > 0 && strings.Contains(v.Text, "/") {
		v.AddCommands(ctx, place, actor(c), v.Frame.Now)
		v.Add("Pages", pages.PageRows(ctx, v.Frame, v.Text))
		v.Add("Apps", pages.AppRows(ctx, v.Frame, v.Text))
		return nil
	}
	found, err := h.Store.Find(ctx, app, v.Text, findLimit)
	if plain, bad := url.PathUnescape(v.Text); err == nil && bad == nil && plain != v.Text && len(found.Users)+len(found.Conversations) == 0 {
		found, err = h.Store.Find(ctx, app, plain, findLimit)
	}
	if err != nil {
		return err
	}
	settings, err := h.Store.Settings(ctx, app)
	if err != nil {
		return err
	}
	var people, conversations []pages.SearchRow
	for _, u := range found.Users {
		people = append(people, pages.UserRow(u))
	}
	for _, conv := range found.Conversations {
		conversations = append(conversations, pages.ConversationRow(ctx, conv))
	}
	v.Add("Conversations", conversations)
	if len(found.Conversations) > 0 && place.Conversation == nil {
		v.AddTop(ctx, pages.Place{App: app, Conversation: &found.Conversations[0]}, actor(c), v.Frame.Now)
	}
	v.AddCommands(ctx, place, actor(c), v.Frame.Now)
	v.Add("People", people)
	v.AddSettings(ctx, place, settings, actor(c), v.Frame.Now)
	v.Add("Pages", pages.PageRows(ctx, v.Frame, v.Text))
	v.Add("Apps", pages.AppRows(ctx, v.Frame, v.Text))
	return nil
}

// eventNumber is how people write the number of a change.
var eventNumber = regexp.MustCompile(`^#?([1-9][0-9]{0,17})$`)

// jumps are what a pasted text names as a whole: an address of the dashboard or of the REST API, the id of a request, the
// number of a change. What isn't there is left out.
func (h *Handler) jumps(c echo.Context, v *pages.SearchView) ([]pages.SearchRow, error) {
	app := chat.AppID(v.Frame.App.ID)
	if requestID.MatchString(v.Text) && app != "" {
		to, err := h.requestPage(c, app, v.Text)
		if err != nil || to == "" {
			return nil, err
		}
		return []pages.SearchRow{pages.RequestRow(c.Request().Context(), to, v.Text)}, nil
	}
	if number := eventNumber.FindStringSubmatch(v.Text); number != nil && app != "" {
		seq, _ := strconv.ParseInt(number[1], 10, 64)
		event, err := h.Store.Event(c.Request().Context(), app, seq)
		if e := chat.AsError(err); e != nil && e.Reason == chat.EventNotFound || err == nil && event.Type.Talk() {
			return nil, nil
		}
		return []pages.SearchRow{pages.EventSearchRow(c.Request().Context(), pages.EventView{Event: event, Now: v.Frame.Now})}, err
	}
	return h.addressJumps(c, v)
}

// addressJumps are the pages that a pasted address leads to, in any app of the server.
func (h *Handler) addressJumps(c echo.Context, v *pages.SearchView) ([]pages.SearchRow, error) {
	path := addressPath(v.Text)
	if path == "" {
		return nil, nil
	}
	place, err := h.placeOf(c, v.Frame, path)
	if err != nil {
		return nil, err
	}
	var rows []pages.SearchRow
	if place.Conversation != nil {
		rows = append(rows, pages.ConversationRow(c.Request().Context(), *place.Conversation))
	}
	if place.User != nil {
		rows = append(rows, pages.UserRow(*place.User))
	}
	own := localPath(path, "")
	switch {
	case own == "" || !h.hasPage(own):
	case len(rows) > 0:
		rows[0].Href = own // the very page, with the state of its list
	case segments(own)[1] == string(place.App) && !slices.ContainsFunc(segments(own)[2:], func(s string) bool { return s == "conversations" || s == "users" }):
		rows = append(rows, pages.SearchRow{Href: own, Label: "Open this page", Note: own, Icon: "arrow-right"})
	}
	return rows, nil
}

// hasPage tells whether a path of an app is that of a page.
func (h *Handler) hasPage(path string) bool {
	parts := segments(path)
	return len(parts) > 1 && slices.ContainsFunc(h.routes(), func(r route) bool {
		pattern := strings.Split(strings.Trim(r.path, "/"), "/")
		return r.method == http.MethodGet && len(pattern) == len(parts) && fits(pattern, parts)
	})
}

func fits(pattern, parts []string) bool {
	for i, p := range pattern {
		if p != parts[i] && !strings.HasPrefix(p, ":") {
			return false
		}
	}
	return true
}

// addressPath is the path of an address of the dashboard or the REST API, with its query; "" for other texts.
func addressPath(text string) string {
	if strings.ContainsAny(text, " \n\t") {
		return ""
	}
	for _, start := range []string{"/apps/", "/v1/"} {
		if i := strings.Index(text, start); i >= 0 && (i == 0 || strings.Contains(text[:i], "://") || !strings.Contains(text[:i], "/")) {
			return text[i:]
		}
	}
	return ""
}

// segments are the parts of a path, decoded; nil for a path that isn't encoded correctly.
func segments(path string) []string {
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	var all []string
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return nil
		}
		all = append(all, plain)
	}
	return all
}

// placeOf is what a path of the dashboard or of the REST API is about, as far as it is there. Apps that the admin has
// nothing to do with are not.
func (h *Handler) placeOf(c echo.Context, frame layouts.Page, path string) (p pages.Place, err error) {
	p.App = chat.AppID(frame.App.ID)
	parts := segments(path)
	if len(parts) < 2 || parts[0] != "apps" && parts[0] != "v1" {
		return p, nil
	}
	p.App = ""
	for _, app := range frame.Apps {
		if app.ID == parts[1] {
			p.App = chat.AppID(app.ID)
		}
	}
	if p.App == "" {
		p.App = chat.AppID(frame.App.ID)
		return p, nil
	}
	if len(parts) > 3 && parts[2] == "conversations" {
		if p.Conversation, err = h.conversationNamed(c, p.App, parts[3]); err != nil {
			return p, err
		}
		if len(parts) > 5 && (parts[4] == "participants" || parts[4] == "guests") {
			p.User, err = h.userNamed(c, p.App, parts[5])
		}
	}
	if len(parts) > 3 && parts[2] == "users" {
		p.User, err = h.userNamed(c, p.App, parts[3])
	}
	return p, err
}

// conversationNamed and userNamed are nil where there is none.
func (h *Handler) conversationNamed(c echo.Context, app chat.AppID, id string) (*chat.Conversation, error) {
	conv, err := h.Store.Conversation(c.Request().Context(), app, chat.ConversationID(id))
	if chat.ReasonOf(err) == chat.ConversationMissing {
		return nil, nil
	}
	return &conv, err
}

func (h *Handler) userNamed(c echo.Context, app chat.AppID, id string) (*chat.User, error) {
	user, err := h.Store.User(c.Request().Context(), app, chat.UserID(id))
	if chat.ReasonOf(err) == chat.UserNotFound {
		return nil, nil
	}
	return &user, err
}
