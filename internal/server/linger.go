package server

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// Bounds of reading on after a refusal.
const (
	lingerTime  = 10 * time.Second // in all
	lingerPause = 2 * time.Second  // without a byte
	lingerMost  = 64               // connections at a time
)

// lingering is a listener of connections that end gently after a refusal.
//
// A client that is refused while it still sends must get to read why. When a
// connection is closed with bytes in it that nobody read, the system resets
// it, and a client throws away the answer it has not read yet. So the last
// bytes are read and thrown away first, within bounds.
type lingering struct {
	net.Listener
	places chan struct{}
}

func newLingering(ln net.Listener) lingering {
	return lingering{ln, make(chan struct{}, lingerMost)}
}

// Accept waits for the next connection.
func (l lingering) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return &lingerConn{TCPConn: tcp, places: l.places}, err
	}
	return conn, err
}

type lingerConn struct {
	*net.TCPConn
	places  chan struct{}
	refused atomic.Bool // a request was answered before it was read
}

// Close ends the connection, at once or, after a refusal, when the client has
// had time to read it.
func (c *lingerConn) Close() error {
	if !c.refused.Swap(false) {
		return c.TCPConn.Close()
	}
	select {
	case c.places <- struct{}{}:
	default: // too many at once: those must do without
		return c.TCPConn.Close()
	}
	go func() {
		defer func() { <-c.places }()
		c.drain()
	}()
	return nil
}

// drain reads what still comes until the client ends it or a bound is reached.
func (c *lingerConn) drain() {
	defer c.TCPConn.Close()
	if c.CloseWrite() != nil {
		return
	}
	end := time.Now().Add(lingerTime)
	for time.Now().Before(end) {
		if c.SetReadDeadline(time.Now().Add(lingerPause)) != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, c.TCPConn, 1<<20); err != nil {
			return
		}
	}
}
