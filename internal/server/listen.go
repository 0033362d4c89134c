package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Listen serves at addr until ctx ends, then lets requests under way finish,
// for Timeouts.Shutdown at most; the log says when some did not. It returns
// nil after a stop.
func (s *Server) Listen(ctx context.Context, addr string) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for pages and API: %w", err)
	}
	return s.Serve(ctx, ln)
}

// Serve is Listen on a listener, which it closes.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	stopMetrics := s.serveMetrics()
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(newLingering(ln)) }()
	select {
	case err := <-served:
		return errors.Join(err, stopMetrics(context.WithoutCancel(ctx)))
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Timeouts.Shutdown)
	defer cancel()
	s.silent.close()
	err := s.app.ShutdownWithContext(stop)
	if errors.Is(err, context.DeadlineExceeded) { // a client that never ends its request is no fault of ours
		s.log.Warn("stopped with requests under way")
		err = nil
	}
	ln.Close() // in case ctx ended before the listener was taken up
	return errors.Join(err, <-served, stopMetrics(stop))
}

// serveMetrics begins to serve /metrics on its own listener, if there is one,
// and returns how to stop.
func (s *Server) serveMetrics() (stop func(context.Context) error) {
	if s.config.Metrics == nil {
		return func(context.Context) error { return nil }
	}
	server := &http.Server{Handler: s.metrics.handler(), ReadHeaderTimeout: s.config.Timeouts.Read}
	served := make(chan error, 1)
	go func() { served <- server.Serve(s.config.Metrics) }()
	return func(ctx context.Context) error {
		err := server.Shutdown(ctx)
		if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
			err = errors.Join(err, failed)
		}
		return err
	}
}
