// Package paths builds the address of every page and action of the dashboard. No other package writes one by hand.
//
// Ids come from outside and may hold any character: each becomes exactly one segment of the path, and an id that reads
// like a page ("new") is written so that a router which matches the escaped path never takes it for that page.
package paths

import (
	"fmt"
	"net/url"
	"strings"
)

// Home sends an admin on to an app.
func Home() string { return "/" }

// Setup is where the first admin is made. The code proves that the server is theirs; it may be empty.
func Setup(code string) string { return with("/setup", "code", code) }

// SignIn is the door. After it the admin is taken to next, an address of this dashboard; it may be empty.
func SignIn(next string) string { return with("/sign-in", "next", next) }

func SignOut() string { return "/sign-out" }

func Account() string { return "/account" }

// Help is the documentation: its table of contents, a page of it, or a heading of a page.
func Help(page, anchor string) string {
	switch {
	case page == "":
		return "/help"
	case anchor == "":
		return join("help", id(page))
	}
	return Anchor(join("help", id(page)), anchor)
}

func EndSession(session string) string { return join("account", "sessions", id(session), "end") }

// SecondStep is where an admin sets up what they give beside their password.
func SecondStep() string { return "/account/second-step" }

// Confirm is where an admin proves once more who they are; after it they are taken to next.
func Confirm(next string) string    { return with("/account/confirm", "next", next) }
func ConfirmOptions() string        { return "/account/confirm/options" }
func ConfirmSSO(next string) string { return with("/account/confirm/sso", "next", next) }
func EndConfirmed() string          { return "/account/confirm/end" }

// Code is where an authenticator app is set up, Passkeys where a passkey is made.
func Code() string           { return "/account/code" }
func RemoveCode() string     { return "/account/code/remove" }
func Passkeys() string       { return "/account/passkeys" }
func PasskeyOptions() string { return "/account/passkeys/options" }
func RemovePasskey(passkey string) string {
	return join("account", "passkeys", id(passkey), "remove")
}
func RecoveryCodes() string { return "/account/recovery-codes" }
func RecoveryFile() string  { return "/account/recovery-codes/file" }
func UnlinkSSO() string     { return "/account/sso/unlink" }

// SignInCode is the second step of a sign-in; with recovery it asks for a recovery code.
func SignInCode() string           { return "/sign-in/code" }
func SignInRecovery() string       { return "/sign-in/code?with=recovery" }
func SignInPasskey() string        { return "/sign-in/passkey" }
func SignInPasskeyOptions() string { return "/sign-in/passkey/options" }

// SignInSSO goes to the single sign-on provider and comes back to SignInSSOCallback. token is that of an invitation.
func SignInSSO(next, token string) string {
	return Page("/sign-in/sso", url.Values{"next": {next}, "token": {token}})
}
func SignInSSOCallback() string { return "/sign-in/sso/callback" }

// Invitation is the page of the link that somebody was given.
func Invitation(token string) string { return with("/invitation", "token", token) }
func InvitationOptions() string      { return "/invitation/options" }

func Team() string { return "/team" }

func Invite() string { return "/team/invite" }
func RenewInvitation(invitation string) string {
	return join("team", "invitations", id(invitation), "renew")
}
func RevokeInvitation(invitation string) string {
	return join("team", "invitations", id(invitation), "revoke")
}
func TeamRules() string            { return "/team/rules" }
func UndoTeam(seq int64) string    { return join("team", "changes", fmt.Sprint(seq), "undo") }
func Member(admin string) string   { return join("team", id(admin)) }
func Standing(admin string) string { return join("team", id(admin), "standing") }
func ResetSecondStep(admin string) string {
	return join("team", id(admin), "second-step", "reset")
}
func SignOutMember(admin string) string { return join("team", id(admin), "sessions", "end") }
func SignOutSession(admin, session string) string {
	return join("team", id(admin), "sessions", id(session), "end")
}

// Backups is the list of backups of the whole server; the others are of one of them.
func Backups() string                  { return "/backups" }
func BackupPlan() string               { return "/backups/plan" }
func UploadBackup() string             { return "/backups/upload" }
func Backup(name string) string        { return join("backups", id(name)) }
func RestoreBackup(name string) string { return join("backups", id(name), "restore") }
func TakeBackup(name string) string    { return join("backups", id(name), "download") }
func DeleteBackup(name string) string  { return join("backups", id(name), "delete") }

