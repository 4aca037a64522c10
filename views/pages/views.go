package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// ListViews are the saved views of a list, for the menu beside its filters.
type ListViews struct {
	App, List string
	Query     string // of the list as it is shown
	All       []chat.SavedView
	Me        string
}

// ViewsView lists the saved views of all lists, to rename, share and delete them.
type ViewsView struct {
	Frame  layouts.Page
	App    string
	All    []chat.SavedView
	Actor  chat.Actor
	Failed string // the view whose change was refused, for the reason in Error
	Error  string
}

// NewViewView keeps the state of a list under a name.
type NewViewView struct {
	Frame    layouts.Page
	View     chat.SavedView
	CanShare bool
	Errors   map[string]string
}

// viewList is a list that views are kept of: what it is called, and where it is.
type viewList struct {
	name    string
	address func(app string) string
}

var viewLists = map[string]viewList{
	"conversations": {words.Key("Conversations"), paths.Conversations},
	"users":         {words.Key("Users"), paths.Users},
	"audit":         {words.Key("Audit log"), paths.Audit},
	"refusals":      {words.Key("Refused calls"), paths.Refusals},
}

// ViewAddress is the list as a view shows it. What the list doesn't know any more is left out.
func ViewAddress(v chat.SavedView) string {
	address := viewLists[v.List].address(string(v.App))
	if query, _ := chat.ViewQuery(v.List, v.Query); query != "" {
		return address + "?" + query
	}
	return address
}

func (v ListViews) menu(ctx context.Context) components.MenuProps {
	var items []components.MenuItem
	current := words.T(ctx, "Views")
	for _, view := range v.All {
		label := view.Name
		if view.Shared && view.AdminID != v.Me {
			label += ", by " + view.AdminName
		}
		is := view.Query == v.Query
		if is {
			current = view.Name
		}
		items = append(items, components.MenuItem{Label: label, Href: ViewAddress(view), Icon: viewIcon(view), Current: is})
	}
	if len(items) > 0 {
		items = append(items, components.MenuItem{})
	}
	items = append(items, components.MenuItem{Label: words.T(ctx, "Save this view…"), Icon: "plus", Href: paths.NewView(v.App, v.List, v.Query), Dialog: true})
	if len(v.All) > 0 {
		items = append(items, components.MenuItem{Label: words.T(ctx, "All saved views"), Icon: "list-filter", Href: paths.Views(v.App)})
	}
	return components.MenuProps{Label: words.T(ctx, "Saved views"), Text: current, Icon: "list-filter", Items: items, FromLeft: true}
}

func viewIcon(v chat.SavedView) string {
	if v.Shared {
		return "users"
	}
	return ""
}

// audience is whom a view is for, as forms say it.
func audience(v chat.SavedView) string {
	if v.Shared {
		return "team"
	}
	return "me"
}

func (v ViewsView) may(view chat.SavedView) bool {
	return chat.Allow(v.Actor, view.Op(), chat.Facts{App: chat.AppID(v.App), Now: v.Frame.Now}) == nil
}

// audiences are those that may be chosen for a view: whoever made it may keep it to themself.
func (v ViewsView) audiences(ctx context.Context, view chat.SavedView) []components.Option {
	share := chat.Allow(v.Actor, chat.OpViewShare, chat.Facts{App: chat.AppID(v.App), Now: v.Frame.Now}) == nil
	return []components.Option{{Value: "me", Label: words.T(ctx, "For me"), Disabled: !view.Mine(v.Actor)}, {Value: "team", Label: words.T(ctx, "For the team"), Disabled: !share && !view.Shared}}
}

// state is what a view shows, in the words of its address.
func state(v chat.SavedView) string { return or(v.Query, "everything") }

func madeBy(v ViewsView, view chat.SavedView) string {
	if view.Mine(v.Actor) {
		return "you"
	}
	return view.AdminName
}
