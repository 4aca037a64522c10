package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

func TestEveryCodeHasItsStatus(t *testing.T) {
	for code, want := range map[chat.Code]int{chat.Invalid: 400, chat.Unauthenticated: 401, chat.Forbidden: 403, chat.NotFound: 404, chat.Conflict: 409, chat.TooLarge: 413,
		chat.Unsupported: 415, chat.RateLimited: 429, chat.Unavailable: 503, "new": 500} {
		if got := web.Status(fmt.Errorf("wrapped: %w", &chat.Error{Code: code})); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
	if got := web.Status(errors.New("internal")); got != 500 {
		t.Error(got)
	}
	if got := web.Status(web.FromEcho(echo.ErrMethodNotAllowed)); got != 405 {
		t.Error(got)
	}
	if got := web.Status(web.FromEcho(&http.MaxBytesError{Limit: 1})); got != 413 {
		t.Error(got)
	}
}

func answer(err error) (*httptest.ResponseRecorder, map[string]any) {
	rec := httptest.NewRecorder()
	c := echo.New().NewContext(httptest.NewRequest("GET", "/", nil), rec)
	_ = web.RequestIDs()(func(c echo.Context) error { return web.ErrorJSON(c, err) })(c)
	body := map[string]any{}
	_ = json.Unmarshal(rec.Body.Bytes(), &body)
	return rec, body
}

func TestErrorsInJSON(t *testing.T) {
	fields := map[string][]string{"name": {"is empty"}}
	rec, body := answer(&chat.Error{Code: chat.Invalid, Reason: chat.BadArgument, Message: "No.", Hint: "Do this.", Fields: fields})
	if rec.Code != 400 || body["errorCode"] != "BAD_ARGUMENT" || body["message"] != "No. Do this." || fmt.Sprint(body["reasons"]) != "map[name:[is empty]]" {
		t.Errorf("%d %v", rec.Code, body)
	}
	if id, _ := body["requestId"].(string); !strings.HasPrefix(id, "req_") || id != rec.Header().Get("X-Request-Id") {
		t.Error(body)
	}
	if _, body = answer(&chat.Error{Code: chat.NotFound, Reason: chat.UserNotFound, Message: "No.", Fields: fields}); body["reasons"] != nil {
		t.Error("reasons are for 400 only", body)
	}
	rec, body = answer(errors.New("open /secret/path: denied"))
	if rec.Code != 500 || body["errorCode"] != "INTERNAL_ERROR" || strings.Contains(rec.Body.String(), "secret") {
		t.Errorf("%d %v", rec.Code, body)
	}
}

func TestRetryAfter(t *testing.T) {
	rec := httptest.NewRecorder()
	web.RetryAfter(echo.New().NewContext(nil, rec), &chat.Error{RetryAfter: 90 * time.Second})
	if got := rec.Header().Get("Retry-After"); got != "90" {
		t.Error(got)
	}
}

// serve answers a request through a router with the middleware that all surfaces have.
func serve(r *http.Request, handle echo.HandlerFunc, https bool) (*httptest.ResponseRecorder, error) {
	var failed error
	e := echo.New()
	e.Pre(web.RawPath())
	e.Use(web.RequestIDs(), web.Recover(), web.SecurityHeaders(https), web.BodyLimit(func(string) bool { return false }))
	e.HTTPErrorHandler = func(err error, c echo.Context) { failed = err; _ = web.ErrorJSON(c, web.FromEcho(err)) }
	e.Any("/*", handle)
	e.Any("/users/:user", handle)
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, r)
	return rec, failed
}

func TestAPanicIsOneInternalError(t *testing.T) {
	rec, err := serve(httptest.NewRequest("GET", "/", nil), func(echo.Context) error { panic("canary") }, false)
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "canary") || !strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "web_test.go") {
		t.Errorf("%d %s %v", rec.Code, rec.Body, err)
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("an aborted answer stays aborted")
		}
	}()
	_, _ = serve(httptest.NewRequest("GET", "/", nil), func(echo.Context) error { panic(http.ErrAbortHandler) }, false)
}

