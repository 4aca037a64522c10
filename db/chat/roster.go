package chat

import (
	"regexp"
	"slices"
	"strings"
)

// RosterRow is one row of what somebody pasted or uploaded.
type RosterRow struct {
	Line  int
	Cells []string
}

// rosterColumns are the words of a header row, with what stands below them.
var rosterColumns = map[string]string{
	"person": "person", "id": "id", "user": "id", "userid": "id", "user id": "id", "user_id": "id",
	"email": "email", "e-mail": "email", "mail": "email", "email address": "email", "e-mail address": "email",
	"name": "name", "full name": "name", "display name": "name", "user name": "name",
	"access": "access", "notify": "notify", "notify about": "notify", "notifications": "notify",
}

var columnLabels = map[string]string{"person": "person", "id": "ID", "email": "e-mail", "name": "name", "access": "access", "notify": "notify"}

// named is an address with the name in front, as mail programs write it.
var named = regexp.MustCompile(`^"?([^"<>]*?)"?\s*<([^<>@\s]+@[^<>@\s]+)>$`)

// ParseRoster makes lines of the rows of a list, and says how it was read. With a header row each row names one person;
// without one each cell does, so that nothing is left out.
func ParseRoster(rows []RosterRow) (lines []StagedLine, readAs string) {
	if len(rows) == 0 {
		return nil, ""
	}
	if columns, ok := header(rows[0].Cells); ok {
		for _, row := range rows[1:] {
			lines = append(lines, rosterLine(row, columns))
		}
		return lines, "A table with the columns " + columnList(columns) + "."
	}
	several := false
	for _, row := range rows {
		for _, cell := range row.Cells {
			if cell != "" {
				lines = append(lines, bareLine(row.Line, cell))
			}
		}
		several = several || len(row.Cells) > 1
	}
	if !several {
		return lines, "One person a line."
	}
	for i := range lines {
		lines[i].N = i + 1
	}
	return lines, "One person a cell, since there is no header row. A first row such as id,name,access says what the columns are."
}

// header reads a header row: for each column what stands below it, "" for what is left out.
func header(cells []string) (columns []string, ok bool) {
	for _, cell := range cells {
		what := rosterColumns[strings.ToLower(strings.TrimSpace(cell))]
		if slices.Contains(columns, what) {
			what = ""
		}
		columns = append(columns, what)
		ok = ok || what == "person" || what == "id" || what == "email" || what == "name"
	}
	return columns, ok
}

func columnList(columns []string) string {
	var labels []string
	for _, c := range columns {
		if c != "" {
			labels = append(labels, columnLabels[c])
		}
	}
	return strings.Join(labels, ", ")
}

func bareLine(n int, cell string) StagedLine {
	if m := named.FindStringSubmatch(cell); m != nil {
		return StagedLine{N: n, Typed: m[2], By: "email", Name: strings.TrimSpace(m[1])}
	}
	return StagedLine{N: n, Typed: cell}
}

// rosterLine is a row of a table: whoever its id names, else its address, else its name.
func rosterLine(row RosterRow, columns []string) StagedLine {
	l := StagedLine{N: row.Line}
	cells := map[string]string{}
	for i, cell := range row.Cells {
		if i < len(columns) && columns[i] != "" {
			cells[columns[i]] = cell
		}
	}
	for _, by := range []string{"id", "person", "email", "name"} {
		if cells[by] != "" {
			l.Typed, l.By = cells[by], by
			break
		}
	}
	if l.By == "person" { // whatever names them
		l.By = ""
	}
	l.Name, l.Email = cells["name"], cells["email"]
	var ok bool
	if l.Access, ok = rosterAccess(cells["access"]); !ok {
		l.Verdict, l.Why = BadLine, "Access must be ReadWrite or Read, not “"+cells["access"]+"”."
	}
	if l.Notify, ok = rosterNotify(cells["notify"]); !ok {
		l.Verdict, l.Why = BadLine, "Notify must be true, MentionsOnly or false, not “"+cells["notify"]+"”."
	}
	if l.Typed == "" {
		l.Verdict, l.Why = BadLine, "Names nobody: ID, e-mail and name are empty."
	}
	return l
}

func rosterAccess(s string) (Access, bool) {
	switch strings.ToLower(s) {
	case "":
		return "", true
	case "readwrite", "read & write", "read and write":
		return ReadWrite, true
	case "read", "read only", "readonly":
		return Read, true
	}
	return "", false
}

func rosterNotify(s string) (Notify, bool) {
	switch strings.ToLower(s) {
	case "":
		return "", true
	case "true", "all":
		return NotifyAll, true
	case "mentionsonly", "mentions":
		return NotifyMentions, true
	case "false", "none":
		return NotifyNone, true
	}
	return "", false
}
