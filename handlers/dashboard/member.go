package dashboard

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showMember handles GET /team/:admin.
func (h *Handler) showMember(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	return h.memberPage(c, http.StatusOK, id, pages.MemberView{})
}

func (h *Handler) memberPage(c echo.Context, status int, id string, v pages.MemberView) (err error) {
	if v.Frame, err = h.page(c, "Team", layouts.NavTeam); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if v.Admin, err = h.Store.Admin(ctx, id); err != nil {
		return err
	}
	if v.Sessions, err = h.Store.Sessions(ctx, id); err != nil {
		return err
	}
	v.Self, v.Frame.Title = id == who(c).ID, v.Admin.Name+" · Team"
	if v.Standing.Apps == nil {
		v.Standing.Role, v.Standing.Apps = string(v.Admin.Role), map[string]string{}
		if v.Admin.Role == "" {
			v.Standing.Role = "none"
		}
		for app, role := range v.Admin.Apps {
			v.Standing.Apps[string(app)] = string(role)
		}
	}
	v.Standing.All = v.Frame.Apps
	return h.render(c, status, pages.Member(v))
}

// changeStanding handles POST /team/:admin/standing.
func (h *Handler) changeStanding(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Member(id), func(me chat.Actor) error {
		to, form, err := h.standing(c, f)
		if err != nil {
			return err
		}
		seen, err := seenStanding(f)
		if err != nil {
			return err
		}
		if f.text("lasts") == "keep" && len(seen) > 0 {
			to.EndsAt = seen[0].EndsAt
		} else if f.text("lasts") == "keep" {
			admin, err := h.Store.Admin(c.Request().Context(), id)
			if err != nil {
				return err
			}
			to.EndsAt = admin.EndsAt
		} else if lasts, err := term(f); err != nil {
			return err
		} else if lasts > 0 {
			to.EndsAt = h.Store.Now().Add(lasts)
		}
		event, err := h.Store.ChangeStanding(c.Request().Context(), me, id, to, seen...)
		if e := chat.AsError(err); e != nil && (e.Code == chat.Conflict || e.Code == chat.Invalid) {
			form.Errors = fieldErrors(err)
			return h.memberPage(c, web.Status(e), id, pages.MemberView{Standing: form, Error: "Nothing was changed. " + e.Error()})
		}
		text := "Saved."
		if event.Seq == 0 {
			text = "Nothing to change: that is what they have."
		}
		return h.teamChanged(c, text, event, err)
	})
}

// signOutMember handles POST /team/:admin/sessions/end.
func (h *Handler) signOutMember(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	err = h.Store.SignOut(c.Request().Context(), actor(c), id)
	return h.teamChanged(c, "Their sessions have ended.", chat.Event{}, err)
}

// signOutSession handles POST /team/:admin/sessions/:session/end.
func (h *Handler) signOutSession(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	session, err := web.Text(c, "session")
	if err != nil {
		return err
	}
	err = h.Store.SignOutOf(c.Request().Context(), actor(c), id, session)
	return h.teamChanged(c, "The session has ended.", chat.Event{}, err)
}

// showResetSecondStep handles GET /team/:admin/second-step/reset.
func (h *Handler) showResetSecondStep(c echo.Context) error {
	return h.askAbout(c, pages.ResetSecondStep)
}

// resetSecondStep handles POST /team/:admin/second-step/reset.
func (h *Handler) resetSecondStep(c echo.Context) error {
	id, err := web.Text(c, "admin")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Team(), func(me chat.Actor) error {
		_, err := h.Store.ResetSecondStep(c.Request().Context(), me, id)
		return h.teamChanged(c, "Their second step is gone, and their sessions have ended.", chat.Event{}, err)
	})
}

// saveTeamRules handles POST /team/rules.
func (h *Handler) saveTeamRules(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Team(), func(me chat.Actor) error {
		rules := chat.TeamRules{SecondStep: f.on("secondStep")}
		if f.text("was.secondStep") == strconv.FormatBool(rules.SecondStep) { // what wasn't touched stays as somebody else left it
			return h.teamChanged(c, "Nothing to change: that is how it was.", chat.Event{}, nil)
		}
		event, err := h.Store.SaveTeamRules(c.Request().Context(), me, rules)
		text := "Everybody sets up a second step now, before anything else."
		if !rules.SecondStep {
			text = "A second step is everybody’s own choice."
		}
		return h.teamChanged(c, text, event, err)
	})
}

// undoTeam handles POST /team/changes/:seq/undo.
func (h *Handler) undoTeam(c echo.Context) error {
	seq, err := strconv.ParseInt(c.Param("seq"), 10, 64)
	if err != nil {
		return web.FromEcho(echo.ErrNotFound)
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return h.proven(c, f, paths.Team(), func(me chat.Actor) error {
		_, err := h.Store.Undo(c.Request().Context(), me, "", seq)
		return h.teamChanged(c, "Undone.", chat.Event{}, err)
	})
}

// seenStanding is the standing that the form was made from.
func seenStanding(f form) ([]chat.Standing, error) {
	if f.text("was") == "" {
		return nil, nil
	}
	var was chat.StandingImage
	if json.Unmarshal([]byte(f.text("was")), &was) != nil {
		return nil, chat.InvalidField("was", "can't be read: reload the page and try again")
	}
	return []chat.Standing{was.Standing()}, nil
}
