package dashboard

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// Many people at once: a list is put together here, and looked at and applied in stages.go.

// TakesList tells the forms that may send more than others: a list of people, pasted or as a file.
func TakesList(path string) bool {
	return strings.HasPrefix(path, "/apps/") && strings.HasSuffix(path, "/participants/many")
}

// showMany handles GET /apps/:app/conversations/:conv/participants/many.
func (h *Handler) showMany(c echo.Context) error {
	return h.manyPage(c, http.StatusOK, pages.ManyView{From: c.QueryParam("from"), Mode: chat.StageAdd, Access: chat.ReadWrite, Notify: chat.NotifyAll, Days: "90"})
}

func (h *Handler) manyPage(c echo.Context, status int, v pages.ManyView) (err error) {
	if v.ConversationHead, err = h.conversationHead(c, "participants", "Many people at once"); err != nil {
		return err
	}
	return h.render(c, status, pages.Many(v))
}

// makeStage handles POST /apps/:app/conversations/:conv/participants/many.
func (h *Handler) makeStage(c echo.Context) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	f, file, err := readList(c)
	if err != nil {
		return err
	}
	v := pages.ManyView{From: f.text("from"), Mode: chat.StageMode(f.text("mode")), List: f.text("list"), Other: f.text("other"), Rule: f.text("rule"), Days: f.text("days"), Key: f.text("key"), Value: f.text("value"),
		Access: chat.ReadWrite, Notify: chat.NotifyAll, Create: f.on("create")}
	n, lines, err := h.newStage(c, ref, f, file)
	if err == nil {
		v.Access, v.Notify = n.Access, n.Notify
		ref, err = h.Store.MakeStage(c.Request().Context(), actor(c), n, lines)
	}
	if refused(err) || chat.ReasonOf(err) == chat.ConversationMissing && v.From == "conversation" {
		v.Error, v.Errors = err.Error(), fieldErrors(err)
		if v.Mode == "" {
			v.Mode = chat.StageAdd
		}
		return h.manyPage(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, paths.Stage(string(ref.App), string(ref.Conversation), string(ref.ID)))
}

// newStage is what a form asks for, with its people.
func (h *Handler) newStage(c echo.Context, ref chat.StageRef, f form, file []byte) (n chat.NewStage, lines []chat.StagedLine, err error) {
	n = chat.NewStage{App: ref.App, Conversation: ref.Conversation, Access: chat.ReadWrite, Notify: chat.NotifyAll, Create: f.on("create")}
	change, err := participantChange(f, "")
	if err != nil {
		return n, nil, err
	}
	if n.Access, n.Notify = change.Access.Or(n.Access, n.Access), change.Notify.Or(n.Notify, n.Notify); n.Access == chat.AccessNone {
		return n, nil, chat.InvalidField("access", "must be ReadWrite or Read: who is to be kept out is not added")
	}
	if f.text("from") == "rule" {
		return h.byRule(c, n, f)
	}
	if n.Mode, err = chat.ParseStageMode(f.text("mode")); err != nil {
		return n, nil, err
	}
	if f.text("from") == "conversation" {
		return h.fromConversation(c, n, f)
	}
	if len(file) == 0 {
		file = []byte(f.text("list"))
	}
	rows, err := web.ReadTable(file)
	if err != nil {
		return n, nil, err
	}
	roster := make([]chat.RosterRow, len(rows))
	for i, r := range rows {
		roster[i] = chat.RosterRow{Line: r.Line, Cells: r.Cells}
	}
	lines, n.ReadAs = chat.ParseRoster(roster)
	n.Title = "Add a pasted list"
	switch n.Mode {
	case chat.StageRemove:
		n.Title = "Remove a pasted list"
	case chat.StageExact:
		n.Title = "Make the list exactly the pasted one"
	case chat.StageKeep:
		n.Title = "Remove everyone who is not on the pasted list"
	}
	return n, lines, nil
}

// fromConversation makes a stage of the list of another conversation.
func (h *Handler) fromConversation(c echo.Context, n chat.NewStage, f form) (chat.NewStage, []chat.StagedLine, error) {
	id, err := chat.ParseConversationID(strings.TrimSpace(f.text("other")))
	if err != nil {
		return n, nil, asField(err, "other")
	}
	if id == n.Conversation {
		return n, nil, chat.InvalidField("other", "is this conversation itself")
	}
	lines, other, err := h.Store.RosterOf(c.Request().Context(), n.App, id)
	if chat.ReasonOf(err) == chat.ConversationMissing {
		return n, nil, chat.InvalidField("other", "names no conversation of this app")
	}
	if err == nil && len(lines) == 0 {
		err = chat.InvalidField("other", "has nobody on its list")
	}
	name := other.Subject
	if name == "" {
		name = string(id)
	}
	n.Title = map[chat.StageMode]string{chat.StageAdd: "Add everybody from “" + name + "”", chat.StageExact: "Make the list that of “" + name + "”",
		chat.StageRemove: "Remove everybody who is in “" + name + "”", chat.StageKeep: "Keep only those who are in “" + name + "”"}[n.Mode]
	if n.Mode == chat.StageAdd { // who is in already keeps what they have
		for i := range lines {
			lines[i].Access = ""
		}
	}
	return n, lines, err
}

// byRule makes a stage of the people that a rule finds.
func (h *Handler) byRule(c echo.Context, n chat.NewStage, f form) (_ chat.NewStage, lines []chat.StagedLine, err error) {
	n.Mode = chat.StageRemove
	ctx := c.Request().Context()
	switch f.text("rule") {
	case "silent":
		days, err := strconv.Atoi(strings.TrimSpace(f.text("days")))
		if err != nil || days < 1 || days > 36_500 {
			return n, nil, chat.InvalidField("days", "must be a number of days, 1 or more")
		}
		n.Title = fmt.Sprintf("Remove who wrote nothing for %d days", days)
		if lines, err = h.Store.SilentIn(ctx, n.App, n.Conversation, h.Store.Now().Add(-time.Duration(days)*24*time.Hour)); err != nil {
			return n, nil, err
		}
		if len(lines) == 0 {
			return n, nil, chat.InvalidField("days", "fits nobody: everyone wrote since, or joined since")
		}
	case "custom":
		key, value := strings.TrimSpace(f.text("key")), f.text("value")
		if key == "" {
			return n, nil, chat.InvalidField("key", "is required")
		}
		n.Title = "Remove whose custom field “" + key + "” is “" + value + "”"
		if lines, err = h.Store.CustomIn(ctx, n.App, n.Conversation, key, value); err != nil {
			return n, nil, err
		}
		if len(lines) == 0 {
			return n, nil, chat.InvalidField("value", "fits nobody on the list")
		}
	default:
		return n, nil, chat.InvalidField("rule", "must be chosen")
	}
	return n, lines, nil
}

// readList reads a form that may hold a file.
func readList(c echo.Context) (f form, file []byte, err error) {
	r := c.Request()
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if e := chat.AsError(err); e != nil {
			return f, nil, e
		}
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return f, nil, web.BodyTooLarge(large.Limit)
		}
		return f, nil, chat.InvalidField("form", "can't be read")
	}
	if r.MultipartForm != nil {
		defer func() { err = errors.Join(err, r.MultipartForm.RemoveAll()) }()
		for _, header := range r.MultipartForm.File["file"] {
			if file, err = readUpload(header); err != nil {
				return f, nil, err
			}
		}
	}
	f, err = readForm(c)
	return f, file, err
}

func readUpload(header *multipart.FileHeader) (b []byte, err error) {
	upload, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, upload.Close()) }()
	return io.ReadAll(upload)
}