// BackupParticipants compares the list of a conversation in a backup with the list of now.
func BackupParticipants(name string, query url.Values) string {
	return Page(join("backups", id(name), "participants"), query)
}

func Apps() string   { return "/apps" }
func NewApp() string { return "/apps/new" }

// Overview is the first page of an app.
func Overview(app string) string { return inApp(app) }

// Search is the search in everything: of an app, or of the server where app is "".
func Search(app string) string {
	if app == "" {
		return "/search"
	}
	return inApp(app, "search")
}

// SearchAt is Search opened from the page at a path.
func SearchAt(app, at string) string { return with(Search(app), "at", at) }

func Conversations(app string) string   { return inApp(app, "conversations") }
func NewConversation(app string) string { return inApp(app, "conversations", "new") }

// Participants is the page of a conversation, opened at its list.
func Participants(app, conv string) string { return inConversation(app, conv) }

// AddParticipants takes the form of the page at AddParticipantsPage.
func AddParticipants(app, conv string) string { return inConversation(app, conv, "participants") }
func AddParticipantsPage(app, conv string) string {
	return inConversation(app, conv, "participants", "add")
}

// PrintParticipants is the list for paper.
func PrintParticipants(app, conv string) string {
	return inConversation(app, conv, "participants", "print")
}

// BulkParticipants changes or removes all that are selected, as one change.
func BulkParticipants(app, conv string) string {
	return inConversation(app, conv, "participants", "bulk")
}

// ManyParticipants is the page that makes lists of many people: of what is pasted, of a rule, of another conversation.
func ManyParticipants(app, conv, from string) string {
	return with(inConversation(app, conv, "participants", "many"), "from", from)
}

// Stage is a list that waits to be looked at. The others are what can be done about it.
func Stage(app, conv, stage string) string { return inConversation(app, conv, "lists", id(stage)) }
func StagedLine(app, conv, stage string, line int) string {
	return inConversation(app, conv, "lists", id(stage), "lines", fmt.Sprint(line))
}
func AllStaged(app, conv, stage string) string {
	return inConversation(app, conv, "lists", id(stage), "all")
}
func ApplyStage(app, conv, stage string) string {
	return inConversation(app, conv, "lists", id(stage), "apply")
}
func DiscardStage(app, conv, stage string) string {
	return inConversation(app, conv, "lists", id(stage), "discard")
}
func StageRejects(app, conv, stage string) string {
	return inConversation(app, conv, "lists", id(stage), "rejects.csv")
}

// Participant takes a change of one participant's access or notifications.
func Participant(app, conv, user string) string {
	return inConversation(app, conv, "participants", id(user))
}
func RemoveParticipant(app, conv, user string) string {
	return inConversation(app, conv, "participants", id(user), "remove")
}

// ParticipantTerms is when a participant's access ends and from when on they see the history.
func ParticipantTerms(app, conv, user string) string {
	return inConversation(app, conv, "participants", id(user), "terms")
}

// Endings are the participants of an app whose access ends, and the form that moves several ends.
func Endings(app string) string { return inApp(app, "endings") }

// GuestsUntil takes when a conversation's guest access is over.
func GuestsUntil(app, conv string) string { return inConversation(app, conv, "guests", "until") }

// ConversationRights says who can do what in a conversation.
func ConversationRights(app, conv string) string { return inConversation(app, conv, "rights") }

func ConversationHistory(app, conv string) string { return inConversation(app, conv, "history") }

// ListAt is the list of a conversation at a moment, ListDifference what became of it until another one, and RestoreList
// takes the form that makes it what it was.
func ListAt(app, conv string) string { return inConversation(app, conv, "history", "at") }
func ListDifference(app, conv string) string {
	return inConversation(app, conv, "history", "difference")
}
func RestoreList(app, conv string) string          { return inConversation(app, conv, "history", "restore") }
func ConversationSettings(app, conv string) string { return inConversation(app, conv, "settings") }
func DeleteConversation(app, conv string) string   { return inConversation(app, conv, "delete") }

