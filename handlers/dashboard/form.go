package dashboard

import (
	"net/url"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

// form is what a form sent: the body only, never the address.
type form struct{ values url.Values }

// readForm reads a posted form. Text that is not valid UTF-8 or holds a NUL is refused; line breaks, which browsers send
// as CR LF, become LF.
func readForm(c echo.Context) (form, error) {
	if err := c.Request().ParseForm(); err != nil {
		if e := chat.AsError(err); e != nil {
			return form{}, e
		}
		return form{}, chat.InvalidField("form", "can't be read")
	}
	values := c.Request().PostForm
	for name, all := range values {
		for i, v := range all {
			if !utf8.ValidString(v) || hasNUL(v) {
				return form{}, chat.InvalidField(name, "is not valid text")
			}
			all[i] = lines.Replace(v)
		}
	}
	return form{values}, nil
}

func hasNUL(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return true
		}
	}
	return false
}

// text is one value; a name that was sent twice counts with its first.
func (f form) text(name string) string { return f.values.Get(name) }

// all is every value of a name, as checkboxes of one name send them.
func (f form) all(name string) []string { return f.values[name] }

// on tells whether a box was ticked.
func (f form) on(name string) bool { return f.values.Get(name) == "true" }

// fieldErrors are the first problem of each field of a refusal, for the form to show; nil for other errors.
func fieldErrors(err error) map[string]string {
	e := chat.AsError(err)
	if e == nil {
		return nil
	}
	all := map[string]string{}
	for name, why := range e.Fields {
		if len(why) > 0 {
			all[name] = why[0]
		}
	}
	return all
}

// refused tells errors that a form shows with its fields, as against those that end in an error page.
func refused(err error) bool {
	e := chat.AsError(err)
	return e != nil && (e.Code == chat.Invalid || e.Code == chat.Conflict || e.Reason == chat.ReauthRequired)
}

// confirmed is the actor of the request. When the form has a password, a code or a passkey, it is checked first, and counts
// for the next ten minutes; what needs it refuses by itself when there was none.
func (h *Handler) confirmed(c echo.Context, f form) (chat.Actor, error) {
	me := who(c)
	if password := f.text("password"); password != "" {
		var err error
		if me, err = h.Sessions.ConfirmPassword(c, me, password); err != nil {
			return chat.Actor{}, err
		}
		c.Set(whoKey, me)
	}
	if passkey := f.text("passkey"); passkey != "" {
		var err error
		if me, err = h.Sessions.ConfirmPasskey(c, me, passkey); err != nil {
			return chat.Actor{}, chat.InvalidField("password", "was not proven by the passkey. Try again, or type it")
		}
		c.Set(whoKey, me)
	}
	return me.Actor(c), nil
}

// actor is who acts in the request.
func actor(c echo.Context) chat.Actor { return who(c).Actor(c) }
