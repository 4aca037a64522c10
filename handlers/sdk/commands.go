package sdk

import (
	"bytes"
	"context"
	"encoding/json"

	"guestlist/db"
	"guestlist/db/chat"
)

// call is one command at work.
type call struct {
	ctx   context.Context
	store *db.Store
	actor chat.Actor
	args  json.RawMessage
}

// commands are all that browsers can ask for, by name.
var commands = map[string]func(call) (any, error){
	"user.get":                       ofUser(userGet),
	"user.set":                       ofUser(userSet),
	"user.createIfNotExists":         ofUser(userCreate),
	"conversation.get":               ofConversation(conversationGet),
	"conversation.set":               ofConversation(conversationSet),
	"conversation.createIfNotExists": ofConversation(conversationCreate),
	"conversation.list":              conversationList,
	"conversation.send":              ofConversation(conversationSend),
	"conversation.markAsRead":        ofConversation(conversationRead),
	"conversation.markAsUnread":      ofConversation(conversationUnread),
	"conversation.messages":          ofConversation(conversationMessages),
	"conversation.participants":      ofConversation(conversationParticipants),
	"participant.get":                ofPlace(participantGet),
	"participant.set":                ofPlace(participantSet),
	"participant.edit":               ofPlace(participantEdit),
	"participant.createIfNotExists":  ofPlace(participantCreate),
	"participant.delete":             ofPlace(participantDelete),
	"message.get":                    ofConversation(messageGet),
	"message.edit":                   ofConversation(messageEdit),
	"message.delete":                 ofConversation(messageDelete),
}

// onlySocket names what browsers can ask for only where they stay.
var onlySocket = map[string]bool{"conversation.open": true, "conversation.close": true, "conversation.typing": true, "feed.open": true, "feed.close": true,
	"user.watch": true, "user.unwatch": true, "session.token": true, Connect: true}

func run(ctx context.Context, store *db.Store, actor chat.Actor, name string, args json.RawMessage) (any, error) {
	do, ok := commands[name]
	if !ok && onlySocket[name] {
		return nil, &chat.Error{Code: chat.NotFound, Reason: chat.PageNotFound, Message: "“" + name + "” needs a socket: what it does lasts as long as one.", Hint: "Connect to /v1/{appId}/live."}
	}
	if !ok {
		return nil, &chat.Error{Code: chat.NotFound, Reason: chat.PageNotFound, Message: "There is no command “" + name + "”.", Hint: "This server may be older than the SDK."}
	}
	return do(call{ctx, store, actor, args})
}

// read decodes the arguments of a command.
func (c call) read(into any) error {
	if len(bytes.TrimSpace(c.args)) == 0 {
		return nil
	}
	err := json.Unmarshal(c.args, into)
	if err != nil && chat.AsError(err) == nil {
		return chat.InvalidField("args", "has a value of the wrong type")
	}
	return err
}

// named are the arguments that name things; each command needs some of them.
type named struct {
	User         string `json:"user"`
	Conversation string `json:"conversation"`
	Message      string `json:"message"`
	Limit        int    `json:"limit"` // 1 to 100; 0 for as many as the server likes
	After        string `json:"after"` // the cursor that a page gave as next
}

func (n named) names() named { return n }

func (n named) window() (db.Window, error) {
	if n.Limit < 0 || n.Limit > 100 {
		return db.Window{}, chat.InvalidField("limit", "must be 1 to 100")
	}
	return db.Window{Limit: n.Limit, After: n.After}, nil
}

// arguments are a named with more beside it.
type arguments interface{ names() named }

// ofUser is a command about one user.
func ofUser[A arguments](do func(call, A, chat.UserID) (any, error)) func(call) (any, error) {
	return func(c call) (any, error) {
		var a A
		if err := c.read(&a); err != nil {
			return nil, err
		}
		id, err := chat.ParseUserID(a.names().User)
		if err != nil {
			return nil, err
		}
		return do(c, a, id)
	}
}

// ofConversation is a command about one conversation, or about what is in it.
func ofConversation[A arguments](do func(call, A, chat.ConversationID) (any, error)) func(call) (any, error) {
	return func(c call) (any, error) {
		var a A
		if err := c.read(&a); err != nil {
			return nil, err
		}
		id, err := chat.ParseConversationID(a.names().Conversation)
		if err != nil {
			return nil, err
		}
		return do(c, a, id)
	}
}

// ofPlace is a command about one place on a list.
func ofPlace[A arguments](do func(call, A, chat.ParticipantRef) (any, error)) func(call) (any, error) {
	return ofConversation(func(c call, a A, conv chat.ConversationID) (any, error) {
		user, err := chat.ParseUserID(a.names().User)
		if err != nil {
			return nil, err
		}
		return do(c, a, chat.ParticipantRef{App: c.actor.App, Conversation: conv, User: user})
	})
}

// orNull is the answer to a question for something that may not be there: null then.
func orNull(answer any, err error) (any, error) {
	if e := chat.AsError(err); e != nil && e.Code == chat.NotFound {
		return nil, nil
	}
	return answer, err
}

type userArgs struct {
	named
	Set chat.UserChange `json:"set"`
}

func userGet(c call, _ named, id chat.UserID) (any, error) {
	u, err := c.store.User(c.ctx, c.actor.App, id)
	return orNull(User(u), err)
}

func userSet(c call, a userArgs, id chat.UserID) (any, error) {
	_, err := c.store.SetUser(c.ctx, c.actor, id, a.Set)
	return nil, err
}

