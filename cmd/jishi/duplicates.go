package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"jishi/internal/duplicate"
	"jishi/internal/exchange"
	"jishi/internal/follow"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/search/minhash"
)

// fingerprints is the texts of listings as their signatures.
type fingerprints struct{ index *minhash.Index }

func newFingerprints() duplicate.Texts { return fingerprints{minhash.NewIndex()} }

func (f fingerprints) Put(id market.ID, text string) {
	if sig, ok := minhash.Sign(minhash.Shingles(text)); ok {
		f.index.Put(string(id), sig)
		return
	}
	f.index.Drop(string(id))
}

func (f fingerprints) Drop(id market.ID) { f.index.Drop(string(id)) }

// leeway is how far below what counts an estimate may lie for the texts to be
// compared exactly: three times its standard error.
const leeway = 0.15

func (f fingerprints) Near(text string, limit int) []market.ID {
	sig, ok := minhash.Sign(minhash.Shingles(text))
	if !ok {
		return nil
	}
	var ids []market.ID
	for _, near := range f.index.Find(sig, float64(duplicate.Least)/100-leeway, limit) {
		ids = append(ids, market.ID(near.Key))
	}
	return ids
}

// resemblance compares two texts exactly.
func resemblance(a, b string) float64 {
	return minhash.Jaccard(minhash.Shingles(a), minhash.Shingles(b))
}

// merger merges the listings of one book.
type merger[T any, P listing.Kind[T]] struct{ book *listing.Book[T, P] }

func (m merger[T, P]) Merge(ctx context.Context, by market.Actor, id market.ID, version int64, into market.ID, note string) error {
	_, err := m.book.Merge(ctx, by, id, version, into, note)
	return err
}

func (m merger[T, P]) Unmerge(ctx context.Context, by market.Actor, id market.ID, version int64, note string) error {
	_, err := m.book.Unmerge(ctx, by, id, version, note)
	return err
}

// openDuplicates makes the search for duplicates over the house's listings.
func (h *house) openDuplicates() *duplicate.Service {
	return duplicate.New(
		duplicate.Stores{Pairs: h.docs.duplicates, Achievements: h.docs.achievements, Demands: h.docs.demands},
		duplicate.Parts{NewTexts: newFingerprints, Resemblance: resemblance,
			Achievements: merger[market.Achievement, *market.Achievement]{h.achievements}, Demands: merger[market.Demand, *market.Demand]{h.demands}},
		time.Now)
}

// followDuplicates feeds the search for duplicates until ctx ends.
func (s *serving) followDuplicates(ctx context.Context, wait *crew) {
	achievements, demands := s.duplicateFollowers(s.log)
	wait.keep(ctx, achievements.Name, achievements.Run)
	wait.keep(ctx, demands.Name, demands.Run)
}

// catchUpDuplicates reads the listings that the rows of an import are compared
// with; other kinds of import need none.
func (h *house) catchUpDuplicates(ctx context.Context, kind string) error {
	achievements, demands := h.duplicateFollowers(logger())
	switch kind {
	case exchange.Achievements:
		return achievements.CatchUp(ctx)
	case exchange.Demands:
		return demands.CatchUp(ctx)
	}
	return nil
}

// printTwins tells the operator which rows may be the same as something else.
func printTwins(job *market.ImportJob) {
	if job.Doubled == 0 {
		return
	}
	fmt.Printf("  可能重复 %d 行（已照常处理）：\n", job.Doubled)
	const shown = 10
	for i, twin := range job.Twins {
		if i == shown {
			fmt.Println("  ……其余见 --report 写出的报告或页面“可能重复”")
			break
		}
		fmt.Printf("  第 %d 行 %s\n", twin.Row, twin.Sentence())
	}
}

// duplicateFollowers feed the search for duplicates.
func (h *house) duplicateFollowers(log *slog.Logger) (achievements *follow.Follower[market.Achievement], demands *follow.Follower[market.Demand]) {
	return &follow.Follower[market.Achievement]{Name: "duplicates of achievements", Source: h.docs.achievements, Sink: h.duplicates.Achievements(), Batch: store.MaxLimit, Log: log},
		&follow.Follower[market.Demand]{Name: "duplicates of demands", Source: h.docs.demands, Sink: h.duplicates.Demands(), Batch: store.MaxLimit, Log: log}
}

// likeness compares the rows of each import with each other and with what is listed.
func (h *house) likeness() exchange.Likeness {
	rows := h.duplicates.Rows()
	return exchange.Likeness{Achievements: rows.Achievement, Demands: rows.Demand}
}
