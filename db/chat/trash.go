package chat

import (
	"fmt"
	"strings"
	"time"
)

// TrashFor is how long what was deleted can be restored.
const TrashFor = 30 * 24 * time.Hour

// TrashKind is what kind of thing lies in the trash.
type TrashKind string

const (
	TrashedConversation TrashKind = "conversation"
	TrashedUser         TrashKind = "user"
)

// TrashState is where something is on its way into the trash, or out of it.
type TrashState string

const (
	TrashEmptying  TrashState = "emptying"  // it is gone from everywhere already; its rows follow
	TrashKept      TrashState = "kept"      // it can be restored
	TrashRestoring TrashState = "restoring" // its rows come back; then it is there again
	TrashPurging   TrashState = "purging"   // its rows are deleted for good
)

// Trashed is something in the trash.
type Trashed struct {
	N        int64
	App      AppID
	Kind     TrashKind
	ID       string
	Name     string
	Places   int64 // participants of a conversation, conversations of a user
	Messages int64 // in a conversation; of a user, those that stay in the conversations
	At       time.Time
	By       string // the name of who deleted it, as the audit log shows it
	State    TrashState
	Taken    bool // the id belongs to another one by now
}

// Until is when it is purged by itself.
func (t Trashed) Until() time.Time { return t.At.Add(TrashFor) }

// Title is what people call it.
func (t Trashed) Title() string {
	if t.Name == "" {
		return t.ID
	}
	return t.Name
}

// TrashKey is what stands for something in the trash where its id stood: no id begins with a slash.
func TrashKey(n int64) string { return fmt.Sprintf("/%d", n) }

// ErasedName is what a person is called of whom nothing is left.
const ErasedName = "Erased user"

// Gone tells that the id stands for a user who was deleted or erased.
func (id UserID) Gone() bool { return strings.HasPrefix(string(id), "/") }

// The refusals around the trash.

func ErrNotInTrash() *Error {
	return &Error{Code: NotFound, Reason: TrashNotFound, Message: "There is no such thing in the trash.", Hint: "It was restored or purged, or its 30 days are over."}
}

// ErrIDTaken refuses a restore whose id has a new owner.
func ErrIDTaken(kind TrashKind, id string) *Error {
	return &Error{Code: Conflict, Reason: IDTaken, Message: "Not restored. The id " + quote(id) + " belongs to another " + string(kind) + " by now.",
		Hint: "Your servers know it by this id, so it can’t come back under another one. Delete the other one first, which keeps that in the trash too, then restore this one."}
}

// ErrInMotion refuses what has to wait for a large deletion or restore to end.
func ErrInMotion(kind TrashKind, id string) *Error {
	return &Error{Code: Unavailable, Reason: InMotion, Message: "The " + string(kind) + " " + quote(id) + " is being deleted or restored at this moment.",
		Hint: "Nothing was changed. Try again in a few seconds.", RetryAfter: 2 * time.Second}
}

func ErrUserDeleted() *Error {
	return &Error{Code: NotFound, Reason: UserNotFound, Message: "This user was deleted.", Hint: "Your server or an admin can restore or create them."}
}
