package db

import (
	"context"

	"guestlist/db/chat"
)

// DeleteConversation puts a conversation into the trash with its messages and its list of participants. The users stay.
func (s *Store) DeleteConversation(ctx context.Context, actor chat.Actor, app chat.AppID, id chat.ConversationID) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.binConversation(app, id, chat.Event{}); return err })
	return e, err
}

func (t *Tx) binConversation(app chat.AppID, id chat.ConversationID, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpConversationDelete, chat.Facts{App: app, Exists: true}); err != nil {
		return chat.Event{}, err
	}
	c, err := loadNumberedConversation(t, app, id)
	if err != nil {
		return chat.Event{}, err
	}
	places := c.v.Counts.All()
	entry, err := t.bin(trashed{Trashed: chat.Trashed{App: app, Kind: chat.TrashedConversation, ID: string(id), Name: c.v.Subject, Places: places, Messages: c.v.Messages}}, "conversations")
	if err != nil {
		return chat.Event{}, err
	}
	t.count(app, appCount{conversations: -1})
	was, _ := chat.DiffConversation(c.v, chat.Conversation{Guests: chat.GuestsInherit})
	was["participants"], was["messages"], was["trash"] = places, c.v.Messages, entry.N
	mark.App, mark.Conversation, mark.Subject, mark.Type = app, id, c.v.Subject, chat.ConversationDeleted
	e, err := t.record(mark, was, nil)
	if err != nil {
		return e, err
	}
	return e, t.binned(entry, e)
}

// undoCreation puts into the trash what an event created, unless something was made of it since.
func (t *Tx) undoCreation(past, mark chat.Event) (chat.Event, error) {
	if past.Type == chat.UserCreated {
		u, err := loadUser(t, past.App, past.User)
		switch {
		case err != nil:
			return chat.Event{}, err
		case u.v.Conversations > 0:
			return chat.Event{}, chat.CannotUndoError("They are on the list of a conversation by now. Delete the user instead.")
		}
		return t.binUser(past.App, past.User, mark, false)
	}
	c, err := loadConversation(t, past.App, past.Conversation)
	switch {
	case err != nil:
		return chat.Event{}, err
	case c.Messages > 0:
		return chat.Event{}, chat.CannotUndoError("People have written in it by now. Delete the conversation instead.")
	}
	return t.binConversation(past.App, past.Conversation, mark)
}
