package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"jishi/search/evaluate"
)

const (
	rounds    = 3                // each query is asked so often; the best time counts
	slow      = time.Second      // a query that took longer is not asked again
	growLimit = 20 * time.Second // spent by one system on searches that show growth
)

// Options say what to measure. Self is the program to start as a worker.
type Options struct {
	Documents []evaluate.Document
	Sets      []Set
	Sizes     []int
	Systems   []string
	Dir       string // indexes are built and found again here
	Self      string
	Titles    bool
	Seed      uint64
	Samples   int           // queries timed of either sort
	Judged    int           // queries judged of each set, 0 = all
	Growth    int           // searches between the two looks at memory
	Limit     time.Duration // for one query
	Progress  io.Writer

	fresh []string // indexes built in this run
}

// Timing is how long the queries of one sort took, in milliseconds: the best
// of three times each, a query over the limit counting as the limit.
type Timing struct {
	P50      float64 `json:"p50_ms"`
	P95      float64 `json:"p95_ms"`
	P99      float64 `json:"p99_ms"`
	Queries  int     `json:"queries"`
	Timeouts int     `json:"timeouts"`
}

// Quality is the nDCG@10 on a set, with its 95 % interval.
type Quality struct {
	File     string  `json:"file"`
	Queries  int     `json:"queries"`
	NDCG     float64 `json:"ndcg10"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Timeouts int     `json:"timeouts"` // counted as finding nothing
}

// Growth is the memory before and after a number of searches.
type Growth struct {
	Searches int    `json:"searches"`
	Before   Memory `json:"before"`
	After    Memory `json:"after"`
}

// Figures are one system's at one size. The page without facets and highlights
// and the query of the best terms are Xapian's alone.
type Figures struct {
	System       string    `json:"system"`
	Index        Indexing  `json:"index"`
	Start        float64   `json:"start_ms"` // opening and one search
	Memory       Memory    `json:"memory"`   // of the process that served all timed queries
	Search       Timing    `json:"search"`
	Plain        *Timing   `json:"search_plain,omitempty"`
	Match        Timing    `json:"match"`
	Elite        *Timing   `json:"match_elite,omitempty"`
	Quality      []Quality `json:"quality"`
	QualityElite []Quality `json:"quality_elite,omitempty"`
	Growth       Growth    `json:"growth"`
}

// Result is what was measured at one size.
type Result struct {
	Documents int       `json:"documents"`
	Real      int       `json:"real"`
	Mutated   int       `json:"mutated"`
	Systems   []Figures `json:"systems"`
}

// Run measures all systems at all sizes.
func Run(ctx context.Context, o Options) ([]Result, error) {
	p := o.plan()
	var results []Result
	for _, size := range o.Sizes {
		r, err := o.measure(ctx, size, p)
		if err != nil {
			return nil, errors.Join(ctx.Err(), err)
		}
		results = append(results, r)
	}
	return results, nil
}

func (o *Options) tell(format string, args ...any) { fmt.Fprintf(o.Progress, format+"\n", args...) }

func itoa(n int) string { return strconv.Itoa(n) }

// rival is a system that serves, and what is known of it.
type rival struct {
	*child
	Figures
}

func (o *Options) measure(ctx context.Context, size int, p plan) (r Result, err error) {
	corpus, err := o.corpus(size)
	if err != nil {
		return r, err
	}
	r = Result{Documents: size, Real: min(size, len(o.Documents)), Mutated: max(0, size-len(o.Documents))}
	ctx, stop := context.WithCancel(ctx) // ends the processes when something fails
	defer stop()
	defer func() { err = errors.Join(err, os.RemoveAll(filepath.Join(corpus, Bleve))) }()
	var rivals []*rival
	for _, system := range o.Systems {
		one, err := o.open(ctx, system, corpus, size, p)
		if err != nil {
			return r, err
		}
		rivals = append(rivals, one)
	}
	if err := o.ask(ctx, rivals, size, p); err != nil {
		return r, err
	}
	for _, one := range rivals {
		if _, err := one.end(); err != nil {
			return r, err
		}
		r.Systems = append(r.Systems, one.Figures)
	}
	return r, nil
}

// open starts the process that serves, and builds the index again when an
// older one has not all texts: its layout has changed meanwhile.
func (o *Options) open(ctx context.Context, system, corpus string, size int, p plan) (*rival, error) {
	for attempt := 0; ; attempt++ {
		dir, built, err := o.index(ctx, system, corpus)
		if err != nil {
			return nil, err
		}
		c, err := start(o.command(ctx, "serve", system, corpus, dir))
		if err != nil {
			return nil, err
		}
		a, err := c.ask(o.request(opOpen, p.short[0]))
		if err == nil && a.Total == size {
			o.tell("%s：已打开 %d 篇，%.0f 毫秒", system, a.Total, float64(a.Micros)/1000)
			return &rival{child: c, Figures: Figures{System: system, Index: built, Start: float64(a.Micros) / 1000}}, nil
		}
		_, ended := c.end()
		if attempt > 0 || ctx.Err() != nil {
			return nil, errors.Join(fmt.Errorf("%s：索引里有 %d 篇，应为 %d 篇", system, a.Total, size), err, ended)
		}
		owner := system
		if system == Bleve {
			owner = Ours
		}
		o.tell("%s：索引不全（%d 篇），重新建立", system, a.Total)
		if err := os.Remove(filepath.Join(corpus, owner+"."+builtFile)); err != nil {
			return nil, err
		}
	}
}

func (o *Options) request(op, text string) request {
	return request{Op: op, Text: text, Terms: cut(text), Limit: max(o.Limit, time.Second).Milliseconds()}
}

// ask puts all questions to the systems, in turn.
func (o *Options) ask(ctx context.Context, rivals []*rival, size int, p plan) (err error) {
	xapian := slices.DeleteFunc(slices.Clone(rivals), func(r *rival) bool { return r.System != Xapian })
	for _, sort := range []struct {
		name, op string
		queries  []string
		rivals   []*rival
		into     func(*rival) *Timing
	}{
		{"两个词的搜索", opShort, p.short, rivals, func(r *rival) *Timing { return &r.Search }},
		{"同上，只排序", opPlain, p.short, xapian, func(r *rival) *Timing { r.Plain = new(Timing); return r.Plain }},
		{"匹配 300 字的需求", opMatch, p.demands, rivals, func(r *rival) *Timing { return &r.Match }},
		{"同上，只用最重的 30 个词", opElite, p.demands, xapian, func(r *rival) *Timing { r.Elite = new(Timing); return r.Elite }},
	} {
		o.tell("%d 篇：%s，%d 条……", size, sort.name, len(sort.queries))
		timings, err := o.timed(ctx, sort.rivals, sort.op, sort.queries)
		if err != nil {
			return err
		}
		for i, r := range sort.rivals {
			*sort.into(r) = timings[i]
		}
	}
	for _, r := range rivals {
		if r.Memory, err = r.memory(); err != nil {
			return err
		}
	}
	if err := o.judge(ctx, rivals, size); err != nil {
		return err
	}
	o.tell("%d 篇：连续搜索 %d 次，看内存……", size, o.Growth)
	for _, r := range rivals {
		if err := o.grow(ctx, r, p); err != nil {
			return err
		}
	}
	return nil
}

// timed asks every query of every system three times, the systems in turn.
func (o *Options) timed(ctx context.Context, rivals []*rival, op string, queries []string) ([]Timing, error) {
	best := make([][]time.Duration, len(rivals))
	for i := range best {
		best[i] = make([]time.Duration, len(queries))
	}
	for round := range rounds {
		for q, text := range queries {
			for turn := range rivals {
				i := (q + turn) % len(rivals)
				if round > 0 && best[i][q] > slow {
					continue
				}
				a, err := rivals[i].ask(o.request(op, text))
				if err = errors.Join(err, ctx.Err()); err != nil {
					return nil, fmt.Errorf("%s：%w", rivals[i].System, err)
				}
				took := time.Duration(a.Micros) * time.Microsecond
				if a.Timeout {
					took = o.Limit
				}
				if round == 0 || took < best[i][q] {
					best[i][q] = took
				}
			}
		}
	}
	timings := make([]Timing, len(rivals))
	for i := range timings {
		timings[i] = timingOf(best[i], o.Limit)
	}
	return timings, nil
}

func timingOf(took []time.Duration, limit time.Duration) Timing {
	record := evaluate.Record{Took: took}
	at := func(share float64) float64 { return float64(record.Percentile(share).Microseconds()) / 1000 }
	t := Timing{P50: at(0.5), P95: at(0.95), P99: at(0.99), Queries: len(took)}
	for _, d := range took {
		if d >= limit {
			t.Timeouts++
		}
	}
	return t
}
