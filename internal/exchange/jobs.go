package exchange

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"jishi/internal/market"
)

// JobStore keeps the reports of imports; store.Collection[market.ImportJob]
// is one.
type JobStore interface {
	Insert(ctx context.Context, job *market.ImportJob) error
	Update(ctx context.Context, job *market.ImportJob) error
	Get(ctx context.Context, id market.ID) (*market.ImportJob, error)
}

// Bounds of what runs at the same time on one machine.
const (
	maxRunning = 2
	maxPerUser = 1
)

// A running job is stored every beat, so that readers on other machines see
// it live; one that was not stored for deadAfter was interrupted.
const (
	beat      = 3 * time.Second
	deadAfter = 20 * time.Second
)

// File is one file to import.
type File struct {
	Kind   string // code of market.ImportKinds
	Name   string // as the user calls it, for the report
	Data   []byte // Jobs keeps it until the import ends
	DryRun bool   // only look, write nothing
}

// Jobs runs imports in the background and tells how they stand.
type Jobs struct {
	store    JobStore
	importer *Importer
	now      func() time.Time
	newID    func() market.ID

	mu      sync.Mutex
	running map[market.ID]*background
	closed  bool
	wait    sync.WaitGroup
}

// background is one import that runs here.
type background struct {
	by     market.ID
	cancel context.CancelCauseFunc
	latest *market.ImportJob // a copy as of the last progress; guarded by Jobs.mu
}

// NewJobs returns a runner of imports. Call Close before the program ends.
func NewJobs(store JobStore, importer *Importer, now func() time.Time, newID func() market.ID) *Jobs {
	return &Jobs{store: store, importer: importer, now: now, newID: newID, running: make(map[market.ID]*background)}
}

// Start begins to import a file and returns the id of its job at once. It
// returns what Permit returns, Invalid and TooLarge for what is no table at
// first sight, TooMany while the user has an import running or two run in all,
// Unavailable during shutdown.
func (j *Jobs) Start(ctx context.Context, by market.Actor, file File) (market.ID, error) {
	if err := Permit(by, file.Kind); err != nil {
		return "", err
	}
	if _, err := sniff(bytes.NewReader(file.Data), int64(len(file.Data))); err != nil {
		return "", err
	}
	job := &market.ImportJob{
		Meta: market.Meta{ID: j.newID()}, Kind: file.Kind, File: market.Clip(file.Name, market.MaxTitle),
		Owner: by.Org, By: by.User, DryRun: file.DryRun, State: market.ImportRunning,
	}
	runCtx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	if err := j.admit(job, cancel); err != nil {
		cancel(nil)
		return "", err
	}
	if err := j.store.Insert(ctx, job); err != nil {
		cancel(nil)
		j.leave(job.ID)
		return "", err
	}
	go j.run(runCtx, by, job, file.Data)
	return job.ID, nil
}

// admit takes a place for a job.
func (j *Jobs) admit(job *market.ImportJob, cancel context.CancelCauseFunc) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	mine, all := 0, 0
	for _, b := range j.running {
		if b.latest.State != market.ImportRunning {
			continue // ended for its reader, being stored for good
		}
		if all++; b.by == job.By {
			mine++
		}
	}
	switch {
	case j.closed:
		return errClosing
	case mine >= maxPerUser:
		return market.E(market.TooMany, "import_running", "您有一个导入还没有做完，请等它完成再导入下一个文件。")
	case all >= maxRunning:
		return market.E(market.TooMany, "imports_busy", "现在有别的导入正在进行，请过几分钟再试。")
	}
	j.running[job.ID] = &background{by: job.By, cancel: cancel, latest: snapshot(job)}
	j.wait.Add(1)
	return nil
}

// leave gives the place back.
func (j *Jobs) leave(id market.ID) {
	j.mu.Lock()
	delete(j.running, id)
	j.mu.Unlock()
	j.wait.Done()
}

var errClosing = market.E(market.Unavailable, "closing", "服务正在停止，导入没有做完。已经导入的内容保留，请稍后重新导入，不会重复。")

// run imports and stores how it ends.
func (j *Jobs) run(ctx context.Context, by market.Actor, job *market.ImportJob, data []byte) {
	defer j.leave(job.ID)
	stop := j.beat(ctx, job)
	done := j.bring(ctx, by, *job, data)
	done.Meta = stop() // the version the last beat stored
	j.keep(done)
	saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), deadAfter)
	defer cancel()
	// When the store is away the job is seen as interrupted, which is then true.
	_ = j.store.Update(saving, done)
}

// bring runs the import on a job of its own and returns that. A panic ends it
// as a failure.
func (j *Jobs) bring(ctx context.Context, by market.Actor, start market.ImportJob, data []byte) (job *market.ImportJob) {
	job = &start
	defer func() {
		if p := recover(); p != nil {
			r := &run{job: job, now: j.now, progress: j.keep}
			r.finish(ctx, fmt.Errorf("import panicked: %v", p))
		}
	}()
	rows, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		r := &run{job: job, now: j.now, progress: j.keep}
		r.finish(ctx, err)
		return job
	}
	defer rows.Close()
	// The error stands in the job, as a sentence for its reader.
	_ = j.importer.Run(ctx, by, job, rows, j.keep)
	return job
}

// keep makes the state of a job visible to readers on this machine.
func (j *Jobs) keep(job *market.ImportJob) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if b, ok := j.running[job.ID]; ok {
		b.latest = snapshot(job)
	}
}

// snapshot copies a job. Its lists only ever grow, so they may be shared.
func snapshot(job *market.ImportJob) *market.ImportJob {
	c := *job
	return &c
}

// beat stores the counts of a running job from time to time. stop ends that
// and returns the Meta of what was stored last.
func (j *Jobs) beat(ctx context.Context, job *market.ImportJob) (stop func() market.Meta) {
	ctx, cancel := context.WithCancel(ctx)
	stored, stopped := *job, make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(beat)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				j.storeCounts(ctx, &stored)
			}
		}
	}()
	return func() market.Meta {
		cancel()
		<-stopped
		return stored.Meta
	}
}

// storeCounts stores how far a job is; its problems come at the end.
func (j *Jobs) storeCounts(ctx context.Context, stored *market.ImportJob) {
	j.mu.Lock()
	now := snapshot(j.running[stored.ID].latest)
	j.mu.Unlock()
	now.Meta, now.Problems, now.State = stored.Meta, nil, market.ImportRunning
	if err := j.store.Update(ctx, now); err == nil {
		*stored = *now
	}
}
