package chat

import (
	"strings"
	"time"
)

// Ban keeps a user out of all conversations of an app, through every door: as a participant and as a guest. It is not the
// access None, which keeps somebody out of one conversation.
type Ban struct {
	App      AppID
	User     UserID
	UserName string
	Until    time.Time // zero: until lifted
	PutBack  bool      // when it ends by itself, the user comes back where they were
	Reason   string    // for admins
	At       time.Time
	By       string // the name of who banned them, as the audit log shows it
	Places   int64  // lists that the user was taken off and may come back to
}

// Stands tells whether the ban still keeps anybody out.
func (b Ban) Stands(now time.Time) bool { return b.Until.IsZero() || now.Before(b.Until) }

// Image is the ban as events store it; times are in milliseconds, until is null for until lifted.
func (b Ban) Image() Image {
	i := Image{"until": nil, "reason": b.Reason, "putBack": b.PutBack, "at": b.At.UnixMilli(), "by": b.By}
	if !b.Until.IsZero() {
		i["until"] = b.Until.UnixMilli()
	}
	return i
}

// BanFor is how long a ban lasts.
type BanFor string

const (
	BanDay         BanFor = "day"
	BanWeek        BanFor = "week"
	BanMonth       BanFor = "month"
	BanUntilLifted BanFor = "until_lifted"
)

// BanFors lists all values, shortest first.
var BanFors = []BanFor{BanDay, BanWeek, BanMonth, BanUntilLifted}

// Label is the time as pages name it.
func (b BanFor) Label() string {
	return map[BanFor]string{BanDay: "1 day", BanWeek: "7 days", BanMonth: "30 days", BanUntilLifted: "Until lifted"}[b]
}

func (b BanFor) until(now time.Time) time.Time {
	switch b {
	case BanDay:
		return now.Add(24 * time.Hour)
	case BanWeek:
		return now.Add(7 * 24 * time.Hour)
	case BanMonth:
		return now.Add(30 * 24 * time.Hour)
	}
	return time.Time{}
}

// NewBan is what an admin says when they ban somebody.
type NewBan struct {
	For     BanFor
	PutBack bool
	Reason  string // for the other admins; may be empty
}

// MaxBanReason is how many characters a reason may have.
const MaxBanReason = 500

// Ban is the ban that starts now.
func (n NewBan) Ban(app AppID, user UserID, by string, now time.Time) (Ban, error) {
	problems := fieldErrors{}
	if n.For.Label() == "" {
		problems.add("for", "must be day, week, month or until_lifted")
	}
	n.Reason = strings.TrimSpace(n.Reason)
	if why := textProblem(n.Reason, MaxBanReason); why != "" {
		problems.add("reason", why)
	}
	return Ban{App: app, User: user, Until: n.For.until(now), PutBack: n.PutBack, Reason: n.Reason, At: now, By: by}, problems.err()
}

// ErrBanned is told to a banned user, whatever they ask for. until is the zero time for a ban that stands until it is lifted.
func ErrBanned(until time.Time) *Error {
	hint := "Only an admin can lift the ban."
	if !until.IsZero() {
		hint = "The ban ends on " + until.UTC().Format("2 January at 15:04 UTC") + ". Before that, only an admin can lift it."
	}
	return forbidden(Banned, "You are banned from all conversations here.", hint)
}

// ErrUserBanned refuses to put a banned user on a list.
func ErrUserBanned(user UserID) *Error {
	return &Error{Code: Invalid, Reason: UserBannedFromAll, Message: quote(string(user)) + " is banned from all conversations.", Hint: "Nobody was added. Lift the ban in the dashboard first, on the page of the user.",
		Fields: map[string][]string{"userId": {"is banned from all conversations"}}}
}
