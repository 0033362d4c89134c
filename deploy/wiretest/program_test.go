package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// asProgram makes this test binary behave as the program, so that the tests drive a real process.
const asProgram = "WIRETEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is a running wiretest process.
type program struct {
	cmd    *exec.Cmd
	uri    string
	stdout *bufio.Reader
	stderr *bytes.Buffer
	temp   string // its folder for temporary files
}

// start runs the program and waits for its address.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	temp, err := os.MkdirTemp("", "wt") // t.TempDir makes too long a name for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(temp) })
	p := &program{cmd: exec.Command(os.Args[0], args...), stderr: new(bytes.Buffer), temp: temp}
	p.cmd.Env = append(os.Environ(), asProgram+"=1", "TMPDIR="+temp)
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	p.stdout = bufio.NewReader(stdout)
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v; stderr: %s", err, p.stderr)
	}
	p.uri = strings.TrimSpace(line)
	return p
}

// end waits for the process and returns what else it printed to stdout and how it ended.
func (p *program) end(t *testing.T) (rest string, err error) {
	t.Helper()
	more, readErr := io.ReadAll(p.stdout)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(more), p.cmd.Wait()
}

// connect returns a client with the concerns the product uses, and more options of the address.
func (p *program) connect(t *testing.T, more ...string) *mongo.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	query := strings.Join(append(more, "w=majority", "journal=true", "readConcernLevel=majority"), "&")
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(p.uri+"?"+query))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second) // the server may be gone by now
		defer cancel()
		client.Disconnect(ctx)
	})
	if err := client.Ping(ctx, nil); err != nil {
		t.Fatalf("ping: %v; stderr: %s", err, p.stderr)
	}
	return client
}

func TestStopsOnSignal(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			p := start(t)
			if !strings.HasPrefix(p.uri, "mongodb://127.0.0.1:") || !strings.HasSuffix(p.uri, "/") {
				t.Errorf("address %q", p.uri)
			}
			p.connect(t) // an open connection must not hold up the end
			began := time.Now()
			if err := p.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			rest, err := p.end(t)
			if err != nil || rest != "" || p.stderr.Len() > 0 {
				t.Errorf("end: %v, stdout %q, stderr %q", err, rest, p.stderr)
			}
			if took := time.Since(began); took > stopLimit {
				t.Errorf("stopped after %v", took)
			}
			if left, _ := os.ReadDir(p.temp); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestStopsByItself(t *testing.T) {
	p := start(t, "--for", "200ms")
	if rest, err := p.end(t); err != nil || rest != "" {
		t.Errorf("end: %v, stdout %q", err, rest)
	}
	if got := p.stderr.String(); !strings.Contains(got, "by itself") {
		t.Errorf("stderr %q does not say why", got)
	}
}

func TestKeepsGivenFolder(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		p := start(t, "--dir", dir)
		names, err := p.connect(t).Database("kept").ListCollectionNames(t.Context(), map[string]any{})
		if err != nil || len(names) != round {
			t.Fatalf("start %d: collections %v, %v", round+1, names, err)
		}
		if err := p.connect(t).Database("kept").CreateCollection(t.Context(), "c"); (err != nil) != (round > 0) {
			t.Fatalf("start %d: create: %v", round+1, err)
		}
		p.cmd.Process.Signal(syscall.SIGTERM)
		if _, err := p.end(t); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRefusesFlags(t *testing.T) {
	for _, args := range [][]string{
		{"--listen", "0.0.0.0:0"}, {"--listen", "192.0.2.1:27017"}, {"--listen", "[::]:0"},
		{"--listen", "example.org:1"}, {"--listen", ":0"}, {"--listen", ""},
		{"--for", "-1s"}, {"extra"},
	} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%v: accepted", args)
		}
	}
	for _, args := range [][]string{nil, {"--listen", "[::1]:0"}, {"--listen", "127.0.0.2:0", "--for", "0"}} {
		if _, err := parse(args, io.Discard); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}
