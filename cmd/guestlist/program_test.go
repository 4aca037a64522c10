package main

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
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

func serve(t *testing.T, dir string, more ...string) *serving {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{cmd: exec.Command(path, append([]string{"--data", dir, "--addr", "127.0.0.1:0"}, more...)...), logs: &strings.Builder{}}
	s.cmd.Stderr = s.logs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	})
	s.out = bufio.NewReader(out)
	s.url = s.says(t, `^Guestlist is ready at (http://127\.0\.0\.1:\d+)\n$`)[1]
	return s
}

// says is the next line of its output, which looks like this.
func (s *serving) says(t *testing.T, like string) []string {
	t.Helper()
	line, err := s.out.ReadString('\n')
	if err != nil {
		t.Fatalf("it ended: %v %s", err, s.logs)
	}
	found := regexp.MustCompile(like).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("it says %q", line)
	}
	return found
}

// backend calls the REST API of the app "shop", one connection for each call at a time.
type backend struct {
	url, secret string
	client      *http.Client
}

func (s *serving) shop(secret string) backend {
	return backend{s.url + "/v1/shop", secret, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 30 * time.Second}}
}

// call gives the status and body of an answer that was received whole; 0 and what went wrong otherwise.
func (b backend) call(method, path, body string) (int, string) {
	r, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+b.secret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := b.client.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(answer)
}

// must is call for what has to work.
func (b backend) must(t *testing.T, method, path, body string) string {
	t.Helper()
	code, answer := b.call(method, path, body)
	if code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, code, answer)
	}
	return answer
}

const testSecret = "sk_test_for_these_tests_only"

// shopIn makes a data directory with the app "shop", and serves it.
func shopIn(t *testing.T, dir string) (*serving, backend) {
	t.Helper()
	if code, _, problem := run(t, "", "app", "create", "--id", "shop", "--name", "Shop", "--secret", testSecret, "--data", dir); code != 0 {
		t.Fatal(problem)
	}
	s := serve(t, dir)
	return s, s.shop(testSecret)
}
