package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAPIRaw writes to the connection what no HTTP client would send. Each is
// answered with a refusal, or with the connection's end, and the program goes
// on.
func TestAPIRaw(t *testing.T) {
	w := startAPI(t)
	before := w.versions()
	head := "Host: x\r\nAuthorization: Bearer " + w.tokens[bureau] + "\r\n"
	json := head + "Content-Type: application/json\r\n"
	const ok, refused = 200, 400 // or any other refusal
	for _, tt := range []struct {
		name, request string
		status        int
	}{
		{"a good one", "GET /api/v1/me HTTP/1.1\r\n" + head + "\r\n", ok},
		{"a header split in two", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A: a\r\nX-B: b\nAuthorization: Bearer x\r\n\r\n", refused},
		{"a line break in the path", "GET /api/v1/me%0d%0aX:%20y HTTP/1.1\r\n" + head + "\r\n", refused},
		{"bytes in the path", "GET /api/v1/demands/\xff\xfe HTTP/1.1\r\n" + head + "\r\n", refused},
		{"NUL in the path", "GET /api/v1/demands/a\x00b HTTP/1.1\r\n" + head + "\r\n", refused},
		{"bytes in the query", "GET /api/v1/search?q=\xff\xfe HTTP/1.1\r\n" + head + "\r\n", refused},
		{"Chinese in the query, not encoded", "GET /api/v1/search?q=镁合金 HTTP/1.1\r\n" + head + "\r\n", ok},
		{"NUL in a header", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\x00b\r\n\r\n", refused},
		{"bytes in a token", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n", refused},
		{"bytes in If-Match", "POST /api/v1/demands/x/submit HTTP/1.1\r\n" + head + "If-Match: \"\xff\"\r\nContent-Length: 0\r\n\r\n", refused},
		{"bytes in a cookie", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: session=\xff\x01; \xfe\r\n\r\n", refused},
		{"a folded header", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n " + w.tokens[bureau] + "\r\n\r\n", refused},
		{"a blank before the colon", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer x\r\n\r\n", refused},
		{"no header name", "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n", refused},
		{"a thousand headers", "GET /api/v1/me HTTP/1.1\r\n" + head + strings.Repeat("X-A: b\r\n", 1_000) + "\r\n", ok},
		{"a megabyte of header", "GET /api/v1/me HTTP/1.1\r\n" + head + "X-A: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", refused},
		{"two lengths", "POST /api/v1/demands HTTP/1.1\r\n" + json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", refused},
		{"a length below zero", "POST /api/v1/demands HTTP/1.1\r\n" + json + "Content-Length: -1\r\n\r\n{}", refused},
		{"a length that is none", "POST /api/v1/demands HTTP/1.1\r\n" + json + "Content-Length: two\r\n\r\n{}", refused},
		{"more than it may", "POST /api/v1/demands HTTP/1.1\r\n" + json + "Content-Length: 99999999999999999999\r\n\r\n{}", refused},
		{"in chunks and with a length", "POST /api/v1/demands HTTP/1.1\r\n" + json + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", refused},
		{"broken chunks", "POST /api/v1/demands HTTP/1.1\r\n" + json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", refused},
		{"climbing out", "GET /api/v1/../../../etc/passwd HTTP/1.1\r\n" + head + "\r\n", refused},
		{"climbing out, encoded", "GET /api/v1/demands/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + head + "\r\n", refused},
		{"a whole address", "GET http://evil.example/api/v1/secrets HTTP/1.1\r\n" + head + "\r\n", refused},
		{"a star", "GET * HTTP/1.1\r\n" + head + "\r\n", refused},
		{"another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", refused},
		{"no version", "GET /api/v1/me\r\n\r\n", refused},
		{"a method of its own", "FETCH /api/v1/me HTTP/1.1\r\n" + head + "\r\n", refused},
		{"a method to look through", "TRACE /api/v1/me HTTP/1.1\r\n" + head + "\r\n", refused},
		{"a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n", refused},
		{"no request", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 100) + "\r\n\r\n", refused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, err := w.raw(tt.request)
			switch {
			case err != nil:
				t.Fatal(err)
			case tt.status == ok && status != ok:
				t.Errorf("answered %d, want 200", status)
			case tt.status == refused && status != 0 && (status < 400 || status >= 500):
				t.Errorf("answered %d, want a refusal", status)
			}
		})
	}
	w.ask(bureau, "GET", "/me", nil).want(200)
	if !maps.Equal(before, w.versions()) {
		t.Error("the store changed")
	}
}

// raw writes bytes on a connection of its own and returns the status of the
// answer, 0 when there is none before the connection ends.
func (w *apiWorld) raw(request string) (int, error) {
	w.asked.Add(1)
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	go io.WriteString(conn, request) // the server may end the connection before it has read all
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err, late := err.(net.Error); late && err.Timeout() {
		return 0, fmt.Errorf("no answer within 10 s")
	}
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	return answer.StatusCode, nil
}
