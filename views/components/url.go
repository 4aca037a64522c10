package components

import (
	"net/url"
	"strings"
)

// safeURL is the address of a picture that an outsider chose, or "" when it is not an absolute http or https address.
// Everything that reaches a src attribute from data goes through here.
func safeURL(address string) string {
	parsed, err := url.Parse(strings.TrimSpace(address))
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") {
		return ""
	}
	return parsed.String()
}
