package chat

import (
	"strings"
	"time"
)

// BlockFor is how long somebody who is shown out stays out.
type BlockFor string

const (
	BlockHour        BlockFor = "hour"
	BlockDay         BlockFor = "day"
	BlockUntilLifted BlockFor = "until_lifted"
)

// BlockFors lists all values, shortest first.
var BlockFors = []BlockFor{BlockHour, BlockDay, BlockUntilLifted}

// Label is the time as pages name it.
func (b BlockFor) Label() string {
	return map[BlockFor]string{BlockHour: "1 hour", BlockDay: "1 day", BlockUntilLifted: "Until lifted"}[b]
}

// ParseBlockFor checks the name of a time.
func ParseBlockFor(s string) (BlockFor, error) {
	if b := BlockFor(s); b.Label() != "" {
		return b, nil
	}
	return "", InvalidField("for", "must be hour, day or until_lifted")
}

// until is when a block that starts now ends; the zero time for one that lasts until it is lifted.
func (b BlockFor) until(now time.Time) time.Time {
	switch b {
	case BlockHour:
		return now.Add(time.Hour)
	case BlockDay:
		return now.Add(24 * time.Hour)
	}
	return time.Time{}
}

// GuestBlock keeps a user from coming into one conversation as a guest, or by themself as a participant.
type GuestBlock struct {
	App          AppID
	Conversation ConversationID
	User         UserID
	UserName     string
	Until        time.Time // zero: until lifted
	Reason       string
	At           time.Time
	By           string // the name of who blocked them, as the audit log shows it
}

// Stands tells whether the block still keeps anybody out.
func (b GuestBlock) Stands(now time.Time) bool { return b.Until.IsZero() || now.Before(b.Until) }

// Image is the block as events store it; times are in milliseconds, until is null for until lifted.
func (b GuestBlock) Image() Image {
	i := Image{"until": nil, "reason": b.Reason, "at": b.At.UnixMilli(), "by": b.By}
	if !b.Until.IsZero() {
		i["until"] = b.Until.UnixMilli()
	}
	return i
}

// NewGuestBlock is what an admin says when they show a guest out.
type NewGuestBlock struct {
	For    BlockFor
	Reason string // for the other admins; may be empty
}

// MaxBlockReason is how many characters a reason may have.
const MaxBlockReason = 500

// Block is the block that starts now.
func (n NewGuestBlock) Block(ref ParticipantRef, by string, now time.Time) (GuestBlock, error) {
	problems := fieldErrors{}
	if _, err := ParseBlockFor(string(n.For)); err != nil {
		problems.add("for", "must be hour, day or until_lifted")
	}
	n.Reason = strings.TrimSpace(n.Reason)
	if why := textProblem(n.Reason, MaxBlockReason); why != "" {
		problems.add("reason", why)
	}
	return GuestBlock{App: ref.App, Conversation: ref.Conversation, User: ref.User, Until: n.For.until(now), Reason: n.Reason, At: now, By: by}, problems.err()
}
