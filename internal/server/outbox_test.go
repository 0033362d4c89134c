package server

import (
	"context"
	"sync"

	"jishi/internal/market"
)

// outbox keeps the mails handed over, for tests to read.
type outbox struct {
	mu    sync.Mutex
	mails []market.Mail
}

func (o *outbox) Send(_ context.Context, m *market.Mail) error {
	if err := m.Check(); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = append(o.mails, *m)
	return nil
}

// Link is what links in mails begin with.
func (o *outbox) Link(path string) string { return "https://jishi.example" + path }

// trail keeps the entries appended.
type trail struct {
	mu      sync.Mutex
	entries []market.Entry
}

func (t *trail) Append(_ context.Context, e market.Entry) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = append(t.entries, e)
	return nil
}
