package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// second is a request that must never be reached behind a bad one.
const second = "GET /second HTTP/1.1\r\nHost: test\r\n\r\n"

// Requests whose end two parties could see in different places are the way to
// smuggle one past a proxy. Each gets 400 or a closed connection, and what
// follows on the same connection is not answered.
func TestFraming(t *testing.T) {
	var reached atomic.Int32
	h := start(t, Config{Timeouts: Timeouts{Read: 400 * time.Millisecond, Idle: 400 * time.Millisecond}}, func(r fiber.Router) {
		r.Get("/second", func(c *fiber.Ctx) error { reached.Add(1); return c.SendString("smuggled") })
	})
	const head = "POST /size HTTP/1.1\r\nHost: test\r\n"
	tests := []struct{ name, raw string }{
		{"bare LF everywhere", "POST /size HTTP/1.1\nHost: test\nContent-Length: 0\n\n"},
		{"bare LF after a header", head + "X-A: b\nContent-Length: 0\r\n\r\n"},
		{"bare CR in a header", head + "X-A: b\rContent-Length: 5\r\nContent-Length: 0\r\n\r\n"},
		{"two Content-Lengths", head + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n"},
		{"two equal Content-Lengths", head + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"},
		{"a list of Content-Lengths", head + "Content-Length: 0, 0\r\n\r\n"},
		{"Content-Length and chunked", head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"chunked and Content-Length", head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
		{"Transfer-Encoding: xchunked", head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
		{"Transfer-Encoding: identity, chunked", head + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"},
		{"Transfer-Encoding: chunked, identity", head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"},
		{"Transfer-Encoding twice", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"Transfer-Encoding with tab inside", head + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n"},
		{"Transfer-Encoding on HTTP/1.0", "POST /size HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"LF in a chunk extension", head + "Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n"},
		{"chunk size ends in LF", head + "Transfer-Encoding: chunked\r\n\r\n0\n\r\n"},
		{"Content-Length in a trailer", head + "Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n0\r\nContent-Length: 44\r\n\r\n"},
		{"chunk size 0x0", head + "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n"},
		{"chunk size negative", head + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"},
		{"chunk size overflows", head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n"},
		{"chunk data longer than its size", head + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"},
		{"space before the colon", head + "Content-Length : 0\r\n\r\n"},
		{"tab before the colon", head + "Content-Length\t: 0\r\n\r\n"},
		{"no colon", head + "Content-Length 0\r\n\r\n"},
		{"empty header name", head + ": x\r\nContent-Length: 0\r\n\r\n"},
		{"folded header", head + "X-A: b\r\n Content-Length: 44\r\nContent-Length: 0\r\n\r\n"},
		{"space before the first header", "POST /size HTTP/1.1\r\n Host: test\r\nContent-Length: 0\r\n\r\n"},
		{"NUL in a header value", head + "X-A: b\x00c\r\nContent-Length: 0\r\n\r\n"},
		{"NUL in a header name", head + "X-\x00A: b\r\nContent-Length: 0\r\n\r\n"},
		{"no Host", "POST /size HTTP/1.1\r\nContent-Length: 0\r\n\r\n"},
		{"two Hosts", head + "Host: other\r\nContent-Length: 0\r\n\r\n"},
		{"Host with a path", "POST /size HTTP/1.1\r\nHost: test/evil\r\nContent-Length: 0\r\n\r\n"},
		{"HTTP/0.9", "GET /second\r\n"},
		{"HTTP/2.0", "POST /size HTTP/2.0\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"version with letters", "POST /size HTTP/1.x\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"lower case version", "POST /size http/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"two spaces in the request line", "POST  /size HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"space in the path", "POST /size x HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"NUL in the path", "POST /size\x00 HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"unknown method", "BREW /size HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"method with a colon", "PO:ST /size HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"no method", " /size HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"},
		{"negative length", head + "Content-Length: -1\r\n\r\n"},
		{"signed length", head + "Content-Length: +0\r\n\r\n"},
		{"length overflows", head + "Content-Length: 18446744073709551616\r\n\r\n"},
		{"hexadecimal length", head + "Content-Length: 0x0\r\n\r\n"},
		{"empty length", head + "Content-Length: \r\n\r\n"},
		{"length with underscore", head + "Content-Length: 0_0\r\n\r\n"},
		{"huge header", head + "X-A: " + strings.Repeat("a", 1<<20) + "\r\nContent-Length: 0\r\n\r\n"},
		{"ten thousand headers", head + strings.Repeat("X-A: b\r\n", 10_000) + "Content-Length: 0\r\n\r\n"},
		{"huge path", "GET /" + strings.Repeat("a", 1<<20) + " HTTP/1.1\r\nHost: test\r\n\r\n"},
		{"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 64)},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
		{"garbage", strings.Repeat("\xff\xfe", 200) + "\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := reached.Load()
			statuses := exchange(t, h.url, tt.raw+second)
			for i, status := range statuses {
				if status != http.StatusBadRequest && status != http.StatusRequestHeaderFieldsTooLarge && status != http.StatusRequestTimeout && status != http.StatusMethodNotAllowed || i > 0 {
					t.Errorf("answers %v, want one refusal or none", statuses)
					break
				}
			}
			if reached.Load() != before {
				t.Error("the request behind the bad one was answered")
			}
		})
	}
	if a := h.ask(t, "GET", "/", ""); a.status != http.StatusOK {
		t.Errorf("after all that: %d", a.status)
	}
}

// Requests that are unusual but whose end is clear are served, one by one.
func TestFramingServes(t *testing.T) {
	h := start(t, Config{Timeouts: Timeouts{Read: 400 * time.Millisecond, Idle: 400 * time.Millisecond}}, func(r fiber.Router) {
		r.Get("/second", func(c *fiber.Ctx) error { return c.SendString("second") })
	})
	const head = "POST /size HTTP/1.1\r\nHost: test\r\n"
	tests := []struct{ name, raw, want string }{
		{"length", head + "Content-Length: 5\r\n\r\nhello", "[200 200]"},
		{"expects 100", head + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", "[200 200]"},
		{"absolute form", "GET http://test/ HTTP/1.1\r\nHost: test\r\n\r\n", "[200 200]"},
		{"colon without gap", "GET / HTTP/1.1\r\nHost:test\r\n\r\n", "[200 200]"},
		{"LF after the request line", "GET / HTTP/1.1\nHost: test\r\n\r\n", "[200 200]"}, // RFC 9112 section 2.2 allows it
		{"chunked is the last", head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "[200]"},
		{"upper case is the last", head + "TRANSFER-ENCODING: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "[200]"},
		{"LF in a trailer is the last", head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: b\n\r\n", "[200]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fmt.Sprint(exchange(t, h.url, tt.raw+second)); got != tt.want {
				t.Errorf("answers %s, want %s", got, tt.want)
			}
		})
	}
}

// exchange sends raw bytes and returns the statuses of all answers until the
// server closes.
func exchange(t *testing.T, url, raw string) []int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	must(t, err)
	defer conn.Close()
	must(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	go io.WriteString(conn, raw) // the server may refuse before it has taken everything
	var statuses []int
	reader := bufio.NewReader(conn)
	for range 5 {
		res, err := http.ReadResponse(reader, nil)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("the server keeps the connection open")
		}
		if err != nil {
			break
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			break
		}
		if res.StatusCode != http.StatusContinue {
			statuses = append(statuses, res.StatusCode)
		}
	}
	return statuses
}
