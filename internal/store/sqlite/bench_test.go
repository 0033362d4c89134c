package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// offer is a document of the size and shape of a listing.
type offer struct {
	market.Meta `bson:"-"`
	Number      string    `bson:"number"`
	State       string    `bson:"state"`
	Due         time.Time `bson:"due"`
	Text        string    `bson:"text"`
}

var offerSpec = store.Spec{Name: "offers", Unique: []string{"number"},
	Indexes: []store.Index{{"state", "due"}, {"state", store.FieldChanged}}}

func newOffer(i int) *offer {
	id := fmt.Sprintf("019a%08x-7000-8000", i) // in order of time, as UUIDv7 are
	return &offer{Meta: market.Meta{ID: market.ID(id)}, Number: fmt.Sprint("N", i), State: []string{"published", "draft", "expired"}[i%3],
		Due: time.UnixMilli(1_700_000_000_000 + int64(i%1000)*86_400_000).UTC(), Text: strings.Repeat("镁合金压铸成型技术", 60)}
}

func openOffers(b *testing.B) store.Collection[offer] {
	b.Helper()
	engine, err := sqlite.Open(filepath.Join(b.TempDir(), "bench.db"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { engine.Close() })
	offers, err := store.Open[offer](context.Background(), engine, offerSpec)
	if err != nil {
		b.Fatal(err)
	}
	return offers
}

// insertOffers inserts offers 0 … n-1 from several goroutines.
func insertOffers(b *testing.B, offers store.Collection[offer], n, writers int) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := offers.Insert(context.Background(), newOffer(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkInsert(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			offers := openOffers(b)
			b.ResetTimer()
			insertOffers(b, offers, b.N, writers)
		})
	}
}

func BenchmarkRead(b *testing.B) {
	const documents = 100_000
	offers := openOffers(b)
	insertOffers(b, offers, documents, 256)
	ctx := context.Background()
	find := func(q store.Query) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				page, err := offers.Find(ctx, q)
				if err != nil || len(page.Items) != 20 {
					b.Fatal(len(page.Items), err)
				}
			}
		}
	}
	published := []store.Equal{{Field: "state", Value: "published"}}
	first := store.Query{Equal: published, Sort: "due", Desc: true, Limit: 20}
	b.Run("first page of 20", find(first))
	deep := first
	for range 20 { // page 20 × 1000 deep
		deep.Limit = 1000
		page, err := offers.Find(ctx, deep)
		if err != nil {
			b.Fatal(err)
		}
		deep.After = page.Next
	}
	deep.Limit = 20
	b.Run("page of 20 after 20000", find(deep))
	b.Run("one by id", func(b *testing.B) {
		i := 0
		for b.Loop() {
			i = (i + 7919) % documents
			if _, err := offers.Get(ctx, newOffer(i).ID); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkUpdate replaces documents of all the same size.
func BenchmarkUpdate(b *testing.B) {
	const documents = 2_000
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			offers := openOffers(b)
			insertOffers(b, offers, documents, 64)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				wg.Go(func() { // each its own documents
					for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
						doc, err := offers.Get(context.Background(), newOffer(w+writers*(i%(documents/writers))).ID)
						if err == nil {
							doc.State = []string{"published", "draft"}[i%2]
							err = offers.Update(context.Background(), doc)
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}
