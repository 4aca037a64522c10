package dashboard

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// backupTime is how long making, reading, restoring or carrying a backup may take.
const backupTime = time.Hour

// takeTime lets a request go on for long.
func takeTime(c echo.Context) {
	control := http.NewResponseController(c.Response())
	_ = control.SetReadDeadline(time.Now().Add(backupTime)) // where there is no network there is no deadline
	_ = control.SetWriteDeadline(time.Now().Add(backupTime))
}

// showBackups handles GET /backups.
func (h *Handler) showBackups(c echo.Context) error {
	return h.backupsPage(c, http.StatusOK, pages.BackupsView{})
}

func (h *Handler) backupsPage(c echo.Context, status int, v pages.BackupsView) (err error) {
	if v.Frame, err = h.page(c, "Backups", layouts.NavBackups); err != nil {
		return err
	}
	if v.Backups, err = h.Store.Backups(); err != nil {
		return err
	}
	if v.Plan, err = h.Store.BackupPlan(c.Request().Context()); err != nil {
		return err
	}
	v.Password = h.asksPassword(c)
	return h.render(c, status, pages.Backups(v))
}

// backupsRefused shows the list again with what was wrong.
func (h *Handler) backupsRefused(c echo.Context, err error) error {
	e := chat.AsError(err)
	if e == nil {
		return err
	}
	v := pages.BackupsView{Errors: fieldErrors(err)}
	if password := passwordErrors(err); password["password"] != "" {
		v.Errors = password
	} else if len(e.Fields) == 0 {
		v.Error = e.Error()
	}
	return h.backupsPage(c, web.Status(err), v)
}

// makeBackup handles POST /backups.
func (h *Handler) makeBackup(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	takeTime(c)
	me, err := h.confirmed(c, f)
	if err != nil {
		return h.backupsRefused(c, err)
	}
	b, err := h.Store.MakeBackup(c.Request().Context(), me, chat.BackupAsked)
	if err != nil {
		return h.backupsRefused(c, err)
	}
	if err := h.flash(c, "Backed up, and read whole: it is sound.", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Backup(b.Name))
}

// planBackups handles POST /backups/plan.
func (h *Handler) planBackups(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	me, err := h.confirmed(c, f)
	if err != nil {
		return h.backupsRefused(c, err)
	}
	hour, bad := strconv.Atoi(f.text("hour"))
	keep, badToo := strconv.Atoi(strings.TrimSpace(f.text("keep")))
	if bad != nil || badToo != nil {
		return h.backupsRefused(c, chat.InvalidField("keep", "must be a number of days"))
	}
	event, err := h.Store.PlanBackups(c.Request().Context(), me, chat.BackupPlan{Hour: hour, KeepDays: keep}, seenPlan(f)...)
	if err != nil {
		return h.backupsRefused(c, err)
	}
	text := "Saved."
	if event.Seq == 0 {
		text = "Nothing to change: that is the schedule."
	}
	if err := h.flash(c, text, layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Backups())
}

// uploadBackup handles POST /backups/upload: the password, where it is asked for, comes before the file.
func (h *Handler) uploadBackup(c echo.Context) error {
	takeTime(c)
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return h.backupsRefused(c, chat.InvalidField("file", "is missing"))
	}
	me := actor(c)
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return h.backupsRefused(c, chat.InvalidField("file", "is missing"))
		}
		if err != nil {
			return h.backupsRefused(c, chat.InvalidField("file", "did not arrive whole"))
		}
		switch part.FormName() {
		case "password":
			password, err := io.ReadAll(io.LimitReader(part, 1<<10))
			if err != nil {
				return err
			}
			if me, err = h.confirmed(c, form{map[string][]string{"password": {string(password)}}}); err != nil {
				return h.backupsRefused(c, err)
			}
		case "file":
			b, err := h.Store.AddBackup(c.Request().Context(), me, part, pages.MaxUpload)
			if err != nil {
				return h.backupsRefused(c, err)
			}
			if err := h.flash(c, "Uploaded, and read whole: it is sound.", layouts.Flash{}); err != nil {
				return err
			}
			return h.seeOther(c, paths.Backup(b.Name))
		}
	}
}

