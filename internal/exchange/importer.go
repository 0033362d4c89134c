package exchange

import (
	"context"
	"time"

	"jishi/internal/market"
)

// Put brings in one document. Invalid and Conflict (and Stale) say that this
// row cannot go in; any other error ends the import. The document is the
// callee's to keep. With dryRun nothing is written and the outcome is what
// would happen. Put is called by several goroutines at once, but never at once
// for documents of one file that share an external id or another name.
type Put[T Importable] func(ctx context.Context, by market.Actor, doc *T, externalID string, dryRun bool) (market.Outcome, error)

// Sinks is where the documents of each kind go. A kind with a nil Put cannot
// be imported.
type Sinks struct {
	Achievements  Put[market.Achievement]
	Demands       Put[market.Demand]
	Organizations Put[market.Organization]
	Contracts     Put[market.Contract]
}

// Like says what a row that went in may be the same as; row is its number.
type Like[T Importable] func(ctx context.Context, by market.Actor, row int, doc *T) ([]market.RowTwin, error)

// Likeness compares the rows of one file. A nil Like compares none.
type Likeness struct {
	Achievements Like[market.Achievement]
	Demands      Like[market.Demand]
}

// Importer brings the rows of files in.
type Importer struct {
	sinks Sinks
	now   func() time.Time
	liken func() Likeness
}

// NewImporter returns an importer into sinks.
func NewImporter(sinks Sinks, now func() time.Time) *Importer {
	return &Importer{sinks: sinks, now: now, liken: func() Likeness { return Likeness{} }}
}

// Noting returns an importer that also notes which rows may be the same as
// something else; start is called for each file.
func (im *Importer) Noting(start func() Likeness) *Importer {
	return &Importer{sinks: im.sinks, now: im.now, liken: start}
}

// Run brings in the rows of one file as by and fills job with counts and row
// problems, in the order of the file. Rows with problems stay out and never
// stop the others; of two rows with one external id the later one wins.
//
// progress is called from the calling goroutine at most five times a second
// and once at the end; the job is Run's until Run returns, so progress must
// copy what it keeps.
//
// It returns nil with job.State done, or, with job.State failed and a sentence
// in job.Error, the error that stopped it: Denied, an unreadable file, a sink
// that is away, an ended ctx. What went in before stays in. Run does not close
// rows.
func (im *Importer) Run(ctx context.Context, by market.Actor, job *market.ImportJob, rows Rows, progress func(*market.ImportJob)) error {
	r := &run{by: by, job: job, rows: rows, progress: progress, now: im.now}
	err := im.dispatch(ctx, r)
	r.finish(ctx, err)
	return err
}

// dispatch runs the table of the job's kind.
func (im *Importer) dispatch(ctx context.Context, r *run) error {
	if err := Permit(r.by, r.job.Kind); err != nil {
		return err
	}
	like := im.liken()
	switch r.job.Kind {
	case Achievements:
		return bring(ctx, r, achievements, way[market.Achievement]{im.sinks.Achievements, like.Achievements})
	case Demands:
		return bring(ctx, r, demands, way[market.Demand]{im.sinks.Demands, like.Demands})
	case Organizations:
		return bring(ctx, r, organizations, way[market.Organization]{put: im.sinks.Organizations})
	default:
		return bring(ctx, r, contracts, way[market.Contract]{put: im.sinks.Contracts})
	}
}

// run is one file on its way in.
type run struct {
	by       market.Actor
	job      *market.ImportJob
	rows     Rows
	progress func(*market.ImportJob)
	now      func() time.Time
	reported time.Time
}

// reportEvery is the least time between two calls of progress.
const reportEvery = 200 * time.Millisecond

// report calls progress when it is time.
func (r *run) report() {
	if now := r.now(); now.Sub(r.reported) >= reportEvery {
		r.reported = now
		r.progress(r.job)
	}
}

// finish sets how the run ended and reports for the last time.
func (r *run) finish(ctx context.Context, err error) {
	r.job.State, r.job.Finished = market.ImportDone, r.now().UTC()
	if err != nil {
		r.job.State, r.job.Error = market.ImportFailed, failure(ctx, err)
	} else {
		r.job.Total = r.job.Done
	}
	r.progress(r.job)
}

// failure says in a sentence why an import ended before its time.
func failure(ctx context.Context, err error) string {
	if ctx.Err() != nil {
		if err = context.Cause(ctx); market.Is(err, market.Internal) { // no sentence of its own
			return "导入已中止。已经导入的内容保留，再次导入不会重复。"
		}
	}
	if market.Is(err, market.Internal) {
		return "导入时出了差错，没有做完。已经导入的内容保留，再次导入不会重复。"
	}
	return sentence(err)
}

// note keeps what a row may be the same as.
func (r *run) note(twins []market.RowTwin) {
	if len(twins) == 0 {
		return
	}
	r.job.Doubled++
	room := market.MaxRowTwins - len(r.job.Twins)
	r.job.Twins = append(r.job.Twins, twins[:min(room, len(twins))]...)
}

// count notes what became of one row.
func (r *run) count(problems []market.RowProblem, outcome market.Outcome) {
	r.job.Done++
	r.job.Total = max(r.job.Total, r.job.Done)
	switch {
	case len(problems) > 0:
		r.job.Failed++
		room := market.MaxRowProblems - len(r.job.Problems)
		r.job.Problems = append(r.job.Problems, problems[:min(room, len(problems))]...)
	case outcome == market.Created:
		r.job.Created++
	case outcome == market.Updated:
		r.job.Updated++
	default:
		r.job.Unchanged++
	}
	r.report()
}
