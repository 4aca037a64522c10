package rest

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
)

const (
	defaultLimit = 10
	maxLimit     = 100
)

// window reads limit and startingAfter; cursor finds the place of the id that a page starts after.
func window(c echo.Context, cursor func(id string) (string, error)) (db.Window, error) {
	w := db.Window{Limit: defaultLimit}
	if text := c.QueryParam("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLimit {
			return w, chat.InvalidField("limit", fmt.Sprintf("must be a number from 1 to %d", maxLimit))
		}
		w.Limit = n
	}
	id := c.QueryParam("startingAfter")
	if id == "" {
		return w, nil
	}
	var err error
	if w.After, err = cursor(id); err != nil && chat.AsError(err) != nil {
		return w, chat.InvalidField("startingAfter", "names “"+id+"”, which is not in this list")
	}
	return w, err
}

// timeParam reads a time in milliseconds; the zero time when it is not given.
func timeParam(c echo.Context, name string) (time.Time, error) {
	text := c.QueryParam(name)
	if text == "" {
		return time.Time{}, nil
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms < 0 || ms > 1<<52 {
		return time.Time{}, chat.InvalidField(name, "must be a time in milliseconds since 1970")
	}
	return time.UnixMilli(ms).UTC(), nil
}

// conversationQuery reads how a list of conversations is ordered, filtered and paged; cursor finds the place of the id
// that a page starts after. Without an order it is the newest activity first; the first version ordered by creation.
func conversationQuery(c echo.Context, cursor func(id chat.ConversationID, order db.ConversationOrder) (string, error)) (q db.ConversationQuery, err error) {
	q.App = actor(c).App
	switch by := c.QueryParam("orderBy"); {
	case by == "createdAt", by == "" && version(c) < version2021February:
		q.Order = db.ByAge
	case by != "" && by != "lastActivity":
		return q, chat.InvalidField("orderBy", "must be lastActivity or createdAt")
	}
	switch direction := c.QueryParam("orderDirection"); direction {
	case "", "DESC":
	case "ASC":
		q.OldestFirst = true
	default:
		return q, chat.InvalidField("orderDirection", "must be ASC or DESC")
	}
	if q.Window, err = window(c, func(id string) (string, error) { return cursor(chat.ConversationID(id), q.Order) }); err != nil {
		return q, err
	}
	if q.LastMessageBefore, err = timeParam(c, "lastMessageBefore"); err != nil {
		return q, err
	}
	if q.LastMessageAfter, err = timeParam(c, "lastMessageAfter"); err != nil {
		return q, err
	}
	if q.Start, err = timeParam(c, "offsetTs"); err != nil {
		return q, err
	}
	q.Match, err = parseFilter(c.QueryParam("filter"))
	return q, err
}

// unreadOnly tells a list that asks for unread conversations only. Reading is a user's: in the list of the app none is.
func unreadOnly(c echo.Context) bool {
	return c.QueryParam("unreadsOnly") == "true" || c.QueryParam("hasUnread") == "true"
}

// readableQuery refuses a query string that can't be decoded: leaving out what it filters by would answer another question.
func readableQuery(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := url.ParseQuery(c.Request().URL.RawQuery); err != nil {
			return chat.InvalidField("query", "is not percent-encoded correctly")
		}
		return next(c)
	}
}