// showBackup handles GET /backups/:backup.
func (h *Handler) showBackup(c echo.Context) error {
	return h.backupPage(c, http.StatusOK, pages.BackupView{})
}

func (h *Handler) backupPage(c echo.Context, status int, v pages.BackupView) (err error) {
	name, err := web.Text(c, "backup")
	if err != nil {
		return err
	}
	takeTime(c)
	ctx := c.Request().Context()
	if v.Backup, err = h.Store.LookInside(ctx, actor(c), name); err != nil {
		return err
	}
	if v.Now, err = h.Store.Contents(ctx); err != nil {
		return err
	}
	if v.Frame, err = h.page(c, name, layouts.NavBackups); err != nil {
		return err
	}
	v.Apps, v.Password = v.Frame.Apps, h.asksPassword(c)
	return h.render(c, status, pages.BackupPage(v))
}

func (h *Handler) backupRefused(c echo.Context, err error) error {
	e := chat.AsError(err)
	if e == nil || e.Code == chat.NotFound {
		return err
	}
	v := pages.BackupView{Errors: fieldErrors(err)}
	if password := passwordErrors(err); password["password"] != "" {
		v.Errors = password
	} else if len(e.Fields) == 0 {
		v.Error = e.Error()
	}
	return h.backupPage(c, web.Status(err), v)
}

// backupForm reads what acts on one backup.
func (h *Handler) backupForm(c echo.Context) (name string, me chat.Actor, f form, err error) {
	if name, err = web.Text(c, "backup"); err != nil {
		return name, me, f, err
	}
	if f, err = readForm(c); err != nil {
		return name, me, f, err
	}
	me, err = h.confirmed(c, f)
	return name, me, f, err
}

// downloadBackup handles POST /backups/:backup/download.
func (h *Handler) downloadBackup(c echo.Context) error {
	name, me, _, err := h.backupForm(c)
	if err != nil {
		return h.backupRefused(c, err)
	}
	path, err := h.Store.TakeBackup(c.Request().Context(), me, name)
	if err != nil {
		return h.backupRefused(c, err)
	}
	file, err := os.Open(path) // nobody's database: a copy that nothing has open
	if err != nil {
		return fmt.Errorf("open the backup: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	takeTime(c)
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "application/vnd.sqlite3")
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	header.Set(echo.HeaderCacheControl, "no-store")
	http.ServeContent(c.Response(), c.Request(), "", info.ModTime(), file)
	return nil
}

// restoreBackup handles POST /backups/:backup/restore.
func (h *Handler) restoreBackup(c echo.Context) error {
	takeTime(c)
	name, me, f, err := h.backupForm(c)
	if err == nil && strings.TrimSpace(f.text("typed")) != "restore" {
		err = chat.InvalidField("typed", "must be the word restore")
	}
	if err != nil {
		return h.backupRefused(c, err)
	}
	safety, err := h.Store.RestoreBackup(c.Request().Context(), me, name, who(c).Session.ID)
	if err != nil {
		return h.backupRefused(c, err)
	}
	// Where the backup doesn't know the admin, their session is gone, and the next page is the door.
	if _, ok, err := h.Sessions.Current(c); err == nil && ok {
		_ = h.flash(c, "Restored. What was there before is kept as "+safety.Name+".", layouts.Flash{})
	}
	return h.seeOther(c, paths.Backups())
}

// deleteBackup handles POST /backups/:backup/delete.
func (h *Handler) deleteBackup(c echo.Context) error {
	name, me, _, err := h.backupForm(c)
	if err == nil {
		err = h.Store.DeleteBackup(c.Request().Context(), me, name)
	}
	if err != nil {
		return h.backupRefused(c, err)
	}
	if err := h.flash(c, "Deleted "+name+".", layouts.Flash{}); err != nil {
		return err
	}
	return h.seeOther(c, paths.Backups())
}

// seenPlan is the schedule that the form was made from.
func seenPlan(f form) []chat.BackupPlan {
	hour, err := strconv.Atoi(f.text("was.hour"))
	keep, bad := strconv.Atoi(f.text("was.keep"))
	if err != nil || bad != nil {
		return nil
	}
	return []chat.BackupPlan{{Hour: hour, KeepDays: keep}}
}
