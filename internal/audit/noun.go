package audit

import (
	"context"
	"slices"

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
	// events calls visit for every event of every document.
	events(ctx context.Context, visit func(told) error) error
	// any reports whether there is a document.
	any(ctx context.Context) (bool, error)
	// changed adds the documents changed since a cursor of the collection to
	// ids and returns the cursor to go on from.
	changed(ctx context.Context, since string, ids map[market.ID]bool) (string, error)
}

// told is an event as the entry that the trail would be given for it.
type told struct {
	market.Entry
	erased bool // it is of a person whose data were erased, notes and all
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

func (n noun[T]) events(ctx context.Context, visit func(told) error) error {
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := n.docs.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, doc := range page.Items {
			events := n.history(doc)
			erased := slices.ContainsFunc(events, func(e market.Event) bool { return e.Action == market.ActErase })
			for _, e := range events {
				if err := visit(told{entryOf(n.kind, headOf(doc).ID, e), erased}); err != nil {
					return err
				}
			}
		}
		if q.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

func (n noun[T]) any(ctx context.Context) (bool, error) {
	page, err := n.docs.Find(ctx, store.Query{Limit: 1})
	return len(page.Items) > 0, err
}

func (n noun[T]) changed(ctx context.Context, since string, ids map[market.ID]bool) (string, error) {
	for {
		docs, next, err := n.docs.Changes(ctx, since, store.MaxLimit)
		if err != nil {
			return since, err
		}
		for _, doc := range docs {
			ids[headOf(doc).ID] = true
		}
		if since = next; len(docs) < store.MaxLimit {
			return since, nil
		}
	}
}
