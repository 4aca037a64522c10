package db

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"guestlist/db/chat"
)

const userColumns = `u.n, u.app_id, u.id, u.name, u.email, u.phone, u.photo_url, u.welcome_message, u.role, u.locale,
	u.availability_text, u.header_photo_url, u.custom, u.push_tokens, u.created_at, u.conversations`

// numbered is a row with its number, which orders it by age and is its place in a list.
type numbered[T any] struct {
	n int64
	v T
}

func scanUser(row interface{ Scan(...any) error }) (numbered[chat.User], error) {
	var (
		u                            numbered[chat.User]
		email, phone, custom, tokens jsonText
		created                      int64
	)
	err := row.Scan(&u.n, &u.v.App, &u.v.ID, &u.v.Name, &email, &phone, &u.v.PhotoURL, &u.v.WelcomeMessage, &u.v.Role, &u.v.Locale,
		&u.v.AvailabilityText, &u.v.HeaderPhotoURL, &custom, &tokens, &created, &u.v.Conversations)
	if err != nil {
		return u, err
	}
	u.v.CreatedAt = fromMillis(created)
	return u, firstError(email.into(&u.v.Email), phone.into(&u.v.Phone), custom.into(&u.v.Custom), tokens.into(&u.v.PushTokens))
}

// jsonText is a column that holds JSON, or nothing.
type jsonText string

func (j jsonText) into(v any) error {
	if j == "" {
		return nil
	}
	return json.Unmarshal([]byte(j), v)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, lists and maps of strings always marshal
	}
	if s := string(b); s != "null" && s != "[]" && s != "{}" {
		return s
	}
	return ""
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func loadUser(q querier, app chat.AppID, id chat.UserID) (numbered[chat.User], error) {
	u, err := scanUser(q.row(`SELECT `+userColumns+` FROM users u WHERE u.app_id = $1 AND u.id = $2 AND u.trash = 0`, string(app), string(id)))
	if isMissing(err) {
		return u, chat.ErrUserNotFound(id)
	}
	return u, err
}

// User is one user.
func (s *Store) User(ctx context.Context, app chat.AppID, id chat.UserID) (chat.User, error) {
	var u numbered[chat.User]
	err := s.read(ctx, func(q querier) (err error) { u, err = loadUser(q, app, id); return err })
	return u.v, err
}

// UserQuery asks for a page of an app's users, newest first. Search finds names, ids, e-mail addresses and custom values.
type UserQuery struct {
	App         chat.AppID
	Search      string
	OldestFirst bool
	Window
}

// Users is a page of an app's users.
func (s *Store) Users(ctx context.Context, uq UserQuery) (p Page[chat.User], err error) {
	err = s.read(ctx, func(q querier) error { p, err = listUsers(q, uq); return err })
	return p, err
}

func listUsers(q querier, uq UserQuery) (Page[chat.User], error) {
	list := ageList{table: "users", alias: "u", columns: userColumns, app: uq.App, search: uq.Search, oldestFirst: uq.OldestFirst, window: uq.Window}
	rows, err := readAgeList(q, list, scanUser)
	return unnumbered(uq.Window, rows), err
}

// UserCursor is the cursor behind one user, for lists that continue after an id.
func (s *Store) UserCursor(ctx context.Context, app chat.AppID, id chat.UserID) (c string, err error) {
	err = s.read(ctx, func(q querier) error {
		u, err := loadUser(q, app, id)
		c = encodeCursor(u.n)
		return err
	})
	return c, err
}

// ageList is a list of users or conversations, newest first, optionally searched.
type ageList struct {
	table, alias, columns, joins string
	app                          chat.AppID
	search                       string
	match                        string // the query of the search index; "" for that of search
	oldestFirst                  bool
	where                        string // more conditions; args are numbered from $4
	args                         []any
	window                       Window
}

// readAgeList reads up to one row more than the window shows, in the window's direction. CROSS JOIN keeps the order of
// the search index, or of the index by age.
func readAgeList[T any](q querier, l ageList, one func(interface{ Scan(...any) error }) (T, error)) ([]T, error) {
	descending := l.oldestFirst == l.window.backward()
	edge := int64(1 << 62)
	if !descending {
		edge = -1
	}
	if cursor := l.window.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "i")
		if err != nil {
			return nil, err
		}
		edge = at[0].(int64)
	}
	compare, dir := "<", "DESC"
	if !descending {
		compare, dir = ">", "ASC"
	}
	args := append([]any{string(l.app), edge, l.window.limit() + 1}, l.args...)
	from, key := l.table+" "+l.alias, l.alias+".n"
	where := l.alias + ".app_id = $1 AND " + l.alias + ".trash = 0"
	if len(searchWords(l.search)) > 0 {
		n, err := appNumber(q, l.app)
		if err != nil {
			return nil, err
		}
		if l.match == "" {
			l.match = searchQuery(n, l.search)
		}
		args = append(args, l.match)
		key = "f.rowid"
		from = fmt.Sprintf("%s_search f CROSS JOIN %s %s ON %s.n = f.rowid", l.table, l.table, l.alias, l.alias)
		where += fmt.Sprintf(" AND f.%s_search MATCH $%d", l.table, len(args))
	}
	rows, err := q.query(fmt.Sprintf("SELECT %s FROM %s %s WHERE %s AND %s %s $2 %s ORDER BY %s %s LIMIT $3",
		l.columns, from, l.joins, where, key, compare, l.where, key, dir), args...)
	return scan(rows, err, one)
}

