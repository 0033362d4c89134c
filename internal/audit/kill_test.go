package audit

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store/sqlite"
)

// The environment of a child process: the file of its store, and a name that
// no other child of the file has.
const (
	childPath = "JISHI_TEST_CHILD_PATH"
	childName = "JISHI_TEST_CHILD_NAME"
)

// childLife bounds a child whose parent died.
const childLife = 20 * time.Second

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := runChild(path, os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runChild appends entries and prints the request of each that was acknowledged.
func runChild(path, name string) error {
	engine, err := sqlite.Open(path, time.Now)
	if err != nil {
		return err
	}
	t := childTB{}
	trail, err := New(openStores(t, engine), Options{Keys: testKeys(t, "a"), Now: time.Now})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), childLife)
	defer cancel()
	var say sync.Mutex
	var writers sync.WaitGroup
	for writer := range 3 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				request := fmt.Sprintf("%s-%d-%d", name, writer, i)
				if err := trail.Append(ctx, market.Entry{Action: market.ActSignIn, Request: request}); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				say.Lock()
				fmt.Println(request) // a pipe outlives the writer
				say.Unlock()
			}
		})
	}
	writers.Wait()
	return nil
}

// childTB is as much of a test as a child needs: it ends where one would fail.
type childTB struct{ testing.TB }

func (childTB) Helper() {}
func (childTB) Fatal(args ...any) {
	fmt.Fprintln(os.Stderr, args...)
	os.Exit(1)
}

// TestKilled kills two processes that append to one chain, at random moments:
// also between a line and the head. Nothing acknowledged is lost and the chain
// is whole, as the next process finds it and after that went on.
func TestKilled(t *testing.T) {
	w := newWorld(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	acked, behind := map[string]bool{}, 0
	for round := range 12 {
		var children sync.WaitGroup
		var mu sync.Mutex
		for child := range 2 {
			after := time.Duration(20+r.IntN(80)) * time.Millisecond
			children.Go(func() {
				requests := killChild(t, w.path, fmt.Sprintf("r%dc%d", round, child), after)
				mu.Lock()
				defer mu.Unlock()
				for _, request := range requests {
					acked[request] = true
				}
			})
		}
		children.Wait()
		head, err := w.trail.head(t.Context())
		w.must(err)
		last, err := w.trail.lastLine(t.Context())
		w.must(err)
		if last != nil && head.Seq < last.Seq {
			behind++
		}
		if got := w.verify().Broken; got != nil {
			t.Fatalf("round %d: broken: %v", round, got)
		}
	}
	w.append(1)
	w.settled()
	if got := w.verify().Broken; got != nil {
		t.Fatalf("going on, it is broken: %v", got)
	}
	kept := map[string]bool{}
	for _, l := range lines(w) {
		kept[l.Body.Request] = true
	}
	for request := range acked {
		if !kept[request] {
			t.Errorf("acknowledged entry %s is lost", request)
		}
	}
	t.Logf("%d acknowledged, %d kept; killed with the head behind %d times", len(acked), len(kept), behind)
	if len(acked) < 50 {
		t.Errorf("%d acknowledged, too few to tell", len(acked))
	}
}

// killChild starts a process, kills it a while after its first entry and
// returns what it acknowledged.
func killChild(t *testing.T, path, name string, after time.Duration) []string {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childPath+"="+path, childName+"="+name)
	c.Stderr = os.Stderr
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := c.Start(); err != nil {
		t.Error(err)
		return nil
	}
	var requests []string
	for out := bufio.NewReader(stdout); ; {
		line, err := out.ReadString('\n')
		if err != nil { // a last line that was cut short is none
			break
		}
		if len(requests) == 0 {
			time.AfterFunc(after, func() { c.Process.Kill() })
		}
		requests = append(requests, strings.TrimSpace(line))
	}
	_, _ = io.Copy(io.Discard, stdout)
	if c.Wait() == nil {
		t.Error("the child ended by itself")
	}
	return requests
}

// TestHeadBehind is what a process leaves that dies between a line and the head.
func TestHeadBehind(t *testing.T) {
	w := newWorld(t)
	w.append(3)
	w.settled()
	w.trail.Close()
	last, err := w.trail.lastLine(t.Context())
	w.must(err)
	orphan := w.trail.keys.newLine(place{last.Seq, last.Hash}, w.signIn())
	w.must(w.stores.Lines.Insert(t.Context(), orphan))
	w.trail = w.begin(testKeys(t, "a"))
	if r := w.verify(); r.Broken != nil || r.Lines != 4 {
		t.Fatalf("found %+v, %v", r, r.Broken)
	}
	w.append(1)
	w.settled()
	w.whole(5, 0)
	if head, err := w.trail.head(t.Context()); err != nil || head.Seq != 5 {
		t.Errorf("head %+v, %v", head, err)
	}
}
