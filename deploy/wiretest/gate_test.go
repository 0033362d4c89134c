package main

import (
	"bytes"
	"context"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// soon is ample for something to happen on loopback, quiet is how long nothing must happen.
const (
	soon  = 5 * time.Second
	quiet = 100 * time.Millisecond
)

// bench is a gate before a fake FerretDB whose answers the test gives by hand.
type bench struct {
	address  string
	arrived  chan asked // requests that got through the gate
	broken   chan error
	messages *lockedBuffer
}

// asked is one request at the fake FerretDB.
type asked struct {
	name string
	conn net.Conn
}

// answer lets the gate have a reply.
func (a asked) answer() { a.conn.Write(call("ok")) }

// lockedBuffer collects log lines of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns what was written so far.
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newBench starts a gate whose FerretDB may take limit for an answer.
func newBench(t *testing.T, limit time.Duration) *bench {
	t.Helper()
	dir, err := os.MkdirTemp("", "wt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	backend, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{front.Addr().String(), make(chan asked, 10), make(chan error, 10), new(lockedBuffer)}
	g := &gate{backend: socket, limit: limit, log: log.New(b.messages, "", 0), broken: func(err error) { b.broken <- err }}
	ctx, cancel := context.WithCancel(context.Background())
	go b.listen(backend)
	go g.accept(ctx, front)
	t.Cleanup(func() {
		cancel()
		front.Close()
		backend.Close()
	})
	return b
}

// listen accepts the gate's connections.
func (b *bench) listen(backend net.Listener) {
	for {
		conn, err := backend.Accept()
		if err != nil {
			return
		}
		go func() {
			for {
				m, err := readMessage(conn)
				if err != nil {
					return
				}
				c, _ := m.command()
				b.arrived <- asked{c.name, conn}
			}
		}()
	}
}

// send opens a connection and sends a command on it.
func (b *bench) send(t *testing.T, m message) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", b.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := conn.Write(m); err != nil {
		t.Fatal(err)
	}
	return conn
}

// next is the next request that gets through; it must be name.
func (b *bench) next(t *testing.T, name string) asked {
	t.Helper()
	select {
	case a := <-b.arrived:
		if a.name != name {
			t.Fatalf("%s got through, want %s", a.name, name)
		}
		return a
	case <-time.After(soon):
		t.Fatalf("%s did not get through", name)
		return asked{}
	}
}

// none fails if a request gets through now.
func (b *bench) none(t *testing.T) {
	t.Helper()
	select {
	case a := <-b.arrived:
		t.Fatalf("%s got through while a write was under way", a.name)
	case <-time.After(quiet):
	}
}

func TestOneWriteAtATime(t *testing.T) {
	b := newBench(t, soon)
	first := b.send(t, call("update"))
	update := b.next(t, "update")
	b.send(t, call("insert"))
	b.none(t)
	b.send(t, call("find"))
	b.next(t, "find").answer()
	update.answer()
	b.next(t, "insert").answer()
	if _, err := readMessage(first); err != nil {
		t.Errorf("reply of the update: %v", err)
	}
}

func TestClientLeavingDoesNotOpenGate(t *testing.T) {
	b := newBench(t, soon)
	first := b.send(t, call("update"))
	update := b.next(t, "update")
	first.Close()
	b.send(t, call("insert"))
	b.none(t) // the update may still be running
	update.answer()
	b.next(t, "insert").answer()
}

func TestStuckWriteBreaksGate(t *testing.T) {
	b := newBench(t, quiet)
	b.send(t, call("find"))
	b.next(t, "find")
	b.send(t, call("update"))
	b.next(t, "update")
	select {
	case err := <-b.broken:
		if !strings.Contains(err.Error(), "update") {
			t.Errorf("fault %q does not name the command", err)
		}
	case <-time.After(soon):
		t.Fatal("the gate waits for ever")
	}
	b.send(t, call("insert"))
	b.none(t)
	if len(b.broken) > 0 {
		t.Errorf("a read broke the gate: %v", <-b.broken)
	}
}

func TestGateRefusesNonsense(t *testing.T) {
	b := newBench(t, soon)
	for _, m := range []message{wire(2012, "compressed"), []byte("GET / HTTP/1.1\r\n\r\n")} {
		conn := b.send(t, m)
		conn.SetReadDeadline(time.Now().Add(soon))
		if _, err := readMessage(conn); err == nil || strings.Contains(err.Error(), "timeout") {
			t.Errorf("%q: connection not closed: %v", m, err)
		}
	}
	if got := b.messages.String(); strings.Count(got, errMessage.Error()) != 2 {
		t.Errorf("log: %q", got)
	}
	b.none(t)
}
