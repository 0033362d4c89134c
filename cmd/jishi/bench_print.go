package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"jishi/search/bench"
)

// benchFigures is what --json prints; the shape is an interface that stays.
type benchFigures struct {
	Seed       uint64            `json:"seed"`
	Processors int               `json:"processors"`
	Titles     bool              `json:"titles"`
	Absent     map[string]string `json:"absent"` // systems that could not run, and why
	Sizes      []benchSize       `json:"sizes"`
}

type benchSize struct {
	bench.Result
	Ratios map[string]map[string]float64 `json:"ratios"` // other : ours, by system and measure; above 1 ours is better, but for documents a second
}

func writeBenchJSON(w io.Writer, o bench.Options, results []bench.Result, absent map[string]string) error {
	figures := benchFigures{Seed: o.Seed, Processors: processors(), Titles: o.Titles, Absent: absent, Sizes: []benchSize{}}
	for _, r := range results {
		figures.Sizes = append(figures.Sizes, benchSize{r, ratios(r)})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(figures)
}

// measure is one line of the report.
type measure struct {
	key, name, format string
	of                func(bench.Figures) float64 // 0 = not measured
}

const mib = 1 << 20

func benchMeasures() []measure {
	return []measure{
		{"documents_per_second", "每秒编入 篇", "%.0f", func(f bench.Figures) float64 { return float64(f.Index.Documents) / f.Index.Seconds }},
		{"documents_per_cpu_second", "每 CPU 秒编入 篇", "%.0f", func(f bench.Figures) float64 { return float64(f.Index.Documents) / f.Index.CPU }},
		{"bytes_per_text", "索引 字节/篇", "%.0f", func(f bench.Figures) float64 { return float64(f.Index.Bytes) / float64(f.Index.Documents) }},
		{"index_peak", "编入时最多内存 MiB", "%.0f", func(f bench.Figures) float64 { return float64(f.Index.Peak) / mib }},
		{"start", "启动 毫秒", "%.0f", func(f bench.Figures) float64 { return f.Start }},
		{"resident", "内存 MiB", "%.0f", func(f bench.Figures) float64 { return float64(f.Memory.Resident) / mib }},
		{"anonymous", "其中匿名 MiB", "%.0f", func(f bench.Figures) float64 { return float64(f.Memory.Anonymous) / mib }},
		{"search_p50", "搜索 p50 毫秒", "%.2f", func(f bench.Figures) float64 { return f.Search.P50 }},
		{"search_p95", "搜索 p95 毫秒", "%.2f", func(f bench.Figures) float64 { return f.Search.P95 }},
		{"search_p99", "搜索 p99 毫秒", "%.2f", func(f bench.Figures) float64 { return f.Search.P99 }},
		{"plain_p50", "只排序 p50", "%.2f", func(f bench.Figures) float64 { return timing(f.Plain).P50 }},
		{"plain_p95", "只排序 p95", "%.2f", func(f bench.Figures) float64 { return timing(f.Plain).P95 }},
		{"match_p50", "匹配 p50 毫秒", "%.2f", func(f bench.Figures) float64 { return f.Match.P50 }},
		{"match_p95", "匹配 p95 毫秒", "%.2f", func(f bench.Figures) float64 { return f.Match.P95 }},
		{"match_p99", "匹配 p99 毫秒", "%.2f", func(f bench.Figures) float64 { return f.Match.P99 }},
		{"elite_p50", "最重 30 词 p50", "%.2f", func(f bench.Figures) float64 { return timing(f.Elite).P50 }},
		{"elite_p95", "最重 30 词 p95", "%.2f", func(f bench.Figures) float64 { return timing(f.Elite).P95 }},
	}
}

// timing is zero where nothing was measured.
func timing(t *bench.Timing) bench.Timing {
	if t == nil {
		return bench.Timing{}
	}
	return *t
}

// ratios divides what others take by what ours takes. The page without facets
// and highlights is compared with our whole page, the query of the best terms
// with our match.
func ratios(r bench.Result) map[string]map[string]float64 {
	at := slices.IndexFunc(r.Systems, func(f bench.Figures) bool { return f.System == bench.Ours })
	all := map[string]map[string]float64{}
	if at < 0 {
		return all
	}
	ours := r.Systems[at]
	for _, other := range r.Systems {
		if other.System == bench.Ours {
			continue
		}
		all[other.System] = map[string]float64{}
		for _, m := range benchMeasures() {
			base := m.of(ours)
			switch m.key {
			case "plain_p50":
				base = ours.Search.P50
			case "plain_p95":
				base = ours.Search.P95
			case "elite_p50":
				base = ours.Match.P50
			case "elite_p95":
				base = ours.Match.P95
			}
			if base > 0 && m.of(other) > 0 {
				all[other.System][m.key] = m.of(other) / base
			}
		}
	}
	return all
}

var benchNames = map[string]string{bench.Ours: "本系统", bench.Bleve: "bleve 自带", bench.SQLite: "SQLite FTS5", bench.Xapian: "Xapian"}

func writeBench(w io.Writer, o bench.Options, results []bench.Result, absent map[string]string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d 个处理器，种子 %d，%s\n", processors(), o.Seed, map[bool]string{true: "标题与摘要", false: "只有摘要，标题未编入索引"}[o.Titles])
	for _, r := range results {
		fmt.Fprintf(&b, "\n%d 篇：真实 %d 篇，重组 %d 篇\n", r.Documents, r.Real, r.Mutated)
		benchTable(&b, r)
	}
	for _, system := range slices.Sorted(maps.Keys(absent)) {
		fmt.Fprintf(&b, "\n没有测 %s：%s\n", benchNames[system], absent[system])
	}
	b.WriteString(benchNotes)
	_, err := io.WriteString(w, b.String())
	return err
}

func benchTable(b *strings.Builder, r bench.Result) {
	names := make([]string, len(r.Systems))
	for i, f := range r.Systems {
		names[i] = benchNames[f.System]
	}
	benchRow(b, "", names)
	ratio := ratios(r)
	for _, m := range benchMeasures() {
		cells := make([]string, len(r.Systems))
		for i, f := range r.Systems {
			if v := m.of(f); v > 0 {
				cells[i] = fmt.Sprintf(m.format, v)
			}
			if x, ok := ratio[f.System][m.key]; ok {
				cells[i] += fmt.Sprintf("（%.2g 倍）", x)
			}
		}
		benchRow(b, m.name, cells)
	}
	benchCounts(b, r)
	for i := range r.Systems[0].Quality {
		cells := make([]string, len(r.Systems))
		for j, f := range r.Systems {
			cells[j] = fmt.Sprintf("%.3f", f.Quality[i].NDCG)
			if f.QualityElite != nil {
				cells[j] += fmt.Sprintf("，30 词 %.3f", f.QualityElite[i].NDCG)
			}
		}
		q := r.Systems[0].Quality[i]
		benchRow(b, "nDCG@10", cells)
		fmt.Fprintf(b, "  %s，%d 条；%s的 95%% 区间 [%.3f, %.3f]\n", filepath.Base(q.File), q.Queries, names[0], q.Low, q.High)
	}
}

// benchCounts is the lines that no ratio is made of.
func benchCounts(b *strings.Builder, r bench.Result) {
	late, grown := make([]string, len(r.Systems)), make([]string, len(r.Systems))
	for i, f := range r.Systems {
		late[i] = fmt.Sprintf("%d / %d", f.Search.Timeouts, f.Match.Timeouts)
		g := f.Growth
		grown[i] = fmt.Sprintf("%+.1f（%d 次）", float64(g.After.Anonymous-g.Before.Anonymous)/mib, g.Searches)
	}
	benchRow(b, "超时 搜索/匹配", late)
	benchRow(b, "匿名内存增长 MiB", grown)
}

func benchRow(b *strings.Builder, name string, cells []string) {
	line := pad(name, 22)
	for _, cell := range cells {
		line += pad(cell, 24)
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}

const benchNotes = `
文本：先是真实文本各一篇，以后的由同类、同学科真实文本里的句子随机重组，长度分布相同，种子固定；所以含某词的篇数随总数增长，对耗时最不利。分面编码按编号随机。
各系统各在一个新进程里，同一批查询逐条轮流提问，每条最好的一次计（最多三次，超过 1 秒的不再重复），再取百分位；时间在各进程内计，不含管道。启动含打开与一次搜索。
括号里是与本系统的倍数。内存是只提供查询的进程在计时以后的常驻内存；匿名部分不含文件页。
两个词的搜索：一页 20 条，含总数、分面计数与高亮摘录。匹配：300 字的需求，取前 50 条。
bleve 自带：match 查询、BM25，用本系统索引的副本，编入的速度与大小即本系统的；它不计分面，这对它有利。
SQLite：任一三字串，bm25()；两字的词它找不到。索引大小不含文本表。Xapian：与本系统相同的切分，由本程序切好，BM25（k1 1.2，b 0.75），任一词；“只排序”不计分面、不取摘录，与本系统整页相比。
`
