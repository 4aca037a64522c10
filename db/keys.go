package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"guestlist/db/chat"
)

const keyColumns = `app_id, id, name, hint, active, created_at, created_by, last_used_at`

func scanKey(row interface{ Scan(...any) error }) (chat.Key, error) {
	var k chat.Key
	var created, used int64
	err := row.Scan(&k.App, &k.ID, &k.Name, &k.Hint, &k.Active, &created, &k.CreatedBy, &used)
	k.CreatedAt, k.LastUsedAt = fromMillis(created), fromMillis(used)
	return k, err
}

func loadKey(q querier, app chat.AppID, id string) (chat.Key, error) {
	k, err := scanKey(q.row(`SELECT `+keyColumns+` FROM app_keys WHERE app_id = $1 AND id = $2`, string(app), id))
	if isMissing(err) {
		return k, &chat.Error{Code: chat.NotFound, Reason: chat.KeyNotFound, Message: "There is no such key in this app.", Hint: "Reload the list."}
	}
	return k, err
}

// Keys are an app's secret keys, oldest first, without their secrets.
func (s *Store) Keys(ctx context.Context, app chat.AppID) (all []chat.Key, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+keyColumns+` FROM app_keys WHERE app_id = $1 ORDER BY created_at, id`, string(app))
		all, err = scan(rows, err, scanKey)
		return err
	})
	return all, err
}

// CreateKey makes a secret key. An empty secret is generated. This is the only time that the secret is given out.
func (s *Store) CreateKey(ctx context.Context, actor chat.Actor, app chat.AppID, name string, secret chat.Secret) (k chat.Key, _ chat.Secret, err error) {
	defer s.keys.clear()
	err = s.change(ctx, actor, func(t *Tx) error { k, secret, err = s.createKey(t, app, name, secret); return err })
	if err != nil {
		return k, "", err
	}
	return k, secret, nil
}

func (s *Store) createKey(t *Tx, app chat.AppID, name string, secret chat.Secret) (k chat.Key, _ chat.Secret, err error) {
	a, err := loadApp(t, app)
	if err != nil {
		return k, "", err
	}
	if err := t.allow(chat.OpKeyCreate, chat.Facts{App: app}); err != nil {
		return k, "", err
	}
	if secret == "" {
		secret = newSecret(a.Live)
	}
	if err := checkKey(name, secret); err != nil {
		return k, "", err
	}
	var n int
	if err := t.row(`SELECT count(*) FROM app_keys WHERE app_id = $1`, string(app)).Scan(&n); err != nil {
		return k, "", err
	}
	if n >= chat.MaxKeys {
		return k, "", &chat.Error{Code: chat.Invalid, Reason: chat.KeyLimit, Message: "This app has 10 secret keys already.", Hint: "Delete one that is not used any more."}
	}
	id := "key_" + strings.ToLower(rand.Text()[:12])
	text := secret.Reveal()
	k = chat.Key{App: app, ID: id, Name: name, Hint: text[len(text)-4:], Active: true, CreatedAt: t.Now, CreatedBy: t.Actor.Name}
	_, err = t.exec(`INSERT INTO app_keys (app_id, id, name, hint, lookup, sealed, active, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)`,
		string(app), id, name, k.Hint, s.seal.index(secret), s.seal.close(secret, keyPlace(app, id)), millis(t.Now), k.CreatedBy)
	if isUnique(err) {
		return k, "", chat.InvalidField("secret", "is in use already")
	}
	if err != nil {
		return k, "", fmt.Errorf("create key: %w", err)
	}
	_, err = t.record(chat.Event{App: app, Type: chat.KeyCreated, Subject: id}, nil, chat.Image{"name": name, "endsWith": k.Hint})
	return k, secret, err
}

func newSecret(live bool) chat.Secret {
	if live {
		return chat.Secret("sk_live_" + rand.Text() + rand.Text())
	}
	return chat.Secret("sk_test_" + rand.Text() + rand.Text())
}

func checkKey(name string, secret chat.Secret) error {
	if name == "" || len(name) > 100 {
		return chat.InvalidField("name", "needs 1 to 100 characters")
	}
	text := secret.Reveal()
	if len(text) < 20 || len(text) > 255 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return chat.InvalidField("secret", "needs 20 to 255 printable characters without spaces")
	}
	return nil
}

func keyPlace(app chat.AppID, id string) string { return string(app) + "/" + id }

// ActivateKey lets a deactivated key authenticate again.
func (s *Store) ActivateKey(ctx context.Context, actor chat.Actor, app chat.AppID, id string) (chat.Event, error) {
	return s.changeKey(ctx, actor, app, id, true)
}

// DeactivateKey stops a key from authenticating, at once.
func (s *Store) DeactivateKey(ctx context.Context, actor chat.Actor, app chat.AppID, id string) (chat.Event, error) {
	return s.changeKey(ctx, actor, app, id, false)
}

func (s *Store) changeKey(ctx context.Context, actor chat.Actor, app chat.AppID, id string, active bool) (e chat.Event, err error) {
	defer s.keys.clear()
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.switchKey(app, id, active, chat.Event{}); return err })
	return e, err
}

