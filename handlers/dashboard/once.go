package dashboard

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// Forms do their work once. Each making of a page has a mark, which all its forms send. What is sent under a mark a second
// time, by a second press, a reload or Back, gets the answer of the first time again while that is remembered, and later
// is told that it was done. That it was done stands in the transaction of the change, so a crash forgets nothing.
// What was sent from another making of the page is another act: only of what creates something it is asked whether it is meant.

// onceName is the input that has the mark; againName that of somebody who means it.
const (
	onceName  = "once"
	againName = "again"
)

// often are forms that may be sent from one making of a page as often as somebody likes: they bring a file.
var often = []string{"/backups/:backup/download"}

// creates are the forms that do something new each time, though the same was sent.
var creates = []string{
	"/apps/new", "/apps/:app/conversations/new", "/apps/:app/users/new", "/apps/:app/views/new", "/apps/:app/settings/keys/new",
	"/apps/:app/settings/schedule/new", "/apps/:app/settings/export", "/apps/:app/conversations/:conv/messages/system", "/team/invite", "/backups",
}

// Answers are remembered in memory only, since they may hold secrets that are shown once.
const (
	answersKept = 5 * time.Minute
	mostAnswers = 500
	mostBody    = 256 << 10
)

// once holds the forms that are being worked on, and the answers of those that did something lately.
type once struct {
	mu    sync.Mutex
	under map[string]chan struct{} // closed when the work is done
	done  map[string]*sent
}

// sent is the answer of a form, for the browser that sent it.
type sent struct {
	at       time.Time
	from, to string // hashes of the session cookie, before and after
	status   int
	header   http.Header
	body     []byte
}

// answer is what a form was answered. Where somebody is working on it, it waits; where nobody is, the caller begins, and
// calls end with the answer or nil.
func (o *once) answer(ctx context.Context, id string, now time.Time) (a *sent, end func(*sent), err error) {
	for {
		o.mu.Lock()
		if a = o.done[id]; a != nil && now.Sub(a.at) < answersKept {
			o.mu.Unlock()
			return a, nil, nil
		}
		working, ok := o.under[id]
		if !ok {
			break
		}
		o.mu.Unlock()
		select {
		case <-working:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
	defer o.mu.Unlock()
	if o.under == nil {
		o.under, o.done = map[string]chan struct{}{}, map[string]*sent{}
	}
	working := make(chan struct{})
	o.under[id] = working
	return nil, func(a *sent) {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.under, id)
		close(working)
		if a != nil {
			o.forget(now)
			o.done[id] = a
		}
	}, nil
}

// forget drops what is old, and the oldest where there is much.
func (o *once) forget(now time.Time) {
	var oldest string
	for id, a := range o.done {
		if now.Sub(a.at) >= answersKept {
			delete(o.done, id)
		} else if oldest == "" || a.at.Before(o.done[oldest].at) {
			oldest = id
		}
	}
	if len(o.done) >= mostAnswers {
		delete(o.done, oldest)
	}
}

// sendOnce stands before everything else that a form meets: who presses twice may show a session that the first press
// has replaced.
func (h *Handler) sendOnce(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, _ := sentForm(c)
		if id == "" {
			return next(c)
		}
		r, now := c.Request(), time.Now()
		from := string(h.Sessions.Shown(r))
		a, end, err := h.once.answer(r.Context(), id, now)
		if err != nil {
			return err
		}
		if a != nil {
			if a.from != from && a.to != from {
				return next(c) // another browser, which is let in or not like any
			}
			return a.send(c, from)
		}
		var kept *sent
		defer func() { end(kept) }()
		tee := &tee{ResponseWriter: c.Response().Writer}
		c.Response().Writer = tee
		err = next(c)
		c.Response().Writer = tee.ResponseWriter
		if err != nil || tee.over {
			return err
		}
		if f := web.SentForm(c); f.ID != "" {
			if did, _, err := h.Store.SentForm(r.Context(), f); err == nil && !did.IsZero() {
				header := c.Response().Header()
				kept = &sent{at: now, from: from, to: string(h.Sessions.Hash(r)), status: c.Response().Status, body: tee.body.Bytes(), header: http.Header{}}
				for _, name := range []string{echo.HeaderLocation, echo.HeaderContentType, echo.HeaderSetCookie} {
					kept.header[name] = slices.Clone(header[name])
				}
			}
		}
		return nil
	}
}

