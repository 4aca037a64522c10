package chat

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// What undo lives from: the image of one side of an event, read back as a change and applied to the other side, gives
// that side. Images are stored as JSON, so they go through JSON here too.

var when = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func draw[T any](t *rapid.T, name string, g *rapid.Generator[T]) T { return g.Draw(t, name) }

// Few different words, so that the two sides often agree.
var (
	word    = rapid.SampledFrom([]string{"", "a", "b", "Zoë 👩\u200d🚀", `"quoted" <b> \`, "line\nbreak"})
	name    = rapid.SampledFrom([]string{"Ann", "Bob", "日本"})
	subject = rapid.SampledFrom([]string{"", "Spring fair", "🎪"})
	address = rapid.SampledFrom([]string{"", "https://example.com/a.png", "http://example.com"})
	list    = rapid.SliceOfN(word, 0, 3)
	custom  = rapid.MapOfN(rapid.SampledFrom([]string{"k", "l", "m"}), word, 0, 3)
	tokens  = rapid.Custom(func(t *rapid.T) []string {
		set := rapid.MapOfN(rapid.SampledFrom([]string{"fcm:1", "fcm:2", "apns:1"}), rapid.Bool(), 0, 3).Draw(t, "tokens")
		return slices.Sorted(maps.Keys(set))
	})
)

func drawUser(t *rapid.T) User {
	return User{App: "app", ID: "ann", CreatedAt: when, Conversations: 3,
		Name: draw(t, "name", name), Email: draw(t, "email", list), Phone: draw(t, "phone", list),
		PhotoURL: draw(t, "photo", address), HeaderPhotoURL: draw(t, "header", address), WelcomeMessage: draw(t, "welcome", word),
		Role: draw(t, "role", word), Locale: draw(t, "locale", word), AvailabilityText: draw(t, "availability", word),
		Custom: draw(t, "custom", custom), PushTokens: draw(t, "push", tokens)}
}

func drawConversation(t *rapid.T) Conversation {
	return Conversation{App: "app", ID: "fair", CreatedAt: when, Counts: Counts{ReadWrite: 2}, Messages: 5,
		Subject: draw(t, "subject", subject), PhotoURL: draw(t, "photo", address), WelcomeMessages: draw(t, "welcome", list),
		Custom: draw(t, "custom", custom), Guests: draw(t, "guests", rapid.SampledFrom(ConversationGuestValues))}
}

func drawParticipant(t *rapid.T) Participant {
	return Participant{ParticipantRef: ParticipantRef{"app", "fair", "ann"}, JoinedAt: when, JoinedBy: "Ana", JoinedVia: REST,
		Access: draw(t, "access", rapid.SampledFrom(Accesses)), Notify: draw(t, "notify", rapid.SampledFrom(Notifies))}
}

// roundTrip checks both directions between two states.
func roundTrip[T any, C any](t *rapid.T, before, after T, diff func(T, T) (Image, Image), apply func(*C, T) (T, error)) {
	was, now := diff(before, after)
	reach := func(image Image, from, to T) {
		stored, err := json.Marshal(image)
		if err != nil {
			t.Fatal(err)
		}
		var c C
		if err := json.Unmarshal(stored, &c); err != nil {
			t.Fatalf("%s: %v", stored, err)
		}
		original, _ := json.Marshal(from)
		got, err := apply(&c, from)
		if d := cmp.Diff(to, got, cmpopts.EquateEmpty()); err != nil || d != "" {
			t.Fatalf("%s: %v\n%s", stored, err, d)
		}
		if left, _ := json.Marshal(from); string(left) != string(original) {
			t.Fatalf("%s: applying it changed the state it started from", stored)
		}
	}
	reach(was, after, before)
	reach(now, before, after)
	if d := cmp.Diff(before, after, cmpopts.EquateEmpty()); (d == "") != (len(was) == 0) || len(was) != len(now) {
		t.Fatalf("was %v, now %v for states that differ by: %s", was, now, d)
	}
}

func TestUserChangesCanBeUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roundTrip(t, drawUser(t), drawUser(t), DiffUser, func(c *UserChange, u User) (User, error) { return c.Apply(u) })
	})
}

func TestConversationChangesCanBeUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roundTrip(t, drawConversation(t), drawConversation(t), DiffConversation,
			func(c *ConversationChange, before Conversation) (Conversation, error) { return c.Apply(before) })
	})
}

func TestParticipantChangesCanBeUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roundTrip(t, drawParticipant(t), drawParticipant(t), DiffParticipant,
			func(c *ParticipantChange, p Participant) (Participant, error) { return c.Apply(p), nil })
	})
}

func TestEmptyChangesChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u, c, p := drawUser(t), drawConversation(t), drawParticipant(t)
		user, err := UserChange{}.Apply(u)
		conversation, err2 := ConversationChange{}.Apply(c)
		if d := cmp.Diff(u, user) + cmp.Diff(c, conversation) + cmp.Diff(p, ParticipantChange{}.Apply(p)); d != "" || err != nil || err2 != nil {
			t.Fatal(d, err, err2)
		}
		was, now := DiffUser(u, u)
		was2, now2 := DiffConversation(c, c)
		if len(was)+len(now)+len(was2)+len(now2) > 0 {
			t.Fatal("an image of no change is not empty: ", was, now, was2, now2)
		}
	})
}

func TestParticipantDefaults(t *testing.T) {
	for _, tc := range []struct {
		change ParticipantChange
		access Access
		notify Notify
	}{
		{ParticipantChange{}, ReadWrite, NotifyAll},
		{ParticipantChange{Access: Some(Read)}, Read, NotifyAll},
		{ParticipantChange{Notify: Some(NotifyNone)}, ReadWrite, NotifyNone},
		{ParticipantChange{Access: Null[Access](), Notify: Null[Notify]()}, ReadWrite, NotifyAll},
	} {
		got := tc.change.WithDefaults().Apply(Participant{Access: AccessNone, Notify: NotifyMentions})
		if got.Access != tc.access || got.Notify != tc.notify {
			t.Errorf("%+v: %s, %s", tc.change, got.Access, got.Notify)
		}
	}
	null := ParticipantChange{Access: Null[Access](), Notify: Null[Notify]()}.Apply(Participant{Access: Read, Notify: NotifyNone})
	if null.Access != ReadWrite || null.Notify != NotifyAll {
		t.Errorf("null: %s, %s", null.Access, null.Notify)
	}
}

func TestPushTokens(t *testing.T) {
	yes := true
	was := []string{"apns:1", "fcm:1"}
	for _, tc := range []struct {
		name   string
		change Opt[map[string]*bool]
		want   []string
	}{
		{"not mentioned keeps", Opt[map[string]*bool]{}, was},
		{"null clears all", Null[map[string]*bool](), nil},
		{"true adds", Some(map[string]*bool{"fcm:0": &yes}), []string{"apns:1", "fcm:0", "fcm:1"}},
		{"adding twice is once", Some(map[string]*bool{"fcm:1": &yes}), was},
		{"null removes", Some(map[string]*bool{"fcm:1": nil, "fcm:9": nil}), []string{"apns:1"}},
	} {
		if d := cmp.Diff(tc.want, patchTokens(was, tc.change), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}
