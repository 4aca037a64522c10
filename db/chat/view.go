package chat

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// SavedView is the state of a list, kept under a name: its filters, its search and its order. One that is shared is for
// everybody who may see the app; the others are their admin's own.
type SavedView struct {
	App       AppID     `json:"-"`
	ID        string    `json:"id"`
	List      string    `json:"list"`
	Name      string    `json:"name"`
	Query     string    `json:"query"` // as an address has it, without its place in the list
	Shared    bool      `json:"shared"`
	AdminID   string    `json:"adminId"`
	AdminName string    `json:"adminName"`
	CreatedAt time.Time `json:"createdAt"`
}

// MaxViews is how many views an app may have, and MaxViewName how long their names are.
const (
	MaxViews    = 500
	MaxViewName = 100
)

// ViewLists are the lists that views are kept of, with what their addresses can say.
var ViewLists = map[string][]string{
	"conversations": {"q", "sort"},
	"users":         {"q", "sort"},
	"audit":         {"who", "actor", "what", "conversation", "user", "from", "to", "batch", "request"},
	"refusals":      {"reason", "outcome"},
}

// Normal is the view as it is stored: its name trimmed, its query in one order and without what the list doesn't know.
func (v SavedView) Normal() (SavedView, error) {
	problems := fieldErrors{}
	v.Name = strings.TrimSpace(v.Name)
	if v.Name == "" {
		problems.add("name", "is required")
	} else if why := textProblem(v.Name, MaxViewName); why != "" {
		problems.add("name", why)
	} else if why := nameProblem(v.Name); why != "" {
		problems.add("name", why)
	}
	if _, ok := ViewLists[v.List]; !ok {
		problems.add("list", "is none that views are kept of")
	}
	query, ok := ViewQuery(v.List, v.Query)
	if !ok {
		problems.add("query", "can't be read")
	}
	v.Query = query
	return v, problems.err()
}

// ViewQuery is what a list knows of a query, in one order; ok is false for one that can't be read, or is too long.
func ViewQuery(list, query string) (clean string, ok bool) {
	values, err := url.ParseQuery(query)
	if err != nil || len(query) > MaxURL {
		return "", false
	}
	kept := url.Values{}
	for key, all := range values {
		if slices.Contains(ViewLists[list], key) && len(all) > 0 && all[0] != "" && textProblem(all[0], MaxURL) == "" {
			kept.Set(key, all[0])
		}
	}
	return kept.Encode(), true
}

// Mine tells whether an admin made the view.
func (v SavedView) Mine(a Actor) bool { return a.Kind == AdminActor && v.AdminID == a.ID }

// Op is what changing the view needs.
func (v SavedView) Op() Operation {
	if v.Shared {
		return OpViewShare
	}
	return OpViewSave
}

// ErrViewNotFound is also said of the views that others keep for themselves.
func ErrViewNotFound() *Error {
	return &Error{Code: NotFound, Reason: ViewNotFound, Message: "There is no such view.", Hint: "Reload the list of views."}
}
