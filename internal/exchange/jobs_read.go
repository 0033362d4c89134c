package exchange

import (
	"context"

	"jishi/internal/market"
)

// Job returns how an import stands, to its user, members of its organization
// and officers. Others are Denied, visitors asked to sign in. An import that no machine works on
// any more, though it did not end, comes back as failed.
func (j *Jobs) Job(ctx context.Context, by market.Actor, id market.ID) (*market.ImportJob, error) {
	job, err := j.find(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case mayRead(by, job):
		return job, nil
	case !by.SignedIn():
		return nil, market.E(market.Unauthenticated, "sign_in_first", "请先登录再查看导入。")
	default:
		return nil, market.E(market.Denied, "not_allowed", "这是别的单位的导入，您的账号没有权限查看。")
	}
}

// find returns the job as it runs here, else as it is stored.
func (j *Jobs) find(ctx context.Context, id market.ID) (*market.ImportJob, error) {
	j.mu.Lock()
	b, here := j.running[id]
	j.mu.Unlock()
	if here {
		return b.view(j), nil
	}
	job, err := j.store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if job.State == market.ImportRunning && j.now().Sub(job.ChangedAt) > deadAfter {
		job.State, job.Finished = market.ImportFailed, job.ChangedAt
		job.Error = "服务曾重启，导入没有做完。请重新导入：已导入的不会重复。"
	}
	return job, nil
}

func (b *background) view(j *Jobs) *market.ImportJob {
	j.mu.Lock()
	defer j.mu.Unlock()
	return snapshot(b.latest)
}

func mayRead(by market.Actor, job *market.ImportJob) bool {
	return by.SignedIn() && (by.User == job.By || by.ActsFor(job.Owner) || by.Has(market.RoleOfficer))
}

// Cancel stops an import that runs on this machine, for whoever may read it;
// what went in stays in. NotFound when it does not run here.
func (j *Jobs) Cancel(ctx context.Context, by market.Actor, id market.ID) error {
	if _, err := j.Job(ctx, by, id); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	b, here := j.running[id]
	if !here {
		return market.E(market.NotFound, "not_running", "这次导入已经结束。")
	}
	b.cancel(nil)
	return nil
}

// Close refuses new imports, stops those that run and waits until they have
// stored how far they came, or ctx ends.
func (j *Jobs) Close(ctx context.Context) error {
	j.mu.Lock()
	j.closed = true
	for _, b := range j.running {
		b.cancel(errClosing)
	}
	j.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		j.wait.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return market.Wrap(market.Unavailable, ctx.Err(), "imports_running", "导入没有及时停下。")
	}
}
