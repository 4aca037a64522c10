package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guestlist/db"
)

var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "guestlist")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "guestlist")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// run runs the program to its end: its exit code and what it printed.
func run(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	var out, problems strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &problems
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), problems.String()
}

// serving is the program while it serves.
type serving struct {
	cmd  *exec.Cmd
	url  string
	out  *bufio.Reader
	logs *strings.Builder
}

func serve(t *testing.T, dir string) *serving {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{cmd: exec.Command(path, "--data", dir, "--addr", "127.0.0.1:0"), logs: &strings.Builder{}}
	s.cmd.Stderr = s.logs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
	s.out = bufio.NewReader(out)
	line, err := s.out.ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line: %v %s", err, s.logs)
	}
	ready := regexp.MustCompile(`^Guestlist is ready at (http://127\.0\.0\.1:\d+)\n$`).FindStringSubmatch(line)
	if ready == nil {
		t.Fatalf("the ready line is %q", line)
	}
	s.url = ready[1]
	return s
}

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
	if code := join(s.url, secret, "maya"); code != 404 {
		t.Errorf("the key doesn't open the restored data: %d", code)
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

// join sends one Join and gives its status, 0 when there was no answer.
func join(url, secret, user string) int {
	r, _ := http.NewRequest(http.MethodPut, url+"/v1/shop/conversations/fair/participants/"+user, strings.NewReader("{}"))
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return resp.StatusCode
}

// Every request whose connection was accepted is answered before the process ends, and what was answered is stored.
func TestSIGTERMAnswersWhatWasAccepted(t *testing.T) {
	dir := t.TempDir()
	run(t, "", "app", "create", "--id", "shop", "--name", "Shop", "--secret", "sk_test_for_this_test_only", "--data", dir)
	s := serve(t, dir)
	put := func(path string) {
		r, _ := http.NewRequest(http.MethodPut, s.url+path, strings.NewReader(`{"name":"X"}`))
		r.Header.Set("Authorization", "Bearer sk_test_for_this_test_only")
		r.Header.Set("Content-Type", "application/json")
		if resp, err := http.DefaultClient.Do(r); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %v %v", path, resp, err)
		}
	}
	put("/v1/shop/users/maya")
	put("/v1/shop/conversations/fair")
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[int]int{}
	stop := make(chan struct{})
	for range 16 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				code := join(s.url, "sk_test_for_this_test_only", "maya")
				mu.Lock()
				codes[code]++
				mu.Unlock()
				if code == 0 {
					return // the door is closed
				}
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v %s", err, s.logs)
	}
	close(stop)
	wg.Wait()
	for code := range codes {
		if code != 200 && code != 0 {
			t.Errorf("%d requests were answered %d", codes[code], code)
		}
	}
	if codes[200] == 0 {
		t.Error("nothing was answered at all")
	}
}
