package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// AppID, UserID and ConversationID are chosen by the caller: 1 to 255 bytes of valid UTF-8 without control, format or
// bidirectional characters and without "/", and not "." or "..". They are compared byte for byte.
type (
	AppID          string
	UserID         string
	ConversationID string
)

const maxIDBytes = 255

// ParseAppID checks s against the grammar of ids.
func ParseAppID(s string) (AppID, error) { id, err := parseID(s, "appId"); return AppID(id), err }

// ParseUserID checks s against the grammar of ids.
func ParseUserID(s string) (UserID, error) { id, err := parseID(s, "userId"); return UserID(id), err }

// ParseConversationID checks s against the grammar of ids.
func ParseConversationID(s string) (ConversationID, error) {
	id, err := parseID(s, "conversationId")
	return ConversationID(id), err
}

func parseID(s, field string) (string, error) {
	why := idProblem(s)
	if why == "" {
		return s, nil
	}
	return "", &Error{Code: Invalid, Reason: BadID, Message: "The " + field + " " + why + ".",
		Hint:   "An id has 1 to 255 bytes of plain text, without “/”.",
		Fields: map[string][]string{field: {why}}}
}

func idProblem(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxIDBytes:
		return "is longer than 255 bytes"
	case !utf8.ValidString(s):
		return "is not valid UTF-8"
	case s == "." || s == "..":
		return "may not be “.” or “..”"
	case strings.ContainsRune(s, '/'):
		return "contains “/”"
	}
	for _, r := range s {
		if invisible(r) {
			return "contains a control or invisible character"
		}
	}
	if strings.TrimSpace(s) == "" {
		return "is blank"
	}
	return ""
}

// invisible tells characters that a person can't see and that change how others read: controls, format and
// bidirectional marks, line separators, surrogates and private use are out.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs) || r == utf8.RuneError
}
