package pages

import (
	"context"
	"net/url"
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// KeysView is the list of an app's secret keys.
type KeysView struct {
	SettingsHead
	Keys     []chat.Key
	Server   string // the address of this server, for the example
	Name     string // of a new key, after a refusal
	Errors   map[string]string
	Error    string
	Password bool // ask for the password
}

// NewKeyView shows a secret, once.
type NewKeyView struct {
	SettingsHead
	Key    chat.Key
	Secret chat.Secret
	Server string
}

// DeleteKeyView asks before a key is deleted.
type DeleteKeyView struct {
	SettingsHead
	Key      chat.Key
	Password bool
	Errors   map[string]string
}

func (v KeysView) used(ctx context.Context, k chat.Key) string {
	if k.LastUsedAt.IsZero() {
		return words.T(ctx, "Never used.")
	}
	return words.T(ctx, "Used %s.", words.Relative(ctx, k.LastUsedAt, v.Frame.Now))
}

func (v KeysView) about(ctx context.Context, k chat.Key) string {
	return words.T(ctx, "Created %s by %s. %s", words.Relative(ctx, k.CreatedAt, v.Frame.Now), k.CreatedBy, v.used(ctx, k))
}

func (v KeysView) menu(ctx context.Context, k chat.Key) components.MenuProps {
	var items []components.MenuItem
	if k.Active {
		items = append(items, components.MenuItem{Label: words.T(ctx, "Deactivate"), Icon: "circle-slash", Danger: true, Action: paths.DeactivateKey(v.app(), k.ID)})
	} else {
		items = append(items, components.MenuItem{Label: words.T(ctx, "Activate"), Icon: "check", Action: paths.ActivateKey(v.app(), k.ID)},
			components.MenuItem{}, components.MenuItem{Label: words.T(ctx, "Delete…"), Icon: "trash-2", Danger: true, Href: paths.DeleteKey(v.app(), k.ID), Dialog: true})
	}
	return components.MenuProps{Label: words.T(ctx, "More for %s", k.Name), Items: items}
}

// curl is a call that works when pasted, once the key is in the environment. In the address only letters, digits and a
// few marks stay as they are: nothing in an app's id means something to a shell.
func curl(server, app, method, path, body string) string {
	text := "curl -X " + method + " " + server + "/v1/" + strings.ReplaceAll(url.QueryEscape(app), "+", "%20") + path + " \\\n  -H \"Authorization: Bearer $GUESTLIST_KEY\""
	if body != "" {
		text += " \\\n  -H \"Content-Type: application/json\" \\\n  -d '" + body + "'"
	}
	return text
}

func joinCurl(server, app string) string {
	return curl(server, app, "PUT", "/conversations/welcome/participants/maya", `{ "access": "ReadWrite", "notify": "MentionsOnly" }`)
}
