package privacy

import (
	"context"
	"strconv"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// blankedNote tells the owner of a document why its contact is gone.
const blankedNote = "联系人已注销账号，联系方式已清除，请另填联系人"

func (s *Service) forgetAchievements(ctx context.Context, who person, after string) (string, bool, int, error) {
	return blank(ctx, s.stores.Achievements, who.Orgs, after, func(a *market.Achievement) bool { return s.blankListing(who, &a.Listing) })
}

func (s *Service) forgetDemands(ctx context.Context, who person, after string) (string, bool, int, error) {
	return blank(ctx, s.stores.Demands, who.Orgs, after, func(d *market.Demand) bool { return s.blankListing(who, &d.Listing) })
}

func (s *Service) forgetOrganizations(ctx context.Context, who person, _ string) (string, bool, int, error) {
	orgs, err := s.stores.Organizations.GetMany(ctx, who.Orgs)
	if err != nil {
		return "", false, 0, err
	}
	blanks, stale, err := writeChanged(ctx, s.stores.Organizations, orgs, func(o *market.Organization) bool {
		if !who.is(o.Contact, o.History) {
			return false
		}
		o.Contact = market.Contact{}
		o.History = append(o.History, s.blanked(o.History, string(o.State)))
		return true
	})
	return "", stale, blanks, err
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

// blank goes through what the organizations own, one after the other, and
// writes what forget changes. A cursor is how many organizations are done and,
// after a space, how far the next one is.
func blank[T any](ctx context.Context, docs store.Collection[T], orgs []market.ID, after string, forget func(*T) bool) (string, bool, int, error) {
	count, cursor, _ := strings.Cut(after, " ")
	done, _ := strconv.Atoi(count) // "" is the beginning
	if done >= len(orgs) {
		return "", false, 0, nil
	}
	page, err := docs.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "owner", Value: string(orgs[done])}}, Sort: store.FieldChanged, After: cursor, Limit: stride,
	})
	if err != nil {
		return after, false, 0, err
	}
	blanks, stale, err := writeChanged(ctx, docs, page.Items, forget)
	if err != nil || stale {
		return after, stale, blanks, err // stale: the same page again, as it is now
	}
	if page.Next == "" {
		done++
	}
	return strconv.Itoa(done) + " " + page.Next, done < len(orgs), blanks, nil
}

// writeChanged writes the documents that forget changes, and reports how many
// and whether somebody else wrote one of them at the same moment.
func writeChanged[T any](ctx context.Context, docs store.Collection[T], some []*T, forget func(*T) bool) (blanks int, stale bool, err error) {
	for _, doc := range some {
		if !forget(doc) {
			continue
		}
		err := docs.Update(ctx, doc)
		switch {
		case err == nil:
			blanks++
		case market.Is(err, market.Stale):
			stale = true
		default:
			return blanks, stale, err
		}
	}
	return blanks, stale, nil
}
