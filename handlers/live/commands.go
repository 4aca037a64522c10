package live

import (
	"encoding/json"

	"guestlist/db/chat"
)

// ofSocket are the commands that only a socket has: what they do lasts as long as it does.
var ofSocket = map[string]func(*call) (any, error){
	"conversation.open":   openConversation,
	"conversation.close":  closeConversation,
	"conversation.typing": typing,
	"feed.open":           openFeed,
	"feed.close":          closeFeed,
	"user.watch":          watchUser,
	"user.unwatch":        unwatchUser,
	"session.token":       renewToken,
}

const (
	maxOpen    = 128 // conversations of one session
	maxWatched = 128 // users
)

func errTooMany(what string) *chat.Error {
	return &chat.Error{Code: chat.RateLimited, Reason: chat.TooManyCalls, Message: "Too many " + what + " at once in one session.", Hint: "Close some first."}
}

func (c *call) conversation() (chat.ConversationID, error) {
	var a struct {
		Conversation string `json:"conversation"`
	}
	if err := c.read(&a); err != nil {
		return "", err
	}
	return chat.ParseConversationID(a.Conversation)
}

func (c *call) userArg() (chat.UserID, error) {
	var a struct {
		User string `json:"user"`
	}
	if err := c.read(&a); err != nil {
		return "", err
	}
	return chat.ParseUserID(a.User)
}

func (c *call) read(into any) error {
	if len(c.args) > 0 && json.Unmarshal(c.args, into) != nil {
		return chat.InvalidField("args", "has a value of the wrong type")
	}
	return nil
}

// conversationAnswer is what a browser gets that opens a conversation: all it shows first.
type conversationAnswer struct {
	Conversation any          `json:"conversation"`
	Access       *chat.Access `json:"access"`
	Guest        bool         `json:"guest"`
	Messages     any          `json:"messages"`
	Participants any          `json:"participants"`

	Readers map[chat.UserID]int64 `json:"readers"` // how far each has read, by the seq of a message; none where there are too many
}

// openConversation registers first, then asks for the rights, then reads: what happens meanwhile is held back until the
// answer is out, so nothing is missed, and a right that is lost meanwhile refuses the answer.
func openConversation(c *call) (any, error) {
	id, err := c.conversation()
	if err != nil {
		return nil, err
	}
	actor := c.actor
	if _, err := c.node.Store.User(c.ctx, actor.App, chat.UserID(actor.ID)); err != nil {
		return nil, err
	}
	if err := c.node.begin(c.session, id, actor.AsGuest); err != nil {
		return nil, err
	}
	right, err := c.node.right(c.ctx, actor, id)
	if err != nil {
		return nil, err
	}
	right = c.node.answered(c.session, right)
	answer := conversationAnswer{Guest: right.Guest, Access: access(right)}
	if answer.Readers, err = c.node.Store.Readers(c.ctx, actor, id); err != nil {
		return nil, err
	}
	for command, into := range map[string]*any{"conversation.get": &answer.Conversation, "conversation.messages": &answer.Messages, "conversation.participants": &answer.Participants} {
		if *into, err = c.node.Command(c.ctx, actor, command, c.args); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

func closeConversation(c *call) (any, error) {
	id, err := c.conversation()
	if err != nil {
		return nil, err
	}
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	if o := c.session.open[id]; o != nil {
		c.node.close(o)
	}
	return nil, nil
}

// typing tells the others that the user is writing, as far as they may.
func typing(c *call) (any, error) {
	id, err := c.conversation()
	if err != nil {
		return nil, err
	}
	actor := c.actor
	right, err := c.node.right(c.ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if right.WriteRefusal != nil {
		return nil, right.WriteRefusal
	}
	if right.Guest {
		return nil, nil // others learn of guests by what they say
	}
	data := frame{"type": "typing", "conversation": id, "user": actor.ID, "name": actor.Name}.encode()
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	for o := range c.node.in(actor.App).convs[id] {
		if o.session.user() != chat.UserID(actor.ID) {
			o.send(data)
		}
	}
	return nil, nil
}

func openFeed(c *call) (any, error) {
	actor := c.actor
	if _, err := c.node.Store.User(c.ctx, actor.App, chat.UserID(actor.ID)); err != nil {
		return nil, err
	}
	c.node.mu.Lock()
	if !c.session.gone {
		c.session.feed = true
		set(c.node.room(actor.App).feeds, c.session.user(), c.session)
		c.session.opening = &opened{session: c.session} // news waits for the answer
	}
	c.node.mu.Unlock()
	return c.node.Command(c.ctx, actor, "conversation.list", c.args)
}

func closeFeed(c *call) (any, error) {
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	c.session.feed = false
	unset(c.node.in(c.session.app).feeds, c.session.user(), c.session)
	return nil, nil
}

func watchUser(c *call) (any, error) {
	id, err := c.userArg()
	if err != nil {
		return nil, err
	}
	user, err := c.node.Command(c.ctx, c.actor, "user.get", c.args)
	if err != nil {
		return nil, err
	}
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	s := c.session
	r := c.node.in(s.app)
	if !s.gone && !s.watched[id] {
		if len(s.watched) >= maxWatched {
			return nil, errTooMany("users are watched")
		}
		s.watched[id] = true
		set(r.watchers, id, s)
	}
	return map[string]any{"user": user, "online": len(r.users[id]) > 0}, nil
}

func unwatchUser(c *call) (any, error) {
	id, err := c.userArg()
	if err != nil {
		return nil, err
	}
	c.node.mu.Lock()
	defer c.node.mu.Unlock()
	delete(c.session.watched, id)
	unset(c.node.in(c.session.app).watchers, id, c.session)
	return nil, nil
}

// renewToken puts a newer token in the place of the one, or of the signature, that the session came with.
func renewToken(c *call) (any, error) {
	var a struct {
		Token string `json:"token"`
	}
	if err := c.read(&a); err != nil {
		return nil, err
	}
	if a.Token == "" {
		return nil, chat.InvalidField("token", "must be a token")
	}
	c.node.mu.Lock()
	s := c.session
	next := &session{visit: s.visit, claim: s.claim}
	next.claim.User, next.claim.Token, next.claim.Signature, next.claim.RequestID = string(s.user()), a.Token, "", c.requestID
	revision := c.node.revision
	c.node.mu.Unlock()
	if _, err := c.node.identify(c.ctx, next); err != nil {
		return nil, err
	}
	c.node.mu.Lock()
	s.claim, s.proof = next.claim, next.proof
	stale := revision != c.node.revision
	c.node.mu.Unlock()
	for stale {
		stale = c.node.prove(s)
	}
	return map[string]any{"expiresAt": next.expiresAt()}, nil
}
