package dashboard

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/views/pages"
)

// printed is how many participants go on paper; a longer list is for a file.
const printed = 2000

// showPrintParticipants handles GET /apps/:app/conversations/:conv/participants/print: the list as it is filtered, on one
// page, for paper.
func (h *Handler) showPrintParticipants(c echo.Context) error {
	head, err := h.conversationHead(c, "participants", "Participants")
	if err != nil {
		return err
	}
	q := participantQuery(c, head.Conversation.App, head.Conversation.ID)
	v := pages.PrintView{ConversationHead: head, Search: q.Search, Access: q.Access, Notify: q.Notify}
	for q.Window = (db.Window{Limit: exportPage}); len(v.Rows) < printed; {
		list, err := h.Store.Participants(c.Request().Context(), q)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, list.Items...)
		if q.Window.After = list.Next; list.Next == "" {
			break
		}
		v.More = len(v.Rows) >= printed
	}
	return h.render(c, http.StatusOK, pages.PrintParticipants(v))
}
