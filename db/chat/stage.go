package chat

import (
	"fmt"
	"time"
)

// StageID names a change of many people that waits to be looked at.
type StageID string

// StageMode is what a list of people is for.
type StageMode string

const (
	StageAdd    StageMode = "add"    // those on it come in
	StageRemove StageMode = "remove" // those on it go
	StageExact  StageMode = "exact"  // those on it come in, everybody else goes
	StageKeep   StageMode = "keep"   // nobody comes in, everybody else goes
)

// ParseStageMode checks the name of a mode.
func ParseStageMode(s string) (StageMode, error) {
	switch m := StageMode(s); m {
	case StageAdd, StageRemove, StageExact, StageKeep:
		return m, nil
	}
	return "", InvalidField("mode", "must be add, remove, exact or keep")
}

// Others tells modes that remove people whom the list does not name.
func (m StageMode) Others() bool { return m == StageExact || m == StageKeep }

// Adds tells modes that bring people in.
func (m StageMode) Adds() bool { return m == StageAdd || m == StageExact }

// Verdict is what applying a stage will do for one line, or why it will do nothing.
type Verdict string

const (
	WillAdd    Verdict = "add"
	WillCreate Verdict = "create" // and add
	WillChange Verdict = "change" // the access or what to notify about
	WillRemove Verdict = "remove"
	AlreadyIn  Verdict = "already"
	NotIn      Verdict = "absent"
	IsUnknown  Verdict = "unknown"
	Ambiguous  Verdict = "ambiguous" // several people are called so
	IsBanned   Verdict = "banned"
	Duplicate  Verdict = "duplicate"
	BadLine    Verdict = "invalid"
	IsSkipped  Verdict = "skipped"
)

// Verdicts lists all, in the order in which they matter to people.
var Verdicts = []Verdict{BadLine, Ambiguous, IsUnknown, IsBanned, WillCreate, WillAdd, WillChange, WillRemove, AlreadyIn, NotIn, Duplicate, IsSkipped}

// Acts tells verdicts that applying changes something for.
func (v Verdict) Acts() bool {
	return v == WillAdd || v == WillCreate || v == WillChange || v == WillRemove
}

// Problem tells verdicts that somebody should look at: the line asks for something and will not get it.
func (v Verdict) Problem() bool {
	return v == IsUnknown || v == Ambiguous || v == IsBanned || v == BadLine
}

// What an admin decided about one line.
type StageChoice string

const (
	ChoiceNone   StageChoice = ""
	ChoiceSkip   StageChoice = "skip"
	ChoiceCreate StageChoice = "create" // the user that the line names
)

// StagedLine is one line of a list, or one person whom the list does not name.
type StagedLine struct {
	N        int // of the line as it was pasted; others follow
	Typed    string
	By       string // what Typed is when the list says so: id, email or name; "" to find out
	User     UserID // whom it names; of an unknown one, the id that creating gives
	UserName string // as it is now, for pages
	Name     string // of a user to create
	Email    string
	Access   Access // that it asks for; "" for that of the stage
	Notify   Notify
	Choice   StageChoice
	Verdict  Verdict
	Why      string
	Near     []UserID // who may be meant
	Outcome  string   // why it was not done after all
}

// LineFacts is what a verdict depends on.
type LineFacts struct {
	Exists    bool
	Place     Access // on the list; "" for not on it
	Notify    Notify
	NamedBy   int    // another line that names the same person; 0 for none
	Forbidden string // why nobody can bring this user in; "" when one can
}

// Judge says what becomes of a line that names one person. A line that names nobody, or several, keeps its verdict.
func (m StageMode) Judge(l StagedLine, s LineFacts) (Verdict, string) {
	switch {
	case l.Choice == ChoiceSkip:
		return IsSkipped, ""
	case l.Verdict == BadLine || l.Verdict == Ambiguous:
		return l.Verdict, l.Why
	case s.NamedBy != 0:
		return Duplicate, fmt.Sprintf("The same person as line %d.", s.NamedBy)
	case !m.Adds():
		return m.judgeGoing(l, s)
	case !s.Exists && l.Choice == ChoiceCreate:
		return WillCreate, ""
	case !s.Exists:
		return IsUnknown, "No user has this ID, address or name."
	case s.Forbidden != "":
		return IsBanned, s.Forbidden
	case s.Place == AccessNone:
		return IsBanned, "Kept out of this conversation: their access is None."
	case s.Place == "":
		return WillAdd, ""
	case l.Access != "" && l.Access != s.Place || l.Notify != "" && l.Notify != s.Notify:
		return WillChange, l.changes(s)
	}
	return AlreadyIn, ""
}

