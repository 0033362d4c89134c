// Wiretest serves the MongoDB wire protocol on loopback, for the tests of Jishi's MongoDB driver.
//
// It runs an embedded FerretDB v1 on SQLite files behind a gate (see [gate]) and prints one line, its
// mongodb:// address, to standard output once it answers. It stops on SIGINT, on SIGTERM, and by itself
// after --for. It is a test tool: it keeps nothing safe and must never hold real data.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// defaultLife ends a server whose starter was killed before it could stop it.
const defaultLife = 30 * time.Minute

// settings are the flags of the program.
type settings struct {
	listen string        // address of the gate; loopback only
	dir    string        // folder of the SQLite files; empty: a fresh one, removed at the end
	life   time.Duration // stop by itself after this long; 0: never
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "wiretest:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, the time limit passes or the server breaks; only the last is an error.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if s.life > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.life)
		defer cancel()
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	err = serve(ctx, s.dir, listener, stderr, func() {
		fmt.Fprintf(stdout, "mongodb://%s/\n", listener.Addr())
	})
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		fmt.Fprintf(stderr, "wiretest: stopped by itself after %v (--for)\n", s.life)
	}
	return err
}

// parse reads the flags and refuses an address that other machines could reach.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("wiretest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:0", "loopback `address` to serve on; port 0 takes any free port")
	flags.StringVar(&s.dir, "dir", "", "`folder` for the SQLite files (default a fresh one, removed at exit)")
	flags.DurationVar(&s.life, "for", defaultLife, "stop by itself after this `duration`; 0 never stops")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if s.life < 0 {
		return s, fmt.Errorf("--for %v: must not be negative", s.life)
	}
	address, err := netip.ParseAddrPort(s.listen)
	if err != nil {
		return s, fmt.Errorf("--listen %q: want an IP address and a port, such as 127.0.0.1:0", s.listen)
	}
	if !address.Addr().IsLoopback() {
		return s, fmt.Errorf("--listen %s: only loopback addresses are served, there is no password", s.listen)
	}
	return s, nil
}
