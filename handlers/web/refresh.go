package web

import "net/http"

// Refresh tells requests that an open page makes by itself, to keep fresh, from those of a person: they use up nothing
// that was kept for the person, and don't keep a session alive.
func Refresh(r *http.Request) bool { return r.Header.Get("X-Refresh") != "" }