func userCreate(c call, a userArgs, id chat.UserID) (any, error) {
	_, err := c.store.CreateUserIfMissing(c.ctx, c.actor, id, a.Set)
	return nil, err
}

// conversationArgs set a conversation, and in it the acting user's own notify.
type conversationArgs struct {
	named
	Set conversationSettings `json:"set"`
}

type conversationSettings struct {
	change chat.ConversationChange
	notify chat.Opt[chat.Notify]
}

func (s *conversationSettings) UnmarshalJSON(b []byte) error {
	var own chat.ParticipantChange
	if err := json.Unmarshal(b, &own); err != nil {
		return err
	}
	s.notify = own.Notify
	return json.Unmarshal(b, &s.change)
}

func conversationGet(c call, _ named, id chat.ConversationID) (any, error) {
	m, err := c.store.ConversationOf(c.ctx, c.actor, id)
	return orNull(Conversation(m), err)
}

func conversationSet(c call, a conversationArgs, id chat.ConversationID) (any, error) {
	_, err := c.store.SetConversation(c.ctx, c.actor, id, a.Set.change, a.Set.notify)
	return nil, err
}

func conversationCreate(c call, a conversationArgs, id chat.ConversationID) (any, error) {
	_, err := c.store.CreateConversationIfMissing(c.ctx, c.actor, id, a.Set.change, a.Set.notify)
	return nil, err
}

func conversationList(c call) (any, error) {
	var a named
	if err := c.read(&a); err != nil {
		return nil, err
	}
	w, err := a.window()
	if err != nil {
		return nil, err
	}
	p, err := c.store.UserConversations(c.ctx, chat.UserID(c.actor.ID), db.ConversationQuery{App: c.actor.App, Window: w})
	if chat.ReasonOf(err) == chat.UserNotFound {
		err = nil // who isn't known yet is in none
	}
	return pageShape(p, Conversation), err
}

func conversationParticipants(c call, a named, id chat.ConversationID) (any, error) {
	w, err := a.window()
	if err != nil {
		return nil, err
	}
	p, err := c.store.ParticipantsOf(c.ctx, c.actor, id, w)
	return pageShape(p, Participant), err
}

func conversationMessages(c call, a named, id chat.ConversationID) (any, error) {
	w, err := a.window()
	if err != nil {
		return nil, err
	}
	p, err := c.store.Messages(c.ctx, c.actor, db.MessageQuery{App: c.actor.App, Conversation: id, Deleted: true, Window: w})
	return pageShape(p, Message), err
}

type sendArgs struct {
	named
	Text   string      `json:"text"`
	Custom chat.Custom `json:"custom"`
}

func conversationSend(c call, a sendArgs, id chat.ConversationID) (any, error) {
	m, err := c.store.SendMessage(c.ctx, c.actor, c.actor.App, id, chat.NewMessage{Text: a.Text, Custom: a.Custom.Fields()})
	return Message(m), err
}

type readArgs struct {
	named
	Seq int64 `json:"seq"` // of the last message that was read, or the first that wasn't; 0 for the last there is
}

func conversationRead(c call, a readArgs, id chat.ConversationID) (any, error) {
	return nil, c.store.SetRead(c.ctx, c.actor, id, a.Seq)
}

func conversationUnread(c call, a readArgs, id chat.ConversationID) (any, error) {
	return nil, c.store.MarkUnread(c.ctx, c.actor, id, a.Seq)
}

type participantArgs struct {
	named
	Set chat.ParticipantChange `json:"set"`
}

func participantGet(c call, _ named, ref chat.ParticipantRef) (any, error) {
	p, err := c.store.ParticipantOf(c.ctx, c.actor, ref)
	if chat.ReasonOf(err) == chat.ParticipantMissing {
		return nil, nil
	}
	return Participant(p), err
}

func participantSet(c call, a participantArgs, ref chat.ParticipantRef) (any, error) {
	_, err := c.store.SetParticipant(c.ctx, c.actor, ref, a.Set)
	return nil, err
}

func participantEdit(c call, a participantArgs, ref chat.ParticipantRef) (any, error) {
	_, err := c.store.EditParticipant(c.ctx, c.actor, ref, a.Set)
	return nil, err
}

func participantCreate(c call, a participantArgs, ref chat.ParticipantRef) (any, error) {
	_, err := c.store.CreateParticipantIfMissing(c.ctx, c.actor, ref, a.Set)
	return nil, err
}

func participantDelete(c call, _ named, ref chat.ParticipantRef) (any, error) {
	_, err := c.store.DeleteParticipant(c.ctx, c.actor, ref)
	return nil, err
}

type messageArgs struct {
	named
	Set chat.MessageChange `json:"set"`
}

func messageGet(c call, a named, conv chat.ConversationID) (any, error) {
	m, err := c.store.Message(c.ctx, c.actor, c.actor.App, conv, a.Message)
	return orNull(Message(m), err)
}

func messageEdit(c call, a messageArgs, conv chat.ConversationID) (any, error) {
	_, err := c.store.EditMessage(c.ctx, c.actor, c.actor.App, conv, a.Message, a.Set)
	return nil, err
}

func messageDelete(c call, a named, conv chat.ConversationID) (any, error) {
	_, err := c.store.DeleteMessage(c.ctx, c.actor, c.actor.App, conv, a.Message)
	return nil, err
}