func (t *Tx) switchKey(app chat.AppID, id string, active bool, e chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpKeyChange, chat.Facts{App: app}); err != nil {
		return e, err
	}
	k, err := loadKey(t, app, id)
	if err != nil || k.Active == active {
		return chat.Event{}, err
	}
	if _, err := t.exec(`UPDATE app_keys SET active = $3 WHERE app_id = $1 AND id = $2`, string(app), id, flag(active)); err != nil {
		return e, fmt.Errorf("switch key: %w", err)
	}
	e.App, e.Subject, e.Type = app, id, chat.KeyDeactivated
	if active {
		e.Type = chat.KeyActivated
	}
	return t.record(e, chat.Image{"name": k.Name, "active": k.Active}, chat.Image{"name": k.Name, "active": active})
}

// DeleteKey deletes a deactivated key.
func (s *Store) DeleteKey(ctx context.Context, actor chat.Actor, app chat.AppID, id string) (e chat.Event, err error) {
	defer s.keys.clear()
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpKeyDelete, chat.Facts{App: app}); err != nil {
			return err
		}
		k, err := loadKey(t, app, id)
		if err != nil {
			return err
		}
		if k.Active {
			return &chat.Error{Code: chat.Conflict, Reason: chat.KeyInUse, Message: "This key is active.", Hint: "Deactivate it first, see that nothing breaks, then delete it."}
		}
		if _, err := t.exec(`DELETE FROM app_keys WHERE app_id = $1 AND id = $2`, string(app), id); err != nil {
			return fmt.Errorf("delete key: %w", err)
		}
		e, err = t.record(chat.Event{App: app, Type: chat.KeyDeleted, Subject: id}, chat.Image{"name": k.Name, "endsWith": k.Hint}, nil)
		return err
	})
	return e, err
}

// ActiveKey is an active key with its secret, for those who verify what was shown to them.
type ActiveKey struct {
	chat.Key
	Secret chat.Secret
}

// keyCache holds the active keys of apps in memory. Every change of a key clears it before the change is answered.
type keyCache struct {
	mu      sync.Mutex
	version int
	byApp   map[chat.AppID][]ActiveKey
	used    map[string]time.Time // by place, when the use was last stored
}

func (c *keyCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version++
	c.byApp = nil
}

func (c *keyCache) get(app chat.AppID) ([]ActiveKey, int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	keys, ok := c.byApp[app]
	return keys, c.version, ok
}

const maxCachedApps = 10_000

// put stores what was read while the cache had version; a change since then wins.
func (c *keyCache) put(app chat.AppID, keys []ActiveKey, version int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version {
		return
	}
	if c.byApp == nil || len(c.byApp) >= maxCachedApps {
		c.byApp = map[chat.AppID][]ActiveKey{}
	}
	c.byApp[app] = keys
}

// ActiveKeys are the keys that authenticate for an app now, with their secrets. None of an app that doesn't exist.
func (s *Store) ActiveKeys(ctx context.Context, app chat.AppID) ([]ActiveKey, error) {
	keys, version, ok := s.keys.get(app)
	if ok {
		return keys, nil
	}
	err := s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+keyColumns+`, sealed FROM app_keys WHERE app_id = $1 AND active = 1 ORDER BY created_at, id`, string(app))
		keys, err = scan(rows, err, func(row interface{ Scan(...any) error }) (ActiveKey, error) {
			var sealed []byte
			k, err := scanKey(withMore{row, []any{&sealed}})
			if err != nil {
				return ActiveKey{}, err
			}
			secret, err := s.seal.open(sealed, keyPlace(k.App, k.ID))
			return ActiveKey{k, secret}, err
		})
		return err
	})
	if err == nil && len(keys) > 0 {
		s.keys.put(app, keys, version)
	}
	return keys, err
}

// KeyUsed notes that a key was used. It is stored at most once a minute.
func (s *Store) KeyUsed(ctx context.Context, k chat.Key) error {
	now, place := s.now(), keyPlace(k.App, k.ID)
	s.keys.mu.Lock()
	due := now.Sub(s.keys.used[place]) >= time.Minute
	if due {
		if s.keys.used == nil || len(s.keys.used) > maxCachedApps {
			s.keys.used = map[string]time.Time{}
		}
		s.keys.used[place] = now
	}
	s.keys.mu.Unlock()
	if !due {
		return nil
	}
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`UPDATE app_keys SET last_used_at = $3 WHERE app_id = $1 AND id = $2`, string(k.App), k.ID, millis(t.Now))
		return err
	})
}

// KeyExposed records that a browser showed a key, at most once a minute for each.
func (s *Store) KeyExposed(ctx context.Context, actor chat.Actor, k chat.Key) error {
	return s.change(ctx, actor, func(t *Tx) error {
		var last int64
		err := t.row(`SELECT coalesce(max(at), 0) FROM events e WHERE e.app_id = $1 AND e.type = 'key.exposed' AND e.subject = $2`+isRare+inAudit, string(k.App), k.ID).Scan(&last)
		if err != nil || t.Now.Sub(fromMillis(last)) < time.Minute {
			return err
		}
		_, err = t.record(chat.Event{App: k.App, Type: chat.KeyExposed, Subject: k.ID}, nil, chat.Image{"name": k.Name, "endsWith": k.Hint})
		return err
	})
}

// Key is one secret key of an app, without its secret.
func (s *Store) Key(ctx context.Context, app chat.AppID, id string) (k chat.Key, err error) {
	err = s.read(ctx, func(q querier) error { k, err = loadKey(q, app, id); return err })
	return k, err
}
