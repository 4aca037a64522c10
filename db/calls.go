package db

import (
	"context"
	"fmt"
	"time"

	"guestlist/db/chat"
)

// What browsers asked for. Calls are counted by the hour with the newest example of each kind; those that were refused,
// or would be, are kept one by one as far as there is room.

const (
	keepCalls    = 30 * 24 * time.Hour
	keepRefusals = 1000 // of an app
	kindsPerHour = 1000 // commands and reasons are closed lists; this bounds what comes from elsewhere
)

const callColumns = `app_id, at, command, outcome, reason, user_id, conversation_id, origin, request_id`

func scanCall(row interface{ Scan(...any) error }) (c chat.Call, err error) {
	var at int64
	err = row.Scan(&c.App, &at, &c.Command, &c.Outcome, &c.Reason, &c.User, &c.Conversation, &c.Origin, &c.RequestID)
	c.At = fromMillis(at)
	return c, err
}

// CountCalls adds to the counts of use. Calls of apps that are gone are left out. It is no change that the audit log
// knows.
func (s *Store) CountCalls(ctx context.Context, calls []chat.Call) error {
	if len(calls) == 0 {
		return nil
	}
	return s.change(ctx, chat.Actor{Kind: chat.SystemActor, ID: "calls", Name: "Guestlist", Source: chat.System}, func(t *Tx) error {
		return t.countCalls(calls)
	})
}

type callKind struct {
	app     chat.AppID
	hour    int64
	command string
	outcome chat.Outcome
	reason  chat.Reason
}

func (t *Tx) countCalls(calls []chat.Call) error {
	counted, last := map[callKind]int64{}, map[callKind]chat.Call{}
	known, refused := map[chat.AppID]bool{}, map[chat.AppID]int{}
	for _, c := range calls {
		if c.Outcome != chat.CallAllowed {
			refused[c.App]++
		}
	}
	var kinds []callKind
	for _, c := range calls {
		exists, asked := known[c.App]
		if !asked {
			_, err := loadApp(t, c.App)
			exists = err == nil
			if known[c.App] = exists; !exists && chat.ReasonOf(err) != chat.AppNotFound {
				return err
			}
		}
		if !exists {
			continue
		}
		k := callKind{c.App, millis(c.At) / hourMillis, c.Command, c.Outcome, c.Reason}
		if counted[k] == 0 {
			kinds = append(kinds, k)
		}
		counted[k]++
		if !c.At.Before(last[k].At) {
			last[k] = c
		}
		if c.Outcome == chat.CallAllowed {
			continue
		}
		if refused[c.App]--; refused[c.App] < keepRefusals { // those before would be dropped again
			if err := t.keepRefusal(c); err != nil {
				return err
			}
		}
	}
	for _, k := range kinds {
		if err := t.countKind(k, counted[k], last[k]); err != nil {
			return err
		}
	}
	for app, exists := range known {
		if exists {
			if err := t.forgetCalls(app); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tx) countKind(k callKind, n int64, last chat.Call) error {
	res, err := t.exec(`UPDATE call_hours SET calls = calls + $6, at = $7, user_id = $8, conversation_id = $9, origin = $10, request_id = $11
		WHERE app_id = $1 AND hour = $2 AND command = $3 AND outcome = $4 AND reason = $5`,
		string(k.app), k.hour, k.command, string(k.outcome), string(k.reason), n, millis(last.At), string(last.User), string(last.Conversation), last.Origin, last.RequestID)
	if err != nil {
		return fmt.Errorf("count calls: %w", err)
	}
	if old, err := res.RowsAffected(); err != nil || old > 0 {
		return err
	}
	_, err = t.exec(`INSERT INTO call_hours (app_id, hour, command, outcome, reason, calls, at, user_id, conversation_id, origin, request_id)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
		WHERE (SELECT count(*) FROM call_hours WHERE app_id = $1 AND hour = $2) < $12`,
		string(k.app), k.hour, k.command, string(k.outcome), string(k.reason), n, millis(last.At), string(last.User), string(last.Conversation), last.Origin, last.RequestID, kindsPerHour)
	if err != nil {
		return fmt.Errorf("count calls: %w", err)
	}
	return nil
}

func (t *Tx) keepRefusal(c chat.Call) error {
	if _, err := t.exec(`INSERT INTO refusals (`+callColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		string(c.App), millis(c.At), c.Command, string(c.Outcome), string(c.Reason), string(c.User), string(c.Conversation), c.Origin, c.RequestID); err != nil {
		return fmt.Errorf("keep refusal: %w", err)
	}
	return nil
}

// forgetCalls drops what is too old or too much.
func (t *Tx) forgetCalls(app chat.AppID) error {
	old := millis(t.Now.Add(-keepCalls))
	if _, err := t.exec(`DELETE FROM call_hours WHERE app_id = $1 AND hour < $2`, string(app), old/hourMillis); err != nil {
		return fmt.Errorf("forget calls: %w", err)
	}
	if _, err := t.exec(`DELETE FROM refusals WHERE app_id = $1 AND n <= coalesce((SELECT n FROM refusals WHERE app_id = $1 ORDER BY n DESC LIMIT 1 OFFSET $2), 0)`, string(app), keepRefusals); err != nil {
		return fmt.Errorf("forget refusals: %w", err)
	}
	if _, err := t.exec(`DELETE FROM refusals WHERE app_id = $1 AND n IN (SELECT n FROM refusals WHERE app_id = $1 ORDER BY n LIMIT 100) AND at < $2`, string(app), old); err != nil {
		return fmt.Errorf("forget refusals: %w", err)
	}
	return nil
}

// Usage is how often browsers called since a time, to the hour: by command, outcome and reason, each with its newest
// example.
func (s *Store) Usage(ctx context.Context, app chat.AppID, since time.Time) (all []chat.Usage, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+callColumns+`, calls FROM call_hours WHERE app_id = $1 AND hour >= $2 ORDER BY hour`, string(app), millis(since)/hourMillis)
		hours, err := scan(rows, err, func(row interface{ Scan(...any) error }) (u chat.Usage, err error) {
			u.Last, err = scanCall(withMore{row, []any{&u.Count}})
			u.Command, u.Outcome, u.Reason = u.Last.Command, u.Last.Outcome, u.Last.Reason
			return u, err
		})
		all = sumUsage(hours)
		return err
	})
	return all, err
}

