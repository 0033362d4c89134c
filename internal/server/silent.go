package server

import (
	"net"
	"sync"

	"github.com/valyala/fasthttp"
)

// silent keeps the connections on which nothing was sent yet. Browsers open
// some in advance; fasthttp would wait for each when the server stops.
type silent struct {
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	stopping bool
}

func newSilent() *silent { return &silent{conns: make(map[net.Conn]struct{})} }

// note is told every change of a connection's state.
func (s *silent) note(conn net.Conn, state fasthttp.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != fasthttp.StateNew:
		delete(s.conns, conn)
	case s.stopping:
		conn.Close()
	default:
		s.conns[conn] = struct{}{}
	}
}

// close closes them all, and from now on new ones at once.
func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	for conn := range s.conns {
		conn.Close()
	}
}
