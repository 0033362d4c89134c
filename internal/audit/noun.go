package audit

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Noun is one kind of document whose histories the trail repeats. NewNoun
// makes one.
type Noun interface {
	// Kind is the code of market.SubjectKinds.
	Kind() string
	// catchUp copies the events that are not in the trail yet.
	catchUp(ctx context.Context, trail *Trail) error
	// events calls visit for every event of every document, as its entry.
	events(ctx context.Context, visit func(market.Entry) error) error
}

type noun[T any] struct {
	kind    string
	docs    store.Reader[T]
	history func(*T) []market.Event
}

// NewNoun returns the noun of a collection; kind and history as for NewSink.
func NewNoun[T any](kind string, docs store.Reader[T], history func(*T) []market.Event) Noun {
	return noun[T]{kind, docs, history}
}

func (n noun[T]) Kind() string { return n.kind }

func (n noun[T]) catchUp(ctx context.Context, trail *Trail) error {
	sink := NewSink(trail, n.kind, n.history)
	since, err := sink.Position(ctx)
	for err == nil {
		var docs []*T
		var next string
		if docs, next, err = n.docs.Changes(ctx, since, store.MaxLimit); err != nil {
			return err
		}
		if len(docs) > 0 {
			err = sink.Apply(ctx, docs, next)
		}
		if since = next; len(docs) < store.MaxLimit {
			return err
		}
	}
	return err
}

func (n noun[T]) events(ctx context.Context, visit func(market.Entry) error) error {
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := n.docs.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, doc := range page.Items {
			for _, e := range n.history(doc) {
				// What a document keeps is held against what the trail would be given.
				if err := visit(entryOf(n.kind, headOf(doc).ID, e)); err != nil {
					return err
				}
			}
		}
		if q.After = page.Next; page.Next == "" {
			return nil
		}
	}
}
