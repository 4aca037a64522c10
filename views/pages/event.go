package pages

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// EventView is one change as the audit log tells it.
type EventView struct {
	chat.Event
	Now  time.Time
	Role chat.Role // of the admin who looks
	Back string    // where Undo comes back to
}

// part is a piece of a sentence.
type part struct {
	text string
	bold bool
	href string
}

func plainPart(s string) part      { return part{text: s} }
func named(name, href string) part { return part{text: name, bold: true, href: href} }
func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// Conversation and user are named as they are now, or by their id once they are gone.
func (v EventView) conversation() part {
	name := or(v.ConversationSubject, string(v.Conversation))
	switch v.Type {
	case chat.ConversationDeleted:
		return named(or(v.Subject, string(v.Conversation)), paths.Trash(string(v.App)))
	case chat.ConversationPurged:
		return named(or(v.Subject, string(v.Conversation)), "")
	}
	return named(name, paths.Participants(string(v.App), string(v.Conversation)))
}

func (v EventView) user() part {
	switch {
	case v.Event.User.Gone():
		return named(chat.ErasedName, "")
	case v.Type == chat.UserDeleted:
		return named(or(v.Subject, string(v.User)), paths.Trash(string(v.App)))
	case v.Type == chat.UserPurged:
		return named(or(v.Subject, string(v.User)), "")
	}
	return named(or(v.UserName, string(v.User)), paths.User(string(v.App), string(v.User)))
}

// sentence says who did what, in parts.
func (v EventView) sentence(ctx context.Context) []part {
	who := named(or(v.ActorName, chat.ErasedName), "")
	if v.Undoes != 0 {
		return append([]part{who, plainPart(words.T(ctx, " undid a change: "))}, v.deed(ctx)...)
	}
	return append([]part{who, plainPart(" ")}, v.deed(ctx)...)
}

// told are the parts of a sentence about the change, in which {user}, {conversation} and {what} stand for those.
func (v EventView) told(sentence string, what ...part) (all []part) {
	for sentence != "" {
		text, after, open := strings.Cut(sentence, "{")
		if text != "" {
			all = append(all, plainPart(text))
		}
		if !open {
			break
		}
		slot, rest, _ := strings.Cut(after, "}")
		switch {
		case slot == "user":
			all = append(all, v.user())
		case slot == "conversation":
			all = append(all, v.conversation())
		case len(what) > 0:
			all = append(all, what[0])
		}
		sentence = rest
	}
	return all
}

// themself tells what users do about their own place from what others do about it.
func (v EventView) themself() bool {
	return v.Kind == chat.UserActor && v.ActorID == string(v.User)
}

