package db

import (
	"context"
	"slices"
	"strings"

	"guestlist/db/chat"
)

// Found is what a search in all of an app finds, of each kind the best first: whose id it is, then what has it as a word,
// what has a word that starts so, and what has it anywhere; among each, whose name starts so.
type Found struct {
	Users         []chat.User
	Conversations []chat.Conversation
}

// Find looks for a text among the users and the conversations of an app, and gives at most limit of each.
func (s *Store) Find(ctx context.Context, app chat.AppID, text string, limit int) (f Found, err error) {
	err = s.read(ctx, func(q querier) error {
		n, err := appNumber(q, app)
		if err != nil {
			return err
		}
		u, err := loadUser(q, app, chat.UserID(text))
		if err != nil && chat.ReasonOf(err) != chat.UserNotFound {
			return err
		}
		if err == nil {
			f.Users = append(f.Users, u.v)
		}
		c, err := loadConversation(q, app, chat.ConversationID(text))
		if err != nil && chat.ReasonOf(err) != chat.ConversationMissing {
			return err
		}
		if err == nil {
			f.Conversations = append(f.Conversations, c)
		}
		return findMore(q, app, n, text, limit, &f)
	})
	return f, err
}

// findMore fills the finds from the search indexes, each looser query only while there is room.
func findMore(q querier, app chat.AppID, n int64, text string, limit int, f *Found) error {
	for _, match := range findQueries(n, text) {
		if len(f.Users) < limit {
			rows, err := readAgeList(q, ageList{table: "users", alias: "u", columns: userColumns, app: app, search: text, match: match, window: Window{Limit: findAmong}}, scanUser)
			if err != nil {
				return err
			}
			startsFirst(rows, text, func(u chat.User) string { return u.Name })
			f.Users = fill(f.Users, rows, limit, func(u chat.User) chat.UserID { return u.ID })
		}
		if len(f.Conversations) < limit {
			rows, err := readAgeList(q, ageList{table: "conversations", alias: "c", columns: conversationColumns, joins: lastMessageJoin, app: app, search: text, match: match, window: Window{Limit: findAmong}}, scanConversation)
			if err != nil {
				return err
			}
			startsFirst(rows, text, func(c chat.Conversation) string { return c.Subject })
			f.Conversations = fill(f.Conversations, rows, limit, func(c chat.Conversation) chat.ConversationID { return c.ID })
		}
	}
	return nil
}

// findAmong is how many of the newest that match are looked at for those whose name starts so.
const findAmong = 30

func startsFirst[T any](rows []numbered[T], text string, name func(T) string) {
	start := fold(text)
	rank := func(r numbered[T]) int {
		if strings.HasPrefix(fold(name(r.v)), start) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(rows, func(a, b numbered[T]) int { return rank(a) - rank(b) })
}

// fill adds rows that aren't there yet, up to limit.
func fill[T any, K comparable](all []T, rows []numbered[T], limit int, key func(T) K) []T {
	seen := map[K]bool{}
	for _, v := range all {
		seen[key(v)] = true
	}
	for _, r := range rows {
		if len(all) < limit && !seen[key(r.v)] {
			all = append(all, r.v)
		}
	}
	return all
}

// findQueries are the index queries for a text, from the narrowest to the loosest; none when there is nothing to look for.
func findQueries(app int64, text string) []string {
	words := searchWords(text)
	if len(words) == 0 {
		return nil
	}
	var all []string
	if phrase := "  " + strings.Join(words, "  "); len([]rune(text)) > 2 {
		all = append(all, inAppQuery(app, searchTerm(phrase+"  ")), inAppQuery(app, searchTerm(phrase)))
	} else {
		all = append(all, inAppQuery(app, searchTerm(phrase)))
	}
	return append(all, searchQuery(app, text))
}
