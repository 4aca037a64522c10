package web

import "net/http"

// Refresh tells requests that an open page makes by itself, to keep fresh, from those of a person: they use up nothing
// that was kept for the person, and don't keep a session alive. Streams, which pages open again by themselves, can't say
// so, and are known by what they accept.
func Refresh(r *http.Request) bool {
	return r.Header.Get("X-Refresh") != "" || r.Header.Get("Accept") == "text/event-stream"
}