// deed says what was done, behind who did it.
func (v EventView) deed(ctx context.Context) []part {
	app := string(v.App)
	switch v.Type {
	case chat.ParticipantJoined:
		if v.themself() {
			return v.told(words.T(ctx, "joined {conversation}"))
		}
		return v.told(words.T(ctx, "added {user} to {conversation}"))
	case chat.ParticipantLeft:
		if v.themself() {
			return v.told(words.T(ctx, "left {conversation}"))
		}
		if v.value("reason", "") == "ended" {
			return v.told(words.T(ctx, "took {user} off {conversation}, as their access ended"))
		}
		return v.told(words.T(ctx, "removed {user} from {conversation}"))
	case chat.ParticipantUpdated:
		return v.told(words.T(ctx, "changed %s of {user} in {conversation}", v.fields(ctx)))
	case chat.GuestBlocked:
		return v.told(words.T(ctx, "showed {user} out of {conversation}%s", v.blockedUntil(ctx)))
	case chat.GuestUnblocked:
		return v.told(words.T(ctx, "let {user} into {conversation} again"))
	case chat.ConversationCreated:
		return v.told(words.T(ctx, "created the conversation {conversation}"))
	case chat.ConversationUpdated:
		return v.told(words.T(ctx, "changed %s of {conversation}", v.fields(ctx)))
	case chat.ConversationDeleted:
		return v.told(words.T(ctx, "deleted the conversation {conversation}"))
	case chat.ConversationRestored:
		return v.told(words.T(ctx, "restored the conversation {conversation} from the trash"))
	case chat.ConversationPurged:
		return v.told(words.T(ctx, "purged the conversation {conversation} from the trash"))
	case chat.UserCreated:
		return v.told(words.T(ctx, "created the user {user}"))
	case chat.UserUpdated:
		return v.told(words.T(ctx, "changed %s of {user}", v.fields(ctx)))
	case chat.UserDeleted:
		return v.told(words.T(ctx, "deleted the user {user}"))
	case chat.UserRestored:
		return v.told(words.T(ctx, "restored the user {user} from the trash"))
	case chat.UserPurged:
		return v.told(words.T(ctx, "purged the user {user} from the trash"))
	case chat.UserErased:
		return v.told(words.T(ctx, "erased a person"))
	case chat.UserBanned:
		return v.told(words.T(ctx, "banned {user} from all conversations%s", v.blockedUntil(ctx)))
	case chat.UserUnbanned:
		return v.told(words.T(ctx, "lifted the ban of {user}"))
	case chat.UserTried:
		return v.told(words.T(ctx, "tried the chat as {user}"))
	case chat.MessagesOpened:
		return append(v.told(words.T(ctx, "read the messages of {conversation}")), plainPart(v.because()))
	case chat.MessageAnnounced:
		return v.told(words.T(ctx, "sent a system message to {conversation}"))
	case chat.MessageRestored:
		if v.User == "" {
			return v.told(words.T(ctx, "restored a system message in {conversation}"))
		}
		return v.told(words.T(ctx, "restored a message of {user} in {conversation}"))
	case chat.MessageRemoved:
		if v.User == "" {
			return v.told(words.T(ctx, "deleted a system message in {conversation}"))
		}
		return v.told(words.T(ctx, "deleted a message of {user} in {conversation}"))
	case chat.BackupMade:
		return v.told(words.T(ctx, "made the backup {what}"), named(v.Subject, paths.Backups()))
	case chat.BackupTaken:
		return v.told(words.T(ctx, "downloaded the backup {what}"), named(v.Subject, paths.Backups()))
	case chat.BackupDeleted:
		return v.told(words.T(ctx, "deleted the backup {what}"), named(v.Subject, ""))
	case chat.BackupRestored:
		return v.told(words.T(ctx, "restored everything from the backup {what}"), named(v.Subject, paths.Backups()))
	case chat.BackupPlanned:
		return v.told(words.T(ctx, "changed when backups are made"))
	case chat.ListExported:
		list := named(words.T(ctx, or(exportWords[v.Subject], v.Subject)), "")
		if v.Conversation == "" {
			return v.told(words.T(ctx, "exported {what}"), list)
		}
		return v.told(words.T(ctx, "exported {what} of {conversation}"), list)
	case chat.SettingsUpdated:
		return v.told(words.T(ctx, "changed settings: {what}"), named(v.settings(ctx), v.settingsPage()))
	case chat.SettingsKept:
		if v.Kind == chat.SystemActor {
			return v.told(words.T(ctx, "took nothing back of an unconfirmed change: {what}"), named(v.settings(ctx), v.settingsPage()))
		}
		return v.told(words.T(ctx, "kept a change of settings: {what}"), named(v.settings(ctx), v.settingsPage()))
	case chat.SettingsScheduled:
		return v.told(words.T(ctx, "scheduled a change of settings for %s: {what}", v.plannedFor(ctx)), named(v.settings(ctx), paths.SettingsHistory(app)))
	case chat.SettingsRescheduled:
		return v.told(words.T(ctx, "changed what is scheduled for %s: {what}", v.plannedFor(ctx)), named(v.settings(ctx), paths.SettingsHistory(app)))
	case chat.SettingsUnscheduled:
		return v.told(words.T(ctx, "cancelled what was scheduled for %s: {what}", v.plannedFor(ctx)), named(v.settings(ctx), paths.SettingsHistory(app)))
	case chat.SettingsNotDone:
		return v.told(words.T(ctx, "could not make a scheduled change: {what}"), named(v.settings(ctx), paths.SettingsHistory(app)))
	case chat.KeyCreated:
		return v.told(words.T(ctx, "created the secret key {what}"), v.key())
	case chat.KeyActivated:
		return v.told(words.T(ctx, "activated the secret key {what}"), v.key())
	case chat.KeyDeactivated:
		return v.told(words.T(ctx, "deactivated the secret key {what}"), v.key())
	case chat.KeyDeleted:
		return v.told(words.T(ctx, "deleted the secret key {what}"), v.key())
	case chat.KeyExposed:
		return v.told(words.T(ctx, "showed the secret key {what}"), v.key())
	case chat.JobStarted:
		return v.told(words.T(ctx, "started the job {what}"), v.job())
	case chat.JobEnded:
		return v.told(words.T(ctx, or(jobEnds[chat.JobState(v.value("state", ""))], words.Key("ended the job {what}"))), v.job())
	case chat.ViewShared:
		return v.told(words.T(ctx, "shared the view {what}"), named(v.value("name", v.Subject), paths.Views(app)))
	case chat.ViewUpdated:
		return v.told(words.T(ctx, "changed the shared view {what}"), named(v.value("name", v.Subject), paths.Views(app)))
	case chat.ViewDeleted:
		return v.told(words.T(ctx, "deleted the shared view {what}"), named(v.value("name", v.Subject), paths.Views(app)))
	case chat.AppCreated:
		return v.told(words.T(ctx, "created the app {what}"), named(v.Subject, ""))
	case chat.AppUpdated:
		return v.told(words.T(ctx, "renamed the app to {what}"), named(v.Subject, ""))
	case chat.AppDeleted:
		return v.told(words.T(ctx, "deleted the app {what}"), named(v.value("name", v.Subject), ""))
	}
	return v.teamDeed(ctx)
}

