package pages

import (
	"context"
	"net/url"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// exportWords are the lists that can be exported, in the words of the audit log.
var exportWords = map[string]string{"users": words.Key("the users"), "conversations": words.Key("the conversations"), "audit": words.Key("the audit log"), "refusals": words.Key("the refused calls"), "participants": words.Key("the participants"),
	"history": words.Key("the history"), "guests": words.Key("the guests"), "blocks": words.Key("who is shown out"), "messages": words.Key("the messages"), "talk": words.Key("the messages and participants"), "conversation": "everything"}

// exportMenu offers a list as it is filtered, as a file. address makes the address of a format.
func exportMenu(ctx context.Context, address func(query url.Values) string, filter url.Values) components.MenuProps {
	item := func(label, as string) components.MenuItem {
		q := url.Values{"as": {as}}
		for k, v := range filter {
			if k != "after" && k != "before" {
				q[k] = v
			}
		}
		return components.MenuItem{Label: label, Icon: "download", Href: address(q), Attrs: map[string]any{"download": true}}
	}
	return components.MenuProps{Label: words.T(ctx, "Export this list as"), Text: words.T(ctx, "Export"), Icon: "download", Items: []components.MenuItem{item(words.T(ctx, "CSV for a spreadsheet"), "csv"), item(words.T(ctx, "JSON for a program"), "json")}}
}

// takes tells whether the admin who looks may take lists of the app along, or those of conversations.
func takes(frame layouts.Page, least chat.Role) bool {
	return chat.Role(frame.Admin.Role).Includes(least)
}

func exportOfApp(ctx context.Context, app, list string, filter url.Values) components.MenuProps {
	return exportMenu(ctx, func(q url.Values) string { return paths.ExportList(app, list, q) }, filter)
}

func exportOfConversation(ctx context.Context, h ConversationHead, list string, filter url.Values) components.MenuProps {
	return exportMenu(ctx, func(q url.Values) string { return paths.ExportConversationList(h.app(), h.conv(), list, q) }, filter)
}
