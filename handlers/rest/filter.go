package rest

import (
	"encoding/json"
	"net/url"
	"slices"

	"guestlist/db/chat"
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
// isn't JSON.
func parseFilter(text string) (func(chat.Conversation) bool, error) {
	if text == "" {
		return nil, nil
	}
	var f struct {
		Custom map[string]json.RawMessage `json:"custom"`
	}
	if json.Unmarshal([]byte(text), &f) != nil {
		again, err := url.QueryUnescape(text)
		if err != nil || json.Unmarshal([]byte(again), &f) != nil {
			return nil, chat.InvalidField("filter", `must be JSON like {"custom":{"key":["==","value"]}}`)
		}
	}
	var all []condition
	for key, raw := range f.Custom {
		q, ok := parseCondition(key, raw)
		if !ok {
			return nil, chat.InvalidField("filter", `needs, for “`+key+`”, "exists", "!exists", ["==", value], ["!=", value], ["oneOf", [values]] or ["!oneOf", [values]]`)
		}
		all = append(all, q)
	}
	return func(c chat.Conversation) bool {
		for _, q := range all {
			if !q.holds(c.Custom) {
				return false
			}
		}
		return true
	}, nil
}

func parseCondition(key string, raw json.RawMessage) (condition, bool) {
	q := condition{key: key}
	if json.Unmarshal(raw, &q.op) == nil {
		return q, q.op == "exists" || q.op == "!exists"
	}
	var pair []json.RawMessage
	if json.Unmarshal(raw, &pair) != nil || len(pair) != 2 || json.Unmarshal(pair[0], &q.op) != nil {
		return q, false
	}
	switch q.op {
	case "==", "!=":
		q.values = make([]string, 1)
		return q, json.Unmarshal(pair[1], &q.values[0]) == nil
	case "oneOf", "!oneOf":
		return q, json.Unmarshal(pair[1], &q.values) == nil && q.values != nil
	}
	return q, false
}