// teamDeed says what was done about the team.
func (v EventView) teamDeed(ctx context.Context) []part {
	whose := named(v.value("email", v.Subject), paths.Team())
	gone := named(v.value("email", v.Subject), "")
	switch v.Type {
	case chat.AdminCreated:
		return v.told(words.T(ctx, "added the admin {what}"), whose)
	case chat.AdminUpdated:
		return v.told(words.T(ctx, "changed %s of the admin {what}", v.fields(ctx)), whose)
	case chat.AdminDeleted:
		return v.told(words.T(ctx, "removed the admin {what}"), gone)
	case chat.AdminSecured:
		return v.told(v.secured(ctx), whose)
	case chat.AdminSignedOut:
		return v.told(words.T(ctx, "signed out the admin {what}"), whose)
	case chat.AdminUnlocked:
		return v.told(words.T(ctx, "unlocked the admin {what}"), whose)
	case chat.AdminInvited:
		return v.told(words.T(ctx, "invited {what}"), whose)
	case chat.AdminUninvited:
		return v.told(words.T(ctx, "took back the invitation of {what}"), gone)
	case chat.TeamUpdated:
		team := named(words.T(ctx, "the team"), paths.Team())
		if string(decode(v.After)["secondStep"]) == "true" {
			return v.told(words.T(ctx, "required a second step of {what}"), team)
		}
		return v.told(words.T(ctx, "let a password alone do for {what}"), team)
	}
	return []part{plainPart(string(v.Type))}
}

func (v EventView) key() part {
	return named(v.value("name", v.Subject), paths.SettingsKeys(string(v.App)))
}

// because is the reason that somebody gave, behind the sentence.
func (v EventView) because() string {
	if why := v.value("reason", ""); why != "" {
		return ": " + why
	}
	return ""
}

// secured says what changed of how an admin signs in.
func (v EventView) secured(ctx context.Context) string {
	after := decode(v.After)
	for what, sentence := range map[string]string{"password": words.Key("changed the password of the admin {what}"), "secondStep": words.Key("took the second step away from the admin {what}"),
		"recoveryCode": words.Key("used a recovery code of the admin {what}"), "recoveryCodes": words.Key("made new recovery codes of the admin {what}"),
		"passkeyAdded": words.Key("added a passkey of the admin {what}"), "passkeyRemoved": words.Key("removed a passkey of the admin {what}")} {
		if _, ok := after[what]; ok {
			return words.T(ctx, sentence)
		}
	}
	switch v.value("authenticatorApp", "") + v.value("singleSignOn", "") {
	case "on":
		return words.T(ctx, "turned on the authenticator app of the admin {what}")
	case "off":
		return words.T(ctx, "turned off the authenticator app of the admin {what}")
	case "linked":
		return words.T(ctx, "linked single sign-on to the admin {what}")
	case "unlinked":
		return words.T(ctx, "unlinked single sign-on from the admin {what}")
	}
	return words.T(ctx, "changed how one signs in as the admin {what}")
}

