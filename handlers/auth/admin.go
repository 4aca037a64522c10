package auth

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// Current is the signed-in admin of a request.
type Current struct {
	chat.Admin            // with the role for what the request is about
	Everywhere chat.Admin // with the role for the whole server
	Session    chat.AdminSession
}

// In is the admin in an app, with the role that they have there.
func (c Current) In(app chat.AppID) Current {
	c.Role = c.Everywhere.RoleIn(app)
	return c
}

// Actor is the admin as the one who acts in this request.
func (c Current) Actor(e echo.Context) chat.Actor {
	a := c.Admin.Actor(c.Session.AuthAt)
	a.RequestID = e.Response().Header().Get(echo.HeaderXRequestID)
	a.IP = e.RealIP()
	a.Form = web.SentForm(e)
	return a
}

// Recent tells whether the admin proved who they are lately enough for what asks for it.
func (c Current) Recent(now time.Time) bool { return now.Sub(c.Session.AuthAt) < chat.ReauthWindow }

// Current is who is signed in; ok is false when nobody is. It notes once a minute that the session is in use, by a person:
// a page that keeps itself fresh doesn't count.
func (s *Sessions) Current(c echo.Context) (who Current, ok bool, err error) {
	session, err := s.Get(c.Request(), s.name())
	if err != nil || session.IsNew {
		return who, false, err
	}
	who.Admin, _ = session.Values[whoKey].(chat.Admin)
	who.Everywhere = who.Admin
	who.Session, _ = session.Values[sessionKey].(chat.AdminSession)
	if authAt, ok := session.Values[authAtKey].(time.Time); ok {
		who.Session.AuthAt = authAt
	}
	if s.store.Now().Sub(who.Session.LastSeenAt) > time.Minute && !web.Refresh(c.Request()) {
		if err := s.store.TouchSession(c.Request().Context(), hashID(session.ID)); err != nil {
			c.Logger().Error(err)
		}
	}
	return who, who.Admin.ID != "", nil
}

// Again is who is signed in by the request's session as it stands now, for requests that last. It is an error once the
// session has ended.
func (s *Sessions) Again(c echo.Context) (chat.Admin, error) {
	_, admin, _, err := s.store.Session(c.Request().Context(), s.Hash(c.Request()))
	return admin, err
}

// Failed sign-ins are counted over 15 minutes: for one address and account, for one address, and codes for one account.
const (
	failureWindow   = 15 * time.Minute
	accountFailures = 10
	addressFailures = 50
	codeFailures    = 20
)

var errNoMatch = &chat.Error{Code: chat.Unauthenticated, Reason: chat.BadCredential, Message: "That email and password don’t match.",
	Hint: "Check both and try again. After 10 tries, wait 15 minutes."}

// SignIn checks an e-mail address and a password and starts a session with a new id, or where the admin has a second step
// remembers that this one was taken: second tells so. Who tries an address that nobody has learns nothing from the answer or
// its time.
func (s *Sessions) SignIn(c echo.Context, email, password, next string) (second bool, err error) {
	admin, err := s.check(c, email, password)
	if err != nil {
		return false, err
	}
	if admin.SecondStep() {
		return true, s.keep(c, UnderWay{Admin: admin.ID, First: true, Next: next})
	}
	return false, s.start(c, admin, chat.ByPassword)
}

// start gives the browser a new session. Who comes by single sign-on was perhaps not asked anything just now, so they have
// yet to prove who they are for what asks for it.
func (s *Sessions) start(c echo.Context, admin chat.Admin, method chat.SignInMethod) error {
	session, err := s.Get(c.Request(), s.name())
	if err != nil {
		return err
	}
	authAt := s.store.Now()
	if method == chat.BySSO {
		authAt = time.Time{}
	}
	session.IsNew = true
	session.Values = map[any]any{adminKey: admin.ID, authAtKey: authAt,
		sessionKey: chat.AdminSession{IP: c.RealIP(), UserAgent: firstRunes(c.Request().UserAgent(), 300), Method: method}}
	return s.Save(c.Request(), c.Response(), session)
}

// Start signs in an admin who was just made.
func (s *Sessions) Start(c echo.Context, admin chat.Admin, method chat.SignInMethod) error {
	return s.start(c, admin, method)
}

