package exchange

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

var (
	supplier = market.Actor{User: "u-1", Org: "org-1", Name: "甲", Roles: []market.Role{market.RoleSupplier}}
	goodFile = File{Kind: Achievements, Name: "成果.csv", Data: []byte("external_id,title,summary\nA-1,甲,一\nA-2,,二\n")}
)

// jobWorld is a runner of imports over the embedded store, in a bubble of time.
type jobWorld struct {
	jobs  *Jobs
	store store.Collection[market.ImportJob]
	sink  *memory[market.Achievement]
	ids   int
}

// inJobWorld runs a test where time passes only while everyone waits.
func inJobWorld(t *testing.T, test func(t *testing.T, w *jobWorld)) {
	path := filepath.Join(t.TempDir(), "jishi.db")
	synctest.Test(t, func(t *testing.T) {
		engine, err := sqlite.Open(path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer engine.Close()
		w := &jobWorld{sink: newMemory[market.Achievement]()}
		if w.store, err = store.Open[market.ImportJob](t.Context(), engine, store.Spec{Name: "imports"}); err != nil {
			t.Fatal(err)
		}
		w.jobs = w.newJobs(NewImporter(Sinks{Achievements: w.sink.put}, time.Now))
		test(t, w)
		if err := w.jobs.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func (w *jobWorld) newJobs(importer *Importer) *Jobs {
	return NewJobs(w.store, importer, time.Now, func() market.ID {
		w.ids++
		return market.ID("job-" + strconv.Itoa(w.ids))
	})
}

// block makes the sink wait until release is called or the import is over.
func (w *jobWorld) block(ctx context.Context) (release func()) {
	gate, open := context.WithCancel(ctx)
	w.sink.before = func(string) error { <-gate.Done(); return nil }
	return open
}

func (w *jobWorld) start(t *testing.T, by market.Actor, file File) market.ID {
	t.Helper()
	id, err := w.jobs.Start(t.Context(), by, file)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ended waits for a job and returns it as it is stored.
func (w *jobWorld) ended(t *testing.T, id market.ID) *market.ImportJob {
	t.Helper()
	for range 100 {
		job, err := w.jobs.Job(t.Context(), supplier, id)
		if err != nil {
			t.Fatal(err)
		}
		if job.State != market.ImportRunning {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(time.Second)
	job, err := w.store.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestJobRunsAndIsStored(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		job := w.ended(t, w.start(t, supplier, goodFile))
		if job.State != market.ImportDone || job.Created != 1 || job.Failed != 1 || len(job.Problems) != 1 || job.File != "成果.csv" || job.By != "u-1" || job.Owner != "org-1" || job.Total != 2 {
			t.Errorf("stored %+v", job)
		}
		if len(w.sink.docs) != 1 {
			t.Errorf("%d documents went in", len(w.sink.docs))
		}
	})
}

func TestStartRefuses(t *testing.T) {
	tests := []struct {
		name string
		by   market.Actor
		file File
		kind market.Kind
	}{
		{"visitor", market.Actor{}, goodFile, market.Unauthenticated},
		{"no right to the kind", supplier, File{Kind: Organizations, Data: goodFile.Data}, market.Denied},
		{"unknown kind", supplier, File{Kind: "x", Data: goodFile.Data}, market.Invalid},
		{"no table", supplier, File{Kind: Achievements, Data: []byte("\x00\x01")}, market.Invalid},
		{"too large", supplier, File{Kind: Achievements, Data: make([]byte, MaxFile+1)}, market.TooLarge},
	}
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		for _, tt := range tests {
			if _, err := w.jobs.Start(t.Context(), tt.by, tt.file); err == nil || market.KindOf(err) != tt.kind {
				t.Errorf("%s: Start = %v, want kind %v", tt.name, err, tt.kind)
			}
		}
	})
}

func TestJobsAreFew(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		release := w.block(t.Context())
		second, third := supplier, supplier
		second.User, third.User = "u-2", "u-3"
		first := w.start(t, supplier, goodFile)
		if _, err := w.jobs.Start(t.Context(), supplier, goodFile); codeOf(err) != "import_running" || !market.Is(err, market.TooMany) {
			t.Errorf("a second one of the same user: %v", err)
		}
		w.start(t, second, goodFile)
		if _, err := w.jobs.Start(t.Context(), third, goodFile); codeOf(err) != "imports_busy" || !market.Is(err, market.TooMany) {
			t.Errorf("a third one: %v", err)
		}
		release()
		w.ended(t, first)
		w.ended(t, w.start(t, third, goodFile))
	})
}

func TestWhoReadsAJob(t *testing.T) {
	tests := []struct {
		name string
		by   market.Actor
		may  bool
	}{
		{"its user", supplier, true},
		{"a colleague", market.Actor{User: "u-9", Org: "org-1", Roles: []market.Role{market.RoleDemander}}, true},
		{"an officer", market.Actor{User: "u-8", Org: "bureau", Roles: []market.Role{market.RoleOfficer}}, true},
		{"somebody else", market.Actor{User: "u-7", Org: "org-7", Roles: []market.Role{market.RoleSupplier}}, false},
		{"an admin", market.Actor{User: "u-6", Org: "org-6", Roles: []market.Role{market.RoleAdmin}}, false},
		{"a visitor", market.Actor{}, false},
	}
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		release := w.block(t.Context())
		id := w.start(t, supplier, goodFile)
		read := func(when string) {
			for _, tt := range tests {
				_, err := w.jobs.Job(t.Context(), tt.by, id)
				refused := market.Is(err, market.Denied) && tt.by.SignedIn() || market.Is(err, market.Unauthenticated) && !tt.by.SignedIn()
				if (err == nil) != tt.may || (err != nil && !refused) {
					t.Errorf("%s, %s: Job = %v", when, tt.name, err)
				}
			}
		}
		read("running")
		if err := w.jobs.Cancel(t.Context(), tests[3].by, id); !market.Is(err, market.Denied) {
			t.Errorf("a stranger cancels: %v", err)
		}
		release()
		w.ended(t, id)
		read("ended")
		if _, err := w.jobs.Job(t.Context(), supplier, "nothing"); !market.Is(err, market.NotFound) {
			t.Errorf("unknown id: %v", err)
		}
	})
}