// blockedUntil says how long a guest stays out.
func (v EventView) blockedUntil(ctx context.Context) string {
	var ms int64
	if json.Unmarshal(decode(v.After)["until"], &ms) != nil || ms == 0 {
		return words.T(ctx, " until lifted")
	}
	return words.T(ctx, " until %s", words.Full(ctx, time.UnixMilli(ms), v.Now))
}

// links are the pages of what the sentence names.
func (v EventView) links(ctx context.Context) []part {
	var all []part
	for _, p := range v.deed(ctx) {
		if p.href != "" {
			all = append(all, p)
		}
	}
	return all
}

// byActor is the log narrowed to who made this change.
func (v EventView) byActor() string {
	return paths.Page(paths.Audit(string(v.App)), url.Values{"who": {string(v.Kind)}, "actor": {v.ActorID}})
}

// fieldNames are the words for the API's names of fields, where they differ.
var fieldNames = map[string]string{"access": words.Key("access"), "notify": words.Key("notifications"), "photoUrl": words.Key("the photo"), "welcomeMessages": words.Key("welcome messages"), "welcomeMessage": words.Key("the welcome message"),
	"custom": words.Key("custom fields"), "accessUntil": words.Key("the end of access"), "historyFrom": words.Key("the history shown"), "guestsUntil": words.Key("the end of guest access"), "guestAccess": words.Key("guest access"), "pushTokens": words.Key("push tokens"), "name": words.Key("the name"), "subject": words.Key("the subject"), "email": words.Key("e-mail"),
	"headerPhotoUrl": words.Key("the header photo"), "availabilityText": words.Key("the availability text"), "role": words.Key("the role"), "apps": words.Key("the apps"), "endsAt": words.Key("the end"), "locale": words.Key("the language"), "password": words.Key("the password")}

// fields names what changed: "access and notifications".
func (v EventView) fields(ctx context.Context) string {
	var names []string
	for _, key := range keys(decode(v.After)) {
		if key != "email" || v.Type != chat.AdminUpdated {
			names = append(names, words.T(ctx, or(fieldNames[key], key)))
		}
	}
	return list(ctx, names)
}

// settings names the settings of the change.
func (v EventView) settings(ctx context.Context) string {
	var names []string
	for _, key := range v.settingKeys() {
		names = append(names, words.T(ctx, key.Label()))
	}
	return strings.Join(names, ", ")
}

func (v EventView) settingKeys() []chat.SettingKey {
	side := decode(v.After)
	if len(side) == 0 {
		side = decode(v.Before)
	}
	var all []chat.SettingKey
	for _, key := range chat.SettingKeys {
		if _, changed := side[string(key)]; changed {
			all = append(all, key)
		}
	}
	return all
}

// plannedFor is when a planned change is to be made.
func (v EventView) plannedFor(ctx context.Context) string {
	for _, side := range []json.RawMessage{v.After, v.Before} {
		var ms int64
		if json.Unmarshal(decode(side)["at"], &ms) == nil && ms > 0 {
			return words.Moment(ctx, time.UnixMilli(ms), v.Now)
		}
	}
	return words.T(ctx, "later")
}

// settingsPage is the page of the first setting that changed.
func (v EventView) settingsPage() string {
	if all := v.settingKeys(); len(all) > 0 {
		return settingPage(string(v.App), all[0])
	}
	return paths.SettingsSecurity(string(v.App))
}

// settingPage is the page that a setting is changed on.
func settingPage(app string, key chat.SettingKey) string {
	switch key {
	case chat.SettingAllowedOrigins, chat.SettingTheme, chat.SettingSignatures:
		return paths.SettingsBrowser(app)
	case chat.SettingParticipantLimit:
		return paths.Settings(app)
	}
	return paths.SettingsSecurity(app)
}

func list(ctx context.Context, names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return words.T(ctx, "%s and %s", strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
}

func decode(image json.RawMessage) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(image, &fields) // no image, no fields
	return fields
}

