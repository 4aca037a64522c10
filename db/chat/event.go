package chat

import (
	"encoding/json"
	"time"
)

// EventType names a kind of change.
type EventType string

const (
	AppCreated          EventType = "app.created"
	AppUpdated          EventType = "app.updated"
	ViewShared          EventType = "view.shared" // a saved view came to the team
	ViewUpdated         EventType = "view.updated"
	ViewDeleted         EventType = "view.deleted"
	AppDeleted          EventType = "app.deleted"
	KeyCreated          EventType = "key.created"
	KeyActivated        EventType = "key.activated"
	KeyDeactivated      EventType = "key.deactivated"
	KeyDeleted          EventType = "key.deleted"
	KeyExposed          EventType = "key.exposed" // it was shown by a browser
	SettingsUpdated     EventType = "settings.updated"
	SettingsKept        EventType = "settings.kept"        // a save on trial stays
	SettingsScheduled   EventType = "settings.scheduled"   // Subject is the plan's number
	SettingsRescheduled EventType = "settings.rescheduled" // its time or what it does
	SettingsUnscheduled EventType = "settings.unscheduled"
	SettingsNotDone     EventType = "settings.not_done" // a plan that could not be made at its time
	UserCreated         EventType = "user.created"
	UserUpdated         EventType = "user.updated"
	UserTried           EventType = "user.tried" // an admin opened the chat as this user
	ConversationCreated EventType = "conversation.created"
	ConversationUpdated EventType = "conversation.updated"
	ConversationDeleted EventType = "conversation.deleted"
	ParticipantJoined   EventType = "participant.joined"
	ParticipantUpdated  EventType = "participant.updated"
	ParticipantLeft     EventType = "participant.left"
	MessageSent         EventType = "message.sent"
	MessageEdited       EventType = "message.edited"
	MessageDeleted      EventType = "message.deleted"
	MessageRemoved      EventType = "message.removed" // by an admin
	MessageRestored     EventType = "message.restored"
	MessageAnnounced    EventType = "message.announced" // an admin sent a system message; its MessageSent is beside it
	MessageRead         EventType = "message.read"      // User has read up to the seq in After
	MessagesOpened      EventType = "messages.opened"   // an admin read what is said in a conversation
	GuestBlocked        EventType = "guest.blocked"     // shown out of a conversation
	GuestUnblocked      EventType = "guest.unblocked"   // let in again
	JobStarted          EventType = "job.started"
	JobEnded            EventType = "job.ended"
	ListExported        EventType = "list.exported"     // a list left as a file; Subject names it
	BackupMade          EventType = "backup.made"       // Subject names the file
	BackupTaken         EventType = "backup.downloaded" // it left the server
	BackupDeleted       EventType = "backup.deleted"
	BackupRestored      EventType = "backup.restored" // everything before it is what the backup holds
	BackupPlanned       EventType = "backup.planned"
	AdminCreated        EventType = "admin.created"
	AdminUpdated        EventType = "admin.updated" // role, apps, end
	AdminDeleted        EventType = "admin.deleted"
	AdminSecured        EventType = "admin.secured"    // password, second step, passkeys
	AdminSignedOut      EventType = "admin.signed_out" // by an owner
	AdminUnlocked       EventType = "admin.unlocked"   // wrong passwords and codes were forgotten
	AdminInvited        EventType = "admin.invited"
	AdminUninvited      EventType = "admin.uninvited"
	TeamUpdated         EventType = "admin.rules" // how everybody signs in
)

// The trash and bans. What comes back has its number in the trash in After.
const (
	ConversationRestored EventType = "conversation.restored" // who was on the list when it was deleted is on it again
	ConversationPurged   EventType = "conversation.purged"   // from the trash, for good
	UserDeleted          EventType = "user.deleted"          // to the trash, as conversation.deleted: Before has the number
	UserRestored         EventType = "user.restored"
	UserPurged           EventType = "user.purged" // from the trash, for good
	UserErased           EventType = "user.erased"
	UserBanned           EventType = "user.banned" // from all conversations; After has how many places they lost
	UserUnbanned         EventType = "user.unbanned"
)

