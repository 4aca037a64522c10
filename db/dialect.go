package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"guestlist/db/chat"
)

// What is SQLite's own, in one place.

func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// isUnique tells a violated UNIQUE or PRIMARY KEY.
func isUnique(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_CONSTRAINT_UNIQUE || c == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// isMissing tells a query without a row.
func isMissing(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// diskFailed tells errors after which it is unknown what reached the disk.
func diskFailed(err error) bool {
	switch code(err) & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// diskRefused tells errors of a disk that is full, read-only or gone: nothing was written, trying again may help.
func diskRefused(err error) bool {
	switch code(err) & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY:
		return true
	}
	return diskFailed(err)
}

func unavailable(cause error) error {
	return fmt.Errorf("%w (%w)", &chat.Error{Code: chat.Unavailable, Reason: chat.StorageUnavailable,
		Message: "This can't be stored at the moment.", Hint: "Nothing was changed. Try again; if it goes on, look at the server's disk.",
		RetryAfter: 5 * time.Second}, cause)
}

func writeError(err error) error {
	if err != nil && chat.AsError(err) == nil && diskRefused(err) {
		return unavailable(err)
	}
	return err
}

func readError(err error) error {
	if err != nil && chat.AsError(err) == nil && diskFailed(err) && !errors.Is(err, context.Canceled) {
		return unavailable(err)
	}
	return err
}
