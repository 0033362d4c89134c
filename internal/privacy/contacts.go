package privacy

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// blankedNote tells the owner of a document why its contact is gone.
const blankedNote = "联系人已注销账号，联系方式已清除，请另填联系人"

func (s *Service) forgetAchievements(ctx context.Context, who person, after string) (string, bool, int, error) {
	return blank(ctx, s.stores.Achievements, after, func(a *market.Achievement) bool { return s.blankListing(who, &a.Listing) })
}

func (s *Service) forgetDemands(ctx context.Context, who person, after string) (string, bool, int, error) {
	return blank(ctx, s.stores.Demands, after, func(d *market.Demand) bool { return s.blankListing(who, &d.Listing) })
}

func (s *Service) forgetOrganizations(ctx context.Context, who person, after string) (string, bool, int, error) {
	return blank(ctx, s.stores.Organizations, after, func(o *market.Organization) bool {
		if !who.is(o.Contact, o.History) {
			return false
		}
		o.Contact = market.Contact{}
		o.History = append(o.History, s.blanked(o.History, string(o.State)))
		return true
	})
}

func (s *Service) blankListing(who person, l *market.Listing) bool {
	if !who.is(l.Contact, l.History) {
		return false
	}
	l.Contact = market.Contact{}
	l.History = append(l.History, s.blanked(l.History, string(l.State)))
	return true
}

func (s *Service) blanked(history []market.Event, state string) market.Event {
	e := s.event(history, state, state)
	e.Note = blankedNote
	return e
}

// blank goes through what changed after a cursor, all of it from the beginning
// in the end, and writes what forget changes. What changes meanwhile comes
// again; a document that somebody else wrote at the same moment as well.
func blank[T any](ctx context.Context, docs store.Collection[T], after string, forget func(*T) bool) (string, bool, int, error) {
	page, next, err := docs.Changes(ctx, after, stride)
	if err != nil {
		return after, false, 0, err
	}
	blanks, more := 0, len(page) == stride
	for _, doc := range page {
		if !forget(doc) {
			continue
		}
		err := docs.Update(ctx, doc)
		if err != nil && !market.Is(err, market.Stale) {
			return after, false, blanks, err
		}
		more = true // it comes again, as we or somebody else wrote it
		if err == nil {
			blanks++
		}
	}
	return next, more, blanks, nil
}
