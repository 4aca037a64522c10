package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"guestlist/db/chat"
)

// MaxBulk is how many people one bulk change may name.
const MaxBulk = 1000

// NewParticipant is one line of an addition: a user by id, who is created with the name when there is none yet.
type NewParticipant struct {
	User chat.UserID
	Name string // of a user to create; "" when the user must exist
}

// BulkResult says what one bulk change did. Batch names its events; it is "" when nothing changed.
type BulkResult struct {
	Batch     string
	Changed   []chat.UserID // added, changed or removed
	Unchanged []chat.UserID // were already as wished
	Job       chat.Job      // that makes a change too long for one transaction; its ID is "" when there is none
}

// AddParticipants adds several people at once, all or none. Those who are on the list already keep what they have.
func (s *Store) AddParticipants(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, people []NewParticipant, change chat.ParticipantChange) (BulkResult, error) {
	return s.bulk(ctx, actor, app, conv, people, func(t *Tx, person NewParticipant, pl place, batch string) (chat.Event, error) {
		if pl.taken() {
			return chat.Event{}, nil
		}
		if !pl.userExists && person.Name != "" {
			if _, err := t.putUser(app, person.User, chat.UserChange{Name: chat.Some(person.Name)}, chat.UserChange{}, batch); err != nil {
				return chat.Event{}, err
			}
			pl.userExists, pl.userName = true, person.Name
		}
		return t.addParticipant(pl, change, batch)
	})
}

// ChangeParticipants changes several participants at once. Who is not on the list any more is left alone.
func (s *Store) ChangeParticipants(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, users []chat.UserID, change chat.ParticipantChange) (BulkResult, error) {
	return s.bulk(ctx, actor, app, conv, named(users), func(t *Tx, _ NewParticipant, pl place, batch string) (chat.Event, error) {
		if !pl.taken() {
			return chat.Event{}, nil
		}
		return t.changeParticipant(pl, change, batch)
	})
}

// RemoveParticipants removes several participants at once.
func (s *Store) RemoveParticipants(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, users []chat.UserID) (BulkResult, error) {
	return s.bulk(ctx, actor, app, conv, named(users), func(t *Tx, _ NewParticipant, pl place, batch string) (chat.Event, error) {
		return t.removeParticipant(pl, batch)
	})
}

// PlacesResult says what adding one user to several conversations did.
type PlacesResult struct {
	Batch     string
	Changed   []chat.ConversationID
	Unchanged []chat.ConversationID // was on their list already
}

// AddToConversations puts one user on several lists, all or none, with ReadWrite and all.
func (s *Store) AddToConversations(ctx context.Context, actor chat.Actor, app chat.AppID, user chat.UserID, convs []chat.ConversationID) (PlacesResult, error) {
	if len(convs) == 0 || len(convs) > MaxBulk {
		return PlacesResult{}, chat.InvalidField("conversations", fmt.Sprintf("must name 1 to %d conversations", MaxBulk))
	}
	var result PlacesResult
	err := s.change(ctx, actor, func(t *Tx) error {
		result = PlacesResult{Batch: rand.Text()}
		for _, conv := range convs {
			pl, err := loadPlace(t, chat.ParticipantRef{App: app, Conversation: conv, User: user})
			if err != nil {
				return err
			}
			if pl.taken() {
				result.Unchanged = append(result.Unchanged, conv)
				continue
			}
			if _, err := t.addParticipant(pl, chat.ParticipantChange{}, result.Batch); err != nil {
				return err
			}
			result.Changed = append(result.Changed, conv)
		}
		if len(result.Changed) == 0 {
			result.Batch = ""
		}
		return nil
	})
	return result, err
}

func named(users []chat.UserID) []NewParticipant {
	people := make([]NewParticipant, len(users))
	for i, u := range users {
		people[i].User = u
	}
	return people
}

// bulk runs one for each person in one transaction. The same person named twice counts once.
func (s *Store) bulk(ctx context.Context, actor chat.Actor, app chat.AppID, conv chat.ConversationID, people []NewParticipant,
	one func(t *Tx, person NewParticipant, pl place, batch string) (chat.Event, error)) (BulkResult, error) {
	if len(people) == 0 {
		return BulkResult{}, chat.InvalidField("ids", "names nobody")
	}
	if len(people) > MaxBulk {
		return BulkResult{}, chat.InvalidField("ids", fmt.Sprintf("names more than %d people", MaxBulk))
	}
	var result BulkResult
	err := s.change(ctx, actor, func(t *Tx) error {
		result = BulkResult{}
		batch := rand.Text()
		for _, person := range people {
			if slices.Contains(result.Changed, person.User) || slices.Contains(result.Unchanged, person.User) {
				continue
			}
			pl, err := loadPlace(t, chat.ParticipantRef{App: app, Conversation: conv, User: person.User})
			if err != nil {
				return err
			}
			e, err := one(t, person, pl, batch)
			if err != nil {
				return err
			}
			if e.Seq == 0 {
				result.Unchanged = append(result.Unchanged, person.User)
			} else {
				result.Changed = append(result.Changed, person.User)
				result.Batch = batch
			}
		}
		return nil
	})
	return result, err
}
