package db

import (
	"context"

	"guestlist/db/chat"
)

// Export names a list that leaves as a file.
type Export struct {
	App          chat.AppID
	Conversation chat.ConversationID // whose list it is; "" for one of the app
	List         string
	As           string
	Filter       string // as the address of the page had it
}

// RecordExport asks whether the actor may take a list along, and notes that they do. It is called before the first row is
// read.
func (s *Store) RecordExport(ctx context.Context, actor chat.Actor, x Export) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		op := chat.OpExportList
		if x.Conversation != "" {
			op = chat.OpExportConversation
		}
		if err := t.allow(op, chat.Facts{App: x.App, Exists: true}); err != nil {
			return err
		}
		if _, err := loadApp(t, x.App); err != nil {
			return err
		}
		if x.Conversation != "" {
			if _, err := loadConversation(t, x.App, x.Conversation); err != nil {
				return err
			}
		}
		after := chat.Image{"as": x.As}
		if x.Filter != "" {
			after["filter"] = x.Filter
		}
		e, err = t.record(chat.Event{App: x.App, Conversation: x.Conversation, Subject: x.List, Type: chat.ListExported}, nil, after)
		return err
	})
	return e, err
}
