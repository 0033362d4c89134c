package mongodb

import (
	"context"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// note is a document for tests.
type note struct {
	market.Meta `bson:"-"`
	Key         string `bson:"key"`
	State       string `bson:"state"`
}

var noteSpec = store.Spec{Name: "notes", Unique: []string{"key"}, Indexes: []store.Index{{"state", store.FieldChanged}}}

// proxy stands between driver and server and can fail in two ways.
type proxy struct {
	address, target string

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	silent   bool // takes everything, answers nothing
	all      sync.WaitGroup
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	p := &proxy{address: "127.0.0.1:0", target: target}
	p.listen(t)
	t.Cleanup(func() {
		p.refuse()
		p.all.Wait()
	})
	return p
}

// listen accepts connections and carries them to the target.
func (p *proxy) listen(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listener, p.address = listener, listener.Addr().String()
	p.all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", p.target)
			if err != nil {
				client.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, client, server)
			p.mu.Unlock()
			p.all.Go(func() { p.carry(client, server) })
			p.all.Go(func() { p.carry(server, client) })
		}
	})
}

// carry copies until a side is closed. What is read in a time of silence is
// lost, and the connection with it, also when the silence has ended.
func (p *proxy) carry(from, to net.Conn) {
	defer to.Close()
	lost := false
	for buffer := make([]byte, 32<<10); ; {
		n, err := from.Read(buffer)
		p.mu.Lock()
		lost = lost || p.silent
		p.mu.Unlock()
		if err != nil {
			return
		}
		if lost {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) setSilent(silent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = silent
}

// refuse closes every connection and accepts no more.
func (p *proxy) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listener.Close()
	for _, conn := range p.conns {
		conn.Close()
	}
	p.conns = nil
}

// TestServerGoesAway takes the server away from an engine in use and gives it
// back: every call in between is Unavailable in time, and afterwards all works.
func TestServerGoesAway(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fail   func(*proxy)
		repair func(*testing.T, *proxy)
	}{
		{"silent", func(p *proxy) { p.setSilent(true) }, func(_ *testing.T, p *proxy) { p.setSilent(false) }},
		{"refusing", (*proxy).refuse, func(t *testing.T, p *proxy) { p.listen(t) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			uri, err := url.Parse(server(t))
			if err != nil {
				t.Fatal(err)
			}
			p := newProxy(t, uri.Host)
			uri.Host = p.address
			engine := openEngine(t, uri.String())
			notes, err := store.Open[note](t.Context(), engine, noteSpec)
			if err != nil {
				t.Fatal(err)
			}
			first := &note{Meta: market.Meta{ID: "first"}, Key: "1"}
			if err := notes.Insert(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			tt.fail(p)
			wantAway(t, engine, notes, first)
			tt.repair(t, p)
			wantBack(t, notes, first)
		})
	}
}

// wantAway makes every call at once, twice over.
func wantAway(t *testing.T, engine store.Engine, notes store.Collection[note], first *note) {
	t.Helper()
	calls := map[string]func(context.Context) error{
		"Ping": engine.Ping,
		"Insert": func(ctx context.Context) error {
			return notes.Insert(ctx, &note{Meta: market.Meta{ID: "lost"}, Key: "2"})
		},
		"Update":  func(ctx context.Context) error { changed := *first; return notes.Update(ctx, &changed) },
		"Get":     func(ctx context.Context) error { _, err := notes.Get(ctx, "first"); return err },
		"Find":    func(ctx context.Context) error { _, err := notes.Find(ctx, store.Query{}); return err },
		"Changes": func(ctx context.Context) error { _, _, err := notes.Changes(ctx, "", 10); return err },
		"Table":   func(ctx context.Context) error { _, err := engine.Table(ctx, store.Spec{Name: "other"}); return err },
	}
	var wg sync.WaitGroup
	for round := range 2 {
		for name, call := range calls {
			wg.Go(func() {
				start := time.Now()
				err := call(t.Context())
				took := time.Since(start)
				if !market.Is(err, market.Unavailable) || took > 6*time.Second {
					t.Errorf("round %d: %s = %v after %v, want Unavailable within 6 s", round, name, err, took)
				}
				t.Logf("round %d: %s answered after %v: %v", round, name, took.Round(time.Millisecond), err)
			})
		}
		wg.Wait()
	}
}

// wantBack waits until a call succeeds, and then wants no failure any more.
func wantBack(t *testing.T, notes store.Collection[note], first *note) {
	t.Helper()
	start := time.Now()
	for tries := 1; ; tries++ {
		_, err := notes.Get(t.Context(), "first")
		if err == nil {
			t.Logf("back after %v, at try %d", time.Since(start).Round(time.Millisecond), tries)
			break
		}
		if time.Since(start) > 20*time.Second {
			t.Fatalf("not back after %v: %v", time.Since(start), err)
		}
	}
	for range 20 {
		current, err := notes.Get(t.Context(), first.ID)
		if err != nil {
			t.Fatalf("Get = %v", err)
		}
		if err := notes.Update(t.Context(), current); err != nil {
			t.Fatalf("Update = %v", err)
		}
	}
}
