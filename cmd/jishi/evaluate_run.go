package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"jishi/internal/market"
	"jishi/search"
	"jishi/search/evaluate"
)

// listings makes published achievements of documents.
func listings(docs []evaluate.Document, titles bool) []*market.Achievement {
	all := make([]*market.Achievement, len(docs))
	for i, d := range docs {
		a := &market.Achievement{Meta: market.Meta{ID: market.ID(d.ID)}}
		a.Summary, a.State = d.Summary, market.StatePublished
		if titles {
			a.Title = d.Title
		}
		all[i] = a
	}
	return all
}

// evaluation is how one file of queries was answered, by our ranking and by
// bleve's match query.
type evaluation struct {
	querySet
	documents   int
	strangers   int // queries that name a document which the corpus has not
	ours, bleve evaluate.Record

	guesses []evaluate.Guess // of --calibrate; nil without
}

// compareIn indexes the listings in a folder and puts every query to both.
func compareIn(ctx context.Context, dir string, all []*market.Achievement, sets []querySet, progress io.Writer) (results []evaluation, err error) {
	index, err := search.Open(dir, logger())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if err := fill(ctx, index, all, progress); err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, a := range all {
		known[string(a.ID)] = true
	}
	for _, set := range sets {
		records, err := evaluate.Run(ctx, set.queries, ourRanking(index), stockRanking(index))
		if err != nil {
			return nil, err
		}
		results = append(results, evaluation{set, len(all), strangers(set.queries, known), records[0], records[1], nil})
	}
	return results, nil
}

// fill indexes the listings with a progress bar on the terminal.
func fill(ctx context.Context, index *search.Index, all []*market.Achievement, progress io.Writer) error {
	bar := progressbar.NewOptions(len(all), progressbar.OptionSetWriter(progress), progressbar.OptionSetDescription("建立索引"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	defer bar.Finish()
	const chunk = 1000
	for from := 0; from < len(all); from += chunk {
		to := min(from+chunk, len(all))
		if err := index.Achievements().Apply(ctx, all[from:to], ""); err != nil {
			return err
		}
		bar.Add(to - from)
	}
	return index.Compact(ctx) // as a rebuild does
}

// ourRanking is the one that finds what fits a demand.
func ourRanking(index *search.Index) evaluate.System {
	return func(ctx context.Context, text string) ([]string, error) {
		found, err := index.Candidates(ctx, text, market.KindAchievement, evaluate.Depth)
		return candidateIDs(found), err
	}
}

func stockRanking(index *search.Index) evaluate.System {
	return func(ctx context.Context, text string) ([]string, error) {
		found, err := index.StockCandidates(ctx, text, evaluate.Depth)
		return candidateIDs(found), err
	}
}

func candidateIDs(found []market.Candidate) []string {
	ids := make([]string, len(found))
	for i, c := range found {
		ids[i] = string(c.ID)
	}
	return ids
}

func strangers(queries []evaluate.Query, known map[string]bool) int {
	n := 0
	for _, q := range queries {
		for _, id := range q.Relevant {
			if !known[id] {
				n++
				break
			}
		}
	}
	return n
}
