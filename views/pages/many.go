package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// ManyView is the page that puts a list of many people together.
type ManyView struct {
	ConversationHead
	From             string // "" for a pasted list, conversation or rule
	Mode             chat.StageMode
	List, Other      string
	Rule             string
	Days, Key, Value string
	Access           chat.Access
	Notify           chat.Notify
	Create           bool
	Error            string
	Errors           map[string]string
}

func (v ManyView) action() string { return paths.ManyParticipants(v.app(), v.conv(), "") }

func (v ManyView) sources(ctx context.Context) []components.Tab {
	var all []components.Tab
	for _, s := range []struct{ from, label string }{{"", words.T(ctx, "Paste a list")}, {"conversation", words.T(ctx, "From another conversation")}, {"rule", words.T(ctx, "Remove by rule")}} {
		all = append(all, components.Tab{Label: s.label, Href: paths.ManyParticipants(v.app(), v.conv(), s.from), Current: v.From == s.from})
	}
	return all
}

// modeChoice is what a list can be for, in words.
type modeChoice struct {
	mode        chat.StageMode
	label, text string
}

func (v ManyView) modes(ctx context.Context) []modeChoice {
	if v.From == "conversation" {
		return []modeChoice{
			{chat.StageAdd, words.T(ctx, "Add everybody from there"), words.T(ctx, "Who is on this list already keeps what they have.")},
			{chat.StageExact, words.T(ctx, "Make this list the same as there"), words.T(ctx, "With the access that people have there. Who goes is shown apart and needs a tick of its own.")},
			{chat.StageRemove, words.T(ctx, "Remove everybody who is there"), words.T(ctx, "Who is not there stays.")},
			{chat.StageKeep, words.T(ctx, "Keep only those who are there too"), words.T(ctx, "Nobody is added. Who goes needs a tick of its own.")},
		}
	}
	return []modeChoice{
		{chat.StageAdd, words.T(ctx, "Add these people"), words.T(ctx, "Who is on the list already stays as they are, unless a line asks for another access.")},
		{chat.StageRemove, words.T(ctx, "Remove these people"), words.T(ctx, "Everybody else stays.")},
		{chat.StageExact, words.T(ctx, "Make the list exactly this"), words.T(ctx, "Adds who is missing. Who is not in your list is shown apart and goes only when you tick that.")},
		{chat.StageKeep, words.T(ctx, "Remove everyone who is not in this list"), words.T(ctx, "Nobody is added.")},
	}
}

// listHelp says what can be pasted.
const listHelp = "User IDs, e-mail addresses or names, one a line or with commas, semicolons or tabs between; or a table with a first row such as id,name,access. Up to 200,000 lines."