func TestJobIsSeenAliveElsewhere(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		release := w.block(t.Context())
		defer release()
		id := w.start(t, supplier, goodFile)
		other := w.newJobs(nil) // another machine on the same store
		time.Sleep(10 * deadAfter)
		if job, err := other.Job(t.Context(), supplier, id); err != nil || job.State != market.ImportRunning {
			t.Errorf("seen from elsewhere: %+v, %v", job, err)
		}
	})
}

func TestRestartInterruptsAJob(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		left := &market.ImportJob{Meta: market.Meta{ID: "left"}, Kind: Achievements, By: supplier.User, State: market.ImportRunning}
		if err := w.store.Insert(t.Context(), left); err != nil {
			t.Fatal(err)
		}
		time.Sleep(deadAfter + time.Second)
		job, err := w.jobs.Job(t.Context(), supplier, "left")
		if err != nil || job.State != market.ImportFailed || !strings.Contains(job.Error, "重启") || job.Finished.IsZero() {
			t.Errorf("job %+v, %v", job, err)
		}
	})
}

func TestCloseStopsJobs(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		release := w.block(t.Context())
		id := w.start(t, supplier, goodFile)
		time.Sleep(time.Second) // until the sink has it
		time.AfterFunc(time.Second, release)
		if err := w.jobs.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		job, err := w.store.Get(t.Context(), id)
		if err != nil || job.State != market.ImportFailed || !strings.Contains(job.Error, "服务正在停止") {
			t.Errorf("job %+v, %v", job, err)
		}
		if _, err := w.jobs.Start(t.Context(), supplier, goodFile); !market.Is(err, market.Unavailable) {
			t.Errorf("Start after Close = %v", err)
		}
	})
}

func TestCloseWaitsOnlySoLong(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		release := w.block(t.Context())
		w.start(t, supplier, goodFile)
		time.Sleep(time.Second) // until the sink has it
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := w.jobs.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close = %v", err)
		}
		release()
	})
}

func TestCancelJob(t *testing.T) {
	inJobWorld(t, func(t *testing.T, w *jobWorld) {
		release := w.block(t.Context())
		id := w.start(t, supplier, goodFile)
		if err := w.jobs.Cancel(t.Context(), supplier, id); err != nil {
			t.Fatal(err)
		}
		release()
		if job := w.ended(t, id); job.State != market.ImportFailed || !strings.Contains(job.Error, "中止") {
			t.Errorf("job %+v", job)
		}
		if err := w.jobs.Cancel(t.Context(), supplier, id); codeOf(err) != "not_running" {
			t.Errorf("cancel again: %v", err)
		}
	})
}

func TestFailuresEndInTheJob(t *testing.T) {
	tests := []struct {
		name     string
		importer func(w *jobWorld) *Importer
		file     File
		says     string
	}{
		{"torn workbook", func(w *jobWorld) *Importer { return w.jobs.importer }, File{Kind: Achievements, Data: []byte("PK\x03\x04torn")}, "损坏"},
		{"no header", func(w *jobWorld) *Importer { return w.jobs.importer }, File{Kind: Achievements, Data: []byte("甲,乙\n丙,丁\n")}, "表头"},
		{"panic", func(*jobWorld) *Importer { return nil }, goodFile, "差错"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inJobWorld(t, func(t *testing.T, w *jobWorld) {
				w.jobs = w.newJobs(tt.importer(w))
				job := w.ended(t, w.start(t, supplier, tt.file))
				if job.State != market.ImportFailed || !strings.Contains(job.Error, tt.says) || job.Finished.IsZero() {
					t.Errorf("job %+v", job)
				}
			})
		})
	}
}
