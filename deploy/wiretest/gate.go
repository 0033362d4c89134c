package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"sync"
	"time"
)

// sendLimit bounds how long a side may take to accept one message.
const sendLimit = 30 * time.Second

// gate is a proxy before FerretDB that lets one write command through at a time, over all connections,
// and holds the next until the reply is read and forwarded. FerretDB v1 on SQLite reads, compares and
// writes in separate steps, so without the gate concurrent version-checked updates overwrite each
// other, and enough of them block each other for good. Reads pass freely.
type gate struct {
	backend string        // path of FerretDB's Unix socket
	limit   time.Duration // how long FerretDB may take to answer one command
	log     *log.Logger   // faults, for people
	broken  func(error)   // called when a write command got no answer: nobody may write any more

	writing sync.Mutex     // held by the connection whose write command is under way
	clients sync.WaitGroup // connections being served
}

// accept serves connections until ctx ends, which is no error, or listener fails.
func (g *gate) accept(ctx context.Context, listener net.Listener) error {
	for {
		client, err := listener.Accept()
		if ctx.Err() != nil {
			if err == nil {
				client.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		g.clients.Go(func() {
			defer client.Close()
			if err := g.serve(ctx, client); err != nil {
				g.log.Printf("connection closed: %v", err)
			}
		})
	}
}

// wait waits until every connection has ended, at most limit, and reports whether they have.
func (g *gate) wait(limit time.Duration) bool {
	done := make(chan struct{})
	go func() {
		g.clients.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(limit):
		return false
	}
}

// serve carries the commands of one client, one after the other, until it leaves or ctx ends; a
// command under way then still gets its answer.
func (g *gate) serve(ctx context.Context, client net.Conn) error {
	backend, err := (&net.Dialer{}).DialContext(ctx, "unix", g.backend)
	if err != nil {
		return fmt.Errorf("reach FerretDB: %w", err)
	}
	defer backend.Close()
	stop := context.AfterFunc(ctx, func() { client.SetReadDeadline(time.Now()) })
	defer stop()
	for ctx.Err() == nil {
		request, err := readMessage(client)
		if errors.Is(err, errMessage) {
			return err
		}
		if err != nil {
			return nil // the client left, or the program stops
		}
		command, err := request.command()
		if err != nil {
			return err
		}
		reply, err := g.exchange(request, command, client, backend)
		if err != nil || reply == nil {
			return err
		}
	}
	return nil
}

// exchange takes one request to FerretDB and its reply to the client. Once a write command has been
// sent it stays for the reply, whatever the client does meanwhile: FerretDB may be in the middle of it.
// A nil reply means that the client has left.
func (g *gate) exchange(request message, c command, client, backend net.Conn) (message, error) {
	stuck := false
	if c.writes() {
		g.writing.Lock()
		defer func() {
			if !stuck {
				g.writing.Unlock()
			}
		}()
	}
	reply, err := g.ask(backend, request)
	if err != nil {
		err = fmt.Errorf("%s: %w", c.name, err)
		if c.writes() && errors.Is(err, os.ErrDeadlineExceeded) {
			stuck = true // and the gate stays shut: the write may still happen
			g.broken(fmt.Errorf("FerretDB is stuck: %w", err))
		}
		return nil, err
	}
	if c.unacknowledged {
		return reply, nil // FerretDB answers all the same; the client does not expect it
	}
	if err := send(client, reply); err != nil {
		return nil, nil
	}
	return reply, nil
}

// ask sends request to FerretDB and reads the one reply it gives: it never streams several.
func (g *gate) ask(backend net.Conn, request message) (message, error) {
	if err := send(backend, request); err != nil {
		return nil, fmt.Errorf("pass on: %w", err)
	}
	if err := backend.SetReadDeadline(time.Now().Add(g.limit)); err != nil {
		return nil, err
	}
	reply, err := readMessage(backend)
	if errors.Is(err, io.EOF) {
		return nil, errors.New("FerretDB closed the connection without an answer")
	}
	if err != nil {
		return nil, fmt.Errorf("answer of FerretDB: %w", err)
	}
	return reply, nil
}

// send writes m within sendLimit.
func send(conn net.Conn, m message) error {
	if err := conn.SetWriteDeadline(time.Now().Add(sendLimit)); err != nil {
		return err
	}
	_, err := conn.Write(m)
	return err
}