func (m StageMode) judgeGoing(l StagedLine, s LineFacts) (Verdict, string) {
	switch {
	case !s.Exists:
		return IsUnknown, "No user has this ID, address or name."
	case s.Place.Rank() == 0:
		return NotIn, ""
	case m == StageKeep:
		return AlreadyIn, ""
	}
	return WillRemove, ""
}

// changes says what a line changes of somebody who is in already.
func (l StagedLine) changes(s LineFacts) string {
	access := l.Access != "" && l.Access != s.Place
	notify := l.Notify != "" && l.Notify != s.Notify
	switch {
	case access && notify:
		return fmt.Sprintf("Access from “%s” to “%s”, notifications from “%s” to “%s”.", s.Place.Label(), l.Access.Label(), s.Notify.Label(), l.Notify.Label())
	case access:
		return fmt.Sprintf("Access from “%s” to “%s”.", s.Place.Label(), l.Access.Label())
	}
	return fmt.Sprintf("Notifications from “%s” to “%s”.", s.Notify.Label(), l.Notify.Label())
}

// StageRef names one stage.
type StageRef struct {
	App          AppID
	Conversation ConversationID
	ID           StageID
}

// StageDays is how long a stage is kept.
const StageDays = 1

// Stage is a change of many people that waits to be looked at.
type Stage struct {
	StageRef
	N         int64
	Mode      StageMode
	Title     string // where the list came from
	ReadAs    string // how it was read
	Access    Access // of those who come in
	Notify    Notify
	By        string // who made it
	At        time.Time
	AppliedAt time.Time
	Removing  bool
	Batch     string // of the change, once it is applied
	Job       JobID  // that applies it, when it is long
	Counts    map[Verdict]int64
	Told      int64 // lines that were not done after all
}

// Total is how many lines there are with one of these verdicts; without any, all lines.
func (s Stage) Total(verdicts ...Verdict) (n int64) {
	if len(verdicts) == 0 {
		verdicts = Verdicts
	}
	for _, v := range verdicts {
		n += s.Counts[v]
	}
	return n
}

// Acting is how many lines change something when the removals are left out, and how many remove somebody.
func (s Stage) Acting() (others, removals int64) {
	return s.Total(WillAdd, WillCreate, WillChange), s.Total(WillRemove)
}

// Problems is how many lines somebody should look at.
func (s Stage) Problems() int64 { return s.Total(IsUnknown, Ambiguous, IsBanned, BadLine) }

// Remain is how many will be on a list of so many now, once the stage is applied with its removals.
func (s Stage) Remain(listed int64) int64 {
	return listed + s.Total(WillAdd, WillCreate) - s.Total(WillRemove)
}

// NewStage is a stage to make.
type NewStage struct {
	App           AppID
	Conversation  ConversationID
	Mode          StageMode
	Title, ReadAs string
	Access        Access
	Notify        Notify
	Create        bool // unknown people are to be created
}

// StageApply is what an admin ticked when a stage is applied.
type StageApply struct {
	Remove bool // those whom the stage removes
	Empty  bool // even if nobody remains
}

// StageFix is what an admin does about one line. What is empty is left as it is.
type StageFix struct {
	Text   string // another text for it
	User   UserID // this is who is meant
	Name   string // of a user to create
	Choice StageChoice
	Again  bool // take the choice back
}

// ErrStageNotFound refuses what names no stage of the conversation.
func ErrStageNotFound() *Error {
	return &Error{Code: NotFound, Reason: StageNotFound, Message: "This list is not there any more.", Hint: "Lists are kept for a day. Paste it again."}
}

// Mean sets whom a line names: one person, or the several that it may name.
func (l *StagedLine) Mean(ids []UserID) {
	if len(ids) == 1 {
		l.User = ids[0]
		return
	}
	l.Verdict, l.Why, l.Near = Ambiguous, fmt.Sprintf("%d people are called so.", len(ids)), ids
	if len(ids) > MaxNear {
		l.Why, l.Near = fmt.Sprintf("More than %d people are called so.", MaxNear), ids[:MaxNear]
	}
}

// MaxNear is how many people are named where several may be meant.
const MaxNear = 5

// NewUser is the user that a line names, to be created.
func (l StagedLine) NewUser() UserChange {
	c := UserChange{Name: Some(l.Name)}
	if l.Email != "" {
		c.Email = Some([]string{l.Email})
	}
	return c
}

// Wants is what a line asks for, with what it leaves open.
func (l StagedLine) Wants(access Access, notify Notify) (c ParticipantChange) {
	if l.Access != "" {
		access = l.Access
	}
	if l.Notify != "" {
		notify = l.Notify
	}
	if access != "" {
		c.Access = Some(access)
	}
	if notify != "" {
		c.Notify = Some(notify)
	}
	return c
}
