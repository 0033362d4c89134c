package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/width"

	"jishi/search/evaluate"
)

// systemFigures and evaluationFigures are what --json prints; both shapes are
// an interface that stays.
type systemFigures struct {
	MRR    float64    `json:"mrr10"`
	Recall float64    `json:"recall10"`
	NDCG   float64    `json:"ndcg10"`
	CI95   [2]float64 `json:"ci95"` // of ndcg10
	P50    float64    `json:"p50_ms"`
	P95    float64    `json:"p95_ms"`
}

type evaluationFigures struct {
	File      string        `json:"file,omitempty"` // of the queries, when there are several
	Ours      systemFigures `json:"ours"`
	Bleve     systemFigures `json:"bleve"`
	Queries   int           `json:"queries"`
	Documents int           `json:"documents"`

	Calibration *calibrationFigures `json:"calibration,omitempty"` // of --calibrate
}

// writeEvaluationJSON writes one object, or a list when there are several
// files of queries.
func writeEvaluationJSON(w io.Writer, results []evaluation) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	all := make([]evaluationFigures, len(results))
	for i, r := range results {
		all[i] = evaluationFigures{Ours: figuresOf(r.ours), Bleve: figuresOf(r.bleve), Queries: len(r.queries), Documents: r.documents, Calibration: r.calibration()}
	}
	if len(all) == 1 {
		return encoder.Encode(all[0])
	}
	for i, r := range results {
		all[i].File = r.file
	}
	return encoder.Encode(all)
}

func figuresOf(r evaluate.Record) systemFigures {
	m := r.Measures()
	return systemFigures{
		MRR: m.MRR.Mean, Recall: m.Recall.Mean, NDCG: m.NDCG.Mean, CI95: [2]float64{m.NDCG.Low, m.NDCG.High},
		P50: milliseconds(r.Percentile(0.5)), P95: milliseconds(r.Percentile(0.95)),
	}
}

// milliseconds keeps microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// writeEvaluation writes a table for people for each file of queries.
func writeEvaluation(w io.Writer, results []evaluation, titles bool) error {
	indexed := "只有摘要，标题未编入索引"
	if titles {
		indexed = "标题与摘要，如市场中的条目（--abstracts 只编摘要）"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "语料：%d 篇，%s。\n", results[0].documents, indexed)
	b.WriteString("本系统：为需求找候选的排序（search.Index.Candidates）；bleve：同一索引上自带的 match 查询，BM25 评分。\n")
	for _, r := range results {
		fmt.Fprintf(&b, "\n%s：%d 条查询\n", r.file, len(r.queries))
		if r.strangers > 0 {
			fmt.Fprintf(&b, "注意：%d 条查询的相关文档不全在语料中，缺的按没有找到计。\n", r.strangers)
		}
		r.table(&b)
	}
	fmt.Fprintf(&b, "\n方括号内为 95%% 区间（成对自助法，%d 次重抽样，种子固定）；差值的区间不含 0，才算分出高下。\n", evaluate.Resamples)
	b.WriteString("每条查询只知道部分相关文档，所以各值是下限，只有同一批查询上的差别可比。耗时由逐条轮流提问测得。\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (r evaluation) table(b *strings.Builder) {
	ours, bleve, lead := r.ours.Measures(), r.bleve.Measures(), r.ours.Lead(r.bleve)
	row(b, "指标", "本系统", "bleve", "差值（本系统 − bleve）")
	for _, m := range []struct {
		name              string
		ours, bleve, lead evaluate.Estimate
	}{
		{"MRR@10", ours.MRR, bleve.MRR, lead.MRR},
		{"Recall@10", ours.Recall, bleve.Recall, lead.Recall},
		{"nDCG@10", ours.NDCG, bleve.NDCG, lead.NDCG},
	} {
		row(b, m.name, interval("%.4f", m.ours), interval("%.4f", m.bleve), interval("%+.4f", m.lead))
	}
	for _, t := range []struct {
		name  string
		share float64
	}{{"p50 毫秒", 0.5}, {"p95 毫秒", 0.95}} {
		ours, bleve := milliseconds(r.ours.Percentile(t.share)), milliseconds(r.bleve.Percentile(t.share))
		row(b, t.name, fmt.Sprintf("%.2f", ours), fmt.Sprintf("%.2f", bleve), fmt.Sprintf("%+.2f", ours-bleve))
	}
}

func interval(format string, e evaluate.Estimate) string {
	return fmt.Sprintf(format+" ["+format+", "+format+"]", e.Mean, e.Low, e.High)
}

// row writes cells in columns of a terminal, where a Chinese character takes two places.
func row(b *strings.Builder, name string, cells ...string) {
	const first, other = 12, 26
	b.WriteString(pad(name, first))
	for i, cell := range cells {
		if i < len(cells)-1 {
			cell = pad(cell, other)
		}
		b.WriteString(cell)
	}
	b.WriteByte('\n')
}

func pad(text string, to int) string {
	for _, r := range text {
		to--
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			to--
		}
	}
	return text + strings.Repeat(" ", max(to, 1))
}
