package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"jishi/search/evaluate"
)

// judge rates the answers to queries whose answers are known.
func (o *Options) judge(ctx context.Context, rivals []*rival, size int) error {
	for _, set := range o.Sets {
		queries := o.judgedOf(set, size)
		if len(queries) == 0 {
			continue
		}
		o.tell("%d 篇：评判 %s，%d 条……", size, filepath.Base(set.File), len(queries))
		for _, r := range rivals {
			q, err := o.rate(ctx, r, opMatch, queries)
			if err != nil {
				return err
			}
			q.File = set.File
			r.Quality = append(r.Quality, q)
			if r.System != Xapian {
				continue
			}
			if q, err = o.rate(ctx, r, opElite, queries); err != nil {
				return err
			}
			q.File = set.File
			r.QualityElite = append(r.QualityElite, q)
		}
	}
	return nil
}

func (o *Options) rate(ctx context.Context, r *rival, op string, queries []judged) (Quality, error) {
	q, values := Quality{Queries: len(queries)}, make([]float64, 0, len(queries))
	for _, j := range queries {
		a, err := r.ask(o.request(op, j.text))
		if err = errors.Join(err, ctx.Err()); err != nil {
			return q, fmt.Errorf("%s：%w", r.System, err)
		}
		if a.Timeout {
			q.Timeouts++
		}
		ranked := make([]string, len(a.Found))
		for i, n := range a.Found {
			ranked[i] = itoa(n)
		}
		values = append(values, evaluate.Rate(ranked, j.relevant).NDCG)
	}
	e := evaluate.Bootstrap(values)
	q.NDCG, q.Low, q.High = e.Mean, e.Low, e.High
	return q, nil
}

// grow looks at memory before and after many searches.
func (o *Options) grow(ctx context.Context, r *rival, p plan) (err error) {
	if r.Growth.Before, err = o.settledMemory(r); err != nil {
		return err
	}
	for begin := time.Now(); r.Growth.Searches < o.Growth && time.Since(begin) < growLimit; r.Growth.Searches++ {
		q := o.request(opShort, p.short[r.Growth.Searches%len(p.short)])
		if r.Growth.Searches%4 == 3 {
			q = o.request(opMatch, p.demands[r.Growth.Searches%len(p.demands)])
		}
		if _, err := r.ask(q); errors.Join(err, ctx.Err()) != nil {
			return fmt.Errorf("%s：%w", r.System, errors.Join(err, ctx.Err()))
		}
	}
	r.Growth.After, err = o.settledMemory(r)
	return err
}

func (o *Options) settledMemory(r *rival) (Memory, error) {
	if _, err := r.ask(o.request(opSettle, "")); err != nil {
		return Memory{}, err
	}
	return r.memory()
}
