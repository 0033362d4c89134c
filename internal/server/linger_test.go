package server

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A client that sends all it has before it reads still learns why it was
// refused, each time.
func TestRefusalsAreRead(t *testing.T) {
	h := start(t, Config{})
	body := bytes.Repeat([]byte("0"), maxLargeBody+1)
	for range 20 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		must(t, err)
		must(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
		request := "POST /size HTTP/1.1\r\nHost: test\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 33554433\r\n\r\n"
		if _, err = io.Copy(conn, io.MultiReader(strings.NewReader(request), bytes.NewReader(body))); err != nil {
			t.Fatalf("sending: %v", err)
		}
		answer, err := io.ReadAll(conn)
		if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 413 ")) || !bytes.Contains(answer, []byte("2 MiB")) {
			t.Fatalf("%v, read %.200q", err, answer)
		}
		must(t, conn.Close())
	}
	res, err := http.Post(h.url+"/size", "application/octet-stream", bytes.NewReader(body))
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", res.StatusCode)
	}
}

// Whoever keeps a refused connection open without a word is let go.
func TestLingeringEnds(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer ln.Close()
	lingering := newLingering(ln)
	client, err := net.Dial("tcp", ln.Addr().String())
	must(t, err)
	defer client.Close()
	conn, err := lingering.Accept()
	must(t, err)
	conn.(*lingerConn).refused.Store(true)
	started := time.Now()
	must(t, conn.Close())
	for len(lingering.places) > 0 {
		if time.Since(started) > lingerPause+3*time.Second {
			t.Fatal("still reading")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is still open")
	}
}
