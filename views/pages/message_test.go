package pages

import (
	"context"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func sampleMessages(moderate bool) MessagesView {
	head := sampleConversation(true)
	head.Tab, head.CanModerate = "messages", moderate
	at := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	gone := chat.Message{Seq: 5, ID: "msg_5", Sender: "kit", SenderName: "Kit", CreatedAt: at(4), DeletedAt: at(1)}
	kept := gone
	kept.Seq, kept.ID, kept.Kept = 6, "msg_6", &chat.KeptMessage{Text: "Buy cheap", By: "Imani", Until: now.Add(chat.KeepMessages)}
	messages := []chat.Message{
		{Seq: 7, ID: "msg_7", Sender: "maya", SenderName: "Maya Lindqvist", Text: strings.Repeat("A long text. ", 80), CreatedAt: at(2)}, kept, gone,
		{Seq: 4, ID: "msg_4", Type: chat.SystemMessage, Text: "Gates open at ten.", CreatedAt: at(9)},
		{Seq: 3, ID: "msg_3", Sender: "noor", SenderName: "Noor Aziz", AsGuest: true, Text: "See https://larkfield.example/map?a=1&b=2, or javascript:alert(1) <b>bold</b>", CreatedAt: at(10), EditedAt: at(8)},
		{Seq: 1, ID: "msg_1", Sender: "maya", SenderName: "Maya Lindqvist", Text: "Pitch map is final.", CreatedAt: at(60 * 30)},
	}
	return MessagesView{ConversationHead: head, Lines: MessageLines(context.Background(), messages, sampleEvents()[:1], now), Older: "/older", Here: "/here"}
}

func init() {
	found, none, further := sampleMessages(true), sampleMessages(true), sampleMessages(true)
	found.Filter = MessageFilter{Text: "map", Kind: "guests"}
	none.Filter, none.Lines, none.Older = MessageFilter{Text: "harvest", From: "maya"}, nil, ""
	further.Filter, further.Lines, further.Back = none.Filter, nil, now.Add(-time.Hour)
	empty, later, refused := none, none, sampleMessages(true)
	empty.Filter, later.Filter = MessageFilter{}, MessageFilter{On: "2026-03-14"}
	refused.Text, refused.Errors = " ", map[string]string{"text": "is empty", "reason": "is too long"}
	samples["Messages"] = Messages(sampleMessages(true))
	samples["Messages, viewer"] = Messages(sampleMessages(false))
	samples["Messages, found"] = Messages(found)
	samples["Messages, none found"] = Messages(none)
	samples["Messages, further back"] = Messages(further)
	samples["Messages, empty"] = Messages(empty)
	samples["Messages, none since"] = Messages(later)
	samples["Messages, refused"] = Messages(refused)
}

func TestMessagesAreShownSafely(t *testing.T) {
	doc := viewtest.Render(t, samples["Messages"])
	links := doc.Find("[data-testid=message] p a[target=_blank]")
	if links.Length() != 1 || links.AttrOr("href", "") != "https://larkfield.example/map?a=1&b=2" || links.AttrOr("rel", "") != "noopener noreferrer nofollow" {
		t.Errorf("%d links, the first to %s (%s)", links.Length(), links.AttrOr("href", ""), links.AttrOr("rel", ""))
	}
	if doc.Find("[data-testid=message] p b").Length() > 0 || !strings.Contains(doc.Text(), "<b>bold</b>") {
		t.Error("what somebody wrote became markup")
	}
	if doc.Find("[data-testid=message] .av-guest").Length() != 1 || doc.Find("[data-testid=message] details summary").Length() < 1 {
		t.Error("guests are not marked, or long texts not folded")
	}
}

func TestOnlyModeratorsSeeWhatWasDeleted(t *testing.T) {
	for name, want := range map[string]int{"Messages": 1, "Messages, viewer": 0} {
		doc := viewtest.Render(t, samples[name])
		if got := doc.Find("form[action$='/delete']").Length(); (got > 0) != (want > 0) {
			t.Errorf("%s: %d ways to delete", name, got)
		}
		if got := doc.Find("#system").Length(); got != want {
			t.Errorf("%s: %d forms to send", name, got)
		}
	}
}

func TestTextParts(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                               "plain",
		"see https://a.example/x.":            "see |https://a.example/x|.",
		"(https://a.example)":                 "(|https://a.example|)",
		"https://me:pw@a.example":             "https://me:pw@a.example",
		"javascript:alert(1) //x":             "javascript:alert(1) //x",
		"http://a.example\u202e x":            "|http://a.example|\u202e x",
		"https://a.example https://b.example": "|https://a.example| |https://b.example|",
	} {
		var got strings.Builder
		for _, p := range textParts(text) {
			if p.href != "" {
				p.text = "|" + p.text + "|"
			}
			got.WriteString(p.text)
		}
		if strings.Trim(got.String(), "|") != strings.Trim(want, "|") {
			t.Errorf("%q: %q, not %q", text, got.String(), want)
		}
	}
}
