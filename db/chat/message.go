package chat

import (
	"regexp"
	"strings"
	"time"
)

// MessageType tells people's messages from the system's.
type MessageType string

const (
	UserMessage   MessageType = "UserMessage"
	SystemMessage MessageType = "SystemMessage" // has no sender
)

// Message is one message of a conversation. A deleted one has lost its text and keeps its place.
type Message struct {
	Seq          int64 // order within its conversation
	ID           string
	Conversation ConversationID
	Type         MessageType
	Sender       UserID // "" for a system message
	SenderName   string // "" when the sender is no user any more
	Text         string
	Custom       map[string]string
	AsGuest      bool   // the sender was not on the list when they sent it
	Origin       string // web, rest, import or email
	CreatedAt    time.Time
	EditedAt     time.Time // zero while it is as it was sent
	DeletedAt    time.Time // zero while it stands

	Kept *KeptMessage // of one that an admin deleted, for those who may bring it back; else nil
}

// KeepMessages is how long the text of a message that an admin deleted is kept, so that it can be brought back.
const KeepMessages = 30 * 24 * time.Hour

// KeptMessage is what a message said before an admin deleted it.
type KeptMessage struct {
	Text  string
	By    string // the admin's name
	Until time.Time
}

// ReadingLasts is how long an admin who opened the messages of a conversation reads on before it is told again.
const ReadingLasts = 15 * time.Minute

// MaxReason bounds why an admin reads, in characters.
const MaxReason = 300

// CheckReading refuses a reason that can't be kept.
func CheckReading(reason string) error {
	problems := fieldErrors{}
	if why := textProblem(reason, MaxReason); why != "" {
		problems.add("reason", why)
	}
	return problems.err()
}

// ErrMessageGone refuses to bring back a message whose text is kept no longer, or never was.
func ErrMessageGone() *Error {
	return &Error{Code: Conflict, Reason: CannotUndo, Message: "Its text is gone.", Hint: "What an admin deletes is kept for 30 days; what its sender deletes is not kept."}
}

// NewMessage is a message to send. Browsers send in their own name; servers name the sender, or send a system message.
type NewMessage struct {
	Type   MessageType
	Sender UserID
	Text   string
	Custom map[string]string
}

// Check refuses a message that can't be.
func (m NewMessage) Check() error {
	return checkMessage(m.Text, m.Custom)
}

func checkMessage(text string, custom map[string]string) error {
	problems := fieldErrors{}
	if strings.TrimSpace(text) == "" {
		problems.add("text", "is empty")
	} else if why := textProblem(text, MaxText); why != "" {
		problems.add("text", why)
	}
	if why := customProblem(custom); why != "" {
		problems.add("custom", why)
	}
	return problems.err()
}

// MessageChange is a change of a message: only what is set changes. It reads the body that REST documents for PUT
// messages.
type MessageChange struct {
	Text   Opt[string]
	Custom Opt[Custom]
}

// UnmarshalJSON reads the documented body; unknown keys are ignored.
func (c *MessageChange) UnmarshalJSON(b []byte) error {
	return decodeFields(b, map[string]jsonField{
		"text":   {&c.Text, "a string"},
		"custom": {&c.Custom, "an object of strings, or null"},
	})
}

// Apply is the message after the change, checked whole; m stays untouched.
func (c MessageChange) Apply(m Message) (Message, error) {
	m.Text = c.Text.Or(m.Text, "")
	m.Custom = patchCustom(m.Custom, c.Custom)
	return m, checkMessage(m.Text, m.Custom)
}

// marked are action buttons and links that show another text than their address.
var marked = regexp.MustCompile(`(?i)<(actionbutton|actionlink):[^<>]*>|<[^<>|\s]+\|[^<>]*>`)

// HasButtons tells texts that only servers may send: with action buttons, or links under another text.
func HasButtons(text string) bool { return marked.MatchString(text) }
