package pages

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/words"
)

var now = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func sampleFrame(title string, nav layouts.NavItem) layouts.Page {
	app := layouts.App{ID: "shop", Name: "Larkfield Market", Live: true}
	return layouts.Page{Title: title, Nav: nav, App: app, Apps: []layouts.App{app, {ID: "test", Name: "Try-out"}},
		Admin: layouts.Admin{ID: "adm_1", Name: "Imani Okafor", Email: "imani@larkfield.example", Role: "owner"}, Now: now}
}

func sampleConversation(manage bool) ConversationHead {
	return ConversationHead{Frame: sampleFrame("Spring fair", layouts.NavConversations), CanManage: manage, CanModerate: manage, Tab: "participants",
		Conversation: chat.Conversation{App: "shop", ID: "spring fair/ü", Subject: "Spring fair organisers", Guests: chat.GuestsInherit, CreatedAt: now.Add(-240 * time.Hour),
			LastActivityAt: now, Counts: chat.Counts{ReadWrite: 2, Read: 1, None: 1}, Messages: 1204, Custom: map[string]string{"stand": "14"},
			LastMessage: &chat.Message{Sender: "maya", Text: "Pitch map is final.", CreatedAt: now.Add(-time.Minute)}},
		Security: chat.Security{Guests: chat.GuestsFollow}}
}

func sampleRow(head ConversationHead, user chat.UserID, name string, access chat.Access) ParticipantRowView {
	return ParticipantRowView{Head: head, Back: "/back", Participant: chat.Participant{ParticipantRef: chat.ParticipantRef{App: "shop", Conversation: head.Conversation.ID, User: user},
		Access: access, Notify: chat.NotifyMentions, JoinedAt: now.Add(-30 * time.Hour), JoinedBy: "Imani", JoinedVia: chat.Dashboard, UserName: name}}
}

func sampleParticipants(manage bool) ParticipantsView {
	head := sampleConversation(manage)
	failed := sampleRow(head, "carmen", "Carmen Ruiz", chat.Read)
	failed.Error = "Not saved. Tomás changed this participant while you were looking."
	gone := sampleRow(head, "leila", "", chat.Read)
	gone.Gone, gone.Error = true, "Not saved. Tomás removed this participant."
	return ParticipantsView{ConversationHead: head, Next: "cursor",
		Rows: []ParticipantRowView{sampleRow(head, "a@b c", "Maya Lindqvist", chat.ReadWrite), sampleRow(head, "kit", "Kit Marlow", chat.AccessNone), failed, gone}}
}

// sampleEvents are one event of every type, and one that was undone.
func sampleEvents() []chat.Event {
	var all []chat.Event
	for i, kind := range chat.EventTypes {
		e := chat.Event{Seq: int64(100 - i), App: "shop", At: now.Add(-time.Duration(i) * 3 * time.Hour), Kind: chat.AdminActor, ActorID: "adm_1", ActorName: "Imani Okafor",
			Source: chat.Dashboard, RequestID: "req_1", IP: "203.0.113.24", Type: kind, Conversation: "fair", User: "maya", Subject: "Subject", UserName: "Maya Lindqvist",
			ConversationSubject: "Spring fair", Before: json.RawMessage(`{"access":"ReadWrite","joinedAt":1773000000000}`), After: json.RawMessage(`{"access":"Read","notify":false}`)}
		if strings.HasPrefix(string(kind), "settings.") {
			e.Reason = "After the deploy"
			e.Before, e.After = json.RawMessage(`{"disallowUserSync":"false"}`), json.RawMessage(`{"disallowUserSync":"true"}`)
		}
		all = append(all, e)
	}
	undone, backend, bulk := all[0], all[1], all[2]
	undone.Seq, undone.Undone = 3, 9
	backend.Seq, backend.Kind, backend.ActorName, backend.Source, backend.Undoes = 2, chat.BackendActor, "Key “Orders”", chat.REST, 1
	bulk.Seq, bulk.Batch, bulk.Kind = 1, "batch", chat.SystemActor
	return append(all, undone, backend, bulk)
}

