package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// The environment of a child process: the file to write to, and a name that no
// other child of the file has.
const (
	childPath = "JISHI_TEST_CHILD_PATH"
	childName = "JISHI_TEST_CHILD_NAME"
)

// childLife bounds a child whose parent died.
const childLife = 20 * time.Second

// entry is what children write: Round is always its version.
type entry struct {
	market.Meta `bson:"-"`
	Number      string `bson:"number"`
	Round       int64  `bson:"round"`
	Text        string `bson:"text"`
}

var entrySpec = store.Spec{Name: "entries", Unique: []string{"number"}, Indexes: []store.Index{{"round"}}}

// runChild writes entries until its input ends, and says which writes were
// acknowledged: one line of id and version each, as soon as it knows.
func runChild(path, name string) int {
	engine, err := sqlite.Open(path, time.Now)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	entries, err := store.Open[entry](context.Background(), engine, entrySpec)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var stop atomic.Bool
	time.AfterFunc(childLife, func() { stop.Store(true) })
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop.Store(true)
	}()
	var say sync.Mutex
	var failed atomic.Bool
	var writers sync.WaitGroup
	for writer := range 6 {
		writers.Go(func() {
			err := writeEntries(entries, fmt.Sprint(name, "-", writer), stop.Load, func(e *entry) {
				say.Lock()
				defer say.Unlock()
				fmt.Fprintf(os.Stdout, "%s %d\n", e.ID, e.Version) // a pipe outlives the writer
			})
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				failed.Store(true)
			}
		})
	}
	writers.Wait()
	if err := engine.Close(); err != nil || failed.Load() {
		fmt.Fprintln(os.Stderr, "close:", err)
		return 1
	}
	return 0
}

// writeEntries inserts entries named after prefix and updates each twice, until
// stop; done is told of each write that was acknowledged.
func writeEntries(entries store.Writer[entry], prefix string, stop func() bool, done func(*entry)) error {
	ctx := context.Background()
	for i := 0; !stop(); i++ {
		id := fmt.Sprintf("%s-%d", prefix, i)
		e := &entry{Meta: market.Meta{ID: market.ID(id)}, Number: id, Round: 1, Text: strings.Repeat("文", i*37%2000)}
		if err := entries.Insert(ctx, e); err != nil {
			return fmt.Errorf("insert %s: %w", id, err)
		}
		done(e)
		for range 2 {
			e.Round++
			if err := entries.Update(ctx, e); err != nil {
				return fmt.Errorf("update %s: %w", id, err)
			}
			done(e)
		}
	}
	return nil
}

// child is a process that writes to a file.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	first chan struct{} // closed at the first acknowledgement
	ended chan struct{} // closed when acked is complete

	acked map[market.ID]int64 // newest version acknowledged; to be read after ended
}

func startChild(t *testing.T, path, name string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(self), first: make(chan struct{}), ended: make(chan struct{}), acked: make(map[market.ID]int64)}
	c.cmd.Env = append(os.Environ(), childPath+"="+path, childName+"="+name)
	c.cmd.Stderr = os.Stderr
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.stdin = stdin
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", filepath.Base(self), err)
	}
	go c.listen(stdout)
	return c
}

// listen reads acknowledgements until the child has ended. A last line that was
// cut short is none.
func (c *child) listen(stdout io.Reader) {
	defer close(c.ended)
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		id, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			continue
		}
		if len(c.acked) == 0 {
			close(c.first)
		}
		c.acked[market.ID(id)] = max(c.acked[market.ID(id)], n)
	}
}

// wait waits for the first acknowledgement.
func (c *child) wait(t *testing.T) {
	t.Helper()
	select {
	case <-c.first:
	case <-c.ended:
		t.Fatal("the child ended before it wrote anything")
	case <-time.After(childLife):
		t.Fatal("the child wrote nothing")
	}
}

// kill ends the child at once, as kill -9 does.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatalf("kill = %v", err)
	}
	<-c.ended
	if err := c.cmd.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
}

// finish lets the child stop and end well.
func (c *child) finish(t *testing.T) {
	t.Helper()
	c.stdin.Close()
	<-c.ended
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("child: %v", err)
	}
}
