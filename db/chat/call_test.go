package chat

import "testing"

func TestCoarseIP(t *testing.T) {
	for given, want := range map[string]string{
		"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:1:2:3::4": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
		"127.0.0.1": "127.0.0.0/24", "": "", "shop": "", "203.0.113.77:80": "",
	} {
		if got := CoarseIP(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
