package chat

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The matrix of what browsers may do, written down a second time: one row per operation, one column per relation of
// the acting user to the conversation. A guest who is not let in counts as nobody; out are those who were shown out as
// a guest, whether they come as one again or not.

type outcome string

const (
	allowed outcome = "allowed"
	on401   outcome = "401"
	on403   outcome = "403"
	on404   outcome = "404"
)

// world is one situation: a browser, its relation to the conversation, and the facts.
type world struct {
	Facts
	relation string
	verified bool
}

type cell func(world) outcome

type row struct {
	ops                             []Operation
	rw, r, none, guest, banned, out cell
}

var (
	y    cell = func(world) outcome { return allowed }
	no   cell = func(world) outcome { return on403 }
	gone cell = func(world) outcome { return on404 }

	// Unless a box is ticked, or identities are required.
	unlessUS    cell = func(w world) outcome { return unless(w.Security.DisallowUserSync) }
	unlessUSorV cell = func(w world) outcome { return unless(w.Security.DisallowUserSync || w.Security.RequireIdentity) }
	unlessCS    cell = func(w world) outcome { return unless(w.Security.DisallowConversationSync) }

	// The switch is refused before a word on whether the conversation is there.
	goneUnlessCS cell = func(w world) outcome {
		if w.Security.DisallowConversationSync {
			return on403
		}
		return on404
	}
)

// hidden is what those get who can't see the conversation. Who comes as a guest again after being shown out is told so.
func hidden(w world) outcome {
	if w.letIn() {
		return on403
	}
	return on404
}

func hiddenUnlessCS(w world) outcome {
	if w.Security.DisallowConversationSync {
		return on403
	}
	return hidden(w)
}

// letIn tells guests whom the settings and their ceiling let in.
func (w world) letIn() bool {
	return w.relation == "guest" && w.Exists && w.Ceiling != AccessNone && expectedGuestAccess(w.Security, w.Guests) != AccessNone
}

func unless(refused bool) outcome {
	if refused {
		return on403
	}
	return allowed
}

// within is a cell that gives somebody access: never None, never over the ceiling, never where the ceiling is None.
func within(c cell) cell {
	return func(w world) outcome {
		over := map[Access][]Access{"": nil, ReadWrite: nil, Read: {ReadWrite}, AccessNone: {"", Read, ReadWrite}}
		if w.Wanted == AccessNone || slices.Contains(over[w.Ceiling], w.Wanted) {
			return on403
		}
		return c(w)
	}
}

func existing(c cell) cell {
	return func(w world) outcome {
		if got := c(w); got != allowed || w.Exists {
			return got
		}
		return on404
	}
}

func createUserCell(w world) outcome {
	if w.Exists {
		return allowed
	}
	return unlessUS(w)
}

// joinsToEdit joins and then changes, which takes ReadWrite.
func joinsToEdit(w world) outcome {
	if w.Ceiling == Read {
		return on403
	}
	return within(unlessCS)(w)
}

func guestWrites(w world) outcome {
	if expectedGuestAccess(w.Security, w.Guests) != ReadWrite || w.Ceiling == Read {
		return on403
	}
	return allowed
}

func entersAsGuest(w world) outcome {
	switch {
	case expectedGuestAccess(w.Security, GuestsReadWrite) == AccessNone:
		return on403 // closed for every conversation, so it may be said
	case !w.Exists:
		return on404
	case w.Ceiling == AccessNone:
		return on403
	case expectedGuestAccess(w.Security, w.Guests) == AccessNone:
		return on404
	}
	return allowed
}

func ownAccess(from Access) cell {
	return func(w world) outcome {
		to := w.Wanted
		if to == "" { // the default, as far as the ceiling leaves it
			to = ReadWrite
			if w.Ceiling == Read {
				to = Read
			}
		}
		switch {
		case to == from:
			return allowed // changes nothing
		case from == ReadWrite && to == Read:
			return unlessCS(w)
		}
		return on403
	}
}

func removeCell(w world) outcome {
	if w.Ceiling == AccessNone {
		return on403 // it would lift a ban
	}
	return unlessCS(w)
}

