package dashboard

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// mostMoves is how many moves the comparison with a backup names.
const mostMoves = 200

// showBackupList handles GET /backups/:backup/participants: the list of a conversation then and now.
func (h *Handler) showBackupList(c echo.Context) error {
	return h.backupListPage(c, chat.AppID(c.QueryParam("app")), chat.ConversationID(c.QueryParam("conversation")), "")
}

func (h *Handler) backupListPage(c echo.Context, app chat.AppID, conv chat.ConversationID, refusal string) error {
	name, err := web.Text(c, "backup")
	if err != nil {
		return err
	}
	takeTime(c)
	ctx := c.Request().Context()
	moves, counts, err := h.Store.BackupDifference(ctx, actor(c), name, app, conv)
	if e := chat.AsError(err); e != nil && e.Reason == chat.ConversationMissing {
		return h.backupPage(c, http.StatusNotFound, pages.BackupView{Error: e.Error()})
	}
	if err != nil {
		return err
	}
	v := pages.BackupListView{Backup: name}
	if v.Frame, err = h.page(c, "Compare lists", layouts.NavBackups); err != nil {
		return err
	}
	if v.Conversation, err = h.Store.Conversation(ctx, app, conv); err != nil {
		return err
	}
	v.Counts, v.Moves, v.RestoreError = counts, moves[:min(mostMoves, len(moves))], refusal
	status := http.StatusOK
	if refusal != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.render(c, status, pages.BackupList(v))
}

// restoreBackupList handles POST /backups/:backup/participants.
func (h *Handler) restoreBackupList(c echo.Context) error {
	name, err := web.Text(c, "backup")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	takeTime(c)
	app, conv := chat.AppID(f.text("app")), chat.ConversationID(f.text("conversation"))
	r := db.Restoration{Parts: map[chat.MoveKind]bool{}, Seen: map[chat.MoveKind]int{}}
	for _, kind := range chat.MoveKinds {
		r.Parts[kind] = f.on("part." + string(kind))
		if n, err := strconv.Atoi(f.text("seen." + string(kind))); err == nil && n > 0 {
			r.Seen[kind] = n
		}
	}
	result, err := h.Store.RestoreBackupList(c.Request().Context(), actor(c), name, app, conv, r)
	if refused(err) {
		return h.backupListPage(c, app, conv, err.Error())
	}
	if err != nil {
		return err
	}
	if result.Job.ID != "" {
		return h.seeOther(c, paths.Job(string(app), string(result.Job.ID)))
	}
	back := paths.Participants(string(app), string(conv))
	if err := h.flashBatch(c, restoredText(result), app, result.Batch, back); err != nil {
		return err
	}
	return h.seeOther(c, back)
}
