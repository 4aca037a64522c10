package chat

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// MaxOrigins is how many origins an app may list.
const MaxOrigins = 100

// ParseOrigin is an origin as browsers write it: scheme://host or scheme://host:port, in lower case, without the port
// that the scheme has anyway.
func ParseOrigin(s string) (string, error) {
	bad := func(why string) (string, error) { return "", InvalidField(string(SettingAllowedOrigins), why) }
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Opaque != "" || u.Host == "" {
		return bad(quote(s) + " is not an origin; write https://example.com")
	}
	scheme, host, port := strings.ToLower(u.Scheme), strings.ToLower(u.Hostname()), u.Port()
	switch {
	case scheme != "https" && scheme != "http":
		return bad(quote(s) + " must start with https:// or http://")
	case u.User != nil:
		return bad(quote(s) + " must not have a user name")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(s, "#"):
		return bad(quote(s) + " must end after the host; leave out the path")
	case !validHost(host):
		return bad(quote(s) + " has no valid host name; write names with other letters as browsers send them (xn--…)")
	case strings.HasSuffix(u.Host, ":"):
		return bad(quote(s) + " has no port behind its colon")
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
			return bad(quote(s) + " has no valid port")
		}
		if port != map[string]string{"https": "443", "http": "80"}[scheme] {
			host += ":" + port
		}
	}
	return scheme + "://" + host, nil
}

// validHost takes names of letters, digits, hyphens and dots, and addresses.
func validHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Zone() == ""
	}
	if len(host) > 253 {
		return false
	}
	for _, label := range strings.Split(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
				return false
			}
		}
	}
	return true
}

// parseOrigins reads a list with one origin a line, or several between spaces or commas. No origin is there twice.
func parseOrigins(list string) ([]string, error) {
	var origins []string
	var wrong []string
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) }) {
		o, err := ParseOrigin(word)
		if err != nil {
			wrong = append(wrong, AsError(err).Fields[string(SettingAllowedOrigins)]...)
		} else if !slices.Contains(origins, o) {
			origins = append(origins, o)
		}
		if len(origins) > MaxOrigins {
			return nil, InvalidField(string(SettingAllowedOrigins), "has more than "+strconv.Itoa(MaxOrigins)+" origins")
		}
	}
	if len(wrong) > 0 {
		e := InvalidField(string(SettingAllowedOrigins), wrong[0])
		e.Fields[string(SettingAllowedOrigins)] = wrong[:min(len(wrong), 10)]
		return nil, e
	}
	return origins, nil
}

// AllowedOrigins are the origins of pages that may open a session; none means any.
func (s Settings) AllowedOrigins() []string { return strings.Fields(s[SettingAllowedOrigins].Value) }

// OriginAllowed tells whether a page of this origin may open a session. While the app lists origins, a browser that
// names none is refused.
func (s Settings) OriginAllowed(origin string) bool {
	allowed := s.AllowedOrigins()
	return len(allowed) == 0 || slices.Contains(allowed, strings.ToLower(origin))
}

// OpensOrigins tells whether a change takes the list of origins away, so that pages of any may open a session.
func OpensOrigins(before, after Settings) bool {
	return len(before.AllowedOrigins()) > 0 && len(after.AllowedOrigins()) == 0
}