func TestSecurityHeaders(t *testing.T) {
	ok := func(c echo.Context) error { return c.NoContent(200) }
	for _, path := range []string{"/", "/missing", "/users/maya"} {
		rec, _ := serve(httptest.NewRequest("GET", path, nil), ok, false)
		for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": ""} {
			if got := rec.Header().Get(header); got != want {
				t.Errorf("%s %s: %q", path, header, got)
			}
		}
		policy := rec.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Error(policy)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Error(policy)
		}
	}
	if rec, _ := serve(httptest.NewRequest("GET", "/", nil), ok, true); !strings.HasPrefix(rec.Header().Get("Strict-Transport-Security"), "max-age=") {
		t.Error(rec.Header())
	}
}

func TestBodiesAreBounded(t *testing.T) {
	all := func(c echo.Context) error {
		if _, err := io.ReadAll(c.Request().Body); err != nil {
			return err
		}
		return c.NoContent(200)
	}
	for _, x := range []struct{ size, want int }{{web.MaxBody, 200}, {web.MaxBody + 1, 413}} {
		for _, announced := range []bool{true, false} {
			r := httptest.NewRequest("PUT", "/", strings.NewReader(strings.Repeat("x", x.size)))
			if !announced {
				r.ContentLength = -1
			}
			if rec, _ := serve(r, all, false); rec.Code != x.want {
				t.Errorf("%d bytes, announced %t: %d", x.size, announced, rec.Code)
			}
		}
	}
	for _, encoding := range []string{"gzip", "br", "identity, gzip"} {
		r := httptest.NewRequest("PUT", "/", strings.NewReader("x"))
		r.Header.Set("Content-Encoding", encoding)
		if rec, _ := serve(r, all, false); rec.Code != 415 {
			t.Errorf("%s: %d", encoding, rec.Code)
		}
	}
}

func TestPathIDsAreDecodedOnce(t *testing.T) {
	for path, want := range map[string]string{"/users/a@b": "a@b", "/users/a%40b": "a@b", "/users/a%2540b": "a%40b", "/users/%c3%bc": "ü", "/users/a+b": "a+b",
		"/users/a%2Fb": "BAD_ID", "/users/a/b": "PAGE_NOT_FOUND", "/users/a/": "PAGE_NOT_FOUND", "/users/": "PAGE_NOT_FOUND", "/users/%2e%2e": "BAD_ID", "/users/%00": "BAD_ID"} {
		rec, _ := serve(httptest.NewRequest("GET", path, nil), func(c echo.Context) error {
			id, err := web.UserID(c, "user")
			if err != nil {
				return err
			}
			return c.String(200, string(id))
		}, false)
		got := rec.Body.String()
		if rec.Code != 200 {
			body := map[string]any{}
			_ = json.Unmarshal(rec.Body.Bytes(), &body)
			got, _ = body["errorCode"].(string)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestOnlyOurNamesAreAnswered(t *testing.T) {
	for host, want := range map[string]int{"chat.example": 200, "CHAT.example:443": 200, "localhost:8080": 200, "127.0.0.1": 200, "[::1]:8080": 200, "evil.example": 421, "": 421,
		"chat.example.evil.example": 421, "localhost.evil.example": 421} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		rec := httptest.NewRecorder()
		_ = web.Hosts("https://chat.example")(func(c echo.Context) error { return c.NoContent(200) })(echo.New().NewContext(r, rec))
		if rec.Code != want {
			t.Errorf("%q: %d, want %d", host, rec.Code, want)
		}
		for _, path := range []string{"/v1", "/v1/", "/v1/shop"} {
			r = httptest.NewRequest("GET", path, nil)
			r.Host = host
			err := web.Hosts("https://chat.example")(func(c echo.Context) error { return nil })(echo.New().NewContext(r, httptest.NewRecorder()))
			if got := web.Status(web.FromEcho(err)); want == 421 && (got != want || chat.ReasonOf(web.FromEcho(err)) != chat.WrongHost) {
				t.Errorf("%q at %s: %d", host, path, got)
			}
		}
	}
}
