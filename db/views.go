package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"guestlist/db/chat"
)

const viewColumns = `app_id, id, list, name, query, shared, admin_id, admin_name, created_at`

func scanView(row interface{ Scan(...any) error }) (chat.SavedView, error) {
	var v chat.SavedView
	var created int64
	err := row.Scan(&v.App, &v.ID, &v.List, &v.Name, &v.Query, &v.Shared, &v.AdminID, &v.AdminName, &created)
	v.CreatedAt = fromMillis(created)
	return v, err
}

// Views are the views of a list that an admin may open, by name: their own, and those that are shared. list "" is all lists.
func (s *Store) Views(ctx context.Context, actor chat.Actor, app chat.AppID, list string) (all []chat.SavedView, err error) {
	err = s.read(ctx, func(q querier) error {
		sql, args := `SELECT `+viewColumns+` FROM saved_views WHERE app_id = $1 AND (shared = 1 OR admin_id = $2)`, []any{string(app), actor.ID}
		if list != "" {
			sql, args = sql+` AND list = $3`, append(args, list)
		}
		rows, err := q.query(sql+` ORDER BY list, name, id`, args...)
		all, err = scan(rows, err, scanView)
		return err
	})
	return all, err
}

func loadView(q querier, actor chat.Actor, app chat.AppID, id string) (chat.SavedView, error) {
	v, err := scanView(q.row(`SELECT `+viewColumns+` FROM saved_views WHERE app_id = $1 AND id = $2`, string(app), id))
	if isMissing(err) || err == nil && !v.Shared && !v.Mine(actor) {
		return chat.SavedView{}, chat.ErrViewNotFound()
	}
	return v, err
}

// SaveView keeps a view. Only what is shared is in the audit log.
func (s *Store) SaveView(ctx context.Context, actor chat.Actor, v chat.SavedView) (_ chat.SavedView, e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if _, err := loadApp(t, v.App); err != nil {
			return err
		}
		if err := t.allow(v.Op(), chat.Facts{App: v.App}); err != nil {
			return err
		}
		if v, err = v.Normal(); err != nil {
			return err
		}
		n := 0
		if err := t.row(`SELECT count(*) FROM saved_views WHERE app_id = $1`, string(v.App)).Scan(&n); err != nil {
			return err
		}
		if n >= chat.MaxViews {
			return chat.InvalidField("name", fmt.Sprintf("can't be added: there are %d views already. Delete one first", n))
		}
		v.ID, v.AdminID, v.AdminName, v.CreatedAt = strings.ToLower(rand.Text()[:12]), actor.ID, actor.Name, t.Now
		e, err = t.replaceView(chat.SavedView{}, v, chat.Event{})
		return err
	})
	return v, e, err
}

// EditView renames, shares or keeps a view to oneself; was is what the editor saw.
func (s *Store) EditView(ctx context.Context, actor chat.Actor, app chat.AppID, id string, name chat.Opt[string], shared chat.Opt[bool], was chat.SavedView) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		before, err := loadView(t, actor, app, id)
		if err != nil {
			return err
		}
		after := before
		after.Name, after.Shared = name.Or(before.Name, before.Name), shared.Or(before.Shared, before.Shared)
		if after, err = after.Normal(); err != nil {
			return err
		}
		for _, v := range []chat.SavedView{before, after} {
			if err := t.allow(v.Op(), chat.Facts{App: app}); err != nil {
				return err
			}
		}
		if name.Set && before.Name != was.Name && before.Name != after.Name {
			return staleFields(chat.Image{"name": before.Name}, chat.Image{"name": was.Name}, chat.Image{"name": after.Name})
		}
		if !after.Shared && !before.Mine(actor) {
			return chat.InvalidField("shared", "can't be taken from the team but by who made the view. Delete it instead")
		}
		if after == before {
			return nil
		}
		e, err = t.replaceView(before, after, chat.Event{})
		return err
	})
	return e, err
}

// DeleteView deletes a view: one's own, or a shared one.
func (s *Store) DeleteView(ctx context.Context, actor chat.Actor, app chat.AppID, id string) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		v, err := loadView(t, actor, app, id)
		if err != nil {
			return err
		}
		if err := t.allow(v.Op(), chat.Facts{App: app}); err != nil {
			return err
		}
		e, err = t.replaceView(v, chat.SavedView{}, chat.Event{})
		return err
	})
	return e, err
}

// replaceView puts after in the place of before, either of which may be none, and records it when the team sees it.
func (t *Tx) replaceView(before, after chat.SavedView, e chat.Event) (chat.Event, error) {
	e.App, e.Subject, e.Type = before.App, before.ID, chat.ViewUpdated
	var was, is chat.Image
	if before.ID != "" {
		was = viewImage(before)
		if _, err := t.exec(`DELETE FROM saved_views WHERE app_id = $1 AND id = $2`, string(before.App), before.ID); err != nil {
			return e, fmt.Errorf("replace view: %w", err)
		}
	}
	if after.ID != "" {
		is = viewImage(after)
		if _, err := t.exec(`INSERT INTO saved_views (`+viewColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, string(after.App), after.ID, after.List,
			after.Name, after.Query, after.Shared, after.AdminID, after.AdminName, millis(after.CreatedAt)); err != nil {
			return e, fmt.Errorf("replace view: %w", err)
		}
		e.App, e.Subject = after.App, after.ID
	}
	switch {
	case !before.Shared && !after.Shared:
		return chat.Event{}, nil
	case !before.Shared:
		e.Type, was = chat.ViewShared, nil
	case after.ID == "":
		e.Type = chat.ViewDeleted
	}
	return t.record(e, was, is)
}

func viewImage(v chat.SavedView) chat.Image {
	return chat.Image{"id": v.ID, "list": v.List, "name": v.Name, "query": v.Query, "shared": v.Shared, "adminId": v.AdminID, "adminName": v.AdminName, "createdAt": v.CreatedAt}
}

// undoView brings a shared view back to what it was, when it still is what the event made of it.
func (t *Tx) undoView(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpViewShare, chat.Facts{App: past.App}); err != nil {
		return chat.Event{}, err
	}
	read := func(image json.RawMessage) (v chat.SavedView, err error) {
		if len(image) > 0 {
			err = json.Unmarshal(image, &v)
			v.App = past.App
		}
		return v, err
	}
	before, err := read(past.Before)
	if err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	after, err := read(past.After)
	if err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	now, err := scanView(t.row(`SELECT `+viewColumns+` FROM saved_views WHERE app_id = $1 AND id = $2`, string(past.App), past.Subject))
	if err != nil && !isMissing(err) {
		return chat.Event{}, err
	}
	if now.ID != after.ID || now.Name != after.Name || now.Shared != after.Shared {
		return chat.Event{}, movedOn()
	}
	return t.replaceView(now, before, mark)
}
