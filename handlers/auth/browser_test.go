package auth_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/auth"
)

// userToken is a good token of maya; pairs of more replace claims, nil takes one away.
func userToken(now time.Time, key string, more ...any) string {
	claims := jwt.MapClaims{"tokenType": "user", "iss": "shop", "sub": "maya", "exp": now.Add(24 * time.Hour).Unix()}
	for i := 0; i < len(more); i += 2 {
		if claims[more[i].(string)] = more[i+1]; more[i+1] == nil {
			delete(claims, more[i].(string))
		}
	}
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(key))
	if err != nil {
		panic(err)
	}
	return text
}

// Whom a browser is let in for, with and without identities verified, in a test and in a live app.
func TestBrowser(t *testing.T) {
	store, clock := keyring(t)
	now := clock.Now()
	if _, _, _, err := store.CreateAppWithKey(t.Context(), chat.CommandLine, chat.AppChange{ID: "live", Name: "Live", Live: true}, "Orders", "sk_live_0123456789abcdefghij"); err != nil {
		t.Fatal(err)
	}
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"tokenType": "user", "iss": "shop", "sub": "maya", "exp": now.Add(time.Hour).Unix()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	hs512, _ := jwt.NewWithClaims(jwt.SigningMethodHS512, jwt.MapClaims{"tokenType": "user", "iss": "shop", "sub": "maya", "exp": now.Add(time.Hour).Unix()}).SignedString([]byte(secret))
	good := userToken(now, secret)
	for name, x := range map[string]struct {
		claim    auth.Claim
		user     string // "": refused
		verified bool
	}{
		"a bare id":                {auth.Claim{User: "maya"}, "maya", false},
		"an id that can't be":      {auth.Claim{User: "a/b"}, "", false},
		"nobody":                   {auth.Claim{}, "", false},
		"a token":                  {auth.Claim{User: "maya", Token: good}, "maya", true},
		"a token names the user":   {auth.Claim{Token: good}, "maya", true},
		"a token without end":      {auth.Claim{User: "maya", Token: userToken(now, secret, "exp", nil)}, "maya", true},
		"a token for another":      {auth.Claim{User: "bob", Token: good}, "", false},
		"a token of a server":      {auth.Claim{User: "maya", Token: userToken(now, secret, "tokenType", "app")}, "", false},
		"a token of no type":       {auth.Claim{User: "maya", Token: userToken(now, secret, "tokenType", nil)}, "", false},
		"a token of another app":   {auth.Claim{User: "maya", Token: userToken(now, otherSecret)}, "", false},
		"issued by another app":    {auth.Claim{User: "maya", Token: userToken(now, secret, "iss", "other")}, "", false},
		"issued by nobody":         {auth.Claim{User: "maya", Token: userToken(now, secret, "iss", nil)}, "", false},
		"a deactivated key":        {auth.Claim{User: "maya", Token: userToken(now, oldSecret)}, "", false},
		"expired":                  {auth.Claim{User: "maya", Token: userToken(now, secret, "exp", now.Add(-31*time.Second).Unix())}, "", false},
		"just expired":             {auth.Claim{User: "maya", Token: userToken(now, secret, "exp", now.Add(-29*time.Second).Unix())}, "maya", true},
		"not valid yet":            {auth.Claim{User: "maya", Token: userToken(now, secret, "nbf", now.Add(time.Minute).Unix())}, "", false},
		"issued in the future":     {auth.Claim{User: "maya", Token: userToken(now, secret, "iat", now.Add(time.Minute).Unix())}, "", false},
		"a sub that is no text":    {auth.Claim{Token: userToken(now, secret, "sub", 7)}, "", false},
		"a sub that can't be":      {auth.Claim{Token: userToken(now, secret, "sub", "a/b")}, "", false},
		"an exp that is no time":   {auth.Claim{Token: userToken(now, secret, "exp", "soon")}, "", false},
		"no signature":             {auth.Claim{User: "maya", Token: none}, "", false},
		"another algorithm":        {auth.Claim{User: "maya", Token: hs512}, "", false},
		"cut off":                  {auth.Claim{User: "maya", Token: good[:len(good)-3]}, "", false},
		"no token at all":          {auth.Claim{User: "maya", Token: "maya"}, "", false},
		"a token of 5 KB":          {auth.Claim{User: "maya", Token: userToken(now, secret, "x", strings.Repeat("x", 5000))}, "", false},
		"an unknown app":           {auth.Claim{App: "nowhere", User: "maya"}, "", false},
		"a live app, a bare id":    {auth.Claim{App: "live", User: "maya"}, "", false},
		"a live app, a token":      {auth.Claim{App: "live", User: "maya", Token: userToken(now, "sk_live_0123456789abcdefghij", "iss", "live")}, "maya", true},
		"a live app, without end":  {auth.Claim{App: "live", User: "maya", Token: userToken(now, "sk_live_0123456789abcdefghij", "iss", "live", "exp", nil)}, "", false},
		"a live app, another's":    {auth.Claim{App: "live", User: "maya", Token: good}, "", false},
		"a live app, a secret key": {auth.Claim{App: "live", User: "maya", Token: "sk_live_0123456789abcdefghij"}, "", false},
	} {
		if x.claim.App == "" {
			x.claim.App = "shop"
		}
		p, err := auth.Browser(t.Context(), store, x.claim)
		e := chat.AsError(err)
		switch {
		case x.user == "" && (e == nil || e.Code != chat.Unauthenticated && e.Reason != chat.BadID):
			t.Errorf("%s: %+v %v", name, p, err)
		case x.user != "" && (err != nil || p.Actor.ID != x.user || p.Actor.Verified != x.verified || p.Actor.Kind != chat.UserActor || p.Actor.App != x.claim.App || (p.Key != "") != x.verified):
			t.Errorf("%s: %+v %v", name, p, err)
		}
		for _, key := range []string{secret, otherSecret, "sk_live_0123456789abcdefghij"} {
			if err != nil && strings.Contains(err.Error(), key) {
				t.Errorf("%s: the refusal holds a secret: %v", name, err)
			}
		}
	}
}

