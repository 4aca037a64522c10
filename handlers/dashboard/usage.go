package dashboard

import (
	"cmp"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/views/pages"
)

// realUse is what a change of settings would meet: what browsers called lately, from where, and where guests are now.
func (h *Handler) realUse(c echo.Context, app chat.AppID, saved chat.Settings) (use pages.RealUse, err error) {
	ctx, now := c.Request().Context(), h.Store.Now()
	day, err := h.Store.Usage(ctx, app, now.Add(-24*time.Hour))
	if err != nil {
		return use, err
	}
	week, err := h.Store.Usage(ctx, app, now.Add(-usageWeek))
	if err != nil {
		return use, err
	}
	use.Usage = map[chat.SettingKey]pages.SwitchUsage{}
	for _, key := range []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync, chat.SettingGuests} {
		use.Usage[key] = pages.SwitchUsage{Key: key, State: saved[key], App: string(app), Calls: pages.UsageOf(key, day, week), Now: now}
	}
	seen, err := h.Store.Origins(ctx, app, now.Add(-usageWeek))
	if err != nil {
		return use, err
	}
	for _, call := range seen {
		use.Seen = append(use.Seen, pages.Origin{Origin: call.Origin, Last: call.At})
	}
	use.Guests, err = h.guestPlaces(c, app)
	return use, err
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
