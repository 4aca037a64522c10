package dashboard

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/export"
	"guestlist/handlers/web"
	"guestlist/views/paths"
)

// A list is exported page by page, each read by itself: no reader is held while a browser takes its time, and memory holds
// one page whatever the list's length.

// exportPage is how many rows are read at once; exportTime how long a browser may take to collect them.
const (
	exportPage = 500
	exportTime = time.Minute
)

// exported is a list on its way to a file.
type exported struct {
	db.Export
	c    echo.Context
	h    *Handler
	file io.Writer
}

// exportList handles GET /apps/:app/export/:list.
func (h *Handler) exportList(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	return h.export(c, db.Export{App: app, List: c.Param("list"), As: c.QueryParam("as")})
}

// exportConversationList handles GET /apps/:app/conversations/:conv/export/:list.
func (h *Handler) exportConversationList(c echo.Context) error {
	app, conv, err := inConversation(c)
	if err != nil {
		return err
	}
	return h.export(c, db.Export{App: app, Conversation: conv, List: c.Param("list"), As: c.QueryParam("as")})
}

// exportConversation handles GET /apps/:app/conversations/:conv/export: what was said, for people or programs.
func (h *Handler) exportConversation(c echo.Context) error {
	app, conv, err := inConversation(c)
	if err != nil {
		return err
	}
	list := map[string]string{"txt": "talk", "json": "conversation"}[c.QueryParam("as")]
	if list == "" {
		list = "messages"
	}
	return h.export(c, db.Export{App: app, Conversation: conv, List: list, As: c.QueryParam("as")})
}

// export answers with the file. What fails after its first row cuts the connection, so that nobody takes a part for all.
func (h *Handler) export(c echo.Context, x db.Export) error {
	write, known := exports[exportKey{x.List, x.Conversation != ""}]
	if !known {
		return web.FromEcho(echo.ErrNotFound)
	}
	as := export.Format(x.As)
	if special := map[string]export.Format{"talk": export.Text, "conversation": export.JSON}[x.List]; special != "" && as != special || special == "" && as != export.CSV && as != export.JSON {
		return chat.InvalidField("as", "must be csv or json")
	}
	query := c.QueryParams()
	query.Del("as")
	x.Filter = query.Encode()
	ctx := c.Request().Context()
	if x.List == "messages" || x.List == "talk" || x.List == "conversation" {
		if _, err := h.Store.OpenMessages(ctx, actor(c), x.App, x.Conversation, ""); err != nil {
			return err
		}
	}
	if _, err := h.Store.RecordExport(ctx, actor(c), x); err != nil {
		return err
	}
	name := string(x.App)
	if x.Conversation != "" {
		name += "-" + string(x.Conversation)
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, as.ContentType())
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%s-%s-%s.%s", name, x.List, h.Store.Now().UTC().Format("20060102-150405"), as)}))
	header.Set(echo.HeaderCacheControl, "no-store")
	out := &exported{Export: x, c: c, h: h, file: c.Response()}
	if err := out.goOn(); err != nil {
		return err
	}
	err := write(out)
	if err != nil && c.Response().Committed {
		if !errors.Is(err, ctx.Err()) {
			c.Logger().Error(err)
		}
		panic(http.ErrAbortHandler)
	}
	return err
}

// goOn gives the browser time for the next page.
func (x *exported) goOn() error {
	if err := x.c.Request().Context().Err(); err != nil {
		return err
	}
	err := http.NewResponseController(x.c.Response()).SetWriteDeadline(time.Now().Add(exportTime))
	if errors.Is(err, http.ErrNotSupported) { // a test without a network
		return nil
	}
	return err
}

// exportKey names an export: a list of an app, or of a conversation.
type exportKey struct {
	list           string
	inConversation bool
}

// exports are all lists that can be taken along.
var exports = map[exportKey]func(*exported) error{
	{"users", false}: func(x *exported) error {
		return pagesOf(x, export.Users, func(w db.Window) (db.Page[chat.User], error) {
			return x.h.Store.Users(x.c.Request().Context(), db.UserQuery{App: x.App, Search: x.get("q"), Window: w})
		})
	},
	{"conversations", false}: func(x *exported) error {
		return pagesOf(x, export.Conversations, func(w db.Window) (db.Page[chat.Conversation], error) { // by age: activity moves them while they are read
			return x.h.Store.Conversations(x.c.Request().Context(), db.ConversationQuery{App: x.App, Search: x.get("q"), Order: db.ByAge, Window: w})
		})
	},
	{"audit", false}: func(x *exported) error {
		return pagesOf(x, export.Events, func(w db.Window) (db.Page[chat.Event], error) {
			q := auditQuery(x.App, auditFilter(x.c), zone(x.c))
			q.Window = w
			return x.h.Store.Events(x.c.Request().Context(), q)
		})
	},
	{"refusals", false}: func(x *exported) error {
		return pagesOf(x, export.Refusals, func(w db.Window) (db.Page[chat.Call], error) {
			return x.h.Store.Refusals(x.c.Request().Context(), x.App, db.RefusalQuery{Reason: chat.Reason(x.get("reason")), Outcome: chat.Outcome(x.get("outcome")), Window: w})
		})
	},
	{"participants", true}: func(x *exported) error { return pagesOf(x, export.Participants, x.participants) },
	{"history", true}: func(x *exported) error {
		return pagesOf(x, export.Events, func(w db.Window) (db.Page[chat.Event], error) {
			return x.h.Store.Events(x.c.Request().Context(), db.EventQuery{App: x.App, Conversation: x.Conversation, Window: w})
		})
	},
	{"guests", true}: func(x *exported) error {
		return pagesOf(x, export.Guests, func(db.Window) (db.Page[chat.Guest], error) {
			return db.Page[chat.Guest]{Items: x.h.Live.Guests(x.App, x.Conversation)}, nil
		})
	},
	{"blocks", true}: func(x *exported) error {
		return pagesOf(x, export.Blocks, func(w db.Window) (db.Page[chat.GuestBlock], error) {
			return x.h.Store.GuestBlocks(x.c.Request().Context(), x.App, x.Conversation, w)
		})
	},
	{"messages", true}:     func(x *exported) error { return pagesOf(x, export.Messages, x.messages) },
	{"talk", true}:         (*exported).talk,
	{"conversation", true}: (*exported).conversation,
}

