package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

// underWayTime is how long a sign-in may take from one request to the next.
const underWayTime = 10 * time.Minute

// UnderWay is what is remembered of a sign-in, or of a confirmation, between two requests of one browser. The browser has a
// cookie of its own for it, so what one browser began no other can finish.
type UnderWay struct {
	Admin     string                `json:"admin,omitempty"`     // who it is about
	First     bool                  `json:"first,omitempty"`     // the first step was taken: their password was right
	Next      string                `json:"next,omitempty"`      // where to go on
	Challenge *webauthn.SessionData `json:"challenge,omitempty"` // that a passkey has to answer
	Token     string                `json:"token,omitempty"`     // of the invitation that is being accepted
	SSO       *ssoUnderWay          `json:"sso,omitempty"`
}

type ssoUnderWay struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Confirms string    `json:"confirms,omitempty"` // the admin who confirms who they are, rather than signing in
	Began    time.Time `json:"began"`
}

func (s *Sessions) underWayName() string {
	if s.secure {
		return "__Host-under-way"
	}
	return "under-way"
}

// keep remembers what is under way, under a cookie that the browser has or gets.
func (s *Sessions) keep(c echo.Context, u UnderWay) error {
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	raw := make([]byte, 32)
	rand.Read(raw)
	id := base64.RawURLEncoding.EncodeToString(raw)
	if err := s.store.KeepSignIn(c.Request().Context(), hashID(id), string(data), underWayTime); err != nil {
		return err
	}
	s.setUnderWay(c, id, int(underWayTime/time.Second))
	return nil
}

func (s *Sessions) setUnderWay(c echo.Context, id string, age int) {
	c.SetCookie(&http.Cookie{Name: s.underWayName(), Value: id, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode})
}

// UnderWay is what this browser is in the middle of; ok is false when that is nothing, or too long ago.
func (s *Sessions) UnderWay(c echo.Context) (u UnderWay, ok bool, err error) {
	return s.underWay(c, s.store.SignInUnderWay)
}

// take is UnderWay for once.
func (s *Sessions) take(c echo.Context) (u UnderWay, ok bool, err error) {
	u, ok, err = s.underWay(c, s.store.TakeSignIn)
	if ok {
		s.setUnderWay(c, "", -1)
	}
	return u, ok, err
}

func (s *Sessions) underWay(c echo.Context, load lookup) (u UnderWay, ok bool, err error) {
	cookie, err := c.Cookie(s.underWayName())
	if err != nil {
		return u, false, nil
	}
	data, ok, err := load(c.Request().Context(), hashID(cookie.Value))
	if err != nil || !ok {
		return u, false, err
	}
	return u, true, json.Unmarshal([]byte(data), &u)
}

// errTooLate is told to who comes back after underWayTime, or twice.
func errTooLate() *chat.Error {
	return &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "That took too long, or was done already.", Hint: "Start again."}
}