// Messages is the tab of what is said in a conversation; Message is that tab, opened at one of them.
func Messages(app, conv string) string { return inConversation(app, conv, "messages") }
func Message(app, conv, message string) string {
	return with(inConversation(app, conv, "messages"), "message", message)
}
func MessagesReason(app, conv string) string { return inConversation(app, conv, "messages", "reason") }
func SendSystemMessage(app, conv string) string {
	return inConversation(app, conv, "messages", "system")
}
func DeleteMessage(app, conv, message string) string {
	return inConversation(app, conv, "messages", id(message), "delete")
}
func RestoreMessage(app, conv, message string) string {
	return inConversation(app, conv, "messages", id(message), "restore")
}

// ExportConversation is a conversation as a file: as txt, csv or json.
func ExportConversation(app, conv, as string) string {
	return with(inConversation(app, conv, "export"), "as", as)
}

// ExportList is a list of an app as a file, ExportConversationList one of a conversation; the query has the filters of the
// list's page and, as "as", csv or json. ExportApp is where the file of everything is made.
func ExportList(app, list string, query url.Values) string {
	return Page(inApp(app, "export", list), query)
}
func ExportConversationList(app, conv, list string, query url.Values) string {
	return Page(inConversation(app, conv, "export", list), query)
}
func ExportApp(app string) string { return inApp(app, "settings", "export") }

// Guests is the tab of who is in a conversation as a guest, and GuestAccess asks before its guest access changes.
func Guests(app, conv string) string { return inConversation(app, conv, "guests") }
func GuestAccess(app, conv, to string) string {
	return with(inConversation(app, conv, "guests", "access"), "to", to)
}

// ShowOut is the form that shows a guest out, LiftBlock lets them in again, PromoteGuest puts them on the list.
func ShowOut(app, conv, user string) string {
	return inConversation(app, conv, "guests", id(user), "show-out")
}
func LiftBlock(app, conv, user string) string {
	return inConversation(app, conv, "guests", id(user), "lift")
}
func PromoteGuest(app, conv, user string) string {
	return inConversation(app, conv, "guests", id(user), "promote")
}

// Live is the stream of an app's news, and with a conversation of that conversation's alone.
func Live(app, conv string) string { return with(inApp(app, "live"), "conversation", conv) }

// Presence is the stream that says who else is at a page of an app.
func Presence(app, at string) string { return with(inApp(app, "presence"), "at", at) }

// Try is the page with the real chatbox, of a conversation or of one that the page chooses.
func Try(app, conv string) string { return with(inApp(app, "try"), "conversation", conv) }
func TryAsGuest(app, conv string) string {
	return Page(inApp(app, "try"), url.Values{"conversation": {conv}, "as": {"guest"}})
}
func TryToken(app string) string { return inApp(app, "try", "token") }

func Users(app string) string      { return inApp(app, "users") }
func NewUser(app string) string    { return inApp(app, "users", "new") }
func User(app, user string) string { return inApp(app, "users", id(user)) }

// UserHistory is what became of a user's places over all conversations.
func UserHistory(app, user string) string { return inApp(app, "users", id(user), "history") }
func EditUser(app, user string) string    { return inApp(app, "users", id(user), "edit") }

// Views are the saved views of an app's lists. NewView keeps the state of a list.
func Views(app string) string { return inApp(app, "views") }
func NewView(app, list, query string) string {
	return Page(inApp(app, "views", "new"), url.Values{"list": {list}, "query": {query}})
}
func View(app, view string) string       { return inApp(app, "views", id(view)) }
func DeleteView(app, view string) string { return inApp(app, "views", id(view), "delete") }

// Refusals is the list of calls from browsers that were refused.
func Refusals(app string) string { return inApp(app, "refusals") }

func Audit(app string) string { return inApp(app, "audit") }

// Undo takes back the change that has this number in the audit log.
func Undo(app string, seq int64) string {
	if app == "" {
		return UndoTeam(seq)
	}
	return inApp(app, "audit", fmt.Sprint(seq), "undo")
}

// UndoBatch takes back one bulk change.
func UndoBatch(app string) string { return inApp(app, "undo") }

// Jobs lists the long work of an app, Job shows one of it, and JobFile is what it made.
func Jobs(app string) string            { return inApp(app, "jobs") }
func Job(app, job string) string        { return inApp(app, "jobs", id(job)) }
func JobFile(app, job string) string    { return inApp(app, "jobs", id(job), "file") }
func CancelJob(app, job string) string  { return inApp(app, "jobs", id(job), "cancel") }
func RestartJob(app, job string) string { return inApp(app, "jobs", id(job), "restart") }

