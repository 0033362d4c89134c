package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram in the environment makes the test binary the program, so that
// tests run it as operators do: in processes of its own, with exit codes.
const asProgram = "JISHI_TEST_PROGRAM"

// wideRates is limits that no test meets which is not about them.
const wideRates = "read=1000000/s,write=1000000/s,sign-in=1000000/s,upload=1000000/s,export=1000000/s"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	code := m.Run()
	removeDemo()
	os.Exit(code)
}

// command is the program with arguments and settings NAME=value; those of the
// environment the tests run in do not reach it.
func command(ctx context.Context, settings []string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, os.Args[0], args...)
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "JISHI_") {
			c.Env = append(c.Env, setting)
		}
	}
	c.Env = append(append(c.Env, asProgram+"=1", "JISHI_RATE="+wideRates), settings...)
	return c
}

// run is one run of the program to its end.
type run struct {
	out, err string
	code     int
}

// jishi runs the program to its end.
func jishi(t *testing.T, settings []string, args ...string) run {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	c := command(ctx, settings, args...)
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return run{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

// works fails unless the run ended well.
func (r run) works(t *testing.T) run {
	t.Helper()
	if r.code != 0 {
		t.Fatalf("exit code %d: %s%s", r.code, r.out, r.err)
	}
	return r
}

// says fails unless the run was refused in one sentence that holds words.
func (r run) says(t *testing.T, words ...string) {
	t.Helper()
	line, rest, _ := strings.Cut(r.err, "\n")
	if r.code != 1 || !strings.HasPrefix(line, "jishi: ") || rest != "" {
		t.Errorf("exit code %d, want 1 and one sentence:\n%s%s", r.code, r.out, r.err)
	}
	for _, word := range words {
		if !strings.Contains(line, word) {
			t.Errorf("%q does not say %q", line, word)
		}
	}
}

// servant is the program serving in a process of its own.
type servant struct {
	t       *testing.T
	process *os.Process
	address string // host:port
	out     string // what it printed until it was ready, and the rest once it ended
	log     string // file of its standard error
	ended   chan error
	started time.Duration // from its start until it said that it is ready
}

var printedAddress = regexp.MustCompile(`http://(\S+)`)

// serveProcess starts the program and waits until it says where it serves.
// It is killed at the end of the test, unless it has ended.
func serveProcess(t *testing.T, settings []string, args ...string) *servant {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	s := &servant{t: t, log: log.Name(), ended: make(chan error, 1)}
	c := command(context.Background(), settings, args...)
	c.Stderr = log
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s.process = c.Process
	said := make(chan string, 1)
	go func() {
		reader := bufio.NewReader(stdout)
		line, _ := reader.ReadString('\n')
		said <- line
		rest, _ := io.ReadAll(reader)
		s.out = line + string(rest)
		s.ended <- c.Wait()
	}()
	t.Cleanup(func() { s.stop(syscall.SIGKILL) })
	select {
	case line := <-said:
		s.started = time.Since(start)
		found := printedAddress.FindStringSubmatch(line)
		if found == nil {
			t.Fatalf("said %q: %s", line, s.logged())
		}
		s.address = found[1]
	case <-time.After(30 * time.Second):
		t.Fatalf("not ready within 30 s: %s", s.logged())
	}
	return s
}

// stop sends a signal and waits until the program has ended. It returns the
// exit code, -1 after SIGKILL, and how long that took. Stopping twice is harmless.
func (s *servant) stop(signal os.Signal) (int, time.Duration) {
	if s.process == nil {
		return 0, 0
	}
	start := time.Now()
	s.process.Signal(signal)
	var exit *exec.ExitError
	select {
	case err := <-s.ended:
		s.process = nil
		if errors.As(err, &exit) {
			return exit.ExitCode(), time.Since(start)
		}
		return 0, time.Since(start)
	case <-time.After(20 * time.Second):
		s.process.Kill()
		s.t.Fatalf("not ended 20 s after %v: %s", signal, s.logged())
		return 0, 0
	}
}

func (s *servant) logged() string {
	text, _ := os.ReadFile(s.log)
	return string(text)
}

// get reads a page or an answer of the API as a visitor.
func (s *servant) get(path string) (int, string) {
	s.t.Helper()
	res, err := http.Get("http://" + s.address + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// call asks the API, with a token when it is not empty, and reads the answer
// into what is not nil.
func (s *servant) call(token, method, path string, body, into any) int {
	s.t.Helper()
	status, err := s.try(token, method, path, body, into)
	if err != nil {
		s.t.Fatal(err)
	}
	return status
}

func (s *servant) try(token, method, path string, body, into any) (int, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	if body == nil {
		raw = nil
	}
	req, err := http.NewRequest(method, "http://"+s.address+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if into == nil {
		return res.StatusCode, nil
	}
	return res.StatusCode, json.NewDecoder(res.Body).Decode(into)
}

// signIn returns a token.
func (s *servant) signIn(login, password string) string {
	s.t.Helper()
	var granted struct {
		Token string `json:"access_token"`
	}
	if status := s.call("", "POST", "/sessions", map[string]string{"login": login, "password": password}, &granted); status != 201 {
		s.t.Fatalf("sign in as %s: %d", login, status)
	}
	return granted.Token
}

// ready waits until the program says that it caught up with its store.
func (s *servant) ready() {
	s.t.Helper()
	s.awaits("ready", func() bool { status, _ := s.get("/readyz"); return status == 200 })
}

// awaits fails when ok stays false for 30 s.
func (s *servant) awaits(what string, ok func() bool) time.Duration {
	s.t.Helper()
	start := time.Now()
	for !ok() {
		if time.Since(start) > 30*time.Second {
			s.t.Fatalf("not %s within 30 s: %s", what, s.logged())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(start)
}

// total is how many listings a search for everything finds.
func (s *servant) total() int {
	s.t.Helper()
	var found struct{ Total int }
	if status := s.call("", "GET", "/search?limit=1", nil, &found); status != 200 {
		s.t.Fatalf("search: %d", status)
	}
	return found.Total
}

// file makes a file in a fresh folder and returns its path.
func tempFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
