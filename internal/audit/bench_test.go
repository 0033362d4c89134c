package audit

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
)

func BenchmarkAppend(b *testing.B) {
	w := newWorld(b)
	for b.Loop() {
		if err := w.trail.Append(context.Background(), w.signIn()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppendByMany is 32 who append at the same time.
func BenchmarkAppendByMany(b *testing.B) {
	w := newWorld(b)
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := w.trail.Append(context.Background(), w.signIn()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCopy is what followers do, per event.
func BenchmarkCopy(b *testing.B) {
	w := newWorld(b)
	entries := make([]market.Entry, b.N)
	for i := range entries {
		entries[i] = w.signIn()
		entries[i].Source = fmt.Sprintf("contract/%d/1", i)
	}
	b.ResetTimer()
	if err := w.trail.copy(context.Background(), entries); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAppendBesideCopy is how long somebody waits who signs in while
// followers copy the 16,000 events of an import.
func BenchmarkAppendBesideCopy(b *testing.B) {
	w := newWorld(b)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ctx.Err() == nil; n++ {
			entries := make([]market.Entry, 16_000)
			for i := range entries {
				entries[i] = w.signIn()
				entries[i].Source = fmt.Sprintf("contract/%d-%d/1", n, i)
			}
			_ = w.trail.copy(ctx, entries) // ends with ctx
		}
	}()
	time.Sleep(50 * time.Millisecond)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := w.trail.Append(context.Background(), w.signIn()); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "µs-most")
	stop()
	<-ended
}

// BenchmarkVerify verifies a chain of 100,000 lines, half of them of documents.
func BenchmarkVerify(b *testing.B) {
	w := newWorld(b)
	const lines = 100_000
	var docs []stored
	for i := range lines / 20 {
		doc := &market.Target{Meta: market.Meta{ID: market.ID(fmt.Sprintf("t-%06d", i))}}
		w.grow(doc, 10)
		docs = append(docs, store1(b, doc.ID, doc))
	}
	at, all := genesis, make([]stored, 0, lines)
	add := func(e market.Entry) {
		l := w.trail.keys.newLine(at, e)
		at = place{l.Seq, l.Hash}
		all = append(all, store1(b, l.ID, l))
	}
	for i := range docs {
		doc := load[market.Target](b, docs[i])
		for _, e := range doc.History {
			add(entryOf("target", doc.ID, e))
			add(w.signIn())
		}
	}
	raw := openSQL(b, w.path)
	raw.put(b, "targets", docs)
	raw.put(b, LineSpec.Name, all)
	head := &Head{Seq: at.seq, Hash: at.hash}
	w.trail.keys.sealHead(head)
	raw.put(b, HeadSpec.Name, []stored{store1(b, headID, head)})
	v := w.verifier()
	for b.Loop() {
		var report Report
		if err := v.look(context.Background(), &report, func(int64, int64) {}); err != nil || report.Broken != nil || report.Lines != lines || report.Events != lines/2 {
			b.Fatalf("%+v, %v, %v", report, report.Broken, err)
		}
	}
}
