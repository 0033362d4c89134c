package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Work that breaks down begins again, later each time, and the program goes on.
func TestCrew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		w := crew{log: slog.New(slog.NewJSONHandler(&log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		start := time.Now()
		var begun []time.Duration
		w.keep(ctx, "a follower", func(ctx context.Context) {
			begun = append(begun, time.Since(start))
			if len(begun) < 9 {
				panic("a mistake")
			}
			<-ctx.Done()
		})
		other := 0
		w.keep(ctx, "another", func(context.Context) { other++ })
		time.Sleep(10 * time.Minute)
		stop()
		w.Wait()
		want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183}
		if len(begun) != len(want) || other != 1 {
			t.Fatalf("begun at %v, the other %d times", begun, other)
		}
		for i, seconds := range want {
			if begun[i] != seconds*time.Second {
				t.Errorf("begun at %v, want %v s", begun, want)
				break
			}
		}
		if n := strings.Count(log.String(), "a mistake"); n != 8 || !strings.Contains(log.String(), "crew_test.go") || !strings.Contains(log.String(), "a follower") {
			t.Errorf("%d lines with a stack: %s", n, log.String())
		}
	})
}

// Work that breaks down when the program stops does not keep it.
func TestCrewStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := crew{log: slog.New(slog.DiscardHandler)}
		ctx, stop := context.WithCancel(t.Context())
		w.keep(ctx, "a follower", func(ctx context.Context) { panic("a mistake") })
		time.Sleep(time.Hour)
		start := time.Now()
		stop()
		w.Wait()
		if took := time.Since(start); took > 0 {
			t.Errorf("stopped after %v", took)
		}
	})
}