// Settings is the page of an app's settings, opened at General.
func Settings(app string) string         { return inApp(app, "settings") }
func SettingsSecurity(app string) string { return inApp(app, "settings", "security") }
func SettingsBrowser(app string) string  { return inApp(app, "settings", "browser") }
func SettingsKeys(app string) string     { return inApp(app, "settings", "keys") }
func SettingsDanger(app string) string   { return inApp(app, "settings", "danger") }

// SettingsHistory is what was changed, what waits to be confirmed and what is scheduled; KeepSettings confirms.
func SettingsHistory(app string) string { return inApp(app, "settings", "history") }
func KeepSettings(app string, seq int64) string {
	return inApp(app, "settings", "history", fmt.Sprint(seq), "keep")
}

// ScheduleSettings is the form of a change that is to be made later; the query has what it changes.
func ScheduleSettings(app string, changes url.Values) string {
	return Page(inApp(app, "settings", "schedule", "new"), changes)
}
func SettingsPlan(app string, n int64) string {
	return inApp(app, "settings", "schedule", fmt.Sprint(n))
}
func CancelPlan(app string, n int64) string {
	return inApp(app, "settings", "schedule", fmt.Sprint(n), "cancel")
}

// Health is the page of what is open that need not be, each with its remedy.
func Health(app string) string { return inApp(app, "settings", "health") }

// ChatSample styles the sample of the chat on the page at SettingsBrowser; the theme goes along as a query.
func ChatSample(app string, theme url.Values) string {
	return Page(inApp(app, "settings", "browser", "sample.css"), theme)
}

func NewKey(app string) string { return inApp(app, "settings", "keys", "new") }
func DeactivateKey(app, key string) string {
	return inApp(app, "settings", "keys", id(key), "deactivate")
}
func ActivateKey(app, key string) string { return inApp(app, "settings", "keys", id(key), "activate") }
func DeleteKey(app, key string) string   { return inApp(app, "settings", "keys", id(key), "delete") }

// Anchor points at the element with this id on a page, for a return to the row that was changed.
func Anchor(page, element string) string { return page + "#" + url.PathEscape(element) }

// Page adds a query to an address: the filters of a list and its place in it. Empty values are left out,
// so equal lists have equal addresses.
func Page(address string, query url.Values) string {
	kept := url.Values{}
	for key, values := range query {
		for _, value := range values {
			if value != "" {
				kept.Add(key, value)
			}
		}
	}
	if len(kept) == 0 {
		return address
	}
	return address + "?" + kept.Encode()
}

func with(address, key, value string) string {
	return Page(address, url.Values{key: {value}})
}

func inApp(app string, rest ...string) string {
	return join(append([]string{"apps", id(app)}, rest...)...)
}

func inConversation(app, conv string, rest ...string) string {
	return inApp(app, append([]string{"conversations", id(conv)}, rest...)...)
}

func join(segments ...string) string { return "/" + strings.Join(segments, "/") }

// words are the segments that stand where an id could stand.
var words = map[string]bool{"new": true, "invite": true, "rules": true, "invitations": true, "changes": true, "add": true, "bulk": true, "access": true, "many": true}

// id is an id as one segment of a path.
func id(s string) string {
	if words[s] {
		return fmt.Sprintf("%%%02X%s", s[0], s[1:])
	}
	return url.PathEscape(s)
}

// ChangeAdmin, ResetAdmin and RemoveAdmin are actions on one admin of the team.
func ChangeAdmin(admin string) string { return join("team", id(admin)) }
func ResetAdmin(admin string) string  { return join("team", id(admin), "reset") }
func RemoveAdmin(admin string) string { return join("team", id(admin), "remove") }

// ChangePassword, Shortcuts, SetTheme and SetReading are forms of the account page.
func ChangePassword() string { return "/account/password" }
func Shortcuts() string      { return "/account/shortcuts" }
func SetTheme() string       { return "/account/theme" }
func SetReading() string     { return "/account/reading" }

// EndOtherSessions ends every session of the admin but the one that asks.
func EndOtherSessions() string { return "/account/sessions/end" }

// AddToConversations adds a user to conversations.
func AddToConversations(app, user string) string {
	return inApp(app, "users", id(user), "conversations")
}
