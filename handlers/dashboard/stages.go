package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

func stageRef(c echo.Context) (ref chat.StageRef, err error) {
	if ref.App, err = web.AppID(c, "app"); err != nil {
		return ref, err
	}
	ref.Conversation, err = web.ConversationID(c, "conv")
	ref.ID = chat.StageID(c.Param("list"))
	return ref, err
}

func stagePath(ref chat.StageRef) string {
	return paths.Stage(string(ref.App), string(ref.Conversation), string(ref.ID))
}

// showStage handles GET /apps/:app/conversations/:conv/lists/:list.
func (h *Handler) showStage(c echo.Context) error { return h.stagePage(c, http.StatusOK, nil) }

// maxNear is for how many unknown people of a page somebody similar is looked for.
const maxNear = 20

func (h *Handler) stagePage(c echo.Context, status int, problem error) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	v := pages.StageView{Show: c.QueryParam("show"), Errors: fieldErrors(problem)}
	if e := chat.AsError(problem); e != nil {
		v.Error = e.Error()
	}
	if v.ConversationHead, err = h.conversationHead(c, "participants", "Check the list"); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if v.Stage, err = h.Store.Stage(ctx, ref); err != nil {
		return err
	}
	query := db.StagedQuery{Stage: v.Stage.N, App: ref.App, Window: window(c)}
	if query.Told = v.Show == pages.ShowTold; !query.Told && slices.Contains(chat.Verdicts, chat.Verdict(v.Show)) {
		query.Verdict = chat.Verdict(v.Show)
	}
	list, err := h.Store.StagedLines(ctx, query)
	if err != nil {
		return err
	}
	settings, err := h.Store.Settings(ctx, ref.App)
	if err != nil {
		return err
	}
	v.Limit = settings.ParticipantLimit()
	v.CanCreate = chat.Allow(actor(c), chat.OpUserCreate, chat.Facts{App: ref.App, Now: h.Store.Now()}) == nil
	v.Rows, v.Address = list.Items, c.Request().URL.RequestURI()
	v.Newer, v.Older = pageLinks(stagePath(ref), v.Query(), list.Prev, list.Next)
	if err := h.similar(c, ref.App, v.Rows); err != nil {
		return err
	}
	return h.render(c, status, pages.StagePage(v))
}

// similar names people who may be meant by lines that name nobody.
func (h *Handler) similar(c echo.Context, app chat.AppID, rows []chat.StagedLine) error {
	looked := 0
	for i := range rows {
		l := &rows[i]
		if l.Verdict != chat.IsUnknown && l.Verdict != chat.BadLine || l.Typed == "" || looked == maxNear {
			continue
		}
		looked++
		found, err := h.Store.Users(c.Request().Context(), db.UserQuery{App: app, Search: l.Typed, Window: db.Window{Limit: 3}})
		if err != nil {
			return err
		}
		for _, u := range found.Items {
			l.Near = append(l.Near, u.ID)
		}
	}
	return nil
}

// fixStaged handles POST /apps/:app/conversations/:conv/lists/:list/lines/:line.
func (h *Handler) fixStaged(c echo.Context) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	line, err := strconv.Atoi(c.Param("line"))
	if err != nil {
		return web.FromEcho(echo.ErrNotFound)
	}
	var fix chat.StageFix
	switch f.text("do") {
	case "text":
		if fix.Text = strings.TrimSpace(f.text("text")); fix.Text == "" {
			err = chat.InvalidField("text", "is empty. Skip the line instead")
		}
	case "use":
		fix.User, err = chat.ParseUserID(f.text("user"))
	case "create":
		fix.Choice, fix.Name = chat.ChoiceCreate, f.text("name")
	case "skip":
		fix.Choice = chat.ChoiceSkip
	case "again":
		fix.Again = true
	default:
		err = chat.InvalidField("do", "is nothing that can be done with a line")
	}
	if err == nil {
		err = h.Store.FixStaged(c.Request().Context(), actor(c), ref, line, fix)
	}
	return h.backToStage(c, ref, f, err)
}

// backToStage goes back to the place in the list, and says why something was not done.
func (h *Handler) backToStage(c echo.Context, ref chat.StageRef, f form, err error) error {
	if e := chat.AsError(err); e != nil && (refused(err) || e.Reason == chat.RoleTooLow) {
		err = h.flash(c, e.Error(), layouts.Flash{})
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, localPath(f.text("back"), stagePath(ref)))
}

// chooseStaged handles POST /apps/:app/conversations/:conv/lists/:list/all: one decision for all lines of a kind.
func (h *Handler) chooseStaged(c echo.Context) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	err = h.Store.ChooseStaged(c.Request().Context(), actor(c), ref, chat.Verdict(f.text("verdict")), chat.StageChoice(f.text("do")))
	return h.backToStage(c, ref, f, err)
}

// applyStage handles POST /apps/:app/conversations/:conv/lists/:list/apply.
func (h *Handler) applyStage(c echo.Context) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	r, err := h.Store.ApplyStage(c.Request().Context(), actor(c), ref, chat.StageApply{Remove: f.on("remove"), Empty: f.on("empty")})
	if e := chat.AsError(err); e != nil && (refused(err) || e.Reason == chat.RoleTooLow) {
		return h.stagePage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if r.Job.ID != "" {
		return h.seeOther(c, paths.Job(string(ref.App), string(r.Job.ID)))
	}
	back := paths.Participants(string(ref.App), string(ref.Conversation))
	if r.Told > 0 {
		back = stagePath(ref)
	}
	batch := r.Batch
	if r.Done() == 0 {
		batch = ""
	}
	if err := h.flashBatch(c, r.Text(), ref.App, batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// discardStage handles POST /apps/:app/conversations/:conv/lists/:list/discard.
func (h *Handler) discardStage(c echo.Context) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	if err := h.Store.DiscardStage(c.Request().Context(), actor(c), ref); err != nil {
		return err
	}
	if err := h.flash(c, "The list was thrown away. Nothing was changed.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.ManyParticipants(string(ref.App), string(ref.Conversation), ""))
}

// stageRejects handles GET /apps/:app/conversations/:conv/lists/:list/rejects.csv: the lines that nothing is done for and
// that ask for something, as a table that can be pasted again.
func (h *Handler) stageRejects(c echo.Context) error {
	ref, err := stageRef(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	st, err := h.Store.Stage(ctx, ref)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="rejects.csv"`)
	w := web.NewTableWriter(c.Response())
	if err := w.Row("person", "name", "access", "notify", "problem", "line"); err != nil {
		return err
	}
	queries := []db.StagedQuery{{Told: true}}
	for _, v := range chat.Verdicts {
		if v.Problem() {
			queries = append(queries, db.StagedQuery{Verdict: v})
		}
	}
	for _, q := range queries {
		q.Stage, q.App, q.Window = st.N, ref.App, db.Window{Limit: 1000}
		for more := true; more; more = q.After != "" {
			list, err := h.Store.StagedLines(ctx, q)
			if err != nil {
				return err
			}
			for _, l := range list.Items {
				if err := w.Row(pages.Rejected(ctx, l)...); err != nil {
					return err
				}
			}
			q.After = list.Next
		}
	}
	return w.Flush()
}
