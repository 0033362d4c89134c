package duplicate

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// listed is a listing of either kind as far as duplicates are concerned.
type listed struct {
	id      market.ID
	version int64
	*market.Listing
	who      string // holder or demander
	withheld bool   // who and the owner are told to nobody without the right to the detail
	numbers  []string
}

// text is what of a listing is compared: the public part only, so that a hint
// tells nobody what others keep confidential.
func (l listed) text() string { return l.Title + "\n" + l.Summary }

// live reports whether a listing takes part: it is public or about to be.
func (l listed) live() bool {
	switch l.State {
	case market.StateSubmitted, market.StatePublished, market.StateExpired:
		return true
	}
	return false
}

// reader reads listings of one kind.
type reader interface {
	get(ctx context.Context, ids ...market.ID) ([]listed, error)
}

type achievements struct {
	docs store.Reader[market.Achievement]
}

func (a achievements) get(ctx context.Context, ids ...market.ID) ([]listed, error) {
	docs, err := a.docs.GetMany(ctx, ids)
	all := make([]listed, len(docs))
	for i, doc := range docs {
		all[i] = ofAchievement(doc)
	}
	return all, err
}

func ofAchievement(a *market.Achievement) listed {
	return listed{id: a.ID, version: a.Version, Listing: &a.Listing, who: a.Holder, numbers: a.Numbers()}
}

type demands struct {
	docs store.Reader[market.Demand]
}

func (d demands) get(ctx context.Context, ids ...market.ID) ([]listed, error) {
	docs, err := d.docs.GetMany(ctx, ids)
	all := make([]listed, len(docs))
	for i, doc := range docs {
		all[i] = ofDemand(doc)
	}
	return all, err
}

func ofDemand(d *market.Demand) listed {
	return listed{id: d.ID, version: d.Version, Listing: &d.Listing, who: d.Demander, withheld: d.Anonymous}
}

// one reads a single listing; NotFound when there is none.
func (s *shelf) one(ctx context.Context, id market.ID) (listed, error) {
	found, err := s.docs.get(ctx, id)
	if err == nil && len(found) == 0 {
		err = market.E(market.NotFound, "not_found", "没有找到这条内容，可能已被移走。")
	}
	if err != nil {
		return listed{}, err
	}
	return found[0], nil
}
