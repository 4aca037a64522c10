package chat

import "time"

// Operation is something that an actor may want to do. Every permission of the product is asked by one of these names.
type Operation string

const (
	OpAppRead   Operation = "app.read"
	OpAppCreate Operation = "app.create"
	OpAppEdit   Operation = "app.edit"
	OpAppDelete Operation = "app.delete"

	OpKeyList   Operation = "key.list" // without secrets
	OpKeyCreate Operation = "key.create"
	OpKeyReveal Operation = "key.reveal"
	OpKeyChange Operation = "key.change" // activate, deactivate
	OpKeyDelete Operation = "key.delete"

	OpSettingsRead   Operation = "settings.read"
	OpSettingsSave   Operation = "settings.save"
	OpSettingsLoosen Operation = "settings.loosen" // asked beside settings.save when Loosens says so

	OpUserRead     Operation = "user.read"
	OpUserCreate   Operation = "user.create"
	OpUserEdit     Operation = "user.edit"      // by a server or an admin
	OpUserDelete   Operation = "user.delete"    // to the trash
	OpUserErase    Operation = "user.erase"     // for good, with all that names them
	OpUserBan      Operation = "user.ban"       // and lift the ban
	OpUserSetSelf  Operation = "user.set_self"  // a browser, its own user
	OpUserSetRole  Operation = "user.set_role"  // a browser, a role; asked beside set_self or set_other
	OpUserSetOther Operation = "user.set_other" // a browser, somebody else

	OpConversationRead    Operation = "conversation.read"
	OpConversationListOwn Operation = "conversation.list_own" // those that the acting user participates in
	OpConversationCreate  Operation = "conversation.create"   // in a browser: get or create, and join
	OpConversationEdit    Operation = "conversation.edit"     // in a browser: creates and joins where needed
	OpConversationDelete  Operation = "conversation.delete"

	OpParticipantRead       Operation = "participant.read"
	OpParticipantAdd        Operation = "participant.add"         // somebody else
	OpParticipantJoin       Operation = "participant.join"        // the acting user
	OpParticipantEditAccess Operation = "participant.edit_access" // Facts.Self tells whose, Facts.Wanted to what
	OpParticipantEditNotify Operation = "participant.edit_notify" // Facts.Self tells whose
	OpParticipantRemove     Operation = "participant.remove"      // somebody else
	OpParticipantLeave      Operation = "participant.leave"       // the acting user

	OpMessageRead        Operation = "message.read"
	OpMessageSearch      Operation = "message.search" // in the acting user's conversations
	OpMessageSend        Operation = "message.send"
	OpMessageSendSystem  Operation = "message.send_system"
	OpMessageSendButtons Operation = "message.send_buttons" // action buttons, links under another text
	OpMessageSendAs      Operation = "message.send_as"      // in somebody else's name
	OpMessageEditOwn     Operation = "message.edit_own"
	OpMessageDeleteOwn   Operation = "message.delete_own"
	OpMessageEditOther   Operation = "message.edit_other"
	OpMessageDeleteOther Operation = "message.delete_other"
	OpMessageRestore     Operation = "message.restore" // what an admin deleted
	OpMessageReact       Operation = "message.react"
	OpMessageType        Operation = "message.type" // show that one is typing
	OpMessageMarkRead    Operation = "message.mark_read"
	OpUpload             Operation = "upload"

	OpConnect     Operation = "connect" // open a session in a browser
	OpGuestEnter  Operation = "guest.enter"
	OpGuestRead   Operation = "guest.read"
	OpGuestRemove Operation = "guest.remove" // and let in again

	OpTrashRead    Operation = "trash.read"
	OpTrashRestore Operation = "trash.restore"
	OpTrashPurge   Operation = "trash.purge"

	OpExportList         Operation = "export.list"         // a list of an app as a file
	OpExportConversation Operation = "export.conversation" // what is said and who is in one
	OpExportApp          Operation = "export.app"          // everything that an app has
	OpExportCollect      Operation = "export.collect"      // the file of that, once it is made

	OpAuditRead  Operation = "audit.read"
	OpViewSave   Operation = "view.save"  // of a list, for oneself
	OpViewShare  Operation = "view.share" // with the team, and change what is shared
	OpUndo       Operation = "undo"       // the change that takes it back is asked for too
	OpTeamRead   Operation = "team.read"
	OpTeamManage Operation = "team.manage"
	OpTeamSecure Operation = "team.secure" // make an owner, give somebody a new password, take their second step away, loosen how all sign in

	OpAccountSecure Operation = "account.secure" // one's own password and second step

	OpBackup     Operation = "backup"
	OpBackupRead Operation = "backup.read" // the list, and what is inside
)

