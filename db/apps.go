package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"guestlist/db/chat"
)

const appColumns = `id, name, live, created_at, users, conversations, participants`

func scanApp(row interface{ Scan(...any) error }) (chat.App, error) {
	var a chat.App
	var created int64
	err := row.Scan(&a.ID, &a.Name, &a.Live, &created, &a.Users, &a.Conversations, &a.Participants)
	a.CreatedAt = fromMillis(created)
	return a, err
}

func loadApp(q querier, id chat.AppID) (chat.App, error) {
	a, err := scanApp(q.row(`SELECT `+appColumns+` FROM apps WHERE id = $1`, string(id)))
	if isMissing(err) {
		return a, chat.ErrAppNotFound()
	}
	return a, err
}

// appNumber is the small number that search indexes know an app by.
func appNumber(q querier, id chat.AppID) (n int64, err error) {
	err = q.row(`SELECT n FROM apps WHERE id = $1`, string(id)).Scan(&n)
	if isMissing(err) {
		return 0, chat.ErrAppNotFound()
	}
	return n, err
}

// App is one app.
func (s *Store) App(ctx context.Context, id chat.AppID) (a chat.App, err error) {
	err = s.read(ctx, func(q querier) error { a, err = loadApp(q, id); return err })
	return a, err
}

// Apps are all apps, oldest first.
func (s *Store) Apps(ctx context.Context) (all []chat.App, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT ` + appColumns + ` FROM apps ORDER BY n`)
		all, err = scan(rows, err, scanApp)
		return err
	})
	return all, err
}

// CreateApp creates an app. A live app starts with signed tokens required.
func (s *Store) CreateApp(ctx context.Context, actor chat.Actor, c chat.AppChange) (a chat.App, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { a, err = t.createApp(c); return err })
	return a, err
}

// CreateAppWithKey creates an app and its first secret key, both or neither. An empty secret is generated.
func (s *Store) CreateAppWithKey(ctx context.Context, actor chat.Actor, c chat.AppChange, keyName string, secret chat.Secret) (a chat.App, k chat.Key, _ chat.Secret, err error) {
	defer s.keys.clear()
	err = s.change(ctx, actor, func(t *Tx) error {
		if a, err = t.createApp(c); err != nil {
			return err
		}
		k, secret, err = s.createKey(t, a.ID, keyName, secret)
		return err
	})
	if err != nil {
		return a, k, "", err
	}
	return a, k, secret, nil
}

func (t *Tx) createApp(c chat.AppChange) (chat.App, error) {
	if err := t.allow(chat.OpAppCreate, chat.Facts{App: c.ID}); err != nil {
		return chat.App{}, err
	}
	if err := c.Check(); err != nil {
		return chat.App{}, err
	}
	a := chat.App{ID: c.ID, Name: c.Name, Live: c.Live, CreatedAt: t.Now}
	_, err := t.exec(`INSERT INTO apps (id, name, live, created_at) VALUES ($1, $2, $3, $4)`, string(c.ID), c.Name, flag(c.Live), millis(t.Now))
	if isUnique(err) {
		return a, alreadyExists("id", "app", string(c.ID))
	}
	if err != nil {
		return a, fmt.Errorf("create app: %w", err)
	}
	if _, err := t.record(chat.Event{App: a.ID, Type: chat.AppCreated, Subject: a.Name}, nil, chat.Image{"name": a.Name, "live": a.Live}); err != nil {
		return a, err
	}
	if !c.Live {
		return a, nil
	}
	_, err = t.saveSettings(a.ID, chat.DefaultSettings(), []chat.SettingChange{{Key: chat.SettingIdentity, Value: "true"}}, chat.Event{})
	return a, err
}

// SaveApp renames an app and saves settings of it, both or neither. It gives the events of what changed. A name that
// somebody else changed since it was seen is refused like a stale setting.
func (s *Store) SaveApp(ctx context.Context, actor chat.Actor, id chat.AppID, rename chat.AppRename, changes []chat.SettingChange, note chat.SaveNote) (all []chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		all = nil
		if err := t.allow(chat.OpAppEdit, chat.Facts{App: id}); err != nil {
			return err
		}
		now, err := loadApp(t, id)
		if err != nil {
			return err
		}
		if err := rename.Check(now); err != nil {
			return err
		}
		var renamed chat.Event
		if rename.Name != rename.Seen {
			if renamed, err = t.renameApp(id, rename.Name, chat.Event{}); err != nil {
				return err
			}
		}
		saved, err := t.changeSettings(id, changes, note)
		for _, e := range []chat.Event{renamed, saved} {
			if e.Seq != 0 {
				all = append(all, e)
			}
		}
		return err
	})
	return all, err
}

// RenameApp changes an app's name.
func (s *Store) RenameApp(ctx context.Context, actor chat.Actor, id chat.AppID, name string) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.renameApp(id, name, chat.Event{}); return err })
	return e, err
}

func (t *Tx) renameApp(id chat.AppID, name string, e chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpAppEdit, chat.Facts{App: id}); err != nil {
		return e, err
	}
	now, err := loadApp(t, id)
	if err != nil {
		return e, err
	}
	if err := (chat.AppChange{ID: id, Name: name}).Check(); err != nil {
		return e, err
	}
	if now.Name == name {
		return chat.Event{}, nil
	}
	if _, err := t.exec(`UPDATE apps SET name = $2 WHERE id = $1`, string(id), name); err != nil {
		return e, fmt.Errorf("rename app: %w", err)
	}
	e.App, e.Type, e.Subject = id, chat.AppUpdated, name
	return t.record(e, chat.Image{"name": now.Name}, chat.Image{"name": name})
}

func (t *Tx) undoApp(past, mark chat.Event) (chat.Event, error) {
	var back, forth struct{ Name string }
	if err := errors.Join(json.Unmarshal(past.Before, &back), json.Unmarshal(past.After, &forth)); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	if now, err := loadApp(t, past.App); err != nil {
		return chat.Event{}, err
	} else if now.Name != forth.Name {
		return chat.Event{}, movedOn()
	}
	return t.renameApp(past.App, back.Name, mark)
}

// DeleteApp deletes an app with everything in it but its events.
func (s *Store) DeleteApp(ctx context.Context, actor chat.Actor, id chat.AppID) error {
	defer s.keys.clear()
	return s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpAppDelete, chat.Facts{App: id}); err != nil {
			return err
		}
		a, err := loadApp(t, id)
		if err != nil {
			return err
		}
		for _, sql := range []string{
			`DELETE FROM users_search WHERE rowid IN (SELECT n FROM users WHERE app_id = $1)`,
			`DELETE FROM conversations_search WHERE rowid IN (SELECT n FROM conversations WHERE app_id = $1)`,
			`DELETE FROM participants WHERE app_id = $1`,
			`DELETE FROM messages WHERE app_id = $1`,
			`DELETE FROM conversations WHERE app_id = $1`,
			`DELETE FROM users WHERE app_id = $1`,
			`DELETE FROM apps WHERE id = $1`,
		} {
			if _, err := t.exec(sql, string(id)); err != nil {
				return fmt.Errorf("delete app: %w", err)
			}
		}
		_, err = t.record(chat.Event{Type: chat.AppDeleted, Subject: string(id)}, chat.Image{"name": a.Name, "live": a.Live, "users": a.Users,
			"conversations": a.Conversations, "participants": a.Participants}, nil)
		return err
	})
}
