// Package rest is the door for backends: /v1/{appId}/…, as the chat API is documented.
package rest

import (
	"github.com/labstack/echo/v4"

	"guestlist/db"
)

// Register adds the routes of the API.
func Register(e *echo.Echo, store *db.Store) {}
