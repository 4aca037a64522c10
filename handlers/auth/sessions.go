// Package auth turns what a request shows (a session cookie, a secret key, a signed token) into who acts: a chat.Actor.
// It decides who somebody is, never what they may do.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/sessions"

	"guestlist/db"
	"guestlist/db/chat"
)

// Sessions keeps the dashboard's sessions: a gorilla session store whose rows are in the database. The cookie is 32
// random bytes; the database has only their SHA-256, so neither a copy of the database nor an old cookie is of use.
type Sessions struct {
	store     *db.Store
	publicURL string // "" while nobody said
	secure    bool   // the dashboard is served over https
}

type lookup = func(ctx context.Context, hash []byte) (data string, ok bool, err error)

// NewSessions keeps sessions in store. publicURL is where browsers reach the dashboard; it may be empty.
func NewSessions(store *db.Store, publicURL string) *Sessions {
	return &Sessions{store, publicURL, strings.HasPrefix(publicURL, "https://")}
}

// Keys of a session's values. Everything else in Values is the dashboard's own and must be text by text.
const (
	adminKey   = "admin"   // string: the admin's id
	authAtKey  = "auth_at" // time.Time: when the admin last proved who they are
	sessionKey = "session" // chat.AdminSession, while loaded
	whoKey     = "who"     // chat.Admin, while loaded
)

func (s *Sessions) name() string {
	if s.secure {
		return "__Host-session" // browsers refuse it without Secure, with a Domain or under another path
	}
	return "session"
}

// Get is the request's session, loaded once.
func (s *Sessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New loads the session of the request's cookie, or makes an empty one when there is none or it has ended.
func (s *Sessions) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	session.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	v, admin, data, err := s.store.Session(r.Context(), hashID(cookie.Value))
	if e := chat.AsError(err); e != nil && e.Code == chat.Unauthenticated {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	session.ID, session.IsNew = cookie.Value, false
	values := map[string]string{}
	if data != "" {
		if err := json.Unmarshal([]byte(data), &values); err != nil {
			return session, err
		}
	}
	for k, text := range values {
		session.Values[k] = text
	}
	session.Values[adminKey], session.Values[authAtKey] = admin.ID, v.AuthAt
	session.Values[sessionKey], session.Values[whoKey] = v, admin
	return session, nil
}

// Save stores the session. A new one gets a fresh id and replaces the one that the request came with; a MaxAge below
// zero ends it.
func (s *Sessions) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	authAt, _ := session.Values[authAtKey].(time.Time)
	switch {
	case session.Options.MaxAge < 0:
		if err := s.store.EndSession(r.Context(), hashID(session.ID)); err != nil {
			return err
		}
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	case !session.IsNew:
		return s.store.SaveSession(r.Context(), hashID(session.ID), texts(session.Values), authAt)
	}
	raw := make([]byte, 32)
	rand.Read(raw)
	id := base64.RawURLEncoding.EncodeToString(raw)
	admin, _ := session.Values[adminKey].(string)
	info, _ := session.Values[sessionKey].(chat.AdminSession)
	v := chat.AdminSession{ID: "ses_" + rand.Text()[:16], Admin: admin, AuthAt: authAt, IP: info.IP, UserAgent: info.UserAgent, Method: info.Method}
	if err := s.store.StartSession(r.Context(), hashID(id), hashID(session.ID), v); err != nil {
		return err
	}
	session.ID, session.IsNew = id, false
	options := *session.Options
	options.MaxAge = int(db.SessionMax / time.Second)
	http.SetCookie(w, sessions.NewCookie(session.Name(), id, &options))
	return nil
}

// texts is what of a session's values is stored as its data.
func texts(values map[any]any) string {
	kept := map[string]string{}
	for k, v := range values {
		if name, ok := k.(string); ok && name != adminKey {
			if text, ok := v.(string); ok {
				kept[name] = text
			}
		}
	}
	if len(kept) == 0 {
		return ""
	}
	b, _ := json.Marshal(kept) // strings always marshal
	return string(b)
}

func hashID(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}
