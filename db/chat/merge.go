package chat

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// mergeList joins what two people made of one list: base is what both saw. Each entry that one of them added, changed or
// removed is so in the result; ok is false where both touched the same entry and not alike. What both added at the same
// place stands there one after the other, theirs first.
func mergeList(base, mine, theirs []string) (merged []string, ok bool) {
	a, b := edits(base, mine), edits(base, theirs)
	at := 0
	take := func(e edit) {
		merged = append(append(merged, base[at:e.from]...), e.to...)
		at = e.end
	}
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].before(b[0]):
			take(a[0])
			a = a[1:]
		case len(a) == 0 || b[0].before(a[0]):
			take(b[0])
			b = b[1:]
		case a[0].from == b[0].from && a[0].end == b[0].end && slices.Equal(a[0].to, b[0].to):
			take(a[0])
			a, b = a[1:], b[1:]
		case a[0].from == a[0].end && b[0].from == b[0].end:
			take(b[0])
			for _, entry := range a[0].to {
				if !slices.Contains(b[0].to, entry) {
					merged = append(merged, entry)
				}
			}
			a, b = a[1:], b[1:]
		default:
			return nil, false
		}
	}
	return append(merged, base[at:]...), true
}

// edit puts to in the place of the entries from … end of a list.
type edit struct {
	from, end int
	to        []string
}

// before tells that e leaves what o touches alone, and comes first.
func (e edit) before(o edit) bool { return e.end <= o.from && (e.from < o.from || e.end < o.end) }

