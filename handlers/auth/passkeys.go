package auth

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

// PasskeyPlace is the name that passkeys of this server belong to, and the origin of the page that asks; why says why pages
// at this address can't have any.
func (s *Sessions) PasskeyPlace(c echo.Context) (name, origin, why string) {
	origin = s.publicURL
	if origin == "" || isLocal(c.Request().Host) {
		origin = "http://" + c.Request().Host
	}
	u, err := url.Parse(origin)
	if err != nil {
		return "", "", "The address of this page can’t be read."
	}
	name = u.Hostname()
	switch _, notIP := netip.ParseAddr(name); {
	case notIP == nil:
		return "", "", "Passkeys need a name, and this page’s address is a number. Open the dashboard as localhost, or by the name that --public-url gives it."
	case u.Scheme != "https" && name != "localhost":
		return "", "", "Passkeys need https. Put a certificate in front of this server and set --public-url to its https address."
	case s.publicURL != "" && !strings.EqualFold(hostname(c.Request().Host), name):
		return "", "", "Passkeys belong to " + s.publicURL + ". Open the dashboard there."
	}
	return name, origin, ""
}

func isLocal(host string) bool { return hostname(host) == "localhost" }

func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return host
}

func (s *Sessions) relyingParty(c echo.Context) (*webauthn.WebAuthn, error) {
	name, origin, why := s.PasskeyPlace(c)
	if why != "" {
		return nil, chat.InvalidField("passkey", "can’t be used here: "+why)
	}
	return webauthn.New(&webauthn.Config{RPID: name, RPDisplayName: "Guestlist", RPOrigins: []string{origin}})
}

// passkeyUser is an admin as the library sees them.
type passkeyUser struct {
	admin       chat.Admin
	credentials []webauthn.Credential
}

func (u passkeyUser) WebAuthnID() []byte                         { return []byte(u.admin.ID) }
func (u passkeyUser) WebAuthnName() string                       { return u.admin.Email }
func (u passkeyUser) WebAuthnDisplayName() string                { return u.admin.Name }
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

func (s *Sessions) passkeyUser(c echo.Context, admin chat.Admin) (passkeyUser, error) {
	u := passkeyUser{admin: admin}
	keys, err := s.store.Passkeys(c.Request().Context(), admin.ID)
	for _, k := range keys {
		var credential webauthn.Credential
		if err := json.Unmarshal([]byte(k.Credential), &credential); err != nil {
			return u, err
		}
		u.credentials = append(u.credentials, credential)
	}
	return u, err
}

// NewPasskey asks the browser of an admin, who need not exist yet, for a new passkey. token is that of the invitation that
// they accept with it.
func (s *Sessions) NewPasskey(c echo.Context, admin chat.Admin, token string) (*protocol.CredentialCreation, error) {
	party, err := s.relyingParty(c)
	if err != nil {
		return nil, err
	}
	user, err := s.passkeyUser(c, admin)
	if err != nil {
		return nil, err
	}
	options, challenge, err := party.BeginRegistration(user, webauthn.WithExclusions(webauthn.Credentials(user.credentials).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return nil, err
	}
	return options, s.keep(c, UnderWay{Admin: admin.ID, Challenge: challenge, Token: token})
}

var errPasskey = chat.InvalidField("passkey", "was not accepted. Try again, or use another way")

// MadePasskey is the passkey that the browser answered NewPasskey with.
func (s *Sessions) MadePasskey(c echo.Context, answer, name, token string) (chat.Passkey, error) {
	u, ok, err := s.take(c)
	if err != nil {
		return chat.Passkey{}, err
	}
	if !ok || u.Challenge == nil || u.Token != token {
		return chat.Passkey{}, errPasskey
	}
	party, err := s.relyingParty(c)
	if err != nil {
		return chat.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return chat.Passkey{}, errPasskey
	}
	credential, err := party.CreateCredential(passkeyUser{admin: chat.Admin{ID: u.Admin}}, *u.Challenge, parsed)
	if err != nil {
		return chat.Passkey{}, errPasskey
	}
	text, err := json.Marshal(credential)
	if err != nil {
		return chat.Passkey{}, err
	}
	return chat.Passkey{ID: passkeyID(credential), Admin: u.Admin, Name: strings.TrimSpace(name), Credential: string(text)}, nil
}

func passkeyID(c *webauthn.Credential) string { return base64.RawURLEncoding.EncodeToString(c.ID) }

// AskPasskey asks the browser for a passkey: for what is under way, which names the admin, or with none any of this server,
// which says whose it is.
func (s *Sessions) AskPasskey(c echo.Context, u UnderWay) (*protocol.CredentialAssertion, error) {
	party, err := s.relyingParty(c)
	if err != nil {
		return nil, err
	}
	verified := webauthn.WithUserVerification(protocol.VerificationRequired)
	var options *protocol.CredentialAssertion
	if u.Admin == "" {
		options, u.Challenge, err = party.BeginDiscoverableLogin(verified)
	} else {
		admin, err := s.store.Admin(c.Request().Context(), u.Admin)
		if err != nil {
			return nil, err
		}
		user, err := s.passkeyUser(c, admin)
		if err != nil {
			return nil, err
		}
		if options, u.Challenge, err = party.BeginLogin(user, verified); err != nil {
			return nil, errPasskey // they have none
		}
	}
	if err != nil {
		return nil, err
	}
	return options, s.keep(c, u)
}

// answeredPasskey is the admin whose passkey answered AskPasskey, and what was under way.
func (s *Sessions) answeredPasskey(c echo.Context, answer string) (admin chat.Admin, u UnderWay, err error) {
	u, ok, err := s.take(c)
	if err != nil {
		return admin, u, err
	}
	if !ok || u.Challenge == nil || u.Token != "" {
		return admin, u, errPasskey
	}
	party, err := s.relyingParty(c)
	if err != nil {
		return admin, u, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return admin, u, errPasskey
	}
	load := func(id string) (passkeyUser, error) {
		if admin, err = s.store.Admin(c.Request().Context(), id); err != nil {
			return passkeyUser{}, err
		}
		return s.passkeyUser(c, admin)
	}
	var credential *webauthn.Credential
	if u.Admin == "" {
		credential, err = party.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) { return load(string(handle)) }, *u.Challenge, parsed)
	} else if user, loadErr := load(u.Admin); loadErr == nil {
		credential, err = party.ValidateLogin(user, *u.Challenge, parsed)
	} else {
		err = loadErr
	}
	if err != nil || credential.Authenticator.CloneWarning || admin.Ended(s.store.Now()) {
		return admin, u, errPasskey
	}
	text, err := json.Marshal(credential)
	if err != nil {
		return admin, u, err
	}
	return admin, u, s.store.UsePasskey(c.Request().Context(), passkeyID(credential), string(text))
}

// SignInWithPasskey starts a session for whoever's passkey answered. A passkey is both steps in one: it is had, and its
// owner was checked. It gives where to go on.
func (s *Sessions) SignInWithPasskey(c echo.Context, answer string) (next string, err error) {
	admin, u, err := s.answeredPasskey(c, answer)
	if err != nil {
		return "", err
	}
	return u.Next, s.start(c, admin, chat.ByPasskey)
}

// ConfirmPasskey is ConfirmPassword with a passkey of the signed-in admin.
func (s *Sessions) ConfirmPasskey(c echo.Context, who Current, answer string) (Current, error) {
	admin, _, err := s.answeredPasskey(c, answer)
	if err != nil || admin.ID != who.ID {
		return who, firstError(err, errPasskey)
	}
	return s.confirmed(c, who)
}
