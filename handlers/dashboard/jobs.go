package dashboard

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// jobRefresh is after how many seconds a page with a job that runs is loaded again where there is no script.
const jobRefresh = 3

// showJobs handles GET /apps/:app/jobs.
func (h *Handler) showJobs(c echo.Context) error {
	frame, err := h.page(c, "Jobs", layouts.NavJobs)
	if err != nil {
		return err
	}
	app := chat.AppID(frame.App.ID)
	live, err := h.liveStatus(c, app, "")
	if err != nil {
		return err
	}
	list, err := h.Store.Jobs(c.Request().Context(), db.JobQuery{App: app, Window: window(c)})
	if err != nil {
		return err
	}
	v := pages.JobsView{Frame: frame, Live: live}
	for _, j := range list.Items {
		v.Rows = append(v.Rows, pages.JobRow{Job: j, Now: frame.Now})
		if !j.State.Ended() {
			v.Frame.Refresh = jobRefresh
		}
	}
	v.Newer, v.Older = pageLinks(paths.Jobs(frame.App.ID), nil, list.Prev, list.Next)
	return h.render(c, http.StatusOK, pages.Jobs(v))
}

func jobRef(c echo.Context) (ref chat.JobRef, err error) {
	ref.App, err = web.AppID(c, "app")
	ref.ID = chat.JobID(c.Param("job"))
	return ref, err
}

// showJob handles GET /apps/:app/jobs/:job.
func (h *Handler) showJob(c echo.Context) error {
	ref, err := jobRef(c)
	if err != nil {
		return err
	}
	live, err := h.liveStatus(c, ref.App, "")
	if err != nil {
		return err
	}
	j, err := h.Store.Job(c.Request().Context(), ref)
	if err != nil {
		return err
	}
	v := pages.JobView{JobRow: pages.JobRow{Job: j}, Live: live}
	if v.Frame, err = h.page(c, j.Title, layouts.NavJobs); err != nil {
		return err
	}
	if v.Now = v.Frame.Now; !j.State.Ended() {
		v.Frame.Refresh = jobRefresh
	}
	v.CanManage = chat.Allow(actor(c), j.Kind.Operation(), chat.Facts{App: j.App, Now: v.Now}) == nil
	if j.State.Ended() && j.Done > 0 && j.Kind.Undoable() && v.CanManage {
		undone, err := h.Store.JobUndone(c.Request().Context(), j)
		if err != nil {
			return err
		}
		v.CanUndo, v.Undone = !undone, undone
	}
	if v.List, err = h.stageOf(c, j); err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.JobPage(v))
}

// cancelJob handles POST /apps/:app/jobs/:job/cancel.
func (h *Handler) cancelJob(c echo.Context) error {
	ref, err := jobRef(c)
	if err != nil {
		return err
	}
	if _, err := h.Store.CancelJob(c.Request().Context(), actor(c), ref); err != nil {
		return err
	}
	return h.seeOther(c, paths.Job(string(ref.App), string(ref.ID)))
}

// restartJob handles POST /apps/:app/jobs/:job/restart.
func (h *Handler) restartJob(c echo.Context) error {
	ref, err := jobRef(c)
	if err != nil {
		return err
	}
	_, err = h.Store.RestartJob(c.Request().Context(), actor(c), ref)
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		err = h.flash(c, e.Error(), layouts.Flash{})
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, paths.Job(string(ref.App), string(ref.ID)))
}

// fileTime is how long a browser may take to collect a file.
const fileTime = 30 * time.Minute

// jobFile handles GET /apps/:app/jobs/:job/file: what a job made, to be kept, never to be shown.
func (h *Handler) jobFile(c echo.Context) error {
	ref, err := jobRef(c)
	if err != nil {
		return err
	}
	j, err := h.Store.JobResult(c.Request().Context(), actor(c), ref)
	if err != nil {
		return err
	}
	file, err := os.Open(h.Store.JobFile(j.ID))
	if err != nil {
		return fmt.Errorf("the file of a job: %w", err)
	}
	defer file.Close()
	if err := http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(fileTime)); err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "application/octet-stream")
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": j.FileName}))
	header.Set(echo.HeaderCacheControl, "no-store")
	http.ServeContent(c.Response(), c.Request(), "", j.FinishedAt, file)
	return nil
}

// stageOf is the page of the list that a job applies, while the list is kept; "" for other jobs.
func (h *Handler) stageOf(c echo.Context, j chat.Job) (string, error) {
	var params struct{ Stage chat.StageID }
	if j.Kind != chat.JobPeople || json.Unmarshal(j.Params, &params) != nil {
		return "", nil
	}
	ref := chat.StageRef{App: j.App, Conversation: j.Conversation, ID: params.Stage}
	_, err := h.Store.Stage(c.Request().Context(), ref)
	if chat.ReasonOf(err) == chat.StageNotFound {
		return "", nil
	}
	return stagePath(ref), err
}
