package chat

import (
	"strings"
	"testing"
	"time"
)

func TestNewGuestBlock(t *testing.T) {
	ref := ParticipantRef{App: "app", Conversation: "fair", User: "gus"}
	for how, want := range map[BlockFor]time.Time{BlockHour: noon.Add(time.Hour), BlockDay: noon.Add(24 * time.Hour), BlockUntilLifted: {}} {
		b, err := NewGuestBlock{For: how, Reason: "  spam "}.Block(ref, "Ana", noon)
		if err != nil || b != (GuestBlock{App: "app", Conversation: "fair", User: "gus", Until: want, Reason: "spam", At: noon, By: "Ana"}) {
			t.Errorf("%s: %+v %v", how, b, err)
		}
		if how.Label() == "" {
			t.Errorf("%s has no label", how)
		}
		for at, stands := range map[time.Time]bool{noon: true, want.Add(-time.Millisecond): true, want: want.IsZero(), want.Add(time.Hour): want.IsZero()} {
			if want.IsZero() && at.Before(noon) {
				continue
			}
			if b.Stands(at) != stands {
				t.Errorf("%s at %s: stands %t", how, at, !stands)
			}
		}
	}
	for _, n := range []NewGuestBlock{{}, {For: "week"}, {For: BlockDay, Reason: strings.Repeat("x", MaxBlockReason+1)}, {For: BlockDay, Reason: "a\x00"}} {
		if _, err := n.Block(ref, "Ana", noon); AsError(err) == nil {
			t.Errorf("%+v was taken", n)
		}
	}
	if len(BlockFors) != 3 {
		t.Error("a time is missing from the list")
	}
}
