package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// maxCopied bounds the memory of how far documents were copied; past it the
// memory starts anew.
const maxCopied = 50_000

// Sink copies the events of one kind of document into the trail, each once. It
// is a follow.Sink. One follower at a time uses it.
type Sink[T any] struct {
	trail    *Trail
	kind     string
	history  func(*T) []market.Event
	position *Position         // nil until it is read
	copied   map[market.ID]int // how many events of a document are in the trail
}

// NewSink returns the sink of documents of a kind, code of market.SubjectKinds.
// history returns the events of a document, numbered without gaps.
func NewSink[T any](trail *Trail, kind string, history func(*T) []market.Event) *Sink[T] {
	return &Sink[T]{trail: trail, kind: kind, history: history, copied: make(map[market.ID]int)}
}

// Position returns the cursor up to which the trail has every event. It is
// stored, so that a new process goes on where the last one was.
func (s *Sink[T]) Position(ctx context.Context) (string, error) {
	if s.position == nil {
		p, err := s.trail.stores.Positions.Get(ctx, market.ID(s.kind))
		if market.Is(err, market.NotFound) {
			p, err = &Position{Meta: market.Meta{ID: market.ID(s.kind)}}, nil
		}
		if err != nil {
			return "", err
		}
		s.position = p
	}
	return s.position.Cursor, nil
}

// Apply appends the events of docs that the trail does not have, then stores
// the cursor.
func (s *Sink[T]) Apply(ctx context.Context, docs []*T, next string) error {
	if len(s.copied) > maxCopied {
		clear(s.copied)
	}
	var entries []market.Entry
	done := make(map[market.ID]int)
	for _, doc := range docs {
		id := headOf(doc).ID
		events := s.history(doc)
		from, err := s.known(ctx, id, events)
		if err != nil {
			return err
		}
		for _, e := range events[from:] {
			entries = append(entries, entryOf(s.kind, id, e))
		}
		done[id] = len(events)
	}
	if err := s.trail.copy(ctx, entries); err != nil {
		return err
	}
	for id, n := range done {
		s.copied[id] = n
	}
	return s.keep(ctx, next)
}

// known returns how many of a document's events are in the trail. They are
// copied in order, so the last one there says so.
func (s *Sink[T]) known(ctx context.Context, id market.ID, events []market.Event) (int, error) {
	if n, ok := s.copied[id]; ok {
		return min(n, len(events)), nil
	}
	for n := len(events); n > 0; n-- {
		there, err := s.trail.bySource(ctx, eventSource(s.kind, id, events[n-1].Seq))
		if err != nil {
			return 0, err
		}
		if there != nil {
			return n, nil
		}
	}
	return 0, nil
}

// keep stores the cursor. Another process that follows the same documents may
// store its own: what that says is true as well.
func (s *Sink[T]) keep(ctx context.Context, next string) error {
	positions := s.trail.stores.Positions
	stored, err := positions.Get(ctx, s.position.ID)
	switch {
	case market.Is(err, market.NotFound):
		s.position.Meta = market.Meta{ID: s.position.ID}
		s.position.Cursor = next
		err = positions.Insert(ctx, s.position)
	case err == nil:
		stored.Cursor = next
		s.position = stored
		err = positions.Update(ctx, stored)
	}
	if store.IsTaken(err) || market.Is(err, market.Stale) {
		return nil
	}
	return err
}

// bySource returns the line of a source, nil when there is none.
func (t *Trail) bySource(ctx context.Context, source string) (*Line, error) {
	page, err := t.stores.Lines.Find(ctx, store.Query{Equal: []store.Equal{{Field: "source", Value: source}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// entryOf is the entry that repeats an event. The note, a text, stays in the
// document; the entry has its digest.
func entryOf(kind string, id market.ID, e market.Event) market.Entry {
	sum := ""
	if e.Note != "" {
		digest := sha256.Sum256([]byte(e.Note))
		sum = hex.EncodeToString(digest[:])
	}
	return tidy(market.Entry{
		At: e.At, User: e.By, Org: e.Org, Action: e.Action, Kind: kind, Subject: id, From: e.From, To: e.To,
		Address: e.Address, Request: e.Request, Source: eventSource(kind, id, e.Seq), NoteSum: sum,
	})
}

// isEvent reports whether a source names an event.
func isEvent(source string) bool { return !strings.HasPrefix(source, ownMark) }

func headOf[T any](doc *T) *market.Meta { return any(doc).(store.Document).Head() }
