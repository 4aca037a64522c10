package pages

import (
	"context"
	"time"

	"guestlist/db/chat"
)

func init() {
	head := sampleConversation(true)
	head.Tab = "history"
	then := head
	then.Conversation.Counts, then.Conversation.Guests = chat.Counts{ReadWrite: 3, Read: 1, None: 1}, chat.GuestsRead
	at := now.Add(-96 * time.Hour)
	rows := []chat.Participant{sampleRow(head, "a@b c", "Maya Lindqvist", chat.ReadWrite).Participant, sampleRow(head, "kit", "", chat.AccessNone).Participant, sampleRow(head, "leila", "Leila", chat.Read).Participant}
	moves := []chat.Move{{User: "leila", After: &rows[2]}, {User: "kit", Before: &rows[1]}, {User: "a@b c", Before: &rows[0], After: &rows[0]}}
	counts := map[chat.MoveKind]int{chat.MovedIn: 4, chat.MovedOut: 1, chat.Changed: 1}
	few := DifferenceView{ConversationHead: head, At: at, Counts: map[chat.MoveKind]int{chat.MovedIn: 1}, Moves: moves[:1], RestoreError: "Not restored."}
	closed := then
	closed.Security.Guests, closed.Security.DisallowConversationSync = chat.GuestsNever, true
	closed.Conversation.Counts = chat.Counts{}
	open := then
	open.Conversation.Guests = chat.GuestsReadWrite
	frame := head.Frame
	places := []PlaceAt{{Participant: rows[0], Subject: "Spring fair"}, {Participant: rows[2], Gone: true}}
	user := UserHistoryView{Frame: frame, App: "shop", User: chat.User{App: "shop", ID: "maya", Name: "Maya Lindqvist"}}
	asked := user
	asked.At, asked.Places, asked.Count, asked.Next, asked.Days = at, places, 2, "c", Days(context.Background(), sampleEvents(), now, chat.Owner, "/back")
	samples["ConversationHistory"] = ConversationHistory(HistoryView{ConversationHead: head, Days: Days(context.Background(), sampleEvents(), now, chat.Owner, "/back"), Older: "/older"})
	samples["ConversationHistory, filtered"] = ConversationHistory(HistoryView{ConversationHead: head, What: "people", Door: "rest"})
	samples["ConversationHistory, none"] = ConversationHistory(HistoryView{ConversationHead: head})
	samples["ListAt"] = ListAt(ListAtView{ConversationHead: head, At: at, Exists: true, Then: then, Rows: rows, Next: "cursor"})
	samples["ListAt, replayed"] = ListAt(ListAtView{ConversationHead: head, At: at, Exists: true, Replayed: true, Then: closed, Search: "x", Access: chat.Read})
	samples["ListAt, open"] = ListAt(ListAtView{ConversationHead: head, At: at, Exists: true, Then: open, Rows: rows[:1]})
	samples["ListAt, not there"] = ListAt(ListAtView{ConversationHead: head, At: at})
	samples["ListAt, no moment"] = ListAt(ListAtView{ConversationHead: head, AtText: "2040", Error: "This is still to come."})
	samples["ListDifference"] = ListDifference(DifferenceView{ConversationHead: head, At: at, Counts: counts, Moves: moves, CanRestore: true, Next: "cursor"})
	samples["ListDifference, two moments"] = ListDifference(DifferenceView{ConversationHead: head, At: at, To: now.Add(-time.Hour), Counts: counts, Moves: moves})
	samples["ListDifference, for viewers"] = ListDifference(few)
	samples["ListDifference, none"] = ListDifference(DifferenceView{ConversationHead: head, At: at})
	samples["ListDifference, no moment"] = ListDifference(DifferenceView{ConversationHead: head, Error: "This is still to come."})
	samples["UserHistory"] = UserHistory(user)
	samples["UserHistory, a moment"] = UserHistory(asked)
}