// matrix has the operations that mean the same whoever is changed.
var matrix = byOperation([]row{
	//                                    RW  R  none  guest  banned  out
	{[]Operation{OpConnect, OpConversationListOwn, OpMessageSearch, OpUpload, OpUserRead}, y, y, y, y, y, y},
	{[]Operation{OpUserSetSelf}, unlessUS, unlessUS, unlessUS, unlessUS, unlessUS, unlessUS},
	{[]Operation{OpUserCreate}, createUserCell, createUserCell, createUserCell, createUserCell, createUserCell, createUserCell},
	{[]Operation{OpUserSetRole, OpUserSetOther}, unlessUSorV, unlessUSorV, unlessUSorV, unlessUSorV, unlessUSorV, unlessUSorV},
	{[]Operation{OpConversationRead, OpMessageRead, OpParticipantRead}, y, y, gone, y, gone, hidden},
	{[]Operation{OpConversationCreate}, y, y, within(unlessCS), within(unlessCS), no, no},
	{[]Operation{OpParticipantJoin}, y, y, existing(within(unlessCS)), within(unlessCS), no, no},
	{[]Operation{OpConversationEdit}, unlessCS, no, joinsToEdit, joinsToEdit, no, no},
	{[]Operation{OpParticipantAdd}, within(unlessCS), no, goneUnlessCS, no, goneUnlessCS, hiddenUnlessCS},
	{[]Operation{OpParticipantRemove}, removeCell, no, goneUnlessCS, no, goneUnlessCS, hiddenUnlessCS},
	// Two rules disagree on leaving while conversations are not synchronized: the one that lets people go wins.
	{[]Operation{OpParticipantLeave}, y, y, unlessCS, unlessCS, no, unlessCS},
	{[]Operation{OpMessageSend, OpMessageEditOwn, OpMessageDeleteOwn, OpMessageReact, OpMessageType}, y, no, gone, guestWrites, gone, hidden},
	{[]Operation{OpMessageEditOther, OpMessageDeleteOther, OpMessageSendSystem, OpMessageSendButtons, OpMessageSendAs}, no, no, gone, no, gone, hidden},
	{[]Operation{OpMessageMarkRead}, y, y, gone, no, gone, hidden},
	{[]Operation{OpGuestEnter}, y, y, entersAsGuest, entersAsGuest, no, no},
})

// These two depend on whose place it is.
var (
	matrixSelf = byOperation([]row{
		{[]Operation{OpParticipantEditAccess}, ownAccess(ReadWrite), ownAccess(Read), goneUnlessCS, no, goneUnlessCS, hiddenUnlessCS},
		{[]Operation{OpParticipantEditNotify}, y, y, gone, no, gone, hidden},
	})
	matrixOther = byOperation([]row{
		{[]Operation{OpParticipantEditAccess}, within(unlessCS), no, goneUnlessCS, no, goneUnlessCS, hiddenUnlessCS},
		{[]Operation{OpParticipantEditNotify}, no, no, gone, no, gone, hidden},
	})
)

func byOperation(rows []row) map[Operation]row {
	all := map[Operation]row{}
	for _, r := range rows {
		for _, op := range r.ops {
			all[op] = r
		}
	}
	return all
}

func rowOf(op Operation, self bool) (row, bool) {
	r, ok := matrix[op]
	if !ok && self {
		r, ok = matrixSelf[op]
	} else if !ok {
		r, ok = matrixOther[op]
	}
	return r, ok
}

func expected(op Operation, w world) outcome {
	if w.Security.RequireIdentity && !w.verified {
		return on401
	}
	r, ok := rowOf(op, w.Self)
	if !ok {
		return on404 // browsers don't have it
	}
	if w.Blocked {
		return r.out(w)
	}
	switch w.relation {
	case "rw":
		return r.rw(w)
	case "r":
		return r.r(w)
	case "banned":
		return r.banned(w)
	case "guest":
		if w.letIn() {
			return r.guest(w)
		}
	}
	return r.none(w)
}

func got(err error) outcome {
	if err == nil {
		return allowed
	}
	switch AsError(err).Code {
	case Unauthenticated:
		return on401
	case Forbidden:
		return on403
	case NotFound:
		return on404
	}
	return outcome("not a refusal: " + err.Error())
}

