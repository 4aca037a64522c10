package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guestlist/db"
)

func TestCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b ü")
	if code, out, _ := run(t, "", "version"); code != 0 || !strings.HasPrefix(out, "guestlist ") {
		t.Errorf("version: %d %q", code, out)
	}
	_, help, _ := run(t, "", "--help")
	for _, name := range []string{"GUESTLIST_ADDR", "GUESTLIST_DATA", "GUESTLIST_PUBLIC_URL", "GUESTLIST_LOG", "127.0.0.1:8080", "admin create", "backup"} {
		if !strings.Contains(help, name) {
			t.Errorf("--help doesn't name %s:\n%s", name, help)
		}
	}
	if code, _, problem := run(t, "", "--nonsense"); code != exitUsage || problem == "" {
		t.Errorf("a wrong flag: %d", code)
	}
	if code, _, problem := run(t, "", "check", "--data", dir); code != exitFailed || !strings.Contains(problem, "there is no database") {
		t.Errorf("check of nothing: %d %s", code, problem)
	}
	if code, out, problem := run(t, "solid is on the list\n", "admin", "create", "--email", "a@b.example", "--role", "owner", "--data", dir); code != 0 || strings.Contains(out, "Password") {
		t.Errorf("admin create: %d %s %s", code, out, problem)
	}
	if code, out, problem := run(t, "", "admin", "create", "--email", "c@b.example", "--data", dir); code != 0 || !strings.Contains(out, "Password: ") {
		t.Errorf("admin create with a made password: %d %s %s", code, out, problem)
	}
	if code, _, problem := run(t, "short\n", "admin", "create", "--email", "d@b.example", "--data", dir); code != exitFailed || !strings.Contains(problem, "needs 12 characters") {
		t.Errorf("a short password: %d %s", code, problem)
	}
	const secret = "sk_test_of_another_service_1234"
	if code, _, problem := run(t, "", "app", "create", "--id", "shop", "--name", "Shop", "--secret", "bad", "--data", dir); code != exitFailed || !strings.Contains(problem, "secret needs 20") {
		t.Errorf("a bad secret: %d %s", code, problem)
	} // nothing was made: the id is still free
	code, out, problem := run(t, "", "app", "create", "--id", "shop", "--name", "Shop", "--secret", secret, "--json", "--data", dir)
	var app map[string]any
	if err := json.Unmarshal([]byte(out), &app); code != 0 || err != nil || app["id"] != "shop" || app["secretKey"] != secret {
		t.Errorf("app create: %d %s %s", code, out, problem)
	}
	if code, _, problem := run(t, "", "app", "create", "--id", "shop", "--name", "Again", "--data", dir); code != exitFailed || !strings.Contains(problem, "is taken by another app") {
		t.Errorf("app create twice: %d %s", code, problem)
	}

	s := serve(t, dir)
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	code, _, problem = run(t, "", "--data", dir, "--addr", "127.0.0.1:0")
	after, _ := os.ReadDir(dir)
	if code != exitInUse || strings.Count(problem, "\n") != 1 || len(before) != len(after) {
		t.Errorf("a second server: %d %q", code, problem)
	}
	if code, out, problem := run(t, "", "check", "--data", dir); code != 0 || out != "ok\n" {
		t.Errorf("check beside the server: %d %s %s", code, out, problem)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if code, _, problem := run(t, "", "backup", copied, "--data", dir); code != 0 {
		t.Errorf("backup beside the server: %d %s", code, problem)
	}
	for file, want := range map[string]string{filepath.Join(dir, "none", "copy.db"): "make it first", copied + "2": "there is no database"} {
		if code, _, problem := run(t, "", "backup", file, "--data", dir+map[bool]string{true: "-none"}[want == "there is no database"]); code != exitFailed || !strings.Contains(problem, want) {
			t.Errorf("backup to %s: %d %s", file, code, problem)
		}
	}
	if code, _, problem := run(t, "", "backup", copied, "--data", dir); code != exitFailed || !strings.Contains(problem, "exists already") {
		t.Errorf("backup over a file: %d %s", code, problem)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup's mode: %v %v", info, err)
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		r, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != 200 || string(body) != want {
			t.Errorf("%s: %d %q", path, r.StatusCode, body)
		}
	}
	for _, file := range before {
		if info, err := file.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is readable by others: %v", file.Name(), info.Mode())
		}
	}
	// A restored copy serves the same data.
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("SIGTERM: %v %s", err, s.logs)
	}
	for _, rest := range []string{"-wal", "-shm"} {
		if info, err := os.Stat(filepath.Join(dir, db.File+rest)); err == nil && info.Size() > 0 {
			t.Errorf("%s is left after the end", info.Name())
		}
	}
	if err := os.Rename(copied, filepath.Join(dir, db.File)); err != nil {
		t.Fatal(err)
	}
	s = serve(t, dir)
	if code, body := s.shop(secret).call(http.MethodGet, "", ""); code != 200 || !strings.Contains(body, `"shop"`) {
		t.Errorf("the key doesn't open the restored data: %d %s", code, body)
	}
	s.cmd.Process.Kill()
	s.cmd.Wait()
	if err := os.WriteFile(filepath.Join(dir, db.File), []byte("not a database, but a text that is long enough to be read as one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, problem := run(t, "", "--data", dir); code != exitFailed || !strings.Contains(problem, "restore a backup") || strings.Count(problem, "\n") > 2 {
		t.Errorf("a damaged file: %d %q", code, problem)
	}
}

