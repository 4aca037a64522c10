package pages

import "guestlist/db/chat"

// conditions are what the effect panel can follow without script: the styles show a row's "No" while its condition
// holds for the boxes as they are ticked on the page.
var conditions = map[string]func(chat.Security) bool{
	"never": func(chat.Security) bool { return false },
	"users": func(s chat.Security) bool { return s.DisallowUserSync },
	"convs": func(s chat.Security) bool { return s.DisallowConversationSync },
	"roles": func(s chat.Security) bool { return s.DisallowUserSync || s.RequireIdentity },
	"guests": func(s chat.Security) bool {
		return s.Guests == chat.GuestsNever || s.Guests == chat.GuestsFollow && (s.DisallowUserSync || s.DisallowConversationSync)
	},
}

// everySecurity is every state that the switches can have.
func everySecurity() []chat.Security {
	var all []chat.Security
	for _, policy := range chat.GuestPolicies {
		for i := range 18 {
			users, convs := i%3, i/3%3 // allow, observe, disallow
			all = append(all, chat.Security{DisallowUserSync: users == 2, ObserveUserSync: users == 1, DisallowConversationSync: convs == 2, ObserveConversationSync: convs == 1,
				RequireIdentity: i >= 9, Guests: policy})
		}
	}
	return all
}

// closedWhen finds the condition under which row i of the effects is "No". The rules decide; a rule that follows none
// of the conditions has none, which a test notices.
func closedWhen(i int) string {
	for _, name := range sortedKeys(conditions) {
		fits := true
		for _, s := range everySecurity() {
			fits = fits && conditions[name](s) == !chat.Effects(s)[i].Allowed
		}
		if fits {
			return name
		}
	}
	return ""
}

// effectRow is one row of the panel. A row that may hold only in part says so while the styles find Partly to be so.
type effectRow struct {
	chat.Effect
	When   string
	Partly string // the sentence, or ""
}

// partly is what a row says while it is allowed in part. That is so under one guest policy only, which the styles know.
func partly(i int) string {
	return chat.Effects(chat.Security{Guests: chat.GuestsAllowed})[i].Why
}

var effectConditions = func() (when []string) {
	for i := range chat.Effects(chat.Security{}) {
		when = append(when, closedWhen(i))
	}
	return when
}()

func (v SecurityView) effects() []effectRow {
	var rows []effectRow
	for i, e := range chat.Effects(v.Saved.Security()) {
		rows = append(rows, effectRow{e, effectConditions[i], partly(i)})
	}
	return rows
}