func (x *exported) get(name string) string { return x.c.QueryParam(name) }

func (x *exported) participants(w db.Window) (db.Page[chat.Participant], error) {
	q := participantQuery(x.c, x.App, x.Conversation)
	q.Window = w
	return x.h.Store.Participants(x.c.Request().Context(), q)
}

// messages are the finds of a search, newest first, or all, oldest first.
func (x *exported) messages(w db.Window) (db.Page[chat.Message], error) {
	ctx := x.c.Request().Context()
	if x.get("q") != "" || x.get("from") != "" || x.get("kind") != "" {
		found, err := x.h.Store.SearchMessages(ctx, actor(x.c), db.MessageSearch{App: x.App, Conversation: x.Conversation, Text: x.get("q"), From: chat.UserID(x.get("from")),
			Guests: x.get("kind") == "guests", System: x.get("kind") == "system", Window: w})
		return db.Page[chat.Message]{Items: found.Items, Next: found.Next}, err
	}
	return x.h.Store.MessagesInOrder(ctx, actor(x.c), x.App, x.Conversation, w)
}

// pagesOf writes a list in the format that was asked for.
func pagesOf[T any](x *exported, noun export.Noun[T], read func(db.Window) (db.Page[T], error)) error {
	out, err := export.New(x.file, export.Format(x.As), noun.Columns)
	if err != nil {
		return err
	}
	if err := each(x, read, func(v T) error { return out.Row(noun.Row(v)) }); err != nil {
		return err
	}
	return out.Close()
}

// each walks through a list.
func each[T any](x *exported, read func(db.Window) (db.Page[T], error), do func(T) error) error {
	for w := (db.Window{Limit: exportPage}); ; {
		p, err := read(w)
		if err != nil {
			return err
		}
		for _, v := range p.Items {
			if err := do(v); err != nil {
				return err
			}
		}
		if w.After = p.Next; w.After == "" {
			return nil
		}
		if err := x.goOn(); err != nil {
			return err
		}
	}
}

// talk is a conversation as text to read: what it is called, who takes part, what was said.
func (x *exported) talk() error {
	c, err := x.h.Store.Conversation(x.c.Request().Context(), x.App, x.Conversation)
	if err != nil {
		return err
	}
	now := x.h.Store.Now()
	fmt.Fprintf(x.file, "%s\n%s, exported %s. Times are in UTC.\n\nParticipants\n", or(c.Subject, string(c.ID)), c.ID, now.UTC().Format("2006-01-02 15:04:05"))
	if err := each(x, x.participants, func(p chat.Participant) error {
		_, err := fmt.Fprintf(x.file, "  %s (%s), %s\n", or(p.UserName, string(p.User)), p.User, p.Access)
		return err
	}); err != nil {
		return err
	}
	io.WriteString(x.file, "\nMessages\n")
	return each(x, x.messages, func(m chat.Message) error {
		_, err := io.WriteString(x.file, export.Line(m, time.UTC))
		return err
	})
}

// conversation is all of a conversation as one JSON object.
func (x *exported) conversation() error {
	c, err := x.h.Store.Conversation(x.c.Request().Context(), x.App, x.Conversation)
	if err != nil {
		return err
	}
	part := func(name string, write func() error) func() error {
		return func() error {
			if _, err := io.WriteString(x.file, name); err != nil {
				return err
			}
			return write()
		}
	}
	for _, write := range []func() error{
		part(`{"conversation":`, func() error {
			return pagesOf(x, export.Conversations, func(db.Window) (db.Page[chat.Conversation], error) {
				return db.Page[chat.Conversation]{Items: []chat.Conversation{c}}, nil
			})
		}),
		part(`,"participants":`, func() error { return pagesOf(x, export.Participants, x.participants) }),
		part(`,"messages":`, func() error { return pagesOf(x, export.Messages, x.messages) }),
		part("}\n", func() error { return nil }),
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// exportApp handles POST /apps/:app/settings/export: it starts the job that writes everything into one file.
func (h *Handler) exportApp(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	me, err := h.confirmed(c, f)
	var job chat.Job
	if err == nil {
		job, err = h.Store.StartExport(c.Request().Context(), me, app)
	}
	if errors := passwordErrors(err); errors["password"] != "" {
		return h.dangerPage(c, http.StatusUnprocessableEntity, "", map[string]string{"export": errors["password"]})
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, paths.Job(string(app), string(job.ID)))
}