// send answers as before. The new cookie of a session is for who has the old one.
func (a *sent) send(c echo.Context, from string) error {
	header := c.Response().Header()
	for name, values := range a.header {
		if len(values) > 0 && (name != echo.HeaderSetCookie || a.from == from) {
			header[name] = values
		}
	}
	c.Response().WriteHeader(a.status)
	_, err := c.Response().Write(a.body)
	return err
}

// tee keeps what is written through it, up to a size.
type tee struct {
	http.ResponseWriter
	body bytes.Buffer
	over bool
}

func (t *tee) Write(b []byte) (int, error) {
	if t.over = t.over || t.body.Len()+len(b) > mostBody; !t.over {
		t.body.Write(b)
	}
	return t.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// sentForm is which sending of a form the request is, and what was sent; "" where there is no mark, and for forms that may
// be sent as often as somebody likes. Parts of pages are fetched by script, which doesn't send twice.
func sentForm(c echo.Context) (id string, values url.Values) {
	r := c.Request()
	if r.Method != http.MethodPost || isPart(c) || slices.Contains(often, c.Path()) {
		return "", nil
	}
	mark := r.URL.Query().Get(onceName)
	if strings.HasPrefix(r.Header.Get(echo.HeaderContentType), echo.MIMEMultipartForm) {
		values = url.Values{"length": {strconv.FormatInt(r.ContentLength, 10)}}
	} else if r.ParseForm() == nil {
		values, mark = r.PostForm, r.PostForm.Get(onceName)
	}
	if mark == "" {
		return "", nil
	}
	return digest(mark, r.URL.EscapedPath(), without(values).Encode()), values
}

// without is what was sent without marks and proofs of who sends it.
func without(values url.Values) url.Values {
	kept := url.Values{}
	for name, all := range values {
		if name != onceName && name != againName && name != "password" && name != "passkey" {
			kept[name] = all
		}
	}
	return kept
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// unsent goes on with what was not done yet, by an admin who may be here.
func (h *Handler) unsent(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, values := sentForm(c)
		if id == "" || who(c).ID == "" {
			return next(c)
		}
		f := chat.SentForm{ID: id, Same: digest(who(c).ID, c.Request().URL.EscapedPath(), without(values).Encode())}
		this, same, err := h.Store.SentForm(c.Request().Context(), f)
		switch {
		case err != nil:
			return err
		case !this.IsZero():
			return chat.ErrAlreadyDone()
		case slices.Contains(creates, c.Path()) && !same.IsZero() && h.Store.Now().Sub(same) < chat.SentFormAsked && values.Get(againName) == "":
			return h.askAgain(c, values, same)
		}
		web.SetSentForm(c, f)
		return next(c)
	}
}

// askAgain asks whether the same is meant to be done once more.
func (h *Handler) askAgain(c echo.Context, values url.Values, last time.Time) error {
	frame, err := h.page(c, "Once more?", layouts.NavNone)
	if err != nil {
		return err
	}
	v := pages.AgainView{Frame: frame, Action: c.Request().URL.EscapedPath(), Last: last, Back: paths.Home()}
	if frame.App.ID != "" {
		v.Back = paths.Overview(frame.App.ID)
	}
	for name, all := range without(values) {
		for _, value := range all {
			v.Fields = append(v.Fields, components.Hidden{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(v.Fields, func(a, b components.Hidden) int { return strings.Compare(a.Name, b.Name) })
	v.Fields = append(v.Fields, components.Hidden{Name: againName, Value: "true"})
	return h.render(c, http.StatusConflict, pages.Again(v))
}

var (
	formTag   = regexp.MustCompile(`<form\b[^>]*>`)
	actionTag = regexp.MustCompile(`\baction="[^"]*`)
)

// marked is a page with its mark in every form that posts. Forms with files have it in their address: the file may come
// before it. Lists of people are looked at before anything is done with them, and may be put together often.
func marked(page []byte) []byte {
	mark := rand.Text()
	input := []byte(`<input type="hidden" name="` + onceName + `" value="` + mark + `">`)
	return formTag.ReplaceAllFunc(page, func(tag []byte) []byte {
		switch {
		case !bytes.Contains(tag, []byte(`method="post"`)):
			return tag
		case bytes.Contains(tag, []byte(echo.MIMEMultipartForm)):
			return actionTag.ReplaceAllFunc(tag, func(action []byte) []byte {
				if bytes.Contains(action, []byte("?")) || !bytes.HasSuffix(action, []byte(paths.UploadBackup())) {
					return action
				}
				return append(slices.Clone(action), "?"+onceName+"="+mark...)
			})
		}
		return append(slices.Clone(tag), input...)
	})
}
