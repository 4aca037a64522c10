// Package web is what all surfaces share about HTTP: codes and statuses, strict JSON, path ids that are decoded once, and
// the headers and limits that every answer and request has. It knows no store and no page.
package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
)

// Status is the HTTP status of an error. It is the only place where a code becomes a status.
func Status(err error) int {
	e := chat.AsError(err)
	if e == nil {
		return http.StatusInternalServerError
	}
	switch e.Code {
	case chat.Invalid:
		return http.StatusBadRequest
	case chat.Unauthenticated:
		return http.StatusUnauthorized
	case chat.Forbidden:
		return http.StatusForbidden
	case chat.NotFound:
		if e.Reason == chat.MethodNotAllowed {
			return http.StatusMethodNotAllowed
		}
		return http.StatusNotFound
	case chat.Conflict:
		return http.StatusConflict
	case chat.TooLarge:
		return http.StatusRequestEntityTooLarge
	case chat.Unsupported:
		return http.StatusUnsupportedMediaType
	case chat.RateLimited:
		return http.StatusTooManyRequests
	case chat.Misdirected:
		return http.StatusMisdirectedRequest
	case chat.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// FromEcho gives the router's own errors the words and codes of ours.
func FromEcho(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) && chat.AsError(err) == nil {
		return BodyTooLarge(tooLarge.Limit)
	}
	var he *echo.HTTPError
	if !errors.As(err, &he) {
		return err
	}
	switch he.Code {
	case http.StatusNotFound:
		return &chat.Error{Code: chat.NotFound, Reason: chat.PageNotFound, Message: "There is nothing at this address.", Hint: "Check it for a typo."}
	case http.StatusMethodNotAllowed:
		return &chat.Error{Code: chat.NotFound, Reason: chat.MethodNotAllowed, Message: "This address doesn’t take this method.", Hint: "Nothing was changed."}
	case http.StatusMisdirectedRequest:
		return &chat.Error{Code: chat.Misdirected, Reason: chat.WrongHost, Message: "This server doesn’t answer to this name.", Hint: "Start it with --public-url set to the address that browsers use."}
	case http.StatusRequestEntityTooLarge:
		return BodyTooLarge(MaxBody)
	}
	return err
}

// BodyTooLarge refuses a body of more than limit bytes.
func BodyTooLarge(limit int64) *chat.Error {
	return &chat.Error{Code: chat.TooLarge, Reason: chat.BodyTooLarge, Message: fmt.Sprintf("The body is larger than %d KiB.", limit>>10),
		Hint: "Nothing was changed. Send less at a time."}
}

// RetryAfter writes the header that says when trying again makes sense.
func RetryAfter(c echo.Context, e *chat.Error) {
	if e.RetryAfter > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, fmt.Sprint(int(e.RetryAfter.Seconds())))
	}
}

// Failure is how errors look in JSON, at every door.
type Failure struct {
	ErrorCode string              `json:"errorCode"`
	Message   string              `json:"message"`
	Reasons   map[string][]string `json:"reasons,omitempty"`
	RequestID string              `json:"requestId,omitempty"`
}

// Fail is what the caller of a request is told of its error. What is not theirs to know is one constant sentence with
// the request's id.
func Fail(err error, requestID string) Failure {
	e := chat.AsError(err)
	if e == nil {
		return Failure{ErrorCode: "INTERNAL_ERROR", RequestID: requestID,
			Message: "Something went wrong on our side. Trying again is safe; if it goes on, tell the server's admin the requestId."}
	}
	f := Failure{ErrorCode: strings.ToUpper(string(e.Reason)), Message: e.Error(), RequestID: requestID}
	if Status(err) == http.StatusBadRequest {
		f.Reasons = e.Fields
	}
	return f
}

// ErrorJSON answers an error in JSON.
func ErrorJSON(c echo.Context, err error) error {
	status := Status(err)
	if e, m := chat.AsError(err), c.Request().Method; e != nil && (m == http.MethodGet || m == http.MethodHead) {
		err = e.Reading()
	}
	return c.JSON(status, Fail(err, RequestID(c)))
}
