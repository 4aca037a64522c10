package db

import (
	"context"

	"guestlist/db/chat"
)

// Rights is what each of the actors, users in browsers, may do in a conversation: all judged on one snapshot, in the
// order of actors. A conversation that is missing is one that nobody may read.
func (s *Store) Rights(ctx context.Context, app chat.AppID, conv chat.ConversationID, actors []chat.Actor) (all []chat.Right, err error) {
	now := s.now()
	err = s.read(ctx, func(q querier) error {
		settings, err := loadSettings(q, app)
		if err != nil {
			return err
		}
		all = make([]chat.Right, len(actors))
		for i, a := range actors {
			f, err := loadFacts(q, a, now, app, conv)
			if err != nil {
				return err
			}
			f.Now, f.Security = now, settings.Security()
			if err := judge(q, &f, chat.UserID(a.ID), now); err != nil {
				return err
			}
			all[i] = chat.RightOf(a, f)
		}
		return nil
	})
	return all, err
}

// FactsOf are the facts that decide what a user can do in a conversation from a browser, for pages that ask chat.WhoCan.
func (s *Store) FactsOf(ctx context.Context, app chat.AppID, conv chat.ConversationID, user chat.UserID) (f chat.Facts, err error) {
	now := s.now()
	err = s.read(ctx, func(q querier) error {
		if _, err := loadUser(q, app, user); err != nil {
			return err
		}
		if _, err := loadConversation(q, app, conv); err != nil {
			return err
		}
		settings, err := loadSettings(q, app)
		if err != nil {
			return err
		}
		f, err = loadFacts(q, chat.Actor{ID: string(user)}, now, app, conv)
		f.Now, f.Security = now, settings.Security()
		if err != nil {
			return err
		}
		return judge(q, &f, user, now)
	})
	return f, err
}

// WhoCan says what a user can do in a conversation from a browser, with an identity that is proven.
func (s *Store) WhoCan(ctx context.Context, app chat.AppID, conv chat.ConversationID, user chat.UserID) ([]chat.Ability, error) {
	f, err := s.FactsOf(ctx, app, conv, user)
	if err != nil {
		return nil, err
	}
	return chat.WhoCan(chat.Actor{Kind: chat.UserActor, ID: string(user), Source: chat.Browser, App: app, Verified: true}, f), nil
}
