package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// dial opens a connection that a test uses by hand.
func (h *house) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	must(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	return conn
}

// trickle writes text a byte at a time until the other side has enough, and
// returns how long that took.
func trickle(conn net.Conn, text string, pause time.Duration) time.Duration {
	start := time.Now()
	for _, b := range []byte(text) {
		if _, err := conn.Write([]byte{b}); err != nil {
			break
		}
		time.Sleep(pause)
	}
	return time.Since(start)
}

// A client that sends a byte now and then has as much time as any other: each
// byte does not begin it anew.
func TestTrickle(t *testing.T) {
	const limit = 400 * time.Millisecond
	h := start(t, Config{Timeouts: Timeouts{Read: limit, Idle: limit}})
	const head = "POST /size HTTP/1.1\r\nHost: test\r\n"
	tests := []struct{ name, atOnce, slowly string }{
		{"request line", "", strings.Repeat("G", 500)},
		{"header", "GET / HTTP/1.1\r\nHost: test\r\nX-A: ", strings.Repeat("a", 500)},
		{"many headers", "GET / HTTP/1.1\r\nHost: test\r\n", strings.Repeat("A: b\r\n", 100)},
		{"body", head + "Content-Length: 500\r\n\r\n", strings.Repeat("a", 500)},
		{"chunks", head + "Transfer-Encoding: chunked\r\n\r\n", strings.Repeat("1\r\na\r\n", 100)},
		{"after Expect", head + "Expect: 100-continue\r\nContent-Length: 500\r\n\r\n", strings.Repeat("a", 500)},
		{"second request", "GET / HTTP/1.1\r\nHost: test\r\n\r\n", "GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 100)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn := h.dial(t)
			_, err := io.WriteString(conn, tt.atOnce)
			must(t, err)
			ended := make(chan time.Duration, 1)
			begun := time.Now()
			go func() {
				_, _ = io.Copy(io.Discard, conn) // until the server closes
				ended <- time.Since(begun)
			}()
			go trickle(conn, tt.slowly, 20*time.Millisecond)
			if took := <-ended; took > 5*limit {
				t.Errorf("held for %v, want about %v", took, limit)
			}
		})
	}
}

// A client that takes its answer slowly does not hold it for ever.
func TestSlowReader(t *testing.T) {
	h := start(t, Config{Timeouts: Timeouts{Write: 300 * time.Millisecond}}, func(r fiber.Router) {
		r.Get("/long", func(c *fiber.Ctx) error { return c.SendString(strings.Repeat("x", 32<<20)) })
	})
	conn := h.dial(t)
	_, err := io.WriteString(conn, "GET /long HTTP/1.1\r\nHost: test\r\n\r\n")
	must(t, err)
	time.Sleep(time.Second) // it does not read meanwhile
	n, err := io.Copy(io.Discard, conn)
	if n >= 32<<20 {
		t.Errorf("got all %d bytes, %v: the server waited", n, err)
	}
}

// Bodies are refused by what they announce, before they are sent.
func TestHugeBodies(t *testing.T) {
	h := start(t, Config{})
	for _, size := range []int64{100 << 20, 1 << 40, 1<<63 - 1} {
		at := time.Now()
		res := rawAnswer(t, h.url, fmt.Sprintf("POST /size HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n", size))
		if res.StatusCode != http.StatusRequestEntityTooLarge || time.Since(at) > 2*time.Second {
			t.Errorf("%d bytes: %d after %v", size, res.StatusCode, time.Since(at))
		}
	}
}

// Queries of thousands of filters are answered or refused like any other.
func TestHugeQueries(t *testing.T) {
	h := start(t, Config{})
	tests := []struct {
		name, query string
		want        int
	}{
		{"as many as fit", "limit=1" + strings.Repeat("&f=1", 3800), 200},
		{"ten thousand", "limit=1" + strings.Repeat("&f=1", 10_000), 431},
		{"a far page", "limit=1000000000", 422},
		{"a limit beyond all numbers", "limit=" + strings.Repeat("9", 400), 422},
		{"brackets", "limit=1&" + strings.Repeat("a[", 3000), 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at := time.Now()
			if a := h.ask(t, "GET", "/api/v1/organizations?"+tt.query, ""); a.status != tt.want || time.Since(at) > time.Second {
				t.Errorf("%d after %v, want %d", a.status, time.Since(at), tt.want)
			}
		})
	}
	if a := h.ask(t, "GET", "/search?q="+strings.Repeat("a", 100_000), ""); a.status != 431 || !strings.Contains(a.body, "搜索词最多 200 字") {
		t.Errorf("100,000 characters are answered with %d %s", a.status, a.body)
	}
}

// Five hundred clients that send slowly neither slow others down nor take much
// memory.
func TestManySlowClients(t *testing.T) {
	h := start(t, Config{})
	calm := h.pace(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 500 {
		conn := h.dial(t)
		half := "POST /size HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\nx"
		_, err := io.WriteString(conn, half[:len(half)-i%len(half)])
		must(t, err)
	}
	busy := h.pace(t)
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapInuse) - int64(before.HeapInuse)
	t.Logf("p99 of 300 requests: %v alone, %v beside 500 slow clients; heap grew by %d KiB", calm, busy, grown>>10)
	if busy > 2*calm+50*time.Millisecond { // the machine does other things too
		t.Errorf("p99 %v, %v without slow clients", busy, calm)
	}
	if grown > 64<<20 {
		t.Errorf("heap grew by %d MiB", grown>>20)
	}
}

// pace is the p99 of 300 requests, one after the other on one connection.
func (h *house) pace(t *testing.T) time.Duration {
	t.Helper()
	conn := h.dial(t)
	reader := bufio.NewReader(conn)
	var took []time.Duration
	for range 300 {
		at := time.Now()
		_, err := io.WriteString(conn, "GET /api/v1/organizations HTTP/1.1\r\nHost: test\r\n\r\n")
		must(t, err)
		res, err := http.ReadResponse(reader, nil)
		must(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		must(t, err)
		if res.StatusCode != 200 {
			t.Fatalf("status %d", res.StatusCode)
		}
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}
