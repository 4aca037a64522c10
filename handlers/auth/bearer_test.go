package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/auth"
)

const (
	secret      = "sk_test_0123456789abcdefghij"
	oldSecret   = "sk_test_old-and-deactivated"
	otherSecret = "sk_test_zyxwvutsrqponmlkjihg"
)

// keyring is a store with the app "shop", whose key is secret and was oldSecret, and the app "other".
func keyring(t testing.TB) (*db.Store, *dbtest.Clock) {
	t.Helper()
	store, clock := dbtest.New(t)
	for _, k := range []struct {
		app    chat.AppID
		secret chat.Secret
	}{{"shop", secret}, {"shop", oldSecret}, {"other", otherSecret}} {
		if k.secret != oldSecret {
			dbtest.App(t, store, k.app)
		}
		key, _, err := store.CreateKey(t.Context(), chat.CommandLine, k.app, "Orders", k.secret)
		if err != nil {
			t.Fatal(err)
		}
		if k.secret == oldSecret {
			if _, err := store.DeactivateKey(t.Context(), dbtest.Ana, "shop", key.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	return store, clock
}

func keysOf(t *testing.T, store *db.Store, app chat.AppID) []chat.Key {
	t.Helper()
	keys, err := store.Keys(t.Context(), app)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func backend(store *db.Store, app chat.AppID, authorization ...string) (chat.Actor, error) {
	r := httptest.NewRequest("GET", "/v1/shop?token="+secret, nil)
	r.Header["Authorization"] = authorization
	r.Header.Set("Cookie", "token="+secret)
	return auth.Backend(echo.New().NewContext(r, httptest.NewRecorder()), store, app)
}

func part(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// signed is a token over any two texts, however little they are a header and claims.
func signed(header, claims, key string) string {
	sig, err := jwt.SigningMethodHS256.Sign(header+"."+claims, []byte(key))
	if err != nil {
		panic(err)
	}
	return header + "." + claims + "." + base64.RawURLEncoding.EncodeToString(sig)
}

var hs256 = map[string]any{"alg": "HS256", "typ": "JWT"}

// claims are good ones, except for the changes: names and values, nil to leave one out.
func claims(now time.Time, changes ...any) map[string]any {
	c := map[string]any{"tokenType": "app", "iss": "shop", "exp": now.Add(30 * time.Second).Unix()}
	for i := 0; i < len(changes); i += 2 {
		if c[changes[i].(string)] = changes[i+1]; changes[i+1] == nil {
			delete(c, changes[i].(string))
		}
	}
	return c
}

func TestGoodCredentials(t *testing.T) {
	store, clock := keyring(t)
	now := clock.Now()
	token := func(changes ...any) string { return signed(part(hs256), part(claims(now, changes...)), secret) }
	for name, credential := range map[string]string{
		"key": "Bearer " + secret, "scheme in any case": "bEaReR " + secret, "blanks": "Bearer   " + secret + " ", "token": "Bearer " + token(), "no typ": "Bearer " + signed(part(map[string]any{"alg": "HS256"}), part(claims(now)), secret),
		"issued now": "Bearer " + token("iat", now.Unix()), "an hour": "Bearer " + token("iat", now.Unix(), "exp", now.Add(time.Hour).Unix()), "just expired": "Bearer " + token("exp", now.Add(-29*time.Second).Unix()),
		"clock ahead": "Bearer " + token("iat", now.Add(29*time.Second).Unix()), "fractions": "Bearer " + token("exp", float64(now.Unix())+30.5), "more claims": "Bearer " + token("sub", "maya", "aud", "x", "role", "admin"),
	} {
		a, err := backend(store, "shop", credential)
		if err != nil || a.Kind != chat.BackendActor || a.App != "shop" || a.Source != chat.REST || a.Name != "Key “Orders”" || !strings.HasPrefix(a.ID, "key_") {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
	for _, k := range keysOf(t, store, "shop") {
		if k.Active != k.LastUsedAt.Equal(now) {
			t.Errorf("the key that was shown is marked as used, no other: %+v", k)
		}
	}
}

func TestForgedCredentials(t *testing.T) {
	store, clock := keyring(t)
	now := clock.Now()
	h, good := part(hs256), part(claims(now))
	token := func(changes ...any) string { return signed(h, part(claims(now, changes...)), secret) }
	header := func(key string, value any) string {
		return signed(part(map[string]any{"alg": "HS256", "typ": "JWT", key: value}), good, secret)
	}
	other := func(m jwt.SigningMethod, key any) string {
		s, err := jwt.NewWithClaims(m, jwt.MapClaims(claims(now))).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	raw := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	exp := fmt.Sprint(now.Add(30 * time.Second).Unix())
	valid := token()
	forged := []struct{ name, credential string }{
		// no key of this app
		{"empty", ""}, {"one letter more", secret + "x"}, {"one letter less", secret[:len(secret)-1]}, {"other case", strings.ToUpper(secret)}, {"twice", secret + " " + secret}, {"in quotes", `"` + secret + `"`},
		{"deactivated key", oldSecret}, {"key of another app", otherSecret}, {"hint", secret[len(secret)-4:]}, {"app id", "shop"}, {"wildcard", "%"}, {"SQL", "' OR 1=1 --"}, {"NUL behind", secret + "\x00"}, {"line behind", secret + "\nx"},
		{"base64 of the key", base64.StdEncoding.EncodeToString([]byte(secret))}, {"long", strings.Repeat("x", 5<<10)}, {"a million dots", strings.Repeat(".", 1<<20)}, {"long token", token("x", strings.Repeat("x", 4<<10))},
		// no token
		{"dots", ".."}, {"letters", "a.b.c"}, {"two parts", h + "." + good}, {"four parts", valid + ".x"}, {"no signature", h + "." + good + "."}, {"cut", valid[:len(valid)-2]}, {"longer", valid + "AA"}, {"padded", valid + "=="},
		{"header is no JSON", signed(raw("x"), good, secret)}, {"header is a list", signed(raw("[]"), good, secret)}, {"claims are no JSON", signed(h, raw("x"), secret)}, {"claims are a list", signed(h, raw("[]"), secret)},
		{"claims are null", signed(h, raw("null"), secret)}, {"no claims", signed(h, raw("{}"), secret)}, {"encoded with + and /", signed(h, base64.StdEncoding.EncodeToString([]byte(`{"tokenType":"app","iss":"shop","exp":`+exp+`,"x":"???>>>"}`)), secret)},
		// another algorithm
		{"none", part(map[string]any{"alg": "none"}) + "." + good + "."}, {"None", part(map[string]any{"alg": "None"}) + "." + good + "."}, {"none with a signature", header("alg", "none")}, {"alg empty", header("alg", "")}, {"alg missing", header("alg", nil)},
		{"alg a number", header("alg", 1)}, {"alg in small letters", header("alg", "hs256")}, {"RS256", header("alg", "RS256")}, {"HS512, named HS256", strings.Replace(other(jwt.SigningMethodHS512, []byte(secret)), part(map[string]any{"alg": "HS512", "typ": "JWT"}), h, 1)},
		{"HS384", other(jwt.SigningMethodHS384, []byte(secret))}, {"HS512", other(jwt.SigningMethodHS512, []byte(secret))}, {"unsigned", other(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType)},
		// another signer
		{"key of another app signs", signed(h, good, otherSecret)}, {"deactivated key signs", signed(h, good, oldSecret)}, {"empty key signs", signed(h, good, "")}, {"app id signs", signed(h, good, "shop")}, {"claims exchanged", h + "." + part(claims(now, "sub", "x")) + valid[strings.LastIndex(valid, "."):]},
		{"embedded key", signed(part(map[string]any{"alg": "HS256", "jwk": map[string]any{"kty": "oct", "k": raw("x")}}), good, "x")},
		// not for this door
		{"user token", token("tokenType", "user", "sub", "maya")}, {"no type", token("tokenType", nil)}, {"type null", signed(h, raw(`{"tokenType":null,"iss":"shop","exp":`+exp+`}`), secret)}, {"type a list", token("tokenType", []string{"app"})}, {"type in capitals", token("tokenType", "App")},
		{"type under another name", token("tokenType", nil, "TokenType", "app")}, {"user token that adds a type", token("tokenType", "user", "TOKENTYPE", "app")}, {"type with a blank", token("tokenType", "app ")},
		{"another issuer", token("iss", "other")}, {"no issuer", token("iss", nil)}, {"empty issuer", token("iss", "")}, {"issuer a list", token("iss", []string{"shop"})}, {"issuer in capitals", token("iss", "SHOP")}, {"issuer under another name", token("iss", nil, "ISS", "shop")},
		// not now
		{"no expiry", token("exp", nil)}, {"expiry null", signed(h, raw(`{"tokenType":"app","iss":"shop","exp":null}`), secret)}, {"expiry zero", token("exp", 0)}, {"expiry a text", token("exp", exp)}, {"expiry under another name", token("exp", nil, "EXP", now.Unix()+30)},
		{"expired", token("exp", now.Add(-31*time.Second).Unix())}, {"expiry in milliseconds", token("exp", now.Add(time.Minute).UnixMilli())}, {"expiry without end", signed(h, raw(`{"tokenType":"app","iss":"shop","exp":1e300}`), secret)}, {"expiry no number", signed(h, raw(`{"tokenType":"app","iss":"shop","exp":1e999}`), secret)},
		{"good for a day", token("exp", now.Add(24*time.Hour).Unix())}, {"good for more than an hour", token("iat", now.Add(-time.Hour).Unix(), "exp", now.Add(time.Minute).Unix())}, {"issued in the future", token("iat", now.Add(time.Minute).Unix())},
		{"issue a text", token("iat", "now")}, {"not yet", token("nbf", now.Add(time.Minute).Unix())}, {"not before a text", token("nbf", "now")},
	}
	refused := func(name string, app chat.AppID, authorization ...string) {
		t.Helper()
		a, err := backend(store, app, authorization...)
		if e := chat.AsError(err); e == nil || e.Code != chat.Unauthenticated || e.Error() != auth.ErrBearer().Error() || !reflect.ValueOf(a).IsZero() {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
	for _, f := range forged {
		refused(f.name, "shop", "Bearer "+f.credential)
	}
	refused("no header", "shop")
	refused("no scheme", "shop", secret)
	refused("another scheme", "shop", "Basic "+base64.StdEncoding.EncodeToString([]byte("x:"+secret)))
	refused("scheme only", "shop", "Bearer")
	refused("only the first header counts", "shop", "Bearer x", "Bearer "+secret)
	refused("unknown app", "nowhere", "Bearer "+secret)
	refused("token for an unknown app", "nowhere", "Bearer "+token("iss", "nowhere"))
	refused("key for another app", "other", "Bearer "+secret)
	refused("token for another app", "other", "Bearer "+valid)
	refused("no app", "", "Bearer "+secret)
	if len(forged) < 60 {
		t.Error("the table shrank", len(forged))
	}
	for _, app := range []chat.AppID{"shop", "other"} {
		for _, k := range keysOf(t, store, app) {
			if !k.LastUsedAt.IsZero() {
				t.Errorf("a refused credential marked a key as used: %+v", k)
			}
		}
	}
}

func TestKeysTurnOverAtOnce(t *testing.T) {
	store, clock := keyring(t)
	token := "Bearer " + signed(part(hs256), part(claims(clock.Now())), secret)
	keys := keysOf(t, store, "shop")
	active, old := keys[0], keys[1]
	if old.Active {
		active, old = old, active
	}
	for _, credential := range []string{"Bearer " + secret, token} {
		if _, err := backend(store, "shop", credential); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.DeactivateKey(t.Context(), dbtest.Ana, "shop", active.ID); err != nil {
		t.Fatal(err)
	}
	for _, credential := range []string{"Bearer " + secret, token} {
		if _, err := backend(store, "shop", credential); chat.ReasonOf(err) != chat.BadCredential {
			t.Error(err)
		}
	}
	if _, err := store.ActivateKey(t.Context(), dbtest.Ana, "shop", old.ID); err != nil {
		t.Fatal(err)
	}
	if a, err := backend(store, "shop", "Bearer "+oldSecret); err != nil || a.ID != old.ID {
		t.Error(a, err)
	}
}

// Nothing that isn't signed with a key of the app gets in, and nothing makes the server fail.
func FuzzJWT(f *testing.F) {
	store, clock := keyring(f)
	now := clock.Now()
	for _, c := range []map[string]any{claims(now), claims(now, "exp", nil), claims(now, "tokenType", "user"), claims(now, "iat", 1e300)} {
		f.Add(part(hs256), part(c), "AAAA")
		f.Add(part(map[string]any{"alg": "none"}), part(c), "")
	}
	f.Add("e30", "bnVsbA", "..")
	f.Fuzz(func(t *testing.T, header, claims, signature string) {
		if a, err := backend(store, "shop", "Bearer "+header+"."+claims+"."+signature); chat.ReasonOf(err) != chat.BadCredential {
			t.Fatalf("%+v %v", a, err)
		}
		a, err := backend(store, "shop", "Bearer "+signed(header, claims, secret))
		var said map[string]any
		text, _ := base64.RawURLEncoding.DecodeString(claims)
		_ = json.Unmarshal(text, &said)
		good := said["tokenType"] == "app" && said["iss"] == "shop" && said["exp"] != nil
		if err == nil && !good || err != nil && chat.ReasonOf(err) != chat.BadCredential {
			t.Fatalf("%q %q: %+v %v", header, claims, a, err)
		}
	})
}
