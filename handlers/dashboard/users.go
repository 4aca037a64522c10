package dashboard

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showUsers handles GET /apps/:app/users.
func (h *Handler) showUsers(c echo.Context) error {
	frame, err := h.page(c, "Users", layouts.NavUsers)
	if err != nil {
		return err
	}
	app, ctx := chat.AppID(frame.App.ID), c.Request().Context()
	v := pages.UsersView{Frame: frame, App: frame.App.ID, Search: strings.TrimSpace(c.QueryParam("q")), CanManage: manages(c)}
	v.CanModerate = moderates(c)
	if c.QueryParam("show") == "banned" {
		return h.bannedUsers(c, v)
	}
	if c.QueryParam("sort") == "old" {
		v.Sort = "old"
	}
	list, err := h.Store.Users(ctx, db.UserQuery{App: app, Search: v.Search, OldestFirst: v.Sort == "old", Window: window(c)})
	if err != nil {
		return err
	}
	ids := make([]chat.UserID, len(list.Items))
	for i, u := range list.Items {
		ids[i] = u.ID
	}
	if v.Banned, err = h.Store.BannedAmong(ctx, app, ids); err != nil {
		return err
	}
	if len(list.Items) == 0 {
		if done, err := h.toRequest(c, app, v.Search); done || err != nil {
			return err
		}
	}
	a, err := h.Store.App(ctx, app)
	if err != nil {
		return err
	}
	if v.Views, err = h.listViews(c, app, "users"); err != nil {
		return err
	}
	v.Rows, v.Prev, v.Next, v.Total = list.Items, list.Prev, list.Next, a.Users
	return h.render(c, http.StatusOK, pages.Users(v))
}

func userParams(c echo.Context) (app chat.AppID, user chat.UserID, err error) {
	if app, err = web.AppID(c, "app"); err != nil {
		return app, user, err
	}
	user, err = web.UserID(c, "user")
	return app, user, err
}

// showUser handles GET /apps/:app/users/:user.
func (h *Handler) showUser(c echo.Context) error {
	return h.userPage(c, http.StatusOK, "", nil)
}

func (h *Handler) userPage(c echo.Context, status int, add string, errors map[string]string) error {
	frame, err := h.page(c, "User", layouts.NavUsers)
	if err != nil {
		return err
	}
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	v := pages.UserView{Frame: frame, App: string(app), CanManage: manages(c), CanModerate: moderates(c), Add: add, Errors: errors}
	if v.User, err = h.Store.User(ctx, app, id); err != nil {
		return err
	}
	if ban, stands, err := h.Store.Ban(ctx, app, id); err != nil {
		return err
	} else if stands {
		v.Ban = &ban
	}
	places, err := h.Store.UserConversations(ctx, id, db.ConversationQuery{App: app, KeptOut: true, Window: window(c)})
	if err != nil {
		return err
	}
	for _, m := range places.Items {
		v.Places = append(v.Places, pages.UserPlace{Conversation: m.Conversation, Participant: m.Participant})
	}
	v.Prev, v.Next = places.Prev, places.Next
	if err := h.rightsIn(c, &v); err != nil {
		return err
	}
	events, err := h.Store.Events(ctx, db.EventQuery{App: app, User: id, Window: db.Window{Limit: 5}})
	if err != nil {
		return err
	}
	settings, err := h.Store.Settings(ctx, app)
	if err != nil {
		return err
	}
	v.Days = pages.Days(ctx, events.Items, frame.Now, who(c).Role, paths.User(string(app), string(id)))
	v.ComeBack = !settings.Security().DisallowConversationSync
	if v.User.Name != "" {
		v.Frame.Title = v.User.Name
	}
	return h.render(c, status, pages.User(v))
}

