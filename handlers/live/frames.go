package live

import (
	"encoding/json"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// frame is what a browser is told unasked. e is the seq of the event it tells of; frames that tell how something is
// now, and not what happened, have none.
type frame map[string]any

func (f frame) encode() []byte {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // frames hold what answers hold
	}
	return b
}

// frame is what those who have a conversation open are told of an event; nil for nothing. What is gone by now is told
// by a later event.
func (n *Node) frame(t db.Told) frame {
	f := frame{"type": t.Type, "e": t.Seq}
	if t.Conversation != "" {
		f["conversation"] = t.Conversation
	}
	switch {
	case t.Message != nil:
		if f["message"] = n.Shapes.Message(*t.Message); t.Type == chat.MessageRemoved {
			f["type"] = chat.MessageDeleted
		}
	case t.Participant != nil:
		f["participant"] = n.Shapes.Participant(*t.Participant)
		if t.Participant.Access.Rank() == 0 { // who is banned is not shown
			delete(f, "participant")
			f["type"], f["user"] = chat.ParticipantLeft, t.Event.User
		}
	case t.Type == chat.ParticipantLeft:
		f["user"] = t.Event.User
	case t.Changed != nil && t.Type == chat.ConversationUpdated:
		fields, _ := json.Marshal(n.Shapes.Conversation(db.Membership{Conversation: *t.Changed}))
		var all map[string]json.RawMessage
		_ = json.Unmarshal(fields, &all)
		for _, name := range []string{"subject", "photoUrl", "welcomeMessages", "custom", "participantCount"} {
			f[name] = all[name]
		}
	case t.Type == chat.MessageRead:
		f["user"], f["seq"] = t.Event.User, readSeq(t)
	case t.Type == chat.ConversationDeleted:
	default:
		return nil
	}
	return f
}

// readSeq is up to which message somebody has read, of an event that says so.
func readSeq(t db.Told) int64 {
	var read struct{ Seq int64 }
	_ = json.Unmarshal(t.After, &read)
	return read.Seq
}

func failed(err error) web.Failure {
	f := web.Fail(err, "")
	f.Reasons = nil
	return f
}