func unnumbered[T any](w Window, rows []numbered[T]) Page[T] {
	p := page(w, rows, func(r numbered[T]) string { return encodeCursor(r.n) })
	out := Page[T]{Prev: p.Prev, Next: p.Next}
	for _, r := range p.Items {
		out.Items = append(out.Items, r.v)
	}
	return out
}

// PutUser creates a user, or changes what change sets of an existing one. was holds the values that an editor saw; the
// zero value is not compared. The event is empty when nothing changed.
func (s *Store) PutUser(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID, change, was chat.UserChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) (err error) { e, err = t.putUser(app, id, change, was, ""); return err })
	return e, err
}

// CreateUser is PutUser for a user that must not exist yet.
func (s *Store) CreateUser(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID, change chat.UserChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if _, err := loadUser(t, app, id); err == nil {
			return alreadyExists("id", "user", string(id))
		} else if chat.ReasonOf(err) != chat.UserNotFound {
			return err
		}
		e, err = t.putUser(app, id, change, chat.UserChange{}, "")
		return err
	})
	return e, err
}

// EditUser is PutUser for a user that must exist.
func (s *Store) EditUser(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID, change, was chat.UserChange) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if _, err := loadUser(t, app, id); err != nil {
			return err
		}
		e, err = t.putUser(app, id, change, was, "")
		return err
	})
	return e, err
}

// PutUsers puts several users in the order of their ids, all or none. The error's fields name what is wrong by user id,
// beside what the caller found wrong with others already; with such nothing is put.
func (s *Store) PutUsers(ctx context.Context, actor chat.Actor, app chat.AppID, changes map[chat.UserID]chat.UserChange, wrong map[string][]string) error {
	return s.change(ctx, actor, func(t *Tx) error {
		problems := map[string][]string{}
		maps.Copy(problems, wrong)
		for _, id := range slices.Sorted(maps.Keys(changes)) {
			_, err := t.putUser(app, id, changes[id], chat.UserChange{}, "")
			switch e := chat.AsError(err); {
			case e != nil && e.Code == chat.Invalid:
				problems[string(id)] = append(problems[string(id)], e.Message)
			case err != nil:
				return err
			}
		}
		if len(problems) > 0 {
			return &chat.Error{Code: chat.Invalid, Reason: chat.BadArgument, Message: "Some users are not valid.", Hint: "See reasons; no user was changed.", Fields: problems}
		}
		return nil
	})
}

// findUser is a user, or the one that a change would create.
func (t *Tx) findUser(app chat.AppID, id chat.UserID) (u numbered[chat.User], exists bool, err error) {
	u, err = loadUser(t, app, id)
	if chat.ReasonOf(err) == chat.UserNotFound {
		u.v = chat.User{App: app, ID: id, CreatedAt: t.Now}
		return u, false, nil
	}
	return u, err == nil, err
}

func (t *Tx) putUser(app chat.AppID, id chat.UserID, change, was chat.UserChange, batch string) (chat.Event, error) {
	before, exists, err := t.findUser(app, id)
	if err != nil {
		return chat.Event{}, err
	}
	op := chat.OpUserEdit
	if !exists {
		op = chat.OpUserCreate
	}
	if err := t.allow(op, chat.Facts{App: app, Exists: exists}); err != nil {
		return chat.Event{}, err
	}
	if exists {
		change, was = change.Onto(was, before.v)
		if err := staleUser(before.v, change, was); err != nil {
			return chat.Event{}, err
		}
	}
	after, err := change.Apply(before.v)
	if err != nil {
		return chat.Event{}, err
	}
	return t.saveUser(before, after, exists, chat.Event{Batch: batch})
}