// Class sorts kinds of events by who looks for them. Stores keep it with each event.
type Class int

const (
	Talk   Class = iota // what people say: for those who listen, and not in the audit log
	Common              // changes that come by the thousands
	Rare                // changes that somebody may look for by their kind alone
)

// Class of a kind of event.
func (t EventType) Class() Class {
	switch t {
	case MessageSent, MessageEdited, MessageDeleted, MessageRead:
		return Talk
	case ParticipantJoined, ParticipantUpdated, ParticipantLeft, UserCreated, UserUpdated:
		return Common
	}
	return Rare
}

// Talk tells what people say from changes that admins look back on: the audit log leaves it out.
func (t EventType) Talk() bool { return t.Class() == Talk }

// Unseen tells events that change nothing which anybody but admins could see.
func (t EventType) Unseen() bool {
	return t == MessagesOpened || t == MessageAnnounced || t == ListExported
}

// EventTypes lists the kinds of the audit log, as its filter shows them.
var EventTypes = []EventType{
	ParticipantJoined, ParticipantUpdated, ParticipantLeft,
	GuestBlocked, GuestUnblocked,
	ConversationCreated, ConversationUpdated, ConversationDeleted,
	UserCreated, UserUpdated, UserTried, MessagesOpened, MessageAnnounced, MessageRemoved, MessageRestored,
	ConversationRestored, ConversationPurged, UserBanned, UserUnbanned, UserDeleted, UserRestored, UserPurged, UserErased,
	SettingsUpdated, SettingsKept, SettingsScheduled, SettingsRescheduled, SettingsUnscheduled, SettingsNotDone,
	KeyCreated, KeyActivated, KeyDeactivated, KeyDeleted, KeyExposed,
	BackupMade, BackupTaken, BackupDeleted, BackupRestored, BackupPlanned, ListExported, ViewShared, ViewUpdated, ViewDeleted, JobStarted, JobEnded, AppCreated, AppUpdated, AppDeleted, AdminCreated, AdminUpdated, AdminDeleted,
	AdminSecured, AdminSignedOut, AdminUnlocked, AdminInvited, AdminUninvited, TeamUpdated,
}

// Event is one change that happened. Events are written in the transaction of their change and never altered.
type Event struct {
	Seq       int64 // total order of all changes
	App       AppID // "" for changes of the whole server
	At        time.Time
	Kind      ActorKind
	ActorID   string
	ActorName string
	Source    Source
	RequestID string
	IP        string
	Type      EventType

	// What was changed: a participant event has both, a user or conversation event one, others name it in Subject.
	Conversation ConversationID
	User         UserID
	Subject      string // key id, admin id; the name at that time for users and conversations

	Before, After json.RawMessage // images of what changed; null where there is none

	Batch  string // the same for all events of one bulk change; "" otherwise
	Undoes int64  // the seq of the event that this one undid; 0 otherwise
	Undone int64  // the seq of the event that undid this one; 0 while it stands
	Reason string // why, in the words of who made the change; often ""

	BatchSize   int64 // how many events the bulk change has, where a list shows it as one
	BatchUndone bool  // likewise: it was taken back, as far as it stood

	UserName            string // as it is now, for people; "" when the user is gone
	ConversationSubject string // likewise
}

// Trash is the number in the trash of what the event deleted or restored; 0 for other events.
func (e Event) Trash() int64 {
	var image struct {
		Trash int64 `json:"trash"`
	}
	for _, raw := range []json.RawMessage{e.Before, e.After} {
		if len(raw) > 0 && json.Unmarshal(raw, &image) == nil && image.Trash > 0 {
			return image.Trash
		}
	}
	return 0
}