func init() {
	head := sampleConversation(true)
	empty := sampleParticipants(true)
	empty.Rows, empty.Next = nil, ""
	found := empty
	found.Search = "x"
	tight := head
	tight.Security.DisallowConversationSync = true
	samples["Participants"] = Participants(sampleParticipants(true))
	samples["Participants, viewer"] = Participants(sampleParticipants(false))
	samples["Participants, empty"] = Participants(empty)
	samples["Participants, no match"] = Participants(found)
	paper := PrintView{ConversationHead: head, Rows: []chat.Participant{sampleRow(head, "maya", "Maya", chat.Read).Participant}}
	samples["PrintParticipants"] = PrintParticipants(paper)
	paper.Search, paper.Access, paper.Notify, paper.More, paper.Frame.Admin.Role = "ma", chat.Read, chat.NotifyAll, true, "moderator"
	paper.Rows[0].Until = now.AddDate(0, 1, 0)
	samples["PrintParticipants, filtered and long"] = PrintParticipants(paper)
	paper.Rows = nil
	samples["PrintParticipants, nobody"] = PrintParticipants(paper)
	samples["ConversationPage"] = ConversationPage(tight)
	samples["ParticipantRow"] = ParticipantRow(sampleRow(head, "maya", "Maya", chat.Read))
	samples["ParticipantRowUpdate"] = ParticipantRowUpdate(sampleRow(head, "maya", "Maya", chat.Read), layouts.Flash{Text: "Saved.", Undo: "/undo"})
	samples["AddParticipants"] = AddParticipants(AddParticipantsView{ConversationHead: head, Access: chat.ReadWrite, Notify: chat.NotifyAll})
	samples["AddParticipants, refused"] = AddParticipants(AddParticipantsView{ConversationHead: head, Access: chat.Read, Notify: chat.NotifyAll, Search: "ma", List: "nina, x",
		Found:   []FoundUser{{User: chat.User{ID: "maya", Name: "Maya"}, Already: chat.Read}, {User: chat.User{ID: "kit", Name: "Kit"}, Already: chat.AccessNone}, {User: chat.User{ID: "zoe", Name: "Zoe"}}},
		Unknown: []UnknownUser{{ID: "nina"}, {ID: "x y"}}, Error: "Some.", Errors: map[string]string{"list": "names nobody"}})
	samples["AddParticipants, nobody found"] = AddParticipants(AddParticipantsView{ConversationHead: head, Access: chat.Read, Notify: chat.NotifyAll, Search: "qq"})
	form := ConversationForm{Subject: "Spring fair", Custom: CustomRows(head.Conversation.Custom)}
	samples["ConversationSettings"] = ConversationSettings(ConversationSettingsView{ConversationHead: head, Form: form})
	samples["ConversationSettings, refused"] = ConversationSettings(ConversationSettingsView{ConversationHead: tight, Form: form, Error: "Not saved.",
		Errors: map[string]string{"subject": "is taken", "custom": "has too many"}})
	samples["CustomEditor"] = CustomEditor(form.Custom, "", false)
	samples["CustomEditor, several lines"] = CustomEditor([]CustomField{{"note", "one\ntwo"}}, "has a name twice", false)
	samples["WelcomeEditor"] = WelcomeEditor([]string{"Hello", "two\nlines"}, "are too long", true)
	samples["DeleteConversation"] = DeleteConversation(DeleteConversationView{ConversationHead: head})
	samples["EventList"] = EventList(Days(context.Background(), sampleEvents(), now, chat.Viewer, ""))
	samples["EventRow"] = EventRow(EventView{Event: sampleEvents()[0], Now: now})
	samples["Sentence"] = Sentence(EventView{Event: sampleEvents()[0], Now: now})
	list := ConversationsView{Frame: sampleFrame("Conversations", layouts.NavConversations), App: "shop", Total: 3, CanManage: true, Next: "n",
		Rows: []chat.Conversation{head.Conversation, {ID: "order-1", Guests: chat.GuestsForbidden}, {ID: "order-2", Guests: chat.GuestsRead, Subject: "Order"}}}
	list.Security.Guests = chat.GuestsFollow
	samples["Conversations"] = Conversations(list)
	samples["Conversations, none yet"] = Conversations(ConversationsView{Frame: list.Frame, App: "shop", CanManage: true})
	samples["Conversations, no match"] = Conversations(ConversationsView{Frame: list.Frame, App: "shop", Search: "harvest", Total: 3})
	samples["NewConversation"] = NewConversation(NewConversationView{Frame: list.Frame, App: "shop", Errors: map[string]string{"id": "is taken"}})
}

func TestEveryEventIsASentence(t *testing.T) {
	for _, e := range sampleEvents() {
		text := EventView{Event: e, Now: now}.Text(t.Context())
		if strings.Contains(text, ".") && strings.Contains(text, string(e.Type)) || strings.Contains(text, "  ") || len(strings.Fields(text)) < 4 {
			t.Errorf("%s: %q", e.Type, text)
		}
	}
}

func TestBlocksAreToldWithTheirEnd(t *testing.T) {
	e := chat.Event{App: "shop", Kind: chat.AdminActor, ActorName: "Imani", Type: chat.GuestBlocked, Conversation: "fair", User: "gus", UserName: "Gus", ConversationSubject: "Spring fair",
		After: json.RawMessage(`{"at":1773000000000,"by":"Imani","reason":"spam","until":1773003600000}`)}
	until := words.Full(t.Context(), time.UnixMilli(1773003600000), now)
	lifted := e
	lifted.Type, lifted.Before, lifted.After = chat.GuestUnblocked, e.After, nil
	forever := e
	forever.After = json.RawMessage(`{"at":1773000000000,"by":"Imani","reason":"","until":null}`)
	for want, e := range map[string]chat.Event{"Imani showed Gus out of Spring fair until " + until: e, "Imani showed Gus out of Spring fair until lifted": forever, "Imani let Gus into Spring fair again": lifted} {
		if got := (EventView{Event: e, Now: now}).Text(t.Context()); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	for _, row := range (EventView{Event: e, Now: now}).diff(t.Context()) {
		if row.field == "until" && row.after != until {
			t.Errorf("%+v", row)
		}
	}
}
