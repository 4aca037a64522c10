package web

import (
	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

const sentFormKey = "guestlist.sent_form"

// SetSentForm keeps which sending of a form the request is.
func SetSentForm(c echo.Context, f chat.SentForm) { c.Set(sentFormKey, f) }

// SentForm is which sending of a form the request is; the zero value where nobody can tell.
func SentForm(c echo.Context) chat.SentForm {
	f, _ := c.Get(sentFormKey).(chat.SentForm)
	return f
}
