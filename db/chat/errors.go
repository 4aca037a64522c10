package chat

import (
	"errors"
	"strings"
	"time"
)

// Code is the class of a failure. It decides the HTTP status, nowhere but in handlers/web.
type Code string

const (
	Invalid         Code = "invalid"
	Unauthenticated Code = "unauthenticated"
	Forbidden       Code = "forbidden"
	NotFound        Code = "not_found"
	Conflict        Code = "conflict"
	TooLarge        Code = "too_large"
	Unsupported     Code = "unsupported"
	RateLimited     Code = "rate_limited"
	Misdirected     Code = "misdirected"
	Unavailable     Code = "unavailable"
)

// Reason is the stable cause of a failure, for programs. The list below is closed: REST answers it in capitals as errorCode.
type Reason string

const (
	BadArgument         Reason = "bad_argument"
	BadJSON             Reason = "bad_json"
	BadID               Reason = "bad_id"
	BadVersion          Reason = "bad_api_version"
	BadCredential       Reason = "bad_credential"
	AppNotFound         Reason = "app_not_found"
	UserNotFound        Reason = "user_not_found"
	ConversationMissing Reason = "conversation_not_found"
	ParticipantMissing  Reason = "participant_not_found"
	KeyNotFound         Reason = "key_not_found"
	ViewNotFound        Reason = "view_not_found"
	AdminNotFound       Reason = "admin_not_found"
	EventNotFound       Reason = "event_not_found"
	MessageNotFound     Reason = "message_not_found"
	BackupNotFound      Reason = "backup_not_found"
	BackupRefused       Reason = "backup_refused"
	PlanNotFound        Reason = "plan_not_found"
	JobNotFound         Reason = "job_not_found"
	StageNotFound       Reason = "stage_not_found"
	PageNotFound        Reason = "page_not_found"
	MethodNotAllowed    Reason = "method_not_allowed"
	TrashNotFound       Reason = "not_in_trash"
	AlreadyExists       Reason = "already_exists"
	IDTaken             Reason = "id_taken"
	InMotion            Reason = "in_motion"
	ParticipantLimit    Reason = "participant_limit"
	KeyLimit            Reason = "key_limit"
	KeyInUse            Reason = "key_active"
	LastOwner           Reason = "last_owner"
	LastWayIn           Reason = "last_way_in"
	InvitationGone      Reason = "invitation_gone"
	NotOnTheTeam        Reason = "not_on_the_team"
	StaleSetting        Reason = "stale_setting"
	TrialWaiting        Reason = "trial_waiting"
	PlanLimit           Reason = "plan_limit"
	StaleChange         Reason = "stale_change"
	AlreadyDone         Reason = "already_done"
	CannotUndo          Reason = "cannot_undo"
	RoleTooLow          Reason = "role_too_low"
	ReauthRequired      Reason = "reauth_required"
	IdentityRequired    Reason = "identity_required"
	UserSyncOff         Reason = "user_sync_disallowed"
	ConversationSyncOff Reason = "conversation_sync_disallowed"
	GuestsNotAllowed    Reason = "guests_not_allowed"
	Banned              Reason = "banned"      // told to the banned user
	UserBannedFromAll   Reason = "user_banned" // told to who would bring them back
	GuestIsBlocked      Reason = "guest_blocked"
	Removed             Reason = "removed"
	AccessEnded         Reason = "access_ended"
	OriginNotAllowed    Reason = "origin_not_allowed"
	SignedInElsewhere   Reason = "signed_in_elsewhere"
	TokenExpired        Reason = "token_expired"
	KeyDeactivatedNow   Reason = "key_deactivated"
	SignaturesOff       Reason = "signatures_not_accepted"
	TooManyCalls        Reason = "too_many_calls"
	ReadOnly            Reason = "read_only"
	NotYours            Reason = "not_yours"
	NotInBrowser        Reason = "not_in_browser"
	AccessCeiling       Reason = "access_ceiling"
	BodyTooLarge        Reason = "body_too_large"
	WrongContentType    Reason = "wrong_content_type"
	TooManyAttempts     Reason = "too_many_attempts"
	SecretExposed       Reason = "secret_key_exposed"
	CrossOrigin         Reason = "cross_origin"
	WrongHost           Reason = "wrong_host"
	StorageUnavailable  Reason = "storage_unavailable"
)

// Error is a failure that its receiver can act on. Anything else that a function of this module returns is internal.
type Error struct {
	Code    Code
	Reason  Reason
	Message string              // one sentence for a person: what happened
	Hint    string              // what to do about it; may be empty
	Fields  map[string][]string // per input, what is wrong with it; may be nil
	Clashes []Clash             // fields that somebody else changed meanwhile

	RetryAfter time.Duration // for RateLimited and Unavailable
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " " + e.Hint
}

// Reading is the error as a request says it that only reads.
func (e *Error) Reading() *Error {
	if e.Hint != nothingChanged {
		return e
	}
	reading := *e
	reading.Hint = ""
	return &reading
}

// AsError returns the *Error in err's chain, or nil.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// ReasonOf is the reason of err, or "" when err is nil or internal.
func ReasonOf(err error) Reason {
	if e := AsError(err); e != nil {
		return e.Reason
	}
	return ""
}

// nothingChanged is the hint of most refusals.
const nothingChanged = "Nothing was changed."

// InvalidField is a refusal of one input.
func InvalidField(field, why string) *Error {
	return &Error{Code: Invalid, Reason: BadArgument, Message: field + " " + strings.TrimSuffix(why, ".") + ".", Hint: nothingChanged,
		Fields: map[string][]string{field: {why}}}
}

// fieldErrors collects what is wrong with several inputs.
type fieldErrors map[string][]string

func (f fieldErrors) add(field, why string) { f[field] = append(f[field], why) }

func (f fieldErrors) err() error {
	switch len(f) {
	case 0:
		return nil
	case 1:
		for field, why := range f {
			e := InvalidField(field, why[0])
			e.Fields = f
			return e
		}
	}
	return &Error{Code: Invalid, Reason: BadArgument, Message: "Several fields are not valid.", Hint: "See reasons; nothing was changed.", Fields: f}
}

// The refusals of missing things, in one place so that every door words them alike.

func ErrAppNotFound() *Error {
	return &Error{Code: NotFound, Reason: AppNotFound, Message: "There is no such app.", Hint: "Check the app id."}
}

func ErrUserNotFound(id UserID) *Error {
	return &Error{Code: NotFound, Reason: UserNotFound, Message: "There is no user " + quote(string(id)) + " in this app.", Hint: "Create the user first."}
}

func ErrConversationNotFound(id ConversationID) *Error {
	return &Error{Code: NotFound, Reason: ConversationMissing, Message: "There is no conversation " + quote(string(id)) + " in this app.", Hint: "Create it first, or check its id."}
}

func ErrParticipantNotFound(ref ParticipantRef) *Error {
	return &Error{Code: NotFound, Reason: ParticipantMissing, Message: quote(string(ref.User)) + " is not a participant of this conversation.", Hint: "Add them first."}
}

func quote(s string) string { return "“" + s + "”" }
