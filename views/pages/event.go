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
