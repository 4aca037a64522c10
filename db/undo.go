package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"guestlist/db/chat"
)

// Undo takes back one change: it brings back what the event's before-image holds, as a change of its own with its own
// event. It refuses, with the reason, when the state has moved on since, and asks for every right that making the
// change by hand would need.
func (s *Store) Undo(ctx context.Context, actor chat.Actor, app chat.AppID, seq int64) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpUndo, chat.Facts{App: app}); err != nil {
			return err
		}
		past, err := loadEvent(t, app, seq)
		if err != nil {
			return err
		}
		e, err = t.undo(past, "")
		return err
	})
	return e, err
}

func (t *Tx) undo(past chat.Event, batch string) (chat.Event, error) {
	if ok, why := past.Undoable(); !ok {
		return chat.Event{}, chat.CannotUndoError(why)
	}
	mark := chat.Event{Undoes: past.Seq, Batch: batch}
	if past.Type == chat.ConversationDeleted || past.Type == chat.UserDeleted {
		return t.undoDeletion(past)
	}
	var e chat.Event
	var err error
	switch past.Type {
	case chat.ParticipantJoined, chat.ParticipantUpdated, chat.ParticipantLeft:
		e, err = t.undoParticipant(past, mark)
	case chat.GuestBlocked, chat.GuestUnblocked:
		e, err = t.undoBlock(past, mark)
	case chat.MessageRemoved:
		e, err = t.restoreMessage(past.App, past.Conversation, past.Subject, mark)
	case chat.MessageRestored:
		e, err = t.deleteAgain(past, mark)
	case chat.ConversationUpdated:
		e, err = t.undoConversation(past, mark)
	case chat.UserUpdated:
		e, err = t.undoUser(past, mark)
	case chat.SettingsUpdated:
		e, err = t.undoSettings(past, mark)
	case chat.SettingsScheduled, chat.SettingsRescheduled, chat.SettingsUnscheduled:
		e, err = t.undoPlan(past, mark)
	case chat.KeyActivated, chat.KeyDeactivated:
		e, err = t.switchKey(past.App, past.Subject, past.Type == chat.KeyDeactivated, mark)
	case chat.AdminUpdated, chat.AdminDeleted:
		e, err = t.undoAdmin(past, mark)
	case chat.TeamUpdated:
		e, err = t.undoTeamRules(past, mark)
	case chat.ViewShared, chat.ViewUpdated, chat.ViewDeleted:
		e, err = t.undoView(past, mark)
	case chat.AppUpdated:
		e, err = t.undoApp(past, mark)
	case chat.ConversationCreated, chat.UserCreated:
		e, err = t.undoCreation(past, mark)
	case chat.UserBanned, chat.UserUnbanned:
		e, err = t.undoBan(past, mark)
	default:
		return e, chat.CannotUndoError("This can't be undone here.")
	}
	switch {
	case err == nil && e.Seq == 0:
		return e, movedOn()
	case chat.AsError(err) != nil && chat.AsError(err).Code == chat.NotFound:
		return e, chat.CannotUndoError(chat.AsError(err).Message)
	}
	return e, err
}

func movedOn() *chat.Error {
	return chat.CannotUndoError("It was changed again since.")
}

func (t *Tx) undoParticipant(past, mark chat.Event) (chat.Event, error) {
	pl, err := loadPlace(t, chat.ParticipantRef{App: past.App, Conversation: past.Conversation, User: past.User})
	if err != nil {
		return chat.Event{}, err
	}
	switch past.Type {
	case chat.ParticipantLeft:
		return t.putBack(pl, past, mark)
	case chat.ParticipantJoined:
		if err := t.allow(chat.OpParticipantRemove, chat.Facts{App: past.App}); err != nil {
			return chat.Event{}, err
		}
		if !pl.taken() || string(image(pl.participant.Image())) != string(past.After) {
			return chat.Event{}, movedOn()
		}
		return t.deleteParticipant(pl, mark)
	}
	if err := t.allow(chat.OpParticipantEditAccess, chat.Facts{App: past.App}); err != nil {
		return chat.Event{}, err
	}
	var back, forth chat.ParticipantChange
	if err := errors.Join(json.Unmarshal(past.Before, &back), json.Unmarshal(past.After, &forth)); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	if !pl.taken() {
		return chat.Event{}, chat.CannotUndoError("They are no participant any more.")
	}
	if forth.Apply(pl.participant) != pl.participant {
		return chat.Event{}, movedOn()
	}
	return t.updateParticipant(pl, back.Apply(pl.participant), mark)
}

// putBack restores a removed participant with the settings and the time of joining that they had.
func (t *Tx) putBack(pl place, past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpParticipantAdd, chat.Facts{App: past.App}); err != nil {
		return chat.Event{}, err
	}
	switch {
	case pl.taken():
		return chat.Event{}, chat.CannotUndoError("They are a participant again already.")
	case !pl.userExists:
		return chat.Event{}, chat.CannotUndoError("The user is gone. If they are in the trash, restore them there.")
	case pl.limit > 0 && pl.counts.Listed() >= pl.limit:
		return chat.Event{}, participantLimit(pl.limit)
	}
	p, err := chat.ReadParticipant(pl.participant.ParticipantRef, past.Before)
	if err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	p.UserName = pl.userName
	if p.Ended(t.Now) { // an end that is taken back is an extension
		p.Until = t.Now.Add(chat.Extension)
	}
	e, err := t.insertParticipant(pl, p, mark)
	if chat.ReasonOf(err) == chat.UserBannedFromAll {
		return e, chat.CannotUndoError("They are banned from all conversations. Lift the ban instead.")
	}
	return e, err
}

func (t *Tx) undoConversation(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpConversationEdit, chat.Facts{App: past.App, Exists: true}); err != nil {
		return chat.Event{}, err
	}
	now, err := loadNumberedConversation(t, past.App, past.Conversation)
	if err != nil {
		return chat.Event{}, err
	}
	var back, forth chat.ConversationChange
	if err := errors.Join(json.Unmarshal(past.Before, &back), json.Unmarshal(past.After, &forth)); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	if same, err := forth.Apply(now.v); err != nil {
		return chat.Event{}, err
	} else if _, diff := chat.DiffConversation(now.v, same); len(diff) > 0 {
		return chat.Event{}, movedOn()
	}
	after, err := back.Apply(now.v)
	if err != nil {
		return chat.Event{}, err
	}
	return t.saveConversation(now, after, true, mark)
}

func (t *Tx) undoUser(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpUserEdit, chat.Facts{App: past.App, Exists: true}); err != nil {
		return chat.Event{}, err
	}
	now, err := loadUser(t, past.App, past.User)
	if err != nil {
		return chat.Event{}, err
	}
	var back, forth chat.UserChange
	if err := errors.Join(json.Unmarshal(past.Before, &back), json.Unmarshal(past.After, &forth)); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	if same, err := forth.Apply(now.v); err != nil {
		return chat.Event{}, err
	} else if _, diff := chat.DiffUser(now.v, same); len(diff) > 0 {
		return chat.Event{}, movedOn()
	}
	after, err := back.Apply(now.v)
	if err != nil {
		return chat.Event{}, err
	}
	return t.saveUser(now, after, true, mark)
}
