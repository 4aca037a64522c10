package pages

import (
	"net/url"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// exportWords are the lists that can be exported, in the words of the audit log.
var exportWords = map[string]string{"users": "the users", "conversations": "the conversations", "audit": "the audit log", "refusals": "the refused calls", "participants": "the participants",
	"history": "the history", "guests": "the guests", "blocks": "who is shown out", "messages": "the messages", "talk": "the messages and participants", "conversation": "everything"}

// exportMenu offers a list as it is filtered, as a file. address makes the address of a format.
func exportMenu(address func(query url.Values) string, filter url.Values) components.MenuProps {
	item := func(label, as string) components.MenuItem {
		q := url.Values{"as": {as}}
		for k, v := range filter {
			if k != "after" && k != "before" {
				q[k] = v
			}
		}
		return components.MenuItem{Label: label, Icon: "download", Href: address(q), Attrs: map[string]any{"download": true}}
	}
	return components.MenuProps{Label: "Export this list as", Text: "Export", Icon: "download", Items: []components.MenuItem{item("CSV for a spreadsheet", "csv"), item("JSON for a program", "json")}}
}

// takes tells whether the admin who looks may take lists of the app along, or those of conversations.
func takes(frame layouts.Page, least chat.Role) bool {
	return chat.Role(frame.Admin.Role).Includes(least)
}

func exportOfApp(app, list string, filter url.Values) components.MenuProps {
	return exportMenu(func(q url.Values) string { return paths.ExportList(app, list, q) }, filter)
}

func exportOfConversation(h ConversationHead, list string, filter url.Values) components.MenuProps {
	return exportMenu(func(q url.Values) string { return paths.ExportConversationList(h.app(), h.conv(), list, q) }, filter)
}
