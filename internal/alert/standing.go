package alert

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	// newsFor is how long after a listing came before the public it is told of.
	// What a first start, a restore or a long stop finds older is no news.
	newsFor = 7 * 24 * time.Hour
	// indexedWithin is how long the index may take to have a listing.
	indexedWithin = 5 * time.Second
	indexedEvery  = 25 * time.Millisecond
	// mostCounterparts is how many counterparts one publication tells of.
	mostCounterparts = 10
)

// Counterparts finds what fits a listing.
type Counterparts interface {
	// Of returns the listings of the other kind that match a published one above
	// the threshold, best first, at most limit.
	Of(ctx context.Context, kind market.ListingKind, id market.ID, limit int) ([]market.ID, error)
	// Indexed reports whether others find a listing already.
	Indexed(ctx context.Context, kind market.ListingKind, id market.ID) (bool, error)
	// Alike returns words that mean the same as some of a text: whoever searches
	// for one of them finds the text too.
	Alike(text string) []string
}

// Standing tells people of the listings that become public: their owners of
// counterparts, and owners of counterparts of them; and whoever saved a search
// that they fit. It is a follow.Sink of one kind of listing.
//
// A pair of which both sides become public at once is not missed: each side
// asks for counterparts only once it can be found itself, so whichever asks
// last finds the other.
type Standing[T any] struct {
	service  *Service
	docs     store.Reader[T] // of the kind followed
	of       func(*T) subject
	matches  Counterparts
	name     market.ID
	position *Position // nil until it is read
}

// Achievements returns the sink of achievements.
func (s *Service) Achievements(matches Counterparts) *Standing[market.Achievement] {
	return &Standing[market.Achievement]{service: s, docs: s.stores.Achievements, of: achievementSubject, matches: matches, name: "achievements"}
}

// Demands returns the sink of demands.
func (s *Service) Demands(matches Counterparts) *Standing[market.Demand] {
	return &Standing[market.Demand]{service: s, docs: s.stores.Demands, of: demandSubject, matches: matches, name: "demands"}
}

// Position implements follow.Sink. It is stored: a new process goes on where
// the last one was.
func (t *Standing[T]) Position(ctx context.Context) (string, error) {
	if t.position == nil {
		p, err := t.service.stores.Positions.Get(ctx, t.name)
		if market.Is(err, market.NotFound) {
			p, err = &Position{Meta: market.Meta{ID: t.name}}, nil
		}
		if err != nil {
			return "", err
		}
		t.position = p
	}
	return t.position.Cursor, nil
}

// Apply implements follow.Sink. What was told before is told again to nobody.
func (t *Standing[T]) Apply(ctx context.Context, docs []*T, next string) error {
	caught := false
	for _, doc := range docs {
		one := t.of(doc)
		if !one.listing.Public() || t.service.now().Sub(one.published()) > newsFor {
			continue
		}
		if !caught {
			if err := t.service.book.catchUp(ctx); err != nil {
				return err
			}
			caught = true
		}
		err := t.tell(ctx, one)
		if market.Is(err, market.Invalid) { // it never will be; the others are not to wait for it
			t.service.parts.Log.Error("listing that cannot be told of", "kind", one.kind, "id", one.id, "err", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return t.reach(ctx, next)
}

// reach notes how far was told. Another process may have noted it meanwhile:
// then theirs is read with the next step.
func (t *Standing[T]) reach(ctx context.Context, next string) (err error) {
	t.position.Cursor = next
	if t.position.Version == 0 {
		err = t.service.stores.Positions.Insert(ctx, t.position)
	} else {
		err = t.service.stores.Positions.Update(ctx, t.position)
	}
	if store.IsTaken(err) || market.Is(err, market.Stale) {
		t.position = nil
		_, err = t.Position(ctx)
	}
	return err
}

// tell tells everybody of one listing.
func (t *Standing[T]) tell(ctx context.Context, one subject) error {
	found, err := t.settled(ctx, one)
	if err != nil || !found {
		return err
	}
	one.more = append(one.more, t.matches.Alike(one.text())...)
	matches, err := t.matches.Of(ctx, one.kind, one.id, mostCounterparts)
	if market.Is(err, market.NotFound) || market.Is(err, market.Denied) {
		return nil // withdrawn meanwhile
	}
	if err != nil {
		return err
	}
	others, err := t.service.others(ctx, one.kind, matches)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := t.service.tellPair(ctx, one, other); err != nil {
			return err
		}
	}
	return t.service.tellSearchers(ctx, one, t.service.book.fitting(one))
}

// settled waits until the index has a listing, and reports whether it is still
// public then. Unavailable when the index takes too long; it is tried again.
func (t *Standing[T]) settled(ctx context.Context, one subject) (bool, error) {
	for waited := time.Duration(0); ; waited += indexedEvery {
		ok, err := t.matches.Indexed(ctx, one.kind, one.id)
		if err != nil || ok {
			return ok, err
		}
		if waited >= indexedWithin {
			break
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(indexedEvery):
		}
	}
	doc, err := t.docs.Get(ctx, one.id)
	if err != nil {
		return false, err
	}
	if !t.of(doc).listing.Public() {
		return false, nil
	}
	return false, market.E(market.Unavailable, "index_behind", "搜索索引还没有更新，请稍后再试。")
}
