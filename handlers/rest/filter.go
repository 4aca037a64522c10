package rest

import (
	"encoding/json"
	"net/url"
	"slices"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// A filter names conditions on custom fields: {"custom": {"key": "exists" | "!exists" | ["==" | "!=", value] |
// ["oneOf" | "!oneOf", [values…]]}}. All of them must hold. A conversation without the key passes negative conditions.
type condition struct {
	key, op string
	values  []string
}

func (q condition) holds(custom map[string]string) bool {
	value, ok := custom[q.key]
	switch q.op {
	case "exists":
		return ok
	case "!exists":
		return !ok
	case "==", "oneOf":
		return ok && slices.Contains(q.values, value)
	}
	return !ok || !slices.Contains(q.values, value)
}

// parseFilter reads a filter; nil keeps everything. Some clients encode it twice, so it is decoded once more when it
// isn't JSON. What it doesn't know it refuses: a condition that is ignored would let through what it should keep out.
func parseFilter(text string) (func(chat.Conversation) bool, error) {
	if text == "" {
		return nil, nil
	}
	f, err := decodeFilter(text)
	if err != nil {
		again, undecodable := url.QueryUnescape(text)
		if f, err = decodeFilter(again); err != nil || undecodable != nil {
			return nil, chat.InvalidField("filter", `must be JSON like {"custom":{"key":["==","value"]}} with no key twice`)
		}
	}
	if _, ok := f["custom"]; len(f) > 1 || len(f) == 1 && !ok {
		return nil, chat.InvalidField("filter", `can have conditions on "custom" only`)
	}
	var all []condition
	for key, raw := range f["custom"] {
		q, ok := parseCondition(key, raw)
		if !ok {
			return nil, chat.InvalidField("filter", `needs, for “`+key+`”, "exists", "!exists", ["==", value], ["!=", value], ["oneOf", [values]] or ["!oneOf", [values]]`)
		}
		all = append(all, q)
	}
	return func(c chat.Conversation) bool {
		return !slices.ContainsFunc(all, func(q condition) bool { return !q.holds(c.Custom) })
	}, nil
}

func decodeFilter(text string) (f map[string]map[string]json.RawMessage, err error) {
	if err := web.CheckJSON([]byte(text)); err != nil {
		return nil, err
	}
	return f, json.Unmarshal([]byte(text), &f)
}

func parseCondition(key string, raw json.RawMessage) (condition, bool) {
	q := condition{key: key}
	var word *string
	if json.Unmarshal(raw, &word) == nil && word != nil {
		q.op = *word
		return q, q.op == "exists" || q.op == "!exists"
	}
	var pair []json.RawMessage
	if json.Unmarshal(raw, &pair) != nil || len(pair) != 2 || json.Unmarshal(pair[0], &q.op) != nil {
		return q, false
	}
	values := pair[1]
	switch q.op {
	case "==", "!=":
		values = slices.Concat(json.RawMessage("["), values, json.RawMessage("]"))
	case "oneOf", "!oneOf":
	default:
		return q, false
	}
	var list []*string
	if json.Unmarshal(values, &list) != nil || list == nil || slices.Contains(list, nil) {
		return q, false
	}
	for _, v := range list {
		q.values = append(q.values, *v)
	}
	return q, true
}
