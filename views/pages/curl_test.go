package pages

import (
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

// A shell that is given a curl line calls the app that it is about, and runs nothing of the app's id.
func TestCurlLinesReachTheirApp(t *testing.T) {
	for _, app := range []string{"shop", "it's a $HOME `id` $(id) 😀", `a"b\c`, "a&b;c|d<e>f", "a?b#c%2F", "~{x,y}*[z]!"} {
		text := curl("http://127.0.0.1:8080", app, "PUT", "/users/maya", `{ "name": "Maya" }`)
		out, err := exec.Command("sh", "-c", "curl() { printf '%s\\n' \"$@\"; }\n"+text).Output()
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		args := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(args) < 3 {
			t.Fatalf("%q", args)
		}
		address, err := url.Parse(args[2])
		if err != nil || address.Path != "/v1/"+app+"/users/maya" || args[len(args)-1] != `{ "name": "Maya" }` {
			t.Errorf("%s\ngives %q %v", text, args, err)
		}
	}
}