// worlds calls f with every situation that can be.
func worlds(f func(w world)) {
	accesses := []Access{"", ReadWrite, Read, AccessNone}
	places := map[string]Access{"rw": ReadWrite, "r": Read, "none": "", "guest": "", "banned": AccessNone}
	for _, security := range securities() {
		for _, guests := range ConversationGuestValues {
			for relation, place := range places {
				for _, ceiling := range accesses {
					for _, wanted := range accesses {
						for bits := range 16 {
							w := world{relation: relation, verified: bits&1 != 0, Facts: Facts{App: "app", Security: security,
								Guests: guests, Place: place, AsGuest: relation == "guest",
								Ceiling: ceiling, Wanted: wanted, Exists: bits&2 != 0, Self: bits&4 != 0, Blocked: bits&8 != 0}}
							if place != "" && !w.Exists || w.Self && ceiling != "" && ceiling.Rank() < place.Rank() {
								continue // nobody is on the list of nothing, or has more than their ceiling
							}
							if w.Blocked && (place != "" || !w.Exists) {
								continue // nor is anybody shown out who is on the list, or of nothing
							}
							f(w)
						}
					}
				}
			}
		}
	}
}

func browser(verified bool) Actor {
	return Actor{Kind: UserActor, ID: "ann", Source: Browser, App: "app", Verified: verified}
}

func TestBrowserMatrix(t *testing.T) {
	t.Parallel()
	reasons := declared(t, "errors.go", "Reason")
	operations := slices.Sorted(maps.Keys(rules))
	cases, wrong := 0, 0
	worlds(func(w world) {
		for _, op := range operations {
			cases++
			err := Allow(browser(w.verified), op, w.Facts)
			if want := expected(op, w); got(err) != want {
				if wrong++; wrong < 10 {
					t.Errorf("%s by %s: %s (%v), want %s\n%+v", op, w.relation, got(err), err, want, w)
				}
			}
			if err != nil {
				checkRefusal(t, reasons, err)
			}
		}
	})
	if wrong > 0 || cases < 1_000_000 {
		t.Errorf("%d of %d cases are wrong", wrong, cases)
	}
}

// checkRefusal fails when a refusal would leave its reader without a reason, a sentence or a next step.
func checkRefusal(t *testing.T, reasons map[string]string, err error) {
	t.Helper()
	e := AsError(err)
	if e == nil {
		t.Fatalf("%v is not an *Error", err)
	}
	if reasons[string(e.Reason)] == "" || !strings.HasSuffix(e.Message, ".") || !strings.HasSuffix(e.Hint, ".") {
		t.Fatalf("%+v: the reason must be in the inventory, message and hint must be sentences", e)
	}
}

func TestEveryOperationHasARule(t *testing.T) {
	names := declared(t, "policy.go", "Operation")
	for value, name := range names {
		if _, ok := rules[Operation(value)]; !ok {
			t.Errorf("%s has no rule", name)
		}
	}
	if len(names) != len(rules) {
		t.Errorf("%d operations, %d rules", len(names), len(rules))
	}
}

func TestUnknownIsRefused(t *testing.T) {
	owner := Actor{Kind: AdminActor, Role: Owner}
	for _, a := range []Actor{CommandLine, owner, browser(true), {Kind: BackendActor, App: "app"}} {
		if Allow(a, "app.destroy", Facts{App: "app"}) == nil {
			t.Errorf("%s may do an operation without a rule", a.Kind)
		}
	}
	for op := range rules {
		if got(Allow(Actor{Kind: "robot", Role: Owner, App: "app", ID: "x"}, op, Facts{App: "app"})) != on401 {
			t.Errorf("%s: an unknown kind of actor is let in", op)
		}
		if err := Allow(CommandLine, op, Facts{}); err != nil {
			t.Errorf("%s: refused to the command line: %v", op, err)
		}
	}
}

// declared reads the constants of a type from a file of this package: value to name.
func declared(t *testing.T, file, typ string) map[string]string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != typ || len(spec.Values) != 1 {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || found[value] != "" {
			t.Errorf("%s: %q is not one of a kind", spec.Names[0].Name, value)
		}
		found[value] = spec.Names[0].Name
		return true
	})
	if len(found) == 0 {
		t.Fatalf("no %s in %s", typ, file)
	}
	return found
}
