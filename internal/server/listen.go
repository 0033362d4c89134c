package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Listen serves at addr until ctx ends, then lets requests under way finish,
// for Timeouts.Shutdown at most. It returns nil after an orderly stop.
func (s *Server) Listen(ctx context.Context, addr string) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for pages and API: %w", err)
	}
	return s.Serve(ctx, ln)
}

// Serve is Listen on a listener, which it closes.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	stopMetrics, err := s.serveMetrics()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(newLingering(ln)) }()
	select {
	case err = <-served:
		return errors.Join(err, stopMetrics(context.WithoutCancel(ctx)))
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Timeouts.Shutdown)
	defer cancel()
	s.silent.close()
	err = s.app.ShutdownWithContext(stop)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("some requests were still under way when the time to stop was over")
	}
	ln.Close() // in case ctx ended before the listener was taken up
	return errors.Join(err, <-served, stopMetrics(stop))
}

// serveMetrics begins to serve /metrics on its own address, if there is one,
// and returns how to stop.
func (s *Server) serveMetrics() (stop func(context.Context) error, err error) {
	if s.config.Metrics == "" {
		return func(context.Context) error { return nil }, nil
	}
	ln, err := net.Listen("tcp", s.config.Metrics)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics: %w", err)
	}
	server := &http.Server{Handler: s.metrics.handler(), ReadHeaderTimeout: s.config.Timeouts.Read}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	return func(ctx context.Context) error {
		err := server.Shutdown(ctx)
		if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
			err = errors.Join(err, failed)
		}
		return err
	}, nil
}
