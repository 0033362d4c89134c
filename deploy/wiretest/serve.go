package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// Limits on what FerretDB takes; both are far beyond what a healthy one needs.
const (
	replyLimit = 2 * time.Minute // its answer to one command
	stopLimit  = 5 * time.Second // each of the two steps of a stop: the gate first, then FerretDB
)

// serve runs FerretDB with its files in dir behind a gate on listener, which it closes, and calls ready
// once clients may connect. It returns nil when ctx ends, an error when the server cannot go on.
func serve(ctx context.Context, dir string, listener net.Listener, stderr io.Writer, ready func()) error {
	defer listener.Close()
	private, err := os.MkdirTemp("", "wiretest-")
	if err != nil {
		return fmt.Errorf("private folder: %w", err)
	}
	defer os.RemoveAll(private)
	if dir == "" {
		dir = filepath.Join(private, "data")
	}
	// The socket is in a folder of this user alone, so that nobody gets past the gate.
	socket := filepath.Join(private, "ferretdb.sock")
	stopBackend, err := startBackend(dir, socket, stderr)
	if err != nil {
		return err
	}
	defer stopBackend()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	g := &gate{backend: socket, limit: replyLimit, log: log.New(stderr, "wiretest: ", 0), broken: cancel}
	var accepting sync.WaitGroup
	accepting.Go(func() { cancel(g.accept(ctx, listener)) })
	ready()
	<-ctx.Done()
	listener.Close()
	accepting.Wait()
	if !g.wait(stopLimit) {
		g.log.Printf("commands still running after %v are cut off", stopLimit)
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return nil
}

// startBackend starts FerretDB on a Unix socket. The returned function stops it and waits for its end,
// at most stopLimit. Embedded FerretDB has no telemetry reporter, so it calls nobody.
func startBackend(dir, socket string, stderr io.Writer) (stop func(), err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	f, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socket},
		Logger:    slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: sqliteURL(dir),
	})
	if err != nil {
		return nil, fmt.Errorf("start FerretDB: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	return func() {
		cancel()
		select {
		case <-done:
		case <-time.After(stopLimit):
			fmt.Fprintf(stderr, "wiretest: FerretDB did not stop within %v\n", stopLimit)
		}
	}, nil
}

// sqliteURL names dir in the form FerretDB wants. The files need not survive a power cut, so nothing
// waits for the disk.
func sqliteURL(dir string) string {
	u := url.URL{Scheme: "file", OmitHost: true, Path: dir + "/"}
	u.RawQuery = url.Values{"_pragma": {"busy_timeout(10000)", "synchronous(off)"}}.Encode()
	return u.String()
}