// Facts are what a decision needs to know, read in the transaction that acts. Admins, servers and the system need App
// and Now only; the rest is for browsers, and what an operation isn't about stays zero.
type Facts struct {
	App AppID // of what is asked for
	Now time.Time

	Security Security
	Exists   bool // the user (of a user operation) or the conversation (of any other) is there

	Guests  ConversationGuests // the conversation's own setting
	Place   Access             // of the acting user on its list: "" when they are not on it, AccessNone when banned
	AsGuest bool               // the acting user opened it as a guest; means nothing to those on the list
	Blocked bool               // the acting user was shown out of it as a guest, and the block stands; means nothing to those on the list
	Until   time.Time          // of the block; zero for one that stands until it is lifted

	Banned      bool      // the acting user, from all conversations
	BannedUntil time.Time // zero for a ban that stands until it is lifted
	TheirBan    bool      // the participant to add or change is banned from all conversations

	GuestsUntil time.Time // when the conversation's guest access is over; zero for never
	Ends        time.Time // when the acting user's access is over, be they on the list or not; zero for never
	After       int64     // seq of the last message that is hidden from the acting user; 0 for none

	Self    bool   // the participant to change is the acting user
	Wanted  Access // the access to give; "" when none is named
	AsIs    bool   // what is to be set is so already
	Ceiling Access // the most that servers and admins left the affected user, who else is the acting one; "" for no limit
}

// Granted is the access that adding or joining gives when Allow agrees: what is wanted, else ReadWrite, but never more
// than the ceiling.
func (f Facts) Granted() Access {
	wanted := f.Wanted
	if wanted == "" {
		wanted = ReadWrite
	}
	return atMost(wanted, f.ceiling())
}

func atMost(a, ceiling Access) Access {
	if ceiling != "" && ceiling.Rank() < a.Rank() {
		return ceiling
	}
	return a
}

// rule says who may do one operation. Its zero value is nobody but the system.
type rule struct {
	least   Role              // the weakest role of an admin; "" where the dashboard doesn't have it
	own     bool              // every admin may, whatever their roles: it is about themself
	lasting bool              // whose access ends by itself may not
	reauth  bool              // an admin needs to have proved who they are lately
	backend bool              // servers may
	browser func(Facts) error // nil where browsers don't have it
}

