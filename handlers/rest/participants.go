package rest

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// participantJSON is a participant in a list, or alone.
type participantJSON struct {
	UserID   chat.UserID `json:"userId"`
	Access   chat.Access `json:"access"`
	Notify   chat.Notify `json:"notify"`
	JoinedAt int64       `json:"joinedAt"` // milliseconds
	termsJSON
}

// termsJSON is the end and the cut of a participant, as far as they have any.
type termsJSON struct {
	AccessUntil chat.Moment `json:"accessUntil,omitempty"` // milliseconds
	HistoryFrom chat.Moment `json:"historyFrom,omitempty"` // milliseconds
}

func termsShape(p chat.Participant) termsJSON {
	return termsJSON{chat.MomentOf(p.Until), chat.MomentOf(p.HistoryFrom)}
}

func participantShape(p chat.Participant) participantJSON {
	return participantJSON{p.User, p.Access, p.Notify, p.JoinedAt.UnixMilli(), termsShape(p)}
}

func participantRef(c echo.Context) (ref chat.ParticipantRef, err error) {
	ref.App = actor(c).App
	if ref.Conversation, err = web.ConversationID(c, "conv"); err != nil {
		return ref, err
	}
	ref.User, err = web.UserID(c, "user")
	return ref, err
}

// participantBody is the documented body of PUT and PATCH participants. A list of one object stands for the object.
type participantBody struct{ change chat.ParticipantChange }

func (b *participantBody) UnmarshalJSON(text []byte) error {
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			return err
		}
		switch len(list) {
		case 0:
			return nil
		case 1:
			text = list[0]
		default:
			return chat.InvalidField("body", "must be one object")
		}
	}
	return json.Unmarshal(text, &b.change)
}

// listParticipants handles GET /v1/:app/conversations/:conv/participants, bans included, in the order they joined.
func (h *Handler) listParticipants(c echo.Context) error {
	conv, err := web.ConversationID(c, "conv")
	if err != nil {
		return err
	}
	ctx, app := c.Request().Context(), actor(c).App
	w, err := window(c, func(id string) (string, error) {
		return h.store.ParticipantCursor(ctx, chat.ParticipantRef{App: app, Conversation: conv, User: chat.UserID(id)})
	})
	if err != nil {
		return err
	}
	list, err := h.store.Participants(ctx, db.ParticipantQuery{App: app, Conversation: conv, Window: w})
	if err != nil {
		return err
	}
	return data(c, list.Items, participantShape)
}

// showParticipant handles GET /v1/:app/conversations/:conv/participants/:user.
func (h *Handler) showParticipant(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	p, err := h.store.Participant(c.Request().Context(), ref)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, participantShape(p))
}

// join handles PUT /v1/:app/conversations/:conv/participants/:user. It overwrites: what the body doesn't name falls
// back to ReadWrite and true.
func (h *Handler) join(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	var body participantBody
	if err := web.ReadJSON(c, &body); err != nil {
		return err
	}
	if body.change.Access.Value == chat.AccessNone {
		return chat.InvalidField("access", `must be "ReadWrite" or "Read"; "None" is for PATCH`)
	}
	if _, err := h.store.PutParticipant(c.Request().Context(), actor(c), ref, body.change); err != nil {
		return err
	}
	return done(c)
}

// changeParticipant handles PATCH /v1/:app/conversations/:conv/participants/:user: only what the body names changes.
func (h *Handler) changeParticipant(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	var body participantBody
	if err := web.ReadJSON(c, &body); err != nil {
		return err
	}
	if _, err := h.store.ChangeParticipant(c.Request().Context(), actor(c), ref, body.change, chat.ParticipantChange{}); err != nil {
		return err
	}
	return done(c)
}

// leave handles DELETE /v1/:app/conversations/:conv/participants/:user. Who is no participant already has left.
func (h *Handler) leave(c echo.Context) error {
	ref, err := participantRef(c)
	if err != nil {
		return err
	}
	if err := web.IgnoreJSON(c); err != nil {
		return err
	}
	if _, err := h.store.RemoveParticipant(c.Request().Context(), actor(c), ref); err != nil {
		return err
	}
	return done(c)
}
