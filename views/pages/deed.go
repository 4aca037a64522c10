package pages

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// What was done, in words: a sentence for each kind of change, behind who did it.

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