// ConfirmPassword checks the signed-in admin's password once more, or a code of their authenticator app in its place, for
// what asks for it. It is a wrong field when it doesn't match.
func (s *Sessions) ConfirmPassword(c echo.Context, who Current, password string) (Current, error) {
	if who.HasCode && looksLikeCode(password) {
		ok, err := s.store.UseCode(c.Request().Context(), who.ID, codeTries(c, who.ID), matchCode(password))
		if err != nil || !ok {
			return who, firstError(err, chat.InvalidField("password", "is not the code that your app shows now, or was used already"))
		}
		return s.confirmed(c, who)
	}
	_, err := s.check(c, who.Email, password)
	if chat.ReasonOf(err) == chat.BadCredential {
		return who, chat.InvalidField("password", "is not your password")
	}
	if err != nil {
		return who, err
	}
	return s.confirmed(c, who)
}

// confirmed notes that the admin proved who they are.
func (s *Sessions) confirmed(c echo.Context, who Current) (Current, error) {
	session, err := s.Get(c.Request(), s.name())
	if err != nil {
		return who, err
	}
	who.Session.AuthAt = s.store.Now()
	session.Values[authAtKey] = who.Session.AuthAt
	session.IsNew = true // a new id, as at sign-in: a copy of the old one is worth nothing any more
	return who, s.Save(c.Request(), c.Response(), session)
}

// Unconfirm ends the time in which the admin needs not prove again who they are.
func (s *Sessions) Unconfirm(c echo.Context) error {
	session, err := s.session(c)
	if err != nil || session == nil {
		return err
	}
	session.Values[authAtKey] = time.Time{}
	return s.Save(c.Request(), c.Response(), session)
}

func (s *Sessions) check(c echo.Context, email, password string) (chat.Admin, error) {
	ctx, address := c.Request().Context(), network(c.RealIP())
	account := db.AccountKey(firstRunes(strings.TrimSpace(email), 254), address)
	for key, most := range map[string]int{account: accountFailures, db.AddressKey(address): addressFailures} {
		n, err := s.store.SignInFailures(ctx, key, failureWindow)
		if err != nil {
			return chat.Admin{}, err
		}
		if n >= most {
			return chat.Admin{}, chat.ErrTooManyTries(failureWindow)
		}
	}
	admin, hash, err := s.store.AdminByEmail(ctx, email)
	if err != nil && chat.ReasonOf(err) != chat.AdminNotFound {
		return admin, err
	}
	ok, err := passwordMatches(ctx, hash, password)
	if err != nil {
		return admin, err
	}
	if !ok {
		if err := s.store.RecordSignInFailure(ctx, failureWindow, account, db.AddressKey(address)); err != nil {
			return admin, err
		}
		return admin, errNoMatch
	}
	return admin, s.store.ClearSignInFailures(ctx, account)
}

// network is the neighbourhood of an address that counts as one place: /24, or /56 for IPv6.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	bits := 56
	if addr = addr.Unmap(); addr.Is4() {
		bits = 24
	}
	p, _ := addr.Prefix(bits)
	return p.String()
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// SignOut ends the session.
func (s *Sessions) SignOut(c echo.Context) error {
	session, err := s.Get(c.Request(), s.name())
	if err != nil || session.IsNew {
		return err
	}
	session.Options.MaxAge = -1
	return s.Save(c.Request(), c.Response(), session)
}

// Hash is the hash of the session's id, as the store knows it.
func (s *Sessions) Hash(r *http.Request) []byte {
	session, err := s.Get(r, s.name())
	if err != nil {
		return hashID("")
	}
	return hashID(session.ID)
}

// Shown is the hash of the session cookie that the request came with, whether or not it is still good.
func (s *Sessions) Shown(r *http.Request) []byte {
	cookie, err := r.Cookie(s.name())
	if err != nil {
		return hashID("")
	}
	return hashID(cookie.Value)
}

// Put keeps a text in the session until Take takes it.
func (s *Sessions) Put(c echo.Context, key, text string) error {
	session, err := s.session(c)
	if err != nil || session == nil {
		return err
	}
	session.Values[key] = text
	return s.Save(c.Request(), c.Response(), session)
}

// Take gives back what Put kept, once; "" when there is nothing.
func (s *Sessions) Take(c echo.Context, key string) (string, error) {
	session, err := s.session(c)
	if err != nil || session == nil {
		return "", err
	}
	text, ok := session.Values[key].(string)
	if !ok {
		return "", nil
	}
	delete(session.Values, key)
	return text, s.Save(c.Request(), c.Response(), session)
}

// session is the signed-in session, or nil.
func (s *Sessions) session(c echo.Context) (*sessions.Session, error) {
	session, err := s.Get(c.Request(), s.name())
	if err != nil || session.IsNew {
		return nil, err
	}
	return session, nil
}