// addToConversations handles POST /apps/:app/users/:user/conversations: all of them, or none.
func (h *Handler) addToConversations(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	var convs []chat.ConversationID
	for _, text := range splitList(f.text("conversations")) {
		convs = append(convs, chat.ConversationID(text))
	}
	result, err := h.Store.AddToConversations(c.Request().Context(), actor(c), app, id, convs)
	if e := chat.AsError(err); refused(err) || e != nil && e.Reason == chat.ConversationMissing {
		return h.userPage(c, http.StatusUnprocessableEntity, f.text("conversations"), map[string]string{"conversations": err.Error()})
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Added to %d.", len(result.Changed))
	if n := len(result.Unchanged); n > 0 {
		text += fmt.Sprintf(" Was in %d already.", n)
	}
	back := paths.User(string(app), string(id))
	if err := h.flashBatch(c, text, app, result.Batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// showNewUser handles GET /apps/:app/users/new.
func (h *Handler) showNewUser(c echo.Context) error {
	return h.userEditor(c, http.StatusOK, pages.UserFormView{New: true}, "New user")
}

func (h *Handler) userEditor(c echo.Context, status int, v pages.UserFormView, title string) (err error) {
	if v.Frame, err = h.page(c, title, layouts.NavUsers); err != nil {
		return err
	}
	v.App = v.Frame.App.ID
	if !v.New {
		h.present(c, &v.Frame)
	}
	return h.render(c, status, pages.UserEditor(v))
}

// createUser handles POST /apps/:app/users/new.
func (h *Handler) createUser(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(f.text("id"))
	if text == "" {
		text = strings.ToLower(rand.Text()[:16])
	}
	var event chat.Event
	id, err := chat.ParseUserID(text)
	if err != nil {
		err = asField(err, "id")
	} else {
		var change chat.UserChange
		if change, _, err = userChange(f, chat.User{}); err == nil {
			event, err = h.Store.CreateUser(c.Request().Context(), actor(c), app, id, change)
		}
	}
	if refused(err) {
		return h.userEditor(c, http.StatusUnprocessableEntity, pages.UserFormView{New: true, ID: f.text("id"), Form: userForm(f), Errors: fieldErrors(err)}, "New user")
	}
	if err != nil {
		return err
	}
	if err := h.flashEvent(c, "User created.", event, paths.Users(string(app))); err != nil {
		return err
	}
	return h.seeOther(c, paths.User(string(app), string(id)))
}

// userForm is what was typed, to be shown again.
func userForm(f form) pages.UserForm {
	return pages.UserForm{Name: f.text("name"), Email: f.text("email"), Phone: f.text("phone"), PhotoURL: f.text("photoUrl"), Role: f.text("role"),
		Locale: f.text("locale"), WelcomeMessage: f.text("welcomeMessage"), Custom: customRows(f)}
}

// showEditUser handles GET /apps/:app/users/:user/edit.
func (h *Handler) showEditUser(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	u, err := h.Store.User(c.Request().Context(), app, id)
	if err != nil {
		return err
	}
	return h.userEditor(c, http.StatusOK, pages.UserFormView{ID: string(id), Base: u, Form: pages.UserFormOf(u)}, "Edit user")
}

// editUser handles POST /apps/:app/users/:user/edit.
func (h *Handler) editUser(c echo.Context) error {
	app, id, err := userParams(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	event, err := h.changeUser(c, f, app, id)
	if refused(err) {
		u, loadErr := h.Store.User(c.Request().Context(), app, id)
		if loadErr != nil {
			return loadErr
		}
		shown, base := f.rebased(u, err)
		return h.userEditor(c, http.StatusUnprocessableEntity, pages.UserFormView{ID: string(id), Base: base, Form: shown,
			Error: err.Error(), Errors: fieldErrors(err), Clashes: clashes(err)}, "Edit user")
	}
	if err != nil {
		return err
	}
	back := paths.User(string(app), string(id))
	text := "Saved."
	if event.Seq == 0 {
		text = "Nothing to save: nothing differs."
	}
	if err := h.flashEvent(c, text, event, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

func (h *Handler) changeUser(c echo.Context, f form, app chat.AppID, id chat.UserID) (chat.Event, error) {
	base, err := userBase(f)
	if err != nil {
		return chat.Event{}, err
	}
	if err := f.choose(func(field string) { f.takeUser(field, base) }); err != nil {
		return chat.Event{}, err
	}
	change, was, err := userChange(f, base)
	if err != nil {
		return chat.Event{}, err
	}
	return h.Store.EditUser(c.Request().Context(), actor(c), app, id, change, was)
}
