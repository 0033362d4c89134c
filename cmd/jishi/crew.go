package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Pauses before work that broke down begins again; they double.
const (
	shortestBreak = time.Second
	longestBreak  = time.Minute
)

// crew is what goes on beside the requests.
type crew struct {
	sync.WaitGroup
	log *slog.Logger
}

// keep does work in a goroutine of its own until it returns, which it does
// once ctx ends; wait for it after. A panic in it ends neither the program nor
// the work: it is logged with its stack, and the work begins again.
func (w *crew) keep(ctx context.Context, name string, work func(context.Context)) {
	w.Go(func() {
		for pause := shortestBreak; !w.finishes(ctx, name, work); pause = min(2*pause, longestBreak) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
		}
	})
}

// finishes reports whether work returned of its own accord.
func (w *crew) finishes(ctx context.Context, name string, work func(context.Context)) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("background work broke down", "work", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			ok = false
		}
	}()
	work(ctx)
	return true
}