// edits lead from one list to another, in order, by a longest common part.
func edits(base, now []string) (all []edit) {
	common := make([][]int, len(base)+1)
	for i := range common {
		common[i] = make([]int, len(now)+1)
	}
	for i := len(base) - 1; i >= 0; i-- {
		for j := len(now) - 1; j >= 0; j-- {
			if base[i] == now[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(base) || j < len(now) {
		e := edit{from: i}
		for i < len(base) || j < len(now) {
			if i < len(base) && j < len(now) && base[i] == now[j] {
				break
			}
			if j == len(now) || i < len(base) && common[i+1][j] >= common[i][j+1] {
				i++
			} else {
				e.to = append(e.to, now[j])
				j++
			}
		}
		if e.end = i; e.end > e.from || len(e.to) > 0 {
			all = append(all, e)
		}
		for i < len(base) && j < len(now) && base[i] == now[j] {
			i, j = i+1, j+1
		}
	}
	return all
}

// mergeFields is mergeList for values by name.
func mergeFields(base, mine, theirs map[string]string) (merged map[string]string, ok bool) {
	merged = map[string]string{}
	for _, side := range []map[string]string{base, mine, theirs} {
		for name := range side {
			was, in := base[name]
			my, mineHas := mine[name]
			their, theirsHas := theirs[name]
			value, has := my, mineHas
			switch {
			case my == their && mineHas == theirsHas, their == was && theirsHas == in:
			case my == was && mineHas == in:
				value, has = their, theirsHas
			default:
				return nil, false
			}
			if has {
				merged[name] = value
			}
		}
	}
	return merged, true
}

// Over is the theme with what it left as it was in base as it is in now.
func (t Theme) Over(base, now Theme) Theme {
	over := Theme{}
	for _, v := range ThemeVariables {
		value := t[v.Name]
		if value == base[v.Name] {
			value = now[v.Name]
		}
		if value != "" {
			over[v.Name] = value
		}
	}
	return over
}

// oneValue is what two made of one value, each from what they saw: base, mine, theirs. ok is false where both changed it, and not alike.
func oneValue[T comparable](base, mine, theirs T) (value T, ok bool) {
	switch {
	case mine == base:
		return theirs, true
	case theirs == base, mine == theirs:
		return mine, true
	}
	return mine, false
}

// Onto is the standing that an editor who saw seen wants, joined with what others made of it meanwhile.
func (s Standing) Onto(seen, now Standing) (Standing, error) {
	role, ok := oneValue(seen.Role, s.Role, now.Role)
	ends, alike := oneValue(millisOf(seen.EndsAt), millisOf(s.EndsAt), millisOf(now.EndsAt))
	texts := func(a AppRoles) map[string]string {
		all := map[string]string{}
		for app, role := range a {
			all[string(app)] = string(role)
		}
		return all
	}
	apps, joined := mergeFields(texts(seen.Apps), texts(s.Apps), texts(now.Apps))
	if !ok || !alike || !joined {
		return s, ErrClash("Somebody else changed the same while you were looking: from "+seen.say()+" to "+now.say()+"; you chose "+s.say()+".", "Look at both and choose again.")
	}
	s.Role, s.EndsAt, s.Apps = role, time.Time{}, nil
	if ends != 0 {
		s.EndsAt = time.UnixMilli(ends).UTC()
	}
	for app, role := range apps {
		if s.Apps == nil {
			s.Apps = AppRoles{}
		}
		s.Apps[AppID(app)] = Role(role)
	}
	return s, nil
}

func millisOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// say is the standing in words.
func (s Standing) say() string {
	var all []string
	if s.Role != "" {
		all = append(all, string(s.Role))
	}
	for app, role := range s.Apps {
		all = append(all, string(role)+" of "+string(app))
	}
	slices.Sort(all)
	if !s.EndsAt.IsZero() {
		all = append(all, "until "+s.EndsAt.UTC().Format("2006-01-02 15:04 MST"))
	}
	return "“" + strings.Join(all, ", ") + "”"
}

// Onto is the schedule that an editor who saw seen wants, joined with what others made of it meanwhile.
func (p BackupPlan) Onto(seen, now BackupPlan) (BackupPlan, error) {
	hour, ok := oneValue(seen.Hour, p.Hour, now.Hour)
	if !ok {
		return p, InvalidField("hour", "was changed meanwhile from "+sayHour(seen.Hour)+" to "+sayHour(now.Hour)+"; you chose "+sayHour(p.Hour)+". Look at both and save again")
	}
	keep, ok := oneValue(seen.KeepDays, p.KeepDays, now.KeepDays)
	if !ok {
		return p, InvalidField("keep", fmt.Sprintf("was changed meanwhile from %d to %d; you chose %d. Look at both and save again", seen.KeepDays, now.KeepDays, p.KeepDays))
	}
	p.Hour, p.KeepDays = hour, keep
	return p, nil
}

func sayHour(hour int) string {
	if hour < 0 {
		return "never"
	}
	return fmt.Sprintf("%02d:00", hour)
}

// mergeOpt joins a change of a list with what the list became meanwhile.
func mergeOpt(change, was *Opt[[]string], now []string) {
	if !change.Set || !was.Set || slices.Equal(was.Value, now) {
		return
	}
	if merged, ok := mergeList(was.Value, change.Value, now); ok {
		*change, *was = Some(slices.Clip(merged)), Some(now)
	}
}

// Onto is a change and what its editor saw, joined with what others made of the user meanwhile: lists entry by entry.
// What can't be joined stays as it is, and is refused as stale.
func (c UserChange) Onto(was UserChange, now User) (UserChange, UserChange) {
	mergeOpt(&c.Email, &was.Email, now.Email)
	mergeOpt(&c.Phone, &was.Phone, now.Phone)
	return c, was
}

// Onto is as UserChange's, for a conversation.
func (c ConversationChange) Onto(was ConversationChange, now Conversation) (ConversationChange, ConversationChange) {
	mergeOpt(&c.WelcomeMessages, &was.WelcomeMessages, now.WelcomeMessages)
	return c, was
}

// Onto is a change of a setting joined with what others made of it since the editor saw Was: origins and the variables of
// a theme one by one. ok is false where it can't be.
func (c SettingChange) Onto(now Setting) (_ SettingChange, ok bool) {
	if !c.Was.Set {
		return c, false
	}
	switch c.Key {
	case SettingAllowedOrigins:
		base, mine, theirs := Settings{c.Key: {Value: c.Was.Value}}, Settings{c.Key: {Value: c.Value}}, Settings{c.Key: now}
		merged, ok := mergeList(base.AllowedOrigins(), mine.AllowedOrigins(), theirs.AllowedOrigins())
		if !ok || len(merged) == 0 { // none means any: two who each take away a part never meant that
			return c, false
		}
		c.Value = strings.Join(merged, "\n")
	case SettingTheme:
		base, err := ParseTheme(c.Was.Value)
		if err != nil {
			return c, false
		}
		mine, theirs := Settings{c.Key: {Value: c.Value}}.Theme(), Settings{c.Key: now}.Theme()
		merged, ok := mergeFields(base, mine, theirs)
		if !ok {
			return c, false
		}
		c.Value = Theme(merged).JSON()
	default:
		return c, false
	}
	c, err := c.Normal()
	return c, err == nil
}