// Undoable says whether an event of this type can be taken back while the state it left still stands, and if not, why.
func (e Event) Undoable() (bool, string) {
	if e.Undone != 0 {
		return false, "It was undone already."
	}
	switch e.Type {
	case ParticipantJoined, ParticipantUpdated, ParticipantLeft, GuestBlocked, GuestUnblocked, ConversationUpdated, UserUpdated, SettingsUpdated,
		SettingsScheduled, SettingsRescheduled, SettingsUnscheduled, MessageRemoved, MessageRestored, KeyActivated, KeyDeactivated, AppUpdated, AdminUpdated, AdminDeleted, TeamUpdated,
		ViewShared, ViewUpdated, ViewDeleted:
		return true, ""
	case AdminCreated:
		return false, "Remove the admin instead."
	case AdminSecured, AdminSignedOut, AdminUnlocked:
		return false, "What was secret stays so; it can’t be brought back."
	case AdminInvited:
		return false, "Take the invitation back instead."
	case AdminUninvited:
		return false, "The link is gone; invite them again."
	case ConversationCreated, UserCreated, UserBanned, UserUnbanned:
		return true, ""
	case ConversationDeleted, UserDeleted:
		if e.Trash() == 0 {
			return false, "This deletion is from before there was a trash."
		}
		return true, ""
	case ConversationRestored, UserRestored:
		return false, "Delete it again instead."
	case ConversationPurged, UserPurged, UserErased, AppDeleted:
		return false, "This is final."
	case MessageSent, MessageEdited, MessageDeleted, MessageRead:
		return false, "What was said can't be unsaid, nor brought back."
	case MessageAnnounced:
		return false, "Delete the message instead."
	case BackupMade, BackupDeleted, BackupPlanned:
		return false, "See the list of backups instead."
	case BackupRestored:
		return false, "Restore the safety copy instead."
	case ListExported, BackupTaken:
		return false, "Who has the file has it."
	case MessagesOpened:
		return false, "What was read stays known."
	case SettingsKept:
		return false, "Revert the change itself."
	case SettingsNotDone:
		return false, "Nothing was changed."
	case UserTried:
		return false, "What was done as this user stands in the conversations."
	case KeyCreated:
		return false, "Deactivate the key instead."
	case KeyExposed:
		return false, "Who has seen the key has it. Deactivate it."
	case JobStarted, JobEnded:
		return false, "Undo what the job did on its own page."
	case KeyDeleted:
		return false, "The secret is gone; create a new key."
	}
	return false, "This can't be undone here."
}

// UndoRole is the weakest role of an admin who may take back an event of this type.
func (e Event) UndoRole() Role {
	switch e.Type {
	case KeyActivated, KeyDeactivated:
		return rules[OpKeyChange].least
	case AdminUpdated, AdminDeleted, TeamUpdated:
		return rules[OpTeamManage].least
	case ConversationUpdated:
		return rules[OpConversationEdit].least
	case ConversationCreated, ConversationDeleted:
		return rules[OpConversationDelete].least
	case UserCreated, UserDeleted:
		return rules[OpUserDelete].least
	case UserBanned, UserUnbanned:
		return rules[OpUserBan].least
	case UserUpdated:
		return rules[OpUserEdit].least
	case SettingsUpdated, SettingsScheduled, SettingsRescheduled, SettingsUnscheduled:
		return rules[OpSettingsSave].least
	case AppUpdated:
		return rules[OpAppEdit].least
	}
	return rules[OpUndo].least
}

// CannotUndoError refuses an undo because the state has moved on.
func CannotUndoError(why string) *Error {
	return &Error{Code: Conflict, Reason: CannotUndo, Message: "Not undone. " + why, Hint: "Nothing was changed."}
}

// News is what the dashboard's open pages are told of an event: names, by which they fetch what they show.
type News struct {
	Seq          int64
	App          AppID
	Type         EventType
	Conversation ConversationID
	User         UserID
	Kind         ActorKind
	ActorID      string
	ActorName    string
}

// News is the event as open pages are told it.
func (e Event) News() News {
	return News{e.Seq, e.App, e.Type, e.Conversation, e.User, e.Kind, e.ActorID, e.ActorName}
}
