package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/search"
	"jishi/search/evaluate"
)

// calibrationSteps is the shares of the part "text" that are tried as the
// threshold of a match.
var calibrationSteps = []float64{0.02, 0.06, 0.1, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.32, 0.34, 0.36, 0.4, 0.5, 0.6, 0.8}

// calibrate indexes the listings without the answers to a part of the queries
// and notes with the results how sure the best match of every query is.
func calibrate(ctx context.Context, all []*market.Achievement, results []evaluation, progress io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "jishi-calibrate-")
	if err != nil {
		return failed("建立临时目录", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	index, err := search.Open(dir, logger())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	kept := withhold(all, results)
	if err := fill(ctx, index, kept, progress); err != nil {
		return err
	}
	byID := make(map[string]*market.Achievement, len(kept))
	for _, a := range kept {
		byID[string(a.ID)] = a
	}
	has := func(id string) bool { return byID[id] != nil }
	for i, r := range results {
		guesses, err := evaluate.Ask(ctx, r.queries, has, bestMatch(index, byID))
		if err != nil {
			return err
		}
		results[i].guesses = guesses
	}
	return nil
}

// withhold leaves out what answers a part of the queries of each file.
func withhold(all []*market.Achievement, results []evaluation) []*market.Achievement {
	out := map[string]bool{}
	for _, r := range results {
		for id := range evaluate.Withhold(r.queries, evaluate.Withheld) {
			out[id] = true
		}
	}
	var kept []*market.Achievement
	for _, a := range all {
		if !out[string(a.ID)] {
			kept = append(kept, a)
		}
	}
	return kept
}

// bestMatch scores, as matching does, the candidates of a demand of which only
// the text is known; it is as sure as the text's share of its points.
func bestMatch(index *search.Index, byID map[string]*market.Achievement) evaluate.Sure {
	return func(ctx context.Context, text string) (string, float64, error) {
		demand := &market.Demand{Meta: market.Meta{ID: "query"}}
		demand.Summary = text
		found, err := index.Candidates(ctx, text, market.KindAchievement, matching.Candidates)
		if err != nil {
			return "", 0, err
		}
		var pairs []market.Match
		for _, c := range found {
			pairs = append(pairs, market.Match{Demand: demand, Achievement: byID[string(c.ID)]})
		}
		scored, err := index.Score(ctx, pairs)
		if err != nil || len(scored) == 0 {
			return "", 0, err
		}
		best := scored[0]
		for _, m := range scored[1:] {
			if m.Score > best.Score {
				best = m
			}
		}
		return string(best.Achievement.ID), matching.TextShare(best), nil
	}
}

// calibrationPoint is what --json prints of one threshold, dev on the queries
// that chose it, held on the others.
type calibrationPoint struct {
	Threshold float64           `json:"threshold"` // share of the points of the part "text"
	Dev       calibrationShares `json:"dev"`
	Held      calibrationShares `json:"held_out"`
}

// calibrationShares is what comes of a threshold on one half of the queries.
type calibrationShares struct {
	Precision float64 `json:"precision"`
	Coverage  float64 `json:"coverage"`
	Found     float64 `json:"found"`
	Silent    float64 `json:"silent"`
}

// calibrationFigures is what --json prints under "calibration".
type calibrationFigures struct {
	Withheld int                `json:"withheld"` // queries whose answers were left out of the index
	Floor    float64            `json:"floor"`    // the thresholds in the code
	Alone    float64            `json:"alone"`
	Curve    []calibrationPoint `json:"curve"`
}

// calibration is what --calibrate found, nil without.
func (r evaluation) calibration() *calibrationFigures {
	if r.guesses == nil {
		return nil
	}
	f := &calibrationFigures{Floor: matching.TextFloor, Alone: matching.TextAlone}
	for _, g := range r.guesses {
		if !g.Answerable {
			f.Withheld++
		}
	}
	dev, held := evaluate.Parity(r.guesses, false), evaluate.Parity(r.guesses, true)
	for _, t := range calibrationSteps {
		f.Curve = append(f.Curve, calibrationPoint{t, sharesOf(evaluate.At(dev, t)), sharesOf(evaluate.At(held, t))})
	}
	return f
}

func sharesOf(p evaluate.Point) calibrationShares {
	return calibrationShares{p.Precision, p.Coverage, p.Found, p.Silent}
}

// writeCalibration writes a table for people for each file of queries, nothing
// without --calibrate.
func writeCalibration(w io.Writer, results []evaluation) error {
	var b strings.Builder
	for _, r := range results {
		f := r.calibration()
		if f == nil {
			return nil
		}
		fmt.Fprintf(&b, "\n%s：匹配线校准，%d 条查询，其中 %d 条的答案没有编入索引（固定种子抽取）\n", r.file, len(r.guesses), f.Withheld)
		row(&b, "内容得分", "开发集：准确 / 作答 / 找对 / 拒答", "留出集：准确 / 作答 / 找对 / 拒答")
		for _, p := range f.Curve {
			row(&b, fmt.Sprintf("≥ %.0f%%%s", 100*p.Threshold, chosen(p.Threshold)), p.Dev.String(), p.Held.String())
		}
	}
	b.WriteString("\n准确：给出的最佳匹配中已知答案所占；作答：给出匹配的查询所占；找对：有答案的查询中给对的；拒答：没有答案的查询中如实说没有的。\n")
	fmt.Fprintf(&b, "代码中的匹配线（*）只按开发集（每个文件的第 1、3、5 … 条）选定。其他情况都不明时内容须达 %.0f%%；其他各项再好，内容也须达 %.0f%%。\n", 100*matching.TextAlone, 100*matching.TextFloor)
	_, err := io.WriteString(w, b.String())
	return err
}

func (s calibrationShares) String() string {
	return fmt.Sprintf("%.3f / %.3f / %.3f / %.3f", s.Precision, s.Coverage, s.Found, s.Silent)
}

// chosen marks the thresholds in the code.
func chosen(t float64) string {
	if t == matching.TextAlone || t == matching.TextFloor {
		return " *"
	}
	return ""
}
