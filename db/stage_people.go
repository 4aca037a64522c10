package db

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
)

// lookupAtOnce is how many people one query looks up.
const lookupAtOnce = 500

// judgeAll finds out whom each line names, says what becomes of it, and adds the people whom the list does not name where
// the mode is about them.
func judgeAll(q querier, n chat.NewStage, lines []chat.StagedLine, now time.Time) ([]chat.StagedLine, error) {
	if err := whom(q, n.App, lines); err != nil {
		return nil, err
	}
	standing, err := standings(q, n.App, n.Conversation, lines, now)
	if err != nil {
		return nil, err
	}
	first := map[chat.UserID]int{}
	for i := range lines {
		l := &lines[i]
		at := standing[l.User]
		if l.User != "" {
			at.NamedBy = first[l.User]
			if at.NamedBy == 0 {
				first[l.User] = l.N
			}
		}
		if n.Create && n.Mode.Adds() && !at.Exists && l.Verdict == "" {
			l.Choice = chat.ChoiceCreate
		}
		l.Verdict, l.Why = n.Mode.Judge(*l, at)
	}
	if !n.Mode.Others() {
		return lines, nil
	}
	return others(q, n, lines, first)
}

// others adds everybody on the list whom no line names.
func others(q querier, n chat.NewStage, lines []chat.StagedLine, named map[chat.UserID]int) ([]chat.StagedLine, error) {
	last := 0
	for _, l := range lines {
		last = max(last, l.N)
	}
	rows, err := q.query(`SELECT user_id FROM participants WHERE app_id = $1 AND conversation_id = $2 AND access <> 'None' ORDER BY joined_at, user_id`, string(n.App), string(n.Conversation))
	ids, err := scan(rows, err, scanID)
	if err != nil {
		return nil, fmt.Errorf("list the others: %w", err)
	}
	for _, id := range ids {
		if named[id] == 0 {
			last++
			lines = append(lines, chat.StagedLine{N: last, User: id, Verdict: chat.WillRemove})
		}
	}
	return lines, nil
}

func scanID(row interface{ Scan(...any) error }) (id chat.UserID, err error) {
	err = row.Scan(&id)
	return id, err
}

// whom finds the user that each line names: by id, by address, by name. Where several may be meant, or none, the line says
// so.
func whom(q querier, app chat.AppID, lines []chat.StagedLine) error {
	open := func(by string) (texts []string, at map[string][]*chat.StagedLine) {
		at = map[string][]*chat.StagedLine{}
		for i := range lines {
			l := &lines[i]
			if l.User != "" || l.Verdict != "" || l.By != "" && l.By != by || by == "email" && !strings.Contains(l.Typed, "@") {
				continue
			}
			key := l.Typed
			if by != "id" {
				key = lowerASCII(key)
			}
			if at[key] == nil {
				texts = append(texts, key)
			}
			at[key] = append(at[key], l)
		}
		return texts, at
	}
	for _, by := range []string{"id", "email", "name"} {
		texts, at := open(by)
		for chunk := range slices.Chunk(texts, lookupAtOnce) {
			found, err := lookUp(q, app, by, chunk)
			if err != nil {
				return err
			}
			for key, ids := range found {
				for _, l := range at[key] {
					l.Mean(ids)
				}
			}
		}
	}
	return leftOver(q, app, lines)
}

// maxSlow is how many lines that no index finds are searched for: accents and capitals aside, and among several addresses.
const maxSlow = 200

// leftOver searches for what was not found by the letter, and makes new people of the rest.
func leftOver(q querier, app chat.AppID, lines []chat.StagedLine) error {
	number, err := appNumber(q, app)
	if err != nil {
		return err
	}
	searched := 0
	for i := range lines {
		l := &lines[i]
		if l.User != "" || l.Verdict != "" {
			continue
		}
		if (strings.ContainsAny(l.Typed, "@ ") || !isASCII(l.Typed)) && l.By != "id" && searched < maxSlow {
			searched++
			ids, err := searchWhom(q, number, l.Typed)
			if err != nil {
				return err
			}
			if len(ids) > 0 {
				l.Mean(ids)
				continue
			}
		}
		nobody(l)
	}
	return nil
}

// searchWhom are the users whose name or one of whose addresses is a text, blind to case and accents.
func searchWhom(q querier, app int64, text string) ([]chat.UserID, error) {
	query := searchQuery(app, text)
	if query == "" {
		return nil, nil
	}
	rows, err := q.query(`SELECT `+userColumns+` FROM users_search f CROSS JOIN users u ON u.n = f.rowid WHERE f.users_search MATCH $1 ORDER BY f.rowid LIMIT 50`, query)
	users, err := scan(rows, err, scanUser)
	if err != nil {
		return nil, fmt.Errorf("search for people: %w", err)
	}
	var ids []chat.UserID
	for _, u := range users {
		if fold(u.v.Name) == fold(text) || slices.ContainsFunc(u.v.Email, func(e string) bool { return fold(e) == fold(text) }) {
			ids = append(ids, u.v.ID)
		}
	}
	return ids, nil
}

