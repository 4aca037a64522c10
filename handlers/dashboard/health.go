package dashboard

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/handlers/web"
	"guestlist/views/layouts"
	"guestlist/views/pages"
	"guestlist/views/paths"
)

// showHealth handles GET /apps/:app/settings/health.
func (h *Handler) showHealth(c echo.Context) error {
	head, err := h.settingsHead(c, "health", "Health of access")
	if err != nil {
		return err
	}
	v := pages.HealthView{SettingsHead: head}
	if v.Findings, err = h.findings(c, head.App.ID); err != nil {
		return err
	}
	return h.render(c, http.StatusOK, pages.Health(v))
}

// findings are what stands open in an app, as the admin of the request may know it: how others sign in is told to those who
// see the team.
func (h *Handler) findings(c echo.Context, app chat.AppID) ([]chat.Finding, error) {
	all, err := h.Store.AccessHealth(c.Request().Context(), app)
	me := who(c)
	return slices.DeleteFunc(all, func(f chat.Finding) bool {
		return f.Kind == chat.NoSecondFactor && me.Everywhere.Role == "" && f.Subject != me.ID
	}), err
}

// fixHealth handles POST /apps/:app/settings/health: the remedy of one finding.
func (h *Handler) fixHealth(c echo.Context) error {
	app, err := web.AppID(c, "app")
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	back := paths.Health(string(app))
	event, text, err := h.fix(c, app, chat.FindingKind(f.text("fix")), f.text("subject"))
	if e := chat.AsError(err); e != nil && e.Code == chat.Conflict {
		event, text, err = chat.Event{}, e.Error(), nil
	}
	if err != nil {
		return err
	}
	if event.Seq == 0 {
		err = h.flash(c, text, layouts.Flash{})
	} else {
		err = h.flashEvent(c, text, event, back)
	}
	if err != nil {
		return err
	}
	return h.seeOther(c, back)
}

// fix does what the button of a finding says. What can cut people off goes back unless somebody confirms it.
func (h *Handler) fix(c echo.Context, app chat.AppID, kind chat.FindingKind, subject string) (e chat.Event, text string, err error) {
	ctx, me := c.Request().Context(), actor(c)
	set := func(key chat.SettingKey, value string) (chat.Event, string, error) {
		now, err := h.Store.Settings(ctx, app)
		if err != nil {
			return chat.Event{}, "", err
		}
		e, err := h.Store.SaveSettingsWith(ctx, me, app, []chat.SettingChange{{Key: key, Value: value, Version: now[key].Version}}, chat.SaveNote{Reason: "Found by the health of access", Trial: chat.DefaultTrial})
		return e, "Saved for 30 minutes. Confirm it at the top of any page, or it goes back.", err
	}
	switch kind {
	case chat.SyncUnverified:
		return set(chat.SettingIdentity, "true")
	case chat.SignaturesNoEnd:
		return set(chat.SettingSignatures, "false")
	case chat.KeyShown, chat.KeyUnused:
		e, err = h.Store.DeactivateKey(ctx, me, app, subject)
		return e, "Key deactivated. Whatever uses it is refused from now on.", err
	case chat.ConversationOpen:
		id, err := chat.ParseConversationID(subject)
		if err != nil {
			return e, "", err
		}
		e, err = h.Store.EditConversation(ctx, me, app, id, chat.ConversationChange{Guests: chat.Some(chat.GuestsForbidden)}, chat.ConversationChange{})
		return e, "Closed to guests.", err
	}
	return e, "", chat.InvalidField("fix", "names nothing that can be done here")
}