// saveUser stores a user and records what changed; e carries what is special about the event.
func (t *Tx) saveUser(before numbered[chat.User], after chat.User, exists bool, e chat.Event) (chat.Event, error) {
	was, now := chat.DiffUser(before.v, after)
	if exists && len(now) == 0 {
		return chat.Event{}, nil
	}
	if !exists {
		if err := t.free(chat.TrashedUser, after.App, string(after.ID)); err != nil {
			return e, err
		}
	}
	res, err := t.exec(`INSERT INTO users (app_id, id, name, email, phone, photo_url, welcome_message, role, locale, availability_text, header_photo_url,
			custom, push_tokens, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (app_id, id) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone, photo_url = excluded.photo_url,
			welcome_message = excluded.welcome_message, role = excluded.role, locale = excluded.locale, availability_text = excluded.availability_text,
			header_photo_url = excluded.header_photo_url, custom = excluded.custom, push_tokens = excluded.push_tokens`,
		string(after.App), string(after.ID), after.Name, toJSON(after.Email), toJSON(after.Phone), after.PhotoURL, after.WelcomeMessage, after.Role,
		after.Locale, after.AvailabilityText, after.HeaderPhotoURL, toJSON(after.Custom), toJSON(after.PushTokens), millis(after.CreatedAt))
	if err != nil {
		return e, fmt.Errorf("save user: %w", err)
	}
	e.App, e.User, e.Subject, e.Type = after.App, after.ID, after.Name, chat.UserUpdated
	n := before.n
	if !exists {
		if n, err = res.LastInsertId(); err != nil {
			return e, err
		}
		e.Type, was = chat.UserCreated, nil
		t.count(after.App, appCount{users: 1})
	}
	if !exists || userText(before.v) != userText(after) {
		if err := t.index("users_search", after.App, n, userText(after)); err != nil {
			return e, err
		}
	}
	return t.record(e, was, now)
}

// index makes an object findable by text.
func (t *Tx) index(table string, app chat.AppID, n int64, text string) error {
	number, err := appNumber(t, app)
	if err != nil {
		return err
	}
	if _, err = t.exec(`INSERT OR REPLACE INTO `+table+` (rowid, app, text) VALUES ($1, $2, $3)`, n, appTag(number), text); err != nil {
		return fmt.Errorf("index %s: %w", table, err)
	}
	return nil
}

// staleUser refuses a change of fields that somebody else changed since the editor looked.
func staleUser(now chat.User, change, was chat.UserChange) error {
	seen, err := was.Apply(now)
	if err != nil {
		return err
	}
	wanted, err := change.Apply(now)
	if err != nil {
		return nil // the change itself is wrong; Apply says so to the caller
	}
	theirs, base := chat.DiffUser(now, seen)
	_, mine := chat.DiffUser(now, wanted)
	return staleFields(theirs, base, mine)
}

// staleFields refuses when mine wants to change a field that is in theirs: what is stored now, unseen by the editor, who
// saw base.
func staleFields(theirs, base, mine chat.Image) error {
	var clashes []chat.Clash
	add := func(name string, was, is, wanted any) {
		clashes = append(clashes, chat.Clash{Field: name, Was: plain(was), Theirs: plain(is), Mine: plain(wanted)})
	}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		wanted, ok := mine[name]
		if !ok {
			continue
		}
		is, patch := theirs[name].(map[string]*string)
		my, _ := wanted.(map[string]*string)
		if !patch {
			add(name, base[name], theirs[name], wanted)
			continue
		}
		was, _ := base[name].(map[string]*string)
		for _, key := range slices.Sorted(maps.Keys(is)) {
			if value, ok := my[key]; ok {
				add(name+"."+key, orNothing(was[key]), orNothing(is[key]), orNothing(value))
			}
		}
	}
	if len(clashes) == 0 {
		return nil
	}
	return chat.ErrClash("Not saved. Somebody else changed the same field while you were editing.", "Look at both values and choose.", clashes...)
}

// orNothing is nil for no text.
func orNothing(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return "“" + v + "”"
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func alreadyExists(field, noun, id string) *chat.Error {
	return &chat.Error{Code: chat.Conflict, Reason: chat.AlreadyExists, Message: "The id “" + id + "” is taken by another " + noun + ".",
		Hint: "Choose another id, or edit that one.", Fields: map[string][]string{field: {"is taken"}}}
}

// UserTried records that an admin opened the chat as a user, at most once an hour for each.
func (s *Store) UserTried(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.UserID) error {
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUserEdit, chat.Facts{App: app}); err != nil {
			return err
		}
		if _, err := loadUser(t, app, id); err != nil {
			return err
		}
		var last int64
		err := t.row(`SELECT coalesce(max(at), 0) FROM events e WHERE e.app_id = $1 AND e.type = 'user.tried' AND e.user_id = $2 AND e.actor_kind = $3 AND e.actor_id = $4`+isRare+inAudit,
			string(app), string(id), string(actor.Kind), actor.ID).Scan(&last)
		if err != nil || t.Now.Sub(fromMillis(last)) < time.Hour {
			return err
		}
		_, err = t.record(chat.Event{App: app, User: id, Type: chat.UserTried}, nil, nil)
		return err
	})
}
