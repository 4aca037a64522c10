package chat

import (
	"encoding/json"
	"errors"
	"time"
)

// Access is what a participant may do.
type Access string

const (
	ReadWrite  Access = "ReadWrite"
	Read       Access = "Read"
	AccessNone Access = "None" // kept as a row, not on the list: a ban from this conversation
)

// Accesses lists all values, most first.
var Accesses = []Access{ReadWrite, Read, AccessNone}

// UnmarshalJSON reads one of the three names.
func (a *Access) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := ParseAccess(s)
	*a = v
	return err
}

// ParseAccess checks the name of an access.
func ParseAccess(s string) (Access, error) {
	switch a := Access(s); a {
	case ReadWrite, Read, AccessNone:
		return a, nil
	}
	return "", InvalidField("access", "must be ReadWrite, Read or None")
}

// Label is what an access is called on pages; "" for none of the three.
func (a Access) Label() string {
	return map[Access]string{ReadWrite: "Read & write", Read: "Read only", AccessNone: "None"}[a]
}

// Rank orders accesses: None 0, Read 1, ReadWrite 2.
func (a Access) Rank() int {
	switch a {
	case ReadWrite:
		return 2
	case Read:
		return 1
	}
	return 0
}

// Notify is what a participant is notified about. In JSON it is true, "MentionsOnly" or false.
type Notify string

const (
	NotifyAll      Notify = "true"
	NotifyMentions Notify = "MentionsOnly"
	NotifyNone     Notify = "false"
)

// Notifies lists all values, most first.
var Notifies = []Notify{NotifyAll, NotifyMentions, NotifyNone}

// Label is what a notify is called on pages; "" for none of the three.
func (n Notify) Label() string {
	return map[Notify]string{NotifyAll: "All", NotifyMentions: "Mentions", NotifyNone: "None"}[n]
}

// ParseNotify checks the name of a notify as forms and lists write it: true, MentionsOnly or false.
func ParseNotify(s string) (Notify, error) {
	switch n := Notify(s); n {
	case NotifyAll, NotifyMentions, NotifyNone:
		return n, nil
	}
	return "", InvalidField("notify", "must be true, false or MentionsOnly")
}

// MarshalJSON writes a boolean or "MentionsOnly".
func (n Notify) MarshalJSON() ([]byte, error) {
	if n == NotifyMentions {
		return []byte(`"MentionsOnly"`), nil
	}
	return []byte(n), nil
}

// UnmarshalJSON reads a boolean or "MentionsOnly".
func (n *Notify) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true", "false":
		*n = Notify(b)
		return nil
	case `"MentionsOnly"`:
		*n = NotifyMentions
		return nil
	}
	return errors.New("notify")
}

// ParticipantRef names one place on one list.
type ParticipantRef struct {
	App          AppID
	Conversation ConversationID
	User         UserID
}

// Participant is a user on the list of a conversation.
type Participant struct {
	ParticipantRef
	Access    Access
	Notify    Notify
	JoinedAt  time.Time
	JoinedBy  string // the name of who added them, as the audit log shows it
	JoinedVia Source

	Until        time.Time // when their access ends; zero for never
	HistoryFrom  time.Time // they see what was said after it; zero for all
	HistoryAfter int64     // seq of the last message that the cut hides

	UserName string // of the user, for lists
	PhotoURL string
}

// ParticipantChange is a change of a place: only what is set changes. It reads the body that REST documents for PUT
// and PATCH participants. Null means the default.
type ParticipantChange struct {
	Access      Opt[Access]
	Notify      Opt[Notify]
	Until       Opt[Moment]
	HistoryFrom Opt[Moment]
}

// UnmarshalJSON reads the documented body; unknown keys are ignored.
func (c *ParticipantChange) UnmarshalJSON(b []byte) error {
	return decodeFields(b, map[string]jsonField{
		"access":      {&c.Access, `"ReadWrite", "Read" or "None"`},
		"notify":      {&c.Notify, `true, false or "MentionsOnly"`},
		"accessUntil": {&c.Until, "a time in milliseconds since 1970, or null"},
		"historyFrom": {&c.HistoryFrom, "a time in milliseconds since 1970, or null"},
	})
}

// Apply is the participant after the change.
func (c ParticipantChange) Apply(p Participant) Participant {
	p.Access = c.Access.Or(p.Access, ReadWrite)
	p.Notify = c.Notify.Or(p.Notify, NotifyAll)
	p.Until = c.Until.Or(MomentOf(p.Until), 0).Time()
	p.HistoryFrom = c.HistoryFrom.Or(MomentOf(p.HistoryFrom), 0).Time()
	return p
}

// WithDefaults is the documented Join: what is not set falls back to ReadWrite and true, without an end and from the start.
func (c ParticipantChange) WithDefaults() ParticipantChange {
	return ParticipantChange{Access: Some(c.Access.Or(ReadWrite, ReadWrite)), Notify: Some(c.Notify.Or(NotifyAll, NotifyAll)),
		Until: Some(c.Until.Or(0, 0)), HistoryFrom: Some(c.HistoryFrom.Or(0, 0))}
}

// With is this change and then next.
func (c ParticipantChange) With(next ParticipantChange) ParticipantChange {
	if next.Access.Set {
		c.Access = next.Access
	}
	if next.Notify.Set {
		c.Notify = next.Notify
	}
	if next.Until.Set {
		c.Until = next.Until
	}
	if next.HistoryFrom.Set {
		c.HistoryFrom = next.HistoryFrom
	}
	return c
}

// Image is the participant as events store it; joinedAt is in milliseconds.
func (p Participant) Image() Image {
	i := Image{"access": p.Access, "notify": p.Notify, "joinedAt": p.JoinedAt.UnixMilli(), "joinedBy": p.JoinedBy, "joinedVia": p.JoinedVia}
	if !p.Until.IsZero() {
		i["accessUntil"] = p.Until.UnixMilli()
	}
	if !p.HistoryFrom.IsZero() {
		i["historyFrom"] = p.HistoryFrom.UnixMilli()
	}
	return i
}

// ReadParticipant is the participant that an image holds whole, as the events of joining and leaving do.
func ReadParticipant(ref ParticipantRef, image json.RawMessage) (Participant, error) {
	var was struct {
		JoinedAt  int64  `json:"joinedAt"`
		JoinedBy  string `json:"joinedBy"`
		JoinedVia Source `json:"joinedVia"`
	}
	var change ParticipantChange
	if err := errors.Join(json.Unmarshal(image, &was), json.Unmarshal(image, &change)); err != nil {
		return Participant{}, err
	}
	p := change.WithDefaults().Apply(Participant{ParticipantRef: ref})
	p.JoinedAt, p.JoinedBy, p.JoinedVia = time.UnixMilli(was.JoinedAt).UTC(), was.JoinedBy, was.JoinedVia
	return p, nil
}

// DiffParticipant is the change from before to after as two event images, each a valid ParticipantChange.
func DiffParticipant(before, after Participant) (was, now Image) {
	return before.fields().diff(after.fields())
}

func (p Participant) fields() fieldValues {
	return fieldValues{{"access", p.Access}, {"notify", p.Notify}, {"accessUntil", MomentOf(p.Until).orNull()}, {"historyFrom", MomentOf(p.HistoryFrom).orNull()}}
}