// Wrong options are wrong usage, named, before anything is opened.
func TestWrongOptions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, wrong := range [][]string{{"--public-url", "ftp://chat.example"}, {"--public-url", "https://chat.example/path"}, {"--trusted-proxies", "10.0.0.0/8,office"},
		{"--log", "loud"}, {"app", "create", "--id", "a", "--name", "A", "--live", "--test"}, {"admin", "create", "--email", "a@b.example", "--role", "boss"}, {"backup"}} {
		code, out, problem := run(t, "", append(wrong, "--data", dir)...)
		if code != exitUsage || out != "" || !strings.HasPrefix(problem, "guestlist: error: ") || strings.Count(problem, "\n") != 1 {
			t.Errorf("%v: %d %q %q", wrong, code, out, problem)
		}
	}
	if code, _, problem := run(t, "", "--addr", "127.0.0.1:99999", "--data", dir); code != exitFailed || !strings.Contains(problem, "--addr 127.0.0.1:99999") {
		t.Errorf("no such port: %d %q", code, problem)
	}
}

// A server without admins prints a link that opens the set-up page; with one it prints none.
func TestSetUpLink(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	link := s.says(t, `^No admin yet\. Set up \(once, within 30 minutes\): (http://\S+/setup\?code=\S+)\n$`)[1]
	if r, err := http.Get(link); err != nil || r.StatusCode != 200 || !strings.HasPrefix(link, s.url) {
		t.Errorf("%s: %v %v", link, r, err)
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
	run(t, "", "admin", "create", "--email", "a@b.example", "--role", "owner", "--data", dir)
	s = serve(t, dir)
	s.cmd.Process.Signal(syscall.SIGTERM)
	if rest, _ := io.ReadAll(s.out); len(rest) > 0 {
		t.Errorf("with an admin it says %q", rest)
	}
}

// Behind a public URL the ready line names that, and where it listens.
func TestReadyLineBehindAProxy(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path)
	cmd.Env = []string{"GUESTLIST_DATA=" + t.TempDir(), "GUESTLIST_ADDR=127.0.0.1:0", "GUESTLIST_PUBLIC_URL=https://chat.example/", "GUESTLIST_TRUSTED_PROXIES=10.0.0.1, 10.1.0.0/16"}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &serving{cmd: cmd, out: bufio.NewReader(out), logs: &strings.Builder{}}
	s.says(t, `^Guestlist is ready at https://chat\.example, listening on 127\.0\.0\.1:[1-9]\d*\n$`)
	s.says(t, `https://chat\.example/setup\?code=`)
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// The demo lives beside the data directory, and the sign-in that is printed works.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := serve(t, dir, "--demo")
	admin := s.says(t, `^Demo data\. Sign in as (\S+) with the password: (.+)\n$`)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.PostForm(s.url+"/sign-in", url.Values{"email": {admin[1]}, "password": {admin[2]}})
	if err != nil || r.StatusCode != http.StatusSeeOther || len(r.Cookies()) == 0 {
		t.Fatalf("%v %v", r, err)
	}
	page, _ := http.NewRequest(http.MethodGet, s.url+"/apps", nil)
	page.AddCookie(r.Cookies()[0])
	if r, err = client.Do(page); err != nil || r.StatusCode != 200 {
		t.Fatalf("%v %v", r, err)
	}
	body, _ := io.ReadAll(r.Body)
	if text := string(body); !strings.Contains(text, "Larkfield Market") || !strings.Contains(text, "This is a demo") {
		t.Error("the page doesn’t say that it is a demo, or of what")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the demo made the data directory")
	}
	if _, err := os.Stat(filepath.Join(dir+"-demo", db.File)); err != nil {
		t.Error(err)
	}
	// Other commands work on it too.
	if code, out, problem := run(t, "", "check", "--demo", "--data", dir); code != 0 || out != "ok\n" {
		t.Errorf("check of the demo: %d %s %s", code, out, problem)
	}
}
