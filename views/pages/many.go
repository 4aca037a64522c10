package pages

import (
	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
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

func (v ManyView) sources() []components.Tab {
	var all []components.Tab
	for _, s := range []struct{ from, label string }{{"", "Paste a list"}, {"conversation", "From another conversation"}, {"rule", "Remove by rule"}} {
		all = append(all, components.Tab{Label: s.label, Href: paths.ManyParticipants(v.app(), v.conv(), s.from), Current: v.From == s.from})
	}
	return all
}

// modeChoice is what a list can be for, in words.
type modeChoice struct {
	mode        chat.StageMode
	label, text string
}

func (v ManyView) modes() []modeChoice {
	if v.From == "conversation" {
		return []modeChoice{
			{chat.StageAdd, "Add everybody from there", "Who is on this list already keeps what they have."},
			{chat.StageExact, "Make this list the same as there", "With the access that people have there. Who goes is shown apart and needs a tick of its own."},
			{chat.StageRemove, "Remove everybody who is there", "Who is not there stays."},
			{chat.StageKeep, "Keep only those who are there too", "Nobody is added. Who goes needs a tick of its own."},
		}
	}
	return []modeChoice{
		{chat.StageAdd, "Add these people", "Who is on the list already stays as they are, unless a line asks for another access."},
		{chat.StageRemove, "Remove these people", "Everybody else stays."},
		{chat.StageExact, "Make the list exactly this", "Adds who is missing. Who is not in your list is shown apart and goes only when you tick that."},
		{chat.StageKeep, "Remove everyone who is not in this list", "Nobody is added."},
	}
}

// listHelp says what can be pasted.
const listHelp = "User IDs, e-mail addresses or names, one a line or with commas, semicolons or tabs between; or a table with a first row such as id,name,access. Up to 200,000 lines."
