package dashboard

import (
	"cmp"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/pages"
)

// realUse adds to the Security page what its switches would do: what browsers called lately, and where guests are now.
func (h *Handler) realUse(c echo.Context, v *pages.SecurityView) error {
	ctx, now := c.Request().Context(), h.Store.Now()
	day, err := h.Store.Usage(ctx, v.App.ID, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	week, err := h.Store.Usage(ctx, v.App.ID, now.Add(-usageWeek))
	if err != nil {
		return err
	}
	v.Usage = map[chat.SettingKey]pages.SwitchUsage{}
	for _, key := range []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync, chat.SettingGuests} {
		v.Usage[key] = pages.SwitchUsage{Key: key, State: v.Saved[key], App: string(v.App.ID), Calls: pages.UsageOf(key, day, week), Now: now}
	}
	v.Guests, err = h.guestPlaces(c, v.App.ID)
	return err
}

// guestPlaces are the conversations that guests are in now, those with the most first.
func (h *Handler) guestPlaces(c echo.Context, app chat.AppID) (all []pages.GuestPlace, err error) {
	for id, n := range h.Live.GuestCounts(app) {
		conv, err := h.Store.Conversation(c.Request().Context(), app, id)
		if chat.ReasonOf(err) == chat.ConversationMissing {
			continue // deleted at this moment
		}
		if err != nil {
			return nil, err
		}
		all = append(all, pages.GuestPlace{Conversation: conv, Guests: n})
	}
	slices.SortFunc(all, func(a, b pages.GuestPlace) int {
		return cmp.Or(cmp.Compare(b.Guests, a.Guests), cmp.Compare(a.Conversation.ID, b.Conversation.ID))
	})
	return all, nil
}
