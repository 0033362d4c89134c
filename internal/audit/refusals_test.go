package audit

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// refused runs refusals while f is called and returns the rows about them.
func refused(w *world, f func(r *Refusals)) []Row {
	w.t.Helper()
	r := NewRefusals(w.trail)
	r.every = time.Hour
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		r.Run(ctx)
		close(ended)
	}()
	f(r)
	stop()
	<-ended
	var rows []Row
	for f := (Filter{Action: market.ActRequest, Limit: 100}); ; {
		page, err := w.trail.Find(context.Background(), officer, f)
		w.must(err)
		rows = append(rows, page.Rows...)
		if f.After = page.Next; page.Next == "" {
			return rows
		}
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	ctx := market.WithRequest(context.Background(), market.Request{ID: "r-1", Address: "203.0.113.5"})
	rows := refused(w, func(r *Refusals) {
		r.Refused(ctx, supplier, "POST /contracts/:id/:action", "not_allowed", "c-1")
	})
	if len(rows) != 1 {
		t.Fatalf("rows %+v", rows)
	}
	e := rows[0].Entry
	if e.User != supplier.User || e.Org != supplier.Org || e.Result != "not_allowed" || e.Detail != "POST /contracts/:id/:action" ||
		e.Subject != "c-1" || e.Kind != "page" || e.Request != "r-1" || e.Address != "203.0.113.5" {
		t.Errorf("entry %+v", e)
	}
}

// Somebody who tries a thousand times gets refusalsEach entries and one that counts.
func TestManyRefusals(t *testing.T) {
	w := newWorld(t)
	const tries = 1000
	start := time.Now()
	rows := refused(w, func(r *Refusals) {
		for i := range tries {
			r.Refused(context.Background(), supplier, fmt.Sprint("GET /x", i), "not_allowed", "")
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d refusals held up their answers for %v", tries, took)
		}
		r.Refused(context.Background(), officer, "GET /y", "not_allowed", "")
	})
	kept, counted := map[market.ID]int{}, ""
	for _, row := range rows {
		kept[row.User]++
		if strings.Contains(row.Detail, "没有逐条记录") {
			counted = row.Detail
		}
	}
	if kept[supplier.User] != refusalsEach+1 || kept[officer.User] != 1 || !strings.Contains(counted, fmt.Sprint(tries-refusalsEach)) || !strings.Contains(counted, "GET /x999") {
		t.Errorf("kept %v, counted %q", kept, counted)
	}
}

// With each span the counts become entries and begin anew.
func TestRefusalSpans(t *testing.T) {
	w := newWorld(t)
	rows := refused(w, func(r *Refusals) {
		for range 3 {
			for range refusalsEach + 5 {
				r.Refused(context.Background(), supplier, "GET /x", "not_allowed", "")
			}
			r.appendCounts(context.Background()) // what the clock does
		}
	})
	if want := 3 * (refusalsEach + 1); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
}

// The clock does it, too.
func TestRefusalsAreCountedInTime(t *testing.T) {
	w := newWorld(t)
	r := NewRefusals(w.trail)
	r.every = 10 * time.Millisecond
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		r.Run(ctx)
		close(ended)
	}()
	for range refusalsEach + 5 {
		r.Refused(ctx, supplier, "GET /x", "not_allowed", "")
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		page, err := w.trail.Find(t.Context(), officer, Filter{Action: market.ActRequest, Limit: 100})
		w.must(err)
		if strings.Contains(fmt.Sprint(page.Rows), "没有逐条记录") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the count does not come")
		}
	}
	stop()
	<-ended
}

// While the store is away nothing is held up, and what was lost is said in the log.
func TestRefusalsWithoutStore(t *testing.T) {
	w := newWorld(t)
	w.must(w.engine.Close())
	r := NewRefusals(w.trail)
	start := time.Now()
	for i := range maxRefused + refusalQueue + 50 {
		r.Refused(context.Background(), market.Actor{User: market.ID(fmt.Sprint("u", i))}, "GET /x", "not_allowed", "")
	}
	if took := time.Since(start); took > time.Second || len(r.counts) > maxRefused+1 {
		t.Errorf("%v, %d users counted", took, len(r.counts))
	}
}
