package chat

import (
	"encoding/json"
	"fmt"
	"time"
)

// Past is the list of a conversation at an earlier moment, as what differs from a later list. It is made by taking
// events back, newest first; who came on the list without an event is where they are, before and after.
type Past struct {
	Counts Counts             // of the list
	Guests ConversationGuests // the conversation's own setting
	Until  time.Time          // when that is over; zero for never
	Was    map[UserID]PastPlace
}

// PastPlace is what one user had, told by what they have later.
type PastPlace struct {
	Out   bool              // they were not on the list
	Whole *Participant      // all that they had
	Patch ParticipantChange // while neither Out nor Whole: what was other than it is later
}

// Of is what the user had, where later is what they have on the later list; nil for not on the list.
func (p PastPlace) Of(later *Participant) *Participant {
	switch {
	case p.Out || p.Whole == nil && later == nil:
		return nil
	case p.Whole != nil:
		whole := *p.Whole
		if later != nil {
			whole.UserName, whole.PhotoURL = later.UserName, later.PhotoURL
		}
		return &whole
	}
	patched := p.Patch.Apply(*later)
	return &patched
}

// NewPast is the list as it is later.
func NewPast(c Conversation) *Past {
	return &Past{Counts: c.Counts, Guests: c.Guests, Until: c.GuestsUntil, Was: map[UserID]PastPlace{}}
}

// Back takes one event of the conversation back. Events are taken back newest first.
func (p *Past) Back(e Event) error {
	ref := ParticipantRef{App: e.App, Conversation: e.Conversation, User: e.User}
	switch e.Type {
	case ParticipantJoined:
		came, err := ReadParticipant(ref, e.After)
		if err != nil {
			return fmt.Errorf("read event %d: %w", e.Seq, err)
		}
		p.count(came.Access, -1)
		p.Was[e.User] = PastPlace{Out: true}
	case ParticipantLeft:
		had, err := ReadParticipant(ref, e.Before)
		if err != nil {
			return fmt.Errorf("read event %d: %w", e.Seq, err)
		}
		p.count(had.Access, 1)
		p.Was[e.User] = PastPlace{Whole: &had}
	case ParticipantUpdated:
		return p.backChange(e)
	case ConversationUpdated:
		var back ConversationChange
		if err := json.Unmarshal(e.Before, &back); err != nil {
			return fmt.Errorf("read event %d: %w", e.Seq, err)
		}
		p.Guests = back.Guests.Or(p.Guests, GuestsInherit)
		p.Until = back.GuestsUntil.Or(MomentOf(p.Until), 0).Time()
	}
	return nil
}

func (p *Past) backChange(e Event) error {
	var back, forth ParticipantChange
	if err := json.Unmarshal(e.Before, &back); err != nil {
		return fmt.Errorf("read event %d: %w", e.Seq, err)
	}
	if err := json.Unmarshal(e.After, &forth); err != nil {
		return fmt.Errorf("read event %d: %w", e.Seq, err)
	}
	if back.Access.Set {
		p.count(forth.Access.Or("", ReadWrite), -1)
		p.count(back.Access.Or("", ReadWrite), 1)
	}
	was := p.Was[e.User]
	if was.Whole != nil {
		whole := back.Apply(*was.Whole)
		was.Whole = &whole
	} else {
		was.Out, was.Patch = false, was.Patch.With(back)
	}
	p.Was[e.User] = was
	return nil
}

// LeaveOut takes somebody off who came on the list later, though no event says so.
func (p *Past) LeaveOut(user UserID, access Access) {
	if _, known := p.Was[user]; !known {
		p.count(access, -1)
		p.Was[user] = PastPlace{Out: true}
	}
}

func (p *Past) count(a Access, n int64) {
	switch a {
	case ReadWrite:
		p.Counts.ReadWrite += n
	case Read:
		p.Counts.Read += n
	default:
		p.Counts.None += n
	}
}

// BackSettings are an app's settings before an event changed them.
func (s Settings) BackSettings(e Event) (Settings, error) {
	var was map[SettingKey]string
	if err := json.Unmarshal(e.Before, &was); err != nil {
		return nil, fmt.Errorf("read event %d: %w", e.Seq, err)
	}
	back := Settings{}
	for key, now := range s {
		back[key] = now
	}
	for key, value := range was {
		back[key] = Setting{Key: key, Value: value}
	}
	return back, nil
}

// Move is what became of one user's place between two moments: Before and After are nil where they were not on the list.
type Move struct {
	User          UserID
	Before, After *Participant
}

// MoveKind sorts moves.
type MoveKind string

const (
	MovedIn  MoveKind = "in"     // came on the list
	MovedOut MoveKind = "out"    // went off it
	Changed  MoveKind = "change" // has something else
	Unmoved  MoveKind = ""
)

// MoveKinds lists them in the order that differences are shown in.
var MoveKinds = []MoveKind{MovedIn, MovedOut, Changed}

// Kind of a move.
func (m Move) Kind() MoveKind {
	switch {
	case m.Before == nil && m.After == nil:
		return Unmoved
	case m.Before == nil:
		return MovedIn
	case m.After == nil:
		return MovedOut
	}
	was, is := m.Before, m.After
	if was.Access != is.Access || was.Notify != is.Notify || !was.Until.Equal(is.Until) || !was.HistoryFrom.Equal(is.HistoryFrom) {
		return Changed
	}
	return Unmoved
}

// Name is the user's name as far as either side knows it.
func (m Move) Name() string {
	for _, p := range []*Participant{m.After, m.Before} {
		if p != nil && p.UserName != "" {
			return p.UserName
		}
	}
	return ""
}

// MaxWalk is how many changes are taken back to find a list of the past.
const MaxWalk = 200_000

// TooLongAgo refuses a moment with more changes since than MaxWalk.
func TooLongAgo(at time.Time) *Error {
	e := InvalidField("at", "lies more than 200,000 changes back, which is more than can be taken back while you wait")
	e.Hint = "Choose a later moment, or look for one person in the audit log."
	return e
}
