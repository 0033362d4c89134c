package bench

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// The systems there are.
const (
	Ours   = "ours"
	Bleve  = "bleve"  // bleve's own match query with BM25, on the same index
	SQLite = "sqlite" // FTS5 with trigrams
	Xapian = "xapian" // the same bigrams, BM25
)

// Systems lists them in the order they are reported.
func Systems() []string { return []string{Ours, Bleve, SQLite, Xapian} }

// python runs Xapian's script: Debian's own, for that is where its bindings are.
const python = "/usr/bin/python3"

//go:embed xapian.py
var xapianScript string

// grace is how long past its limit a worker may stay silent before it is ended.
const grace = 2 * time.Minute

// Missing says why a system cannot run on this machine, "" when it can.
func Missing(ctx context.Context, system string) string {
	if system != Xapian {
		return ""
	}
	out, err := exec.CommandContext(ctx, python, "-c", "import xapian").CombinedOutput()
	if err == nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return fmt.Sprintf("%s 不能载入 xapian（%s %v）", python, lines[len(lines)-1], err)
}

// child is a process of one system, which ends with ctx at the latest.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	lines  *bufio.Scanner
	errors *strings.Builder
}

// command is the process that builds or serves a system.
func (o *Options) command(ctx context.Context, mode, system, corpus, dir string) *exec.Cmd {
	if system == Xapian {
		args := []string{"-c", xapianScript, mode, dir}
		if mode == "serve" {
			args = append(args, filepath.Join(corpus, textsFile), filepath.Join(corpus, placesFile))
		}
		return exec.CommandContext(ctx, python, args...)
	}
	return exec.CommandContext(ctx, o.Self, "bench", "worker", mode, system, corpus, dir)
}

func start(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, errors: new(strings.Builder)}
	cmd.Stderr = c.errors
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.in, c.lines = in, bufio.NewScanner(out)
	c.lines.Buffer(nil, 1<<20)
	return c, cmd.Start()
}

// next reads one answer; io.EOF at the end.
func (c *child) next() (a answer, err error) {
	if !c.lines.Scan() {
		return a, errors.Join(io.EOF, c.lines.Err())
	}
	return a, json.Unmarshal(c.lines.Bytes(), &a)
}

// ask sends one request and waits for its answer.
func (c *child) ask(r request) (answer, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return answer{}, err
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return answer{}, c.failed(err)
	}
	late := time.AfterFunc(time.Duration(r.Limit)*time.Millisecond+grace, func() { c.cmd.Process.Kill() })
	defer late.Stop()
	a, err := c.next()
	if err != nil {
		return a, c.failed(err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// end lets the process end and waits for it.
func (c *child) end() (*os.ProcessState, error) {
	closed := c.in.Close()
	if errors.Is(closed, os.ErrClosed) { // by who fed it
		closed = nil
	}
	err := errors.Join(closed, c.cmd.Wait())
	if err != nil {
		err = c.failed(err)
	}
	return c.cmd.ProcessState, err
}

// failed adds what the process said last.
func (c *child) failed(err error) error {
	lines := strings.Split(strings.TrimSpace(c.errors.String()), "\n")
	return fmt.Errorf("%w %s", err, lines[len(lines)-1])
}

// Memory is what a process holds, in bytes: all of it, and the part that is
// not pages of files, which the machine could take back.
type Memory struct {
	Resident  int64 `json:"rss"`
	Anonymous int64 `json:"anonymous"`
}

func (c *child) memory() (m Memory, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(string(status)) {
		var kB int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kB); n == 1 {
			m.Resident = kB << 10
		}
		if n, _ := fmt.Sscanf(line, "RssAnon: %d kB", &kB); n == 1 {
			m.Anonymous = kB << 10
		}
	}
	return m, nil
}
