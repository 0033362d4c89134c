package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestBodyLimits(t *testing.T) {
	h := start(t, Config{})
	bearer, cookie := "Authorization: Bearer "+h.signIn(t), "Cookie: jishi="+h.signIn(t)
	opened, err := h.sessions.Open(t.Context(), login, password)
	must(t, err)
	refresh := "Cookie: jishi=over; jishi_refresh=" + opened.Refresh
	tests := []struct {
		name, path, header string
		size               int
		chunked            bool
		want               int
	}{
		{"just fits", "/size", "", MaxBody, false, 200},
		{"a byte too many", "/size", "", MaxBody + 1, false, 413},
		{"just fits in chunks", "/size", "", MaxBody, true, 200},
		{"a byte too many in chunks", "/size", "", MaxBody + 1, true, 413},
		{"a byte too many, announced by Expect", "/size", "Expect: 100-continue", MaxBody + 1, false, 413},
		{"signed in, but no place for files", "/size", cookie, MaxBody + 1, false, 413},
		{"file of a visitor", "/files", "", MaxBody + 1, false, 413},
		{"file with a token that is none", "/files", "Cookie: jishi=x.y.z", MaxBody + 1, false, 413},
		{"file by cookie", "/files", cookie, MaxBody + 1, false, 200},
		{"file by refresh cookie, the other has run out", "/files", refresh, MaxBody + 1, false, 200},
		{"file by forged refresh cookie", "/files", refresh[:len(refresh)-1], MaxBody + 1, false, 413},
		{"file by bearer", "/api/v1/uploads", bearer, MaxBody + 1, false, 200},
		{"file by bearer, with a query", "/api/v1/uploads?kind=demands", bearer, MaxBody + 1, false, 200},
		{"file in chunks", "/files", cookie, MaxBody + 1, true, 200},
		{"largest file", "/files", cookie, maxLargeBody, false, 200},
		{"file too large", "/files", cookie, maxLargeBody + 1, false, 413},
		{"file too large in chunks", "/files", cookie, maxLargeBody + 1, true, 413},
		{"path that only looks like it", "/./files", cookie, MaxBody + 1, false, 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := h.upload(t, tt.path, tt.header, tt.size, tt.chunked)
			if status != tt.want {
				t.Fatalf("status %d %.200s, want %d", status, body, tt.want)
			}
			if status == 200 && body != fmt.Sprint(tt.size) {
				t.Errorf("handler got %s bytes, want %d", body, tt.size)
			}
			if status == 413 && !strings.Contains(body, "2 MiB") {
				t.Errorf("answer %q says no limit", body)
			}
		})
	}
}

// upload posts size bytes over a connection of its own, as a browser does.
func (h *house) upload(t *testing.T, path, header string, size int, chunked bool) (int, string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	must(t, err)
	defer conn.Close()
	must(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	head := "POST " + path + " HTTP/1.1\r\nHost: " + strings.TrimPrefix(h.url, "http://") + "\r\nSec-Fetch-Site: same-origin\r\n"
	if header != "" {
		head += header + "\r\n"
	}
	go func() {
		if !chunked {
			fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n", head, size)
			io.CopyN(conn, zeros{}, int64(size))
			return
		}
		fmt.Fprintf(conn, "%sTransfer-Encoding: chunked\r\n\r\n", head)
		for left := size; left > 0; left -= 1 << 16 {
			n := min(left, 1<<16)
			fmt.Fprintf(conn, "%x\r\n%s\r\n", n, strings.Repeat("0", n))
		}
		io.WriteString(conn, "0\r\n\r\n")
	}()
	reader := bufio.NewReader(conn)
	res, err := http.ReadResponse(reader, nil)
	if err == nil && res.StatusCode == http.StatusContinue {
		res, err = http.ReadResponse(reader, nil)
	}
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("half an answer: %v", err)
	}
	return res.StatusCode, string(body)
}

// zeros is a file of zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestCompressedBodiesAreRefused(t *testing.T) {
	h := start(t, Config{})
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd", "gzip, identity"} {
		a := h.ask(t, "POST", "/api/v1/sessions", `{}`, "Content-Type", "application/json", "Content-Encoding", encoding)
		if a.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d %s", encoding, a.status, a.body)
		}
	}
}

// Clients that send slowly are cut off, and others are served meanwhile.
func TestSlowClients(t *testing.T) {
	h := start(t, Config{Timeouts: Timeouts{Read: 300 * time.Millisecond}})
	var conns []net.Conn
	for range 100 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		must(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, "POST /size HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\nx")
		must(t, err)
		conns = append(conns, conn)
	}
	if a := h.ask(t, "GET", "/", ""); a.status != 200 {
		t.Errorf("beside slow clients: %d", a.status)
	}
	for _, conn := range conns {
		must(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != http.StatusRequestTimeout {
			t.Fatalf("slow client: %v, %v, want 408", res, err)
		}
	}
}
