package pages

import (
	"context"
	"net/url"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// UsersView is the list of an app's users.
type UsersView struct {
	Frame      layouts.Page
	App        string
	Rows       []chat.User
	Search     string
	Prev, Next string
	CanManage  bool
	Total      int64
	Sort       string // "" is the newest first
	Views      ListViews

	CanModerate bool
	Banned      map[chat.UserID]bool // of the rows
}

var userSorts = []struct{ Value, Label string }{{"", words.Key("Newest")}, {"old", words.Key("Oldest")}}

func (v UsersView) sortMenu(ctx context.Context) components.MenuProps {
	return sortMenu(ctx, v.address(), v.query(), v.Sort, userSorts)
}

// query is the state of the list, as its address says it.
func (v UsersView) query() url.Values { return url.Values{"q": {v.Search}, "sort": {v.Sort}} }

func (v UsersView) orderText(ctx context.Context) string {
	if v.Sort == "old" {
		return words.T(ctx, "oldest first")
	}
	return words.T(ctx, "newest first")
}

// keepSort goes along with a search.
func keepSort(sort string) []components.Hidden {
	if sort == "" {
		return nil
	}
	return []components.Hidden{{Name: "sort", Value: sort}}
}

func (v UsersView) address() string { return paths.Users(v.App) }

func (v UsersView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.address(), v.query(), key, cursor)
}

func (v UsersView) pagerText(ctx context.Context) string {
	n := words.N(ctx, int64(len(v.Rows)), "%d user", "%d users")
	if v.Search != "" {
		return words.T(ctx, "Found %s on this page, %s", n, v.orderText(ctx))
	}
	return words.T(ctx, "Showing %s of %s, %s", n, words.Number(ctx, v.Total), v.orderText(ctx))
}

// UserPlace is a conversation that a user is on the list of.
type UserPlace struct {
	Conversation chat.Conversation
	Participant  chat.Participant
}

// UserView is the page of one user.
type UserView struct {
	Frame       layouts.Page
	App         string
	User        chat.User
	Places      []UserPlace
	Prev, Next  string
	Days        []Day  // newest changes
	CanManage   bool   // the user
	CanModerate bool   // their places in conversations
	ComeBack    bool   // browsers may change conversations
	Add         string // ids typed into the form that adds to conversations
	Errors      map[string]string

	Ban     *chat.Ban     // that stands; nil without one
	In      string        // the conversation that rights are looked up in, as it was typed
	InError string        // why that failed
	Rights  *PersonRights // nil while there is no conversation to look in
}

func (v UserView) id() string { return string(v.User.ID) }

func (v UserView) name() string { return or(v.User.Name, v.id()) }

func (v UserView) address() string { return paths.User(v.App, v.id()) }

// in is the conversation that the rights on the page are about.
func (v UserView) in() string {
	if v.Rights != nil {
		return string(v.Rights.Conversation.ID)
	}
	return v.In
}

func (v UserView) page(key, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.address(), url.Values{}, key, cursor)
}

type fact struct{ label, value string }

func (v UserView) facts(ctx context.Context) []fact {
	u := v.User
	return []fact{
		{words.T(ctx, "E-mail"), strings.Join(u.Email, ", ")}, {words.T(ctx, "Phone"), strings.Join(u.Phone, ", ")}, {words.T(ctx, "Role"), u.Role}, {words.T(ctx, "Language"), u.Locale},
		{words.T(ctx, "Welcome message"), u.WelcomeMessage}, {words.T(ctx, "Push"), pushText(ctx, len(u.PushTokens))}, {words.T(ctx, "Created"), words.Full(ctx, u.CreatedAt, v.Frame.Now)},
	}
}

func pushText(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return words.N(ctx, int64(n), "%d device", "%d devices")
}

func (v UserView) customs() []fact {
	var all []fact
	for _, key := range sortedKeys(v.User.Custom) {
		all = append(all, fact{key, v.User.Custom[key]})
	}
	return all
}

// keep goes along with a change of a place on this page: it comes back here.
func (v UserView) keep(p chat.Participant) []components.Hidden {
	return []components.Hidden{{Name: "was.access", Value: string(p.Access)}, {Name: "was.notify", Value: string(p.Notify)}, {Name: "back", Value: v.address()}}
}

// UserFormView creates or edits a user. Base is what the form was made from; a new user has none.
type UserFormView struct {
	Frame   layouts.Page
	App     string
	New     bool
	ID      string
	Base    chat.User
	Form    UserForm
	Error   string
	Clashes []chat.Clash // what somebody else changed meanwhile
	Errors  map[string]string
}

// UserForm are the fields as text.
type UserForm struct {
	Name, Email, Phone, PhotoURL, Role, Locale, WelcomeMessage string
	Custom                                                     []CustomField
}

// CommaList is how an input shows several texts.
func CommaList(texts []string) string { return strings.Join(texts, ", ") }

// UserFormOf is a user as the form shows them.
func UserFormOf(u chat.User) UserForm {
	return UserForm{Name: u.Name, Email: CommaList(u.Email), Phone: CommaList(u.Phone), PhotoURL: u.PhotoURL, Role: u.Role,
		Locale: u.Locale, WelcomeMessage: u.WelcomeMessage, Custom: CustomRows(u.Custom)}
}

func (v UserFormView) action() string {
	if v.New {
		return paths.NewUser(v.App)
	}
	return paths.EditUser(v.App, v.ID)
}

func (v UserFormView) back() string {
	if v.New {
		return paths.Users(v.App)
	}
	return paths.User(v.App, v.ID)
}

func (v UserFormView) crumbs(ctx context.Context) []components.Crumb {
	all := []components.Crumb{{Label: words.T(ctx, "Users"), Href: paths.Users(v.App)}}
	if !v.New {
		all = append(all, components.Crumb{Label: or(v.Base.Name, v.ID), Href: paths.User(v.App, v.ID)})
	}
	return all
}

func (v UserFormView) title(ctx context.Context) string {
	if v.New {
		return words.T(ctx, "New user")
	}
	return words.T(ctx, "Edit %s", or(v.Base.Name, v.ID))
}

// was is the user that the form is made from, as an event image.
func (v UserFormView) was() string {
	_, now := chat.DiffUser(chat.User{}, v.Base)
	return asJSON(now)
}