var rules = map[Operation]rule{
	OpAppRead:   {least: Viewer},
	OpAppCreate: {least: Manage},
	OpAppEdit:   {least: Manage},
	OpAppDelete: {least: Owner, reauth: true},

	OpKeyList:   {least: Viewer},
	OpKeyCreate: {least: Owner, reauth: true},
	OpKeyReveal: {least: Owner, reauth: true},
	OpKeyChange: {least: Owner},
	OpKeyDelete: {least: Owner, reauth: true},

	OpSettingsRead:   {least: Viewer},
	OpSettingsSave:   {least: Manage},
	OpSettingsLoosen: {least: Manage, reauth: true},

	OpUserRead:     {least: Viewer, backend: true, browser: always},
	OpUserCreate:   {least: Manage, backend: true, browser: createUser},
	OpUserEdit:     {least: Manage, backend: true},
	OpUserDelete:   {least: Manage},
	OpUserErase:    {least: Manage, reauth: true},
	OpUserBan:      {least: Moderator},
	OpUserSetSelf:  {browser: setUser},
	OpUserSetRole:  {browser: setRole},
	OpUserSetOther: {browser: setOtherUser},

	OpConversationRead:    {least: Viewer, backend: true, browser: see},
	OpConversationListOwn: {browser: always},
	OpConversationCreate:  {least: Manage, backend: true, browser: createConversation},
	OpConversationEdit:    {least: Manage, backend: true, browser: editConversation},
	OpConversationDelete:  {least: Manage, backend: true},

	OpParticipantRead:       {least: Viewer, backend: true, browser: see},
	OpParticipantAdd:        {least: Moderator, backend: true, browser: addOther},
	OpParticipantJoin:       {browser: join},
	OpParticipantEditAccess: {least: Moderator, backend: true, browser: editAccess},
	OpParticipantEditNotify: {least: Moderator, backend: true, browser: editNotify},
	OpParticipantRemove:     {least: Moderator, backend: true, browser: removeOther},
	OpParticipantLeave:      {browser: leave},

	OpMessageRead:        {least: Viewer, backend: true, browser: see},
	OpMessageSearch:      {browser: always},
	OpMessageSend:        {backend: true, browser: write},
	OpMessageSendSystem:  {least: Moderator, backend: true, browser: never(NotInBrowser, "Only your server can send system messages.")},
	OpMessageSendButtons: {least: Moderator, backend: true, browser: never(NotInBrowser, "Only your server can send buttons and links under another text.")},
	OpMessageSendAs:      {backend: true, browser: never(NotYours, "Nobody can send messages as somebody else.")},
	OpMessageEditOwn:     {browser: write},
	OpMessageDeleteOwn:   {browser: write},
	OpMessageEditOther:   {backend: true, browser: never(NotYours, "Only its sender can edit a message.")},
	OpMessageDeleteOther: {least: Moderator, backend: true, browser: never(NotYours, "Only its sender can delete a message.")},
	OpMessageRestore:     {least: Moderator},
	OpMessageReact:       {browser: write},
	OpMessageType:        {browser: write},
	OpMessageMarkRead:    {browser: markRead},
	OpUpload:             {browser: always},

	OpConnect:     {browser: always},
	OpGuestEnter:  {browser: enterAsGuest},
	OpGuestRead:   {least: Viewer},
	OpGuestRemove: {least: Moderator},

	OpTrashRead:    {least: Viewer},
	OpTrashRestore: {least: Manage},
	OpTrashPurge:   {least: Manage, reauth: true},

	OpExportList:         {least: Manage},
	OpExportConversation: {least: Moderator},
	OpExportApp:          {least: Owner, reauth: true},
	OpExportCollect:      {least: Owner},

	OpAuditRead:  {least: Viewer},
	OpViewSave:   {least: Viewer},
	OpViewShare:  {least: Moderator},
	OpUndo:       {least: Moderator},
	OpTeamRead:   {least: Viewer},
	OpTeamManage: {least: Owner, lasting: true},
	OpTeamSecure: {least: Owner, lasting: true, reauth: true},

	OpAccountSecure: {own: true, reauth: true},

	OpBackup:     {least: Owner, reauth: true},
	OpBackupRead: {least: Owner},
}

// Allow is nil when a may do op, else the *Error that tells a person why not and what to do. What nobody listed is
// refused. The system may do everything that is listed.
func Allow(a Actor, op Operation, f Facts) error {
	r, listed := rules[op]
	switch {
	case !listed:
		return noSuchOperation()
	case a.Kind == SystemActor:
		return nil
	case a.Kind == AdminActor:
		return r.admin(a, f)
	case a.Kind == BackendActor:
		return r.server(a, f)
	case a.Kind == UserActor:
		return r.user(a, f)
	}
	return badCredential()
}

func (r rule) admin(a Actor, f Facts) error {
	switch {
	case a.App != "" && a.App != f.App:
		return ErrAppNotFound()
	case r.own:
	case r.least == "":
		return noSuchOperation()
	case a.Role == "" && f.App != "":
		return ErrAppNotFound() // to who has roles in other apps only
	case !a.Role.Includes(r.least):
		return roleTooLow(a.Role, r.least)
	}
	if r.lasting && a.Ends {
		return accessEnds()
	}
	if r.reauth && !a.recentlyAuthenticated(f.Now) {
		return reauthRequired()
	}
	return nil
}

func (r rule) server(a Actor, f Facts) error {
	switch {
	case a.App == "" || a.App != f.App:
		return badCredential()
	case !r.backend:
		return noSuchOperation()
	}
	return nil
}

func (r rule) user(a Actor, f Facts) error {
	switch {
	case a.App == "" || a.App != f.App || a.ID == "":
		return badCredential()
	case f.Security.RequireIdentity && !a.Verified:
		return ErrIdentityRequired()
	case f.Banned:
		return ErrBanned(f.BannedUntil)
	case r.browser == nil:
		return noSuchOperation()
	}
	return r.browser(f)
}

func (a Actor) recentlyAuthenticated(now time.Time) bool { return !a.ConfirmedUntil(now).IsZero() }
