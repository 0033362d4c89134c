package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"jishi/internal/market"
	"jishi/internal/store"
)

// post keeps the mails that were handed over, each id once as the outbox does.
type post struct {
	mu    sync.Mutex
	mails []*market.Mail
}

func (p *post) Send(_ context.Context, m *market.Mail) error {
	if err := m.Check(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.ID == "" || !slices.ContainsFunc(p.mails, func(old *market.Mail) bool { return old.ID == m.ID }) {
		p.mails = append(p.mails, m)
	}
	return nil
}

// to returns the subjects of the mails to an address.
func (p *post) to(address string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var subjects []string
	for _, m := range p.mails {
		if m.To == address {
			subjects = append(subjects, m.Subject)
		}
	}
	return subjects
}

// link returns the secret in the last mail to an address.
func (p *post) secret(t *testing.T, address string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range slices.Backward(p.mails) {
		if _, rest, ok := strings.Cut(m.Text, "/confirm/"); ok && m.To == address {
			return strings.TrimSpace(strings.Split(rest, "\n")[0])
		}
	}
	t.Fatalf("no link was sent to %s", address)
	return ""
}

// agreed keeps who agreed to what.
type agreed struct {
	mu    sync.Mutex
	given map[market.ID][]string
}

func (a *agreed) Give(_ context.Context, by market.Actor, purposes []string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.given[by.User] = purposes
	return nil
}

// shelf keeps files in the store, as package file does; it takes what begins
// like a PDF.
type shelf struct {
	docs  store.Collection[market.File]
	newID func() market.ID
}

func (s shelf) Check(_ context.Context, _ string, content []byte) error {
	if !strings.HasPrefix(string(content), "%PDF-") {
		return market.E(market.Invalid, "bad_file_type", "只收 PDF。")
	}
	return nil
}

func (s shelf) Add(ctx context.Context, by market.Actor, name string, content []byte) (*market.File, error) {
	if err := s.Check(ctx, name, content); err != nil {
		return nil, err
	}
	f := &market.File{Meta: market.Meta{ID: s.newID()}, Type: "pdf", Name: name, Owner: by.Org, User: by.User}
	return f, s.docs.Insert(ctx, f)
}

// failing refuses one write in a row of them, as a store that goes away does.
type failing struct {
	mu   sync.Mutex
	left int // writes that still succeed; below 0 all do
}

var errAway = errors.New("the store went away")

func (f *failing) next() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		return errAway
	}
	f.left--
	return nil
}

// faulty is a collection whose writes may fail.
type faulty[T any] struct {
	store.Collection[T]
	fault *failing
}

func (c faulty[T]) Insert(ctx context.Context, doc *T) error {
	if err := c.fault.next(); err != nil {
		return err
	}
	return c.Collection.Insert(ctx, doc)
}

func (c faulty[T]) Update(ctx context.Context, doc *T) error {
	if err := c.fault.next(); err != nil {
		return err
	}
	return c.Collection.Update(ctx, doc)
}