// sumUsage adds up hours that come oldest first.
func sumUsage(hours []chat.Usage) (all []chat.Usage) {
	type kind struct {
		command string
		outcome chat.Outcome
		reason  chat.Reason
	}
	at := map[kind]int{}
	for _, h := range hours {
		k := kind{h.Command, h.Outcome, h.Reason}
		i, seen := at[k]
		if !seen {
			at[k] = len(all)
			all = append(all, h)
			continue
		}
		all[i].Count, all[i].Last = all[i].Count+h.Count, h.Last
	}
	return all
}

// Origins are the newest calls of the pages that called since a time, to the hour, one for each origin: as far as the
// examples tell that the counts of use keep.
func (s *Store) Origins(ctx context.Context, app chat.AppID, since time.Time) (all []chat.Call, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+callColumns+` FROM call_hours WHERE app_id = $1 AND hour >= $2 AND origin <> '' ORDER BY at DESC`, string(app), millis(since)/hourMillis)
		calls, err := scan(rows, err, scanCall)
		seen := map[string]bool{}
		for _, c := range calls {
			if !seen[c.Origin] {
				seen[c.Origin] = true
				all = append(all, c)
			}
		}
		return err
	})
	return all, err
}

// RefusalQuery asks for a page of an app's refused and observed calls, newest first. What is set filters.
type RefusalQuery struct {
	Reason  chat.Reason
	Outcome chat.Outcome
	Window
}

// Refusals is a page of the calls that were refused, or would be if a box were ticked.
func (s *Store) Refusals(ctx context.Context, app chat.AppID, rq RefusalQuery) (p Page[chat.Call], err error) {
	err = s.read(ctx, func(q querier) error { p, err = listRefusals(q, app, rq, s.now()); return err })
	return p, err
}

func listRefusals(q querier, app chat.AppID, rq RefusalQuery, now time.Time) (Page[chat.Call], error) {
	compare, dir, edge := "<", "DESC", any(int64(1<<62))
	if rq.backward() {
		compare, dir, edge = ">", "ASC", int64(-1)
	}
	if cursor := rq.cursor(); cursor != "" {
		at, err := decodeCursor(cursor, "i")
		if err != nil {
			return Page[chat.Call]{}, err
		}
		edge = at[0]
	}
	rows, err := q.query(fmt.Sprintf(`SELECT n, %s FROM refusals WHERE app_id = $1 AND n %s $2 AND ($3 = '' OR reason = $3) AND ($4 = '' OR outcome = $4) AND at >= $5 ORDER BY n %s LIMIT $6`,
		callColumns, compare, dir), string(app), edge, string(rq.Reason), string(rq.Outcome), millis(now.Add(-keepCalls)), rq.limit()+1)
	all, err := scan(rows, err, func(row interface{ Scan(...any) error }) (numbered[chat.Call], error) {
		var n int64
		c, err := scanCall(behind{row, []any{&n}})
		return numbered[chat.Call]{n, c}, err
	})
	if err != nil {
		return Page[chat.Call]{}, fmt.Errorf("list refusals: %w", err)
	}
	p := page(rq.Window, all, func(c numbered[chat.Call]) string { return encodeCursor(c.n) })
	out := Page[chat.Call]{Prev: p.Prev, Next: p.Next}
	for _, c := range p.Items {
		out.Items = append(out.Items, c.v)
	}
	return out, nil
}

// behind scans columns in front of those that another scan function knows.
type behind struct {
	row   interface{ Scan(...any) error }
	front []any
}

func (b behind) Scan(into ...any) error { return b.row.Scan(append(b.front, into...)...) }

// RefusalByRequest is the refused or observed call that a request id belongs to.
func (s *Store) RefusalByRequest(ctx context.Context, app chat.AppID, requestID string) (c chat.Call, err error) {
	err = s.read(ctx, func(q querier) error {
		c, err = scanCall(q.row(`SELECT `+callColumns+` FROM refusals WHERE app_id = $1 AND request_id = $2 ORDER BY n DESC LIMIT 1`, string(app), requestID))
		if isMissing(err) {
			return &chat.Error{Code: chat.NotFound, Reason: chat.EventNotFound, Message: "No refused call has this request id.", Hint: "Calls are kept for 30 days, the newest 1,000 of an app."}
		}
		return err
	})
	return c, err
}