const secondSecret = "sk_test_the-second-active-key"

func signatureOf(user, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(user))
	return hex.EncodeToString(mac.Sum(nil))
}

// The signatures of older integrations prove a user while the app accepts them, and are refused while it does not.
func TestSignatures(t *testing.T) {
	store, clock := keyring(t)
	if _, _, err := store.CreateKey(t.Context(), chat.CommandLine, "shop", "Second", secondSecret); err != nil {
		t.Fatal(err)
	}
	set := func(key chat.SettingKey, value string) {
		t.Helper()
		all, err := store.Settings(t.Context(), "shop")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.SaveSettings(t.Context(), chat.CommandLine, "shop", []chat.SettingChange{{Key: key, Value: value, Version: all[key].Version}}); err != nil {
			t.Fatal(err)
		}
	}
	good := signatureOf("maya", secret)
	claim := func(user, signature string) auth.Claim {
		return auth.Claim{App: "shop", User: user, Signature: signature}
	}
	beside := func(token string) auth.Claim {
		return auth.Claim{App: "shop", User: "maya", Token: token, Signature: good}
	}
	table := map[string]struct {
		claim  auth.Claim
		user   string // "": refused
		signed bool   // the signature proved it
		reason chat.Reason
	}{
		"lower case":               {claim("maya", good), "maya", true, ""},
		"upper case":               {claim("maya", strings.ToUpper(good)), "maya", true, ""},
		"another active key":       {claim("maya", signatureOf("maya", secondSecret)), "maya", true, ""},
		"an id of digits":          {claim("42", signatureOf("42", secret)), "42", true, ""},
		"an id in another script":  {claim("mäya", signatureOf("mäya", secret)), "mäya", true, ""},
		"of another user":          {claim("bob", good), "", false, chat.BadCredential},
		"of nobody":                {claim("", signatureOf("", secret)), "", false, chat.BadID},
		"without an id":            {claim("", good), "", false, chat.BadCredential},
		"a key of nobody":          {claim("maya", signatureOf("maya", "sk_test_nobody")), "", false, chat.BadCredential},
		"another app's key":        {claim("maya", signatureOf("maya", otherSecret)), "", false, chat.BadCredential},
		"a deactivated key":        {claim("maya", signatureOf("maya", oldSecret)), "", false, chat.BadCredential},
		"too long":                 {claim("maya", good+"00"), "", false, chat.BadCredential},
		"far too long":             {claim("maya", strings.Repeat(good, 1000)), "", false, chat.BadCredential},
		"too short":                {claim("maya", good[:62]), "", false, chat.BadCredential},
		"no hex":                   {claim("maya", strings.Repeat("xy", 32)), "", false, chat.BadCredential},
		"with a space":             {claim("maya", good[:63]+" "), "", false, chat.BadCredential},
		"a secret key":             {claim("maya", secret), "", false, chat.SecretExposed},
		"a token in its place":     {claim("maya", userToken(clock.Now(), secret)), "", false, chat.BadCredential},
		"beside a token":           {beside(userToken(clock.Now(), secret)), "maya", false, ""},
		"beside a bad token":       {beside(userToken(clock.Now(), otherSecret)), "", false, chat.BadCredential},
		"beside a secret key":      {beside(secret), "", false, chat.SecretExposed},
		"a bad one beside a token": {auth.Claim{App: "shop", User: "maya", Token: userToken(clock.Now(), secret), Signature: "x"}, "maya", false, ""},
	}
	for _, required := range []string{"false", "true"} {
		set(chat.SettingIdentity, required)
		for _, accepted := range []string{"true", "false"} {
			set(chat.SettingSignatures, accepted)
			for name, x := range table {
				if accepted == "false" && x.claim.Token == "" && x.reason != chat.SecretExposed {
					x.user, x.reason = "", chat.SignaturesOff
				}
				p, err := auth.Browser(t.Context(), store, x.claim)
				e := chat.AsError(err)
				switch {
				case x.user == "" && (e == nil || e.Reason != x.reason || e.Code != chat.Unauthenticated && e.Reason != chat.BadID || e.Hint == "" || strings.Contains(e.Error(), good)):
					t.Errorf("%s, accepted %s, required %s: %+v %v", name, accepted, required, p, err)
				case x.user != "" && (err != nil || p.Actor.ID != x.user || !p.Actor.Verified || p.Key == "" || p.Signed != x.signed || p.Expires.IsZero() != x.signed):
					t.Errorf("%s, accepted %s, required %s: %+v %v", name, accepted, required, p, err)
				}
			}
		}
	}
}

// A secret key in a browser goes on record, not once for every try.
func TestSecretKeyInABrowser(t *testing.T) {
	store, clock := keyring(t)
	exposed := func() int {
		t.Helper()
		p, err := store.Events(t.Context(), db.EventQuery{App: "shop", Types: []chat.EventType{chat.KeyExposed}})
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Items)
	}
	for _, want := range []int{1, 1, 2} {
		if want == 2 {
			clock.Add(time.Minute)
		}
		_, err := auth.Browser(t.Context(), store, auth.Claim{App: "shop", User: "maya", Token: secret, IP: "192.0.2.1"})
		if chat.ReasonOf(err) != chat.SecretExposed || exposed() != want {
			t.Fatalf("%v; %d on record, want %d", err, exposed(), want)
		}
	}
	before := dbtest.Dump(t, store)
	if _, err := auth.Browser(t.Context(), store, auth.Claim{App: "shop", User: "maya", Token: oldSecret}); chat.ReasonOf(err) != chat.BadCredential || dbtest.Dump(t, store) != before {
		t.Fatalf("a deactivated key is just no token: %v", err)
	}
}
