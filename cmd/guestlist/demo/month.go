package demo

import (
	"strconv"
	"time"

	"guestlist/db/chat"
)

// month is what admins and the server changed until today: access, removals, an undo, switches tried and decided.
func (m *maker) month() error {
	fair := func(user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: Live, Conversation: "spring-fair-organisers", User: user}
	}
	change := func(actor chat.Actor, user chat.UserID, c chat.ParticipantChange) func() error {
		return func() error {
			return drop(m.store.ChangeParticipant(m.ctx, actor, fair(user), c, chat.ParticipantChange{}))
		}
	}
	steps := []func() error{
		change(m.imani, "seller_019", chat.ParticipantChange{Access: chat.Some(chat.Read)}),
		change(m.tomas, "u_priya", chat.ParticipantChange{Notify: chat.Some(chat.NotifyMentions)}),
		change(m.imani, "seller_117", chat.ParticipantChange{Notify: chat.Some(chat.NotifyMentions)}),
		func() error {
			return drop(m.store.PutConversation(m.ctx, m.tomas, Live, "volunteers-2024", chat.ConversationChange{Guests: chat.Some(chat.GuestsRead)}, chat.ConversationChange{}))
		},
		func() error { return m.flip(chat.SettingUserSync, "true") },
		change(m.tomas, "seller_088", chat.ParticipantChange{Access: chat.Some(chat.Read)}),
		change(m.imani, "u_greta", chat.ParticipantChange{Access: chat.Some(chat.Read), Notify: chat.Some(chat.NotifyNone)}),
		func() error {
			e, err := m.store.RemoveParticipant(m.ctx, m.tomas, fair("seller_402"))
			if err != nil {
				return err
			}
			m.wait(5 * time.Minute)
			return drop(m.store.Undo(m.ctx, m.imani, Live, e.Seq))
		},
		func() error { return drop(m.store.RemoveParticipant(m.ctx, m.tomas, fair("seller_450"))) },
		func() error { return m.flip(chat.SettingUserSync, chat.Observing) },
		func() error {
			return drop(m.store.EditConversation(m.ctx, m.imani, Live, "pitch-swaps", chat.ConversationChange{Subject: chat.Some("Pitch swap board, spring")}, chat.ConversationChange{}))
		},
		func() error { return m.flip(chat.SettingUserSync, "false") },
		change(m.imani, "seller_256", chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)}),
	}
	end := time.Now().UTC().Add(-30 * time.Minute)
	start, gap := m.now, end.Sub(m.now)/time.Duration(len(steps))
	for i, step := range steps {
		m.now = start.Add(gap*time.Duration(i+1) - time.Duration(m.random.Int64N(int64(gap/3))))
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func drop(_ chat.Event, err error) error { return err }

// flip is when a switch was set to what.
type flip struct {
	at    time.Time
	value string
}

func (m *maker) flip(key chat.SettingKey, value string) error {
	now, err := m.store.Settings(m.ctx, Live)
	if err != nil {
		return err
	}
	m.flips = append(m.flips, flip{m.now, value})
	return drop(m.store.SaveSettings(m.ctx, m.confirmed(m.imani), Live, []chat.SettingChange{{Key: key, Value: value, Version: now[key].Version}}))
}

// messages gives each conversation its talk, the last of it within the last days.
func (m *maker) messages() error {
	end := time.Now().UTC()
	for i, t := range topics {
		at := end.Add(-time.Duration(i*i)*3*time.Hour - time.Duration(len(t.said))*7*time.Minute)
		var talk []chat.Message
		for j := range 6 * len(t.said) {
			back := time.Duration(6*len(t.said)-j) * 41 * time.Minute
			talk = append(talk, chat.Message{Sender: people[t.in[j%len(t.in)]].id, Text: t.said[j%len(t.said)], Origin: "web", CreatedAt: at.Add(-back)})
		}
		if err := m.store.ImportMessages(m.ctx, Live, t.id, talk); err != nil {
			return err
		}
	}
	for i, o := range orders {
		at := end.Add(-time.Duration(i*5+1) * 37 * time.Minute)
		id := chat.ConversationID("order-" + strconv.Itoa(4177+i))
		talk := []chat.Message{{Sender: people[o.buyer].id, Text: "Is the blue one still there?", Origin: "web", CreatedAt: at.Add(-time.Hour)},
			{Sender: people[o.seller].id, Text: "Yes. I’ll leave it with your neighbour.", Origin: "web", CreatedAt: at}}
		if err := m.store.ImportMessages(m.ctx, Live, id, talk); err != nil {
			return err
		}
	}
	return nil
}