func keys(fields map[string]json.RawMessage) []string { return sortedKeys(fields) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// value is a text field of the change, whichever side has it.
func (v EventView) value(field, fallback string) string {
	for _, side := range []json.RawMessage{v.After, v.Before} {
		var text string
		if raw, ok := decode(side)[field]; ok && json.Unmarshal(raw, &text) == nil && text != "" {
			return text
		}
	}
	return fallback
}

// diffRow is one field before and after, as the API writes it; "" where that side has none.
type diffRow struct{ field, before, after string }

func (v EventView) diff(ctx context.Context) []diffRow {
	before, after := decode(v.Before), decode(v.After)
	all := maps.Clone(before)
	if all == nil {
		all = map[string]json.RawMessage{}
	}
	maps.Copy(all, after)
	var rows []diffRow
	for _, field := range keys(all) {
		rows = append(rows, diffRow{field, v.show(ctx, field, before), v.show(ctx, field, after)})
	}
	return rows
}

func (v EventView) show(ctx context.Context, field string, side map[string]json.RawMessage) string {
	raw, ok := side[field]
	if !ok {
		return ""
	}
	var ms int64
	if (field == "joinedAt" || field == "at" || field == "until" || field == "endsAt" || field == "accessUntil" || field == "historyFrom" || field == "guestsUntil") && json.Unmarshal(raw, &ms) == nil && ms > 0 {
		return words.Full(ctx, time.UnixMilli(ms), v.Now)
	}
	var text string
	if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
		return text
	}
	return string(raw)
}

// sourceNames are the doors in words.
var sourceNames = map[chat.Source]string{chat.Dashboard: words.Key("Dashboard"), chat.REST: words.Key("REST API"), chat.Browser: words.Key("Browser"), chat.System: words.Key("On the server")}

func (v EventView) icon() string {
	switch v.Kind {
	case chat.BackendActor:
		return "key-round"
	case chat.UserActor:
		return "globe"
	case chat.SystemActor:
		return "terminal"
	}
	return ""
}

// more is how many changes there are beside this one, where a list shows a bulk change as one entry.
func (v EventView) more() int64 { return max(0, v.BatchSize-1) }

// batch is the bulk change in the audit log, change by change.
func (v EventView) batch() string {
	return paths.Page(paths.Audit(string(v.App)), url.Values{"batch": {v.Batch}})
}

func (v EventView) undone() bool { return v.Undone != 0 || v.more() > 0 && v.BatchUndone }

// undoBatch says whether taking back the whole bulk change is offered, and if not, why.
func (v EventView) undoBatch(ctx context.Context) (offered bool, why string) {
	jobs := v.Type == chat.JobStarted || v.Type == chat.JobEnded
	switch {
	case v.BatchUndone:
		return false, words.T(ctx, "It was undone already.")
	case jobs && !chat.JobKind(v.value("kind", "")).Undoable():
		return false, words.T(ctx, "Nothing was changed.")
	case !v.Role.Includes(v.UndoRole()):
		return false, words.T(ctx, "Your role can’t undo changes.")
	}
	return true, ""
}

// undo says whether Undo is offered, and if not, why.
func (v EventView) undo(ctx context.Context) (offered bool, why string) {
	ok, why := v.Undoable()
	switch least := v.UndoRole(); {
	case !ok || v.Role.Includes(least):
		return ok, why
	case least == chat.Owner:
		return false, words.T(ctx, "Only owners can undo this.")
	case least == chat.Manage:
		return false, words.T(ctx, "Only admins can undo this.")
	}
	return false, words.T(ctx, "Your role can’t undo changes.")
}

// Day is the events of one day.
type Day struct {
	Label  string
	Events []EventView
}

// Days groups events, newest first, by the day they happened on, in now's zone, for an admin of a role.
func Days(ctx context.Context, events []chat.Event, now time.Time, role chat.Role, back string) []Day {
	var days []Day
	for _, e := range events {
		label := dayLabel(ctx, e.At.In(now.Location()), now)
		if len(days) == 0 || days[len(days)-1].Label != label {
			days = append(days, Day{Label: label})
		}
		d := &days[len(days)-1]
		d.Events = append(d.Events, EventView{Event: e, Now: now, Role: role, Back: back})
	}
	return days
}

func dayLabel(ctx context.Context, at, now time.Time) string {
	switch at.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return words.T(ctx, "Today, %s", words.LongDay(ctx, at))
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return words.T(ctx, "Yesterday, %s", words.LongDay(ctx, at))
	}
	return words.Date(ctx, at)
}

// Text is the sentence as plain text.
func (v EventView) Text(ctx context.Context) string {
	var b strings.Builder
	for _, p := range v.sentence(ctx) {
		b.WriteString(p.text)
	}
	return b.String()
}
