package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"jishi/internal/market"
	"jishi/search"
	"jishi/search/evaluate"
)

// A value is taken only when it is better by more than sweepMargin on average
// over the files: differences below come and go with the queries.
const (
	sweepMargin = 0.0005
	sweepRounds = 3
)

// rankingKnob is a parameter of the ranking that can be turned at query time.
type rankingKnob struct {
	evaluate.Knob
	in func(*search.Ranking) *float64
}

func rankingKnobs() []rankingKnob {
	knob := func(name string, in func(*search.Ranking) *float64, values ...float64) rankingKnob {
		return rankingKnob{evaluate.Knob{Name: name, Values: values}, in}
	}
	return []rankingKnob{
		knob("K1", func(r *search.Ranking) *float64 { return &r.K1 }, 1.2, 1.5, 2, 2.5, 3),
		knob("B", func(r *search.Ranking) *float64 { return &r.B }, 0.75, 0.9, 1, 1.1),
		knob("BShort", func(r *search.Ranking) *float64 { return &r.BShort }, 0, 0.3, 0.5, 0.75),
		knob("Long", func(r *search.Ranking) *float64 { return &r.Long }, 20, 30, 40, 60),
		knob("Floor", func(r *search.Ranking) *float64 { return &r.Floor }, 0, 0.2, 0.4, 0.6),
		knob("IDFPower", func(r *search.Ranking) *float64 { return &r.IDFPower }, 1, 1.5, 2, 2.3, 2.6),
		knob("CountPower", func(r *search.Ranking) *float64 { return &r.CountPower }, 0, 0.3, 0.5, 0.7, 1),
		knob("Chars", func(r *search.Ranking) *float64 { return &r.Chars }, 0, 0.15, 0.3, 0.45, 0.6, 0.8, 1),
		knob("Words", func(r *search.Ranking) *float64 { return &r.Words }, 0, 0.3, 0.6, 0.8, 1, 1.2, 1.5),
		knob("Title", func(r *search.Ranking) *float64 { return &r.Title }, 0, 1, 2, 3, 4, 5),
		knob("Common", func(r *search.Ranking) *float64 { return &r.Common }, 0.05, 0.1, 0.2, 0.5),
		knob("CommonChars", func(r *search.Ranking) *float64 { return &r.CommonChars }, 0.1, 0.2, 0.5, 1),
		knob("Frequent", func(r *search.Ranking) *float64 { return &r.Frequent }, 0.02, 0.05, 0.1),
	}
}

// sweeper rates settings over one index, on the development half of each file
// and, to be shown beside, on the half held out.
type sweeper struct {
	index   *search.Index
	knobs   []rankingKnob
	sets    []querySet
	heldOut []float64   // by trial: mean of the files
	byFile  [][]float64 // by trial: development nDCG@10 of each file
	trial   func()      // called after each
}

// sweep indexes the listings in a folder and prints the table of settings.
func sweep(ctx context.Context, dir string, all []*market.Achievement, sets []querySet, out, progress io.Writer) (err error) {
	index, err := search.Open(dir, logger())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if err := fill(ctx, index, all, progress); err != nil {
		return err
	}
	s := &sweeper{index: index, knobs: rankingKnobs(), sets: sets, trial: func() { fmt.Fprint(progress, ".") }}
	var knobs []evaluate.Knob
	for _, k := range s.knobs {
		knobs = append(knobs, k.Knob)
	}
	trials, err := evaluate.Sweep(ctx, knobs, s.setting(search.DefaultRanking()), sweepMargin, sweepRounds, s.rate)
	if err != nil {
		return err
	}
	fmt.Fprintln(progress)
	_, err = io.WriteString(out, s.report(len(all), trials))
	return err
}

func (s *sweeper) setting(r search.Ranking) []float64 {
	var setting []float64
	for _, k := range s.knobs {
		setting = append(setting, *k.in(&r))
	}
	return setting
}

func (s *sweeper) ranking(setting []float64) search.Ranking {
	r := search.DefaultRanking()
	for i, k := range s.knobs {
		*k.in(&r) = setting[i]
	}
	return r
}

// rate returns the mean nDCG@10 of the development halves.
func (s *sweeper) rate(ctx context.Context, setting []float64) (float64, error) {
	by, mean, held := s.ranking(setting), 0.0, 0.0
	var files []float64
	for _, set := range s.sets {
		development, rest := evaluate.Halves(set.queries)
		d, err := s.ndcg(ctx, by, development)
		if err != nil {
			return 0, err
		}
		h, err := s.ndcg(ctx, by, rest)
		if err != nil {
			return 0, err
		}
		files = append(files, d)
		mean += d / float64(len(s.sets))
		held += h / float64(len(s.sets))
	}
	s.byFile, s.heldOut = append(s.byFile, files), append(s.heldOut, held)
	s.trial()
	return mean, nil
}

// ndcg is the mean over queries, asked by as many at once as there are processors.
func (s *sweeper) ndcg(ctx context.Context, by search.Ranking, queries []evaluate.Query) (float64, error) {
	scores, failures := make([]float64, len(queries)), make([]error, len(queries))
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(queries) && ctx.Err() == nil; i += workers {
				found, err := s.index.CandidatesBy(ctx, by, queries[i].Text, market.KindAchievement, evaluate.Depth)
				scores[i], failures[i] = evaluate.Rate(candidateIDs(found), queries[i].Relevant).NDCG, err
			}
		})
	}
	wait.Wait()
	sum := 0.0
	for _, score := range scores {
		sum += score
	}
	return sum / float64(max(len(queries), 1)), errors.Join(append(failures, ctx.Err())...)
}

// report is the table for people.
func (s *sweeper) report(documents int, trials []evaluate.Trial) string {
	var b strings.Builder
	fmt.Fprintf(&b, "语料：%d 篇。nDCG@10；只按开发查询（每个文件的第 1、3、5 … 条）选参数，留出的另一半只作对照。\n", documents)
	fmt.Fprintf(&b, "逐个参数试值，其余不动；平均分高出 %.4f 以上才采用，至多 %d 轮。\n\n", sweepMargin, sweepRounds)
	heads := []string{"取值", "开发平均", "留出平均"}
	for _, set := range s.sets {
		heads = append(heads, set.file)
	}
	sweepRow(&b, "参数", heads)
	picked := trials[0]
	for i, t := range trials {
		name, value := "（代码中）", ""
		if t.Knob >= 0 {
			name, value = s.knobs[t.Knob].Name, number(t.Setting[t.Knob])
		}
		cells := []string{value, fmt.Sprintf("%.4f", t.Score), fmt.Sprintf("%.4f", s.heldOut[i])}
		for _, score := range s.byFile[i] {
			cells = append(cells, fmt.Sprintf("%.4f", score))
		}
		if t.Taken {
			picked = t
			cells = append(cells, "← 采用")
		}
		sweepRow(&b, name, cells)
	}
	b.WriteString("\n选出：")
	for i, k := range s.knobs {
		fmt.Fprintf(&b, "%s=%s ", k.Name, number(picked.Setting[i]))
	}
	if picked.Knob < 0 {
		b.WriteString("\n与代码中的常数一致。\n")
	} else {
		b.WriteString("\n与代码中的常数不同：请改 search.DefaultRanking。\n")
	}
	return b.String()
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func sweepRow(b *strings.Builder, name string, cells []string) {
	b.WriteString(pad(name, 13))
	for _, cell := range cells {
		b.WriteString(pad(cell, 10))
	}
	b.WriteByte('\n')
}