// lookUp finds users by one of what names them. Where several share it, all are given, up to chat.MaxNear and one more.
func lookUp(q querier, app chat.AppID, by string, texts []string) (map[string][]chat.UserID, error) {
	column, keys := map[string]string{"id": "u.id", "email": "lower(u.email)", "name": "lower(u.name)"}[by], make([]string, len(texts))
	where := ""
	for i, text := range texts {
		keys[i] = text
		if by == "email" {
			keys[i] = lowerASCII(toJSON([]string{text}))
		}
	}
	if by == "email" {
		where = " AND u.email <> ''"
	}
	args := []any{string(app)}
	for i := range lookupAtOnce { // one statement, whatever the number
		args = append(args, keys[min(i, len(keys)-1)])
	}
	most := len(keys) * (chat.MaxNear + 1)
	rows, err := q.query(`SELECT `+column+`, u.id FROM users u WHERE u.app_id = $1`+where+` AND `+column+` IN (`+placeholders(2, lookupAtOnce)+fmt.Sprintf(`) LIMIT $%d`, lookupAtOnce+2), append(args, most)...)
	type pair struct {
		key string
		id  chat.UserID
	}
	pairs, err := scan(rows, err, func(row interface{ Scan(...any) error }) (p pair, err error) {
		err = row.Scan(&p.key, &p.id)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("look people up by %s: %w", by, err)
	}
	if len(pairs) == most && len(texts) > 1 { // a name that very many share must not hide the others
		half := len(texts) / 2
		found, err := lookUp(q, app, by, texts[:half])
		if err != nil {
			return nil, err
		}
		rest, err := lookUp(q, app, by, texts[half:])
		for key, ids := range rest {
			found[key] = ids
		}
		return found, err
	}
	text := map[string]string{}
	for i, key := range keys {
		text[key] = texts[i]
	}
	found := map[string][]chat.UserID{}
	for _, p := range pairs {
		found[text[p.key]] = append(found[text[p.key]], p.id)
	}
	return found, nil
}

// nobody makes of a line that names no user one that can create them, if what it says can be an id.
func nobody(l *chat.StagedLine) {
	id, err := chat.ParseUserID(l.Typed)
	if err != nil {
		l.Verdict, l.Why = chat.BadLine, "Names no user, and can’t be an ID: "+strings.TrimPrefix(chat.AsError(err).Message, "The ")
		return
	}
	l.User = id
	if l.Name == "" {
		l.Name = l.Typed
	}
	if l.Email == "" && strings.Contains(l.Typed, "@") {
		l.Email = l.Typed
	}
	if _, err := l.NewUser().Apply(chat.User{}); err != nil {
		l.User, l.Verdict, l.Why = "", chat.BadLine, "Names no user, and can’t become one: "+chat.AsError(err).Message
	}
}

// standings are how the people that lines name stand in a conversation. Those that don't exist have zero facts.
func standings(q querier, app chat.AppID, conv chat.ConversationID, lines []chat.StagedLine, now time.Time) (map[chat.UserID]chat.LineFacts, error) {
	var ids []chat.UserID
	for _, l := range lines {
		if l.User != "" {
			ids = append(ids, l.User)
		}
	}
	all := make(map[chat.UserID]chat.LineFacts, len(ids))
	for chunk := range slices.Chunk(ids, lookupAtOnce) {
		args := []any{string(app), string(conv)}
		for i := range lookupAtOnce {
			args = append(args, string(chunk[min(i, len(chunk)-1)]))
		}
		rows, err := q.query(`SELECT u.id, coalesce(p.access, ''), coalesce(p.notify, ''), coalesce(b.until, -1) FROM users u
			LEFT JOIN participants p ON p.app_id = $1 AND p.conversation_id = $2 AND p.user_id = u.id
			LEFT JOIN bans b ON b.app_id = $1 AND b.user_id = u.id AND (b.state = 'emptying' OR b.state = 'kept')
			WHERE u.app_id = $1 AND u.trash = 0 AND u.id IN (`+placeholders(3, lookupAtOnce)+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("load standings: %w", err)
		}
		for rows.Next() {
			var id chat.UserID
			s := chat.LineFacts{Exists: true}
			var until int64
			if err := rows.Scan(&id, &s.Place, &s.Notify, &until); err != nil {
				rows.Close()
				return nil, err
			}
			if until == 0 || until > millis(now) {
				s.Forbidden = "Banned from all conversations. Lift the ban first."
			}
			all[id] = s
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		rows.Close()
		if err := forbid(q, app, args, all, now); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// forbid marks those who are banned from all conversations; args are those of the query of standings.
func forbid(q querier, app chat.AppID, args []any, all map[chat.UserID]chat.LineFacts, now time.Time) error {
	rows, err := q.query(`SELECT user_id FROM bans WHERE app_id = $1 AND user_id IN (`+placeholders(2, lookupAtOnce)+`)`, append(args[:1:1], args[2:]...)...)
	ids, err := scan(rows, err, scanID)
	if err != nil {
		return fmt.Errorf("look for bans: %w", err)
	}
	for _, id := range ids {
		_, stands, err := standingBan(q, app, id, now)
		if err != nil {
			return err
		}
		if at := all[id]; stands {
			at.Forbidden = "Banned from all conversations."
			all[id] = at
		}
	}
	return nil
}

// lowerASCII is what SQLite's lower makes of a text.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
