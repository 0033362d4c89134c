package radar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// take looks at every published listing.
func (s *Service) take(ctx context.Context) (*market.Radar, error) {
	demands, moreDemands, err := published(ctx, s.Demands)
	if err != nil {
		return nil, err
	}
	achievements, moreAchievements, err := published(ctx, s.Achievements)
	if err != nil {
		return nil, err
	}
	s.report(func(r *market.RadarRun) { r.Total = len(demands) + len(achievements) })
	radar := &market.Radar{Taken: s.now().UTC(), Demands: len(demands), Offers: len(achievements), Unlooked: moreDemands + moreAchievements}
	unmet, err := s.unmet(ctx, demands)
	if err != nil {
		return nil, err
	}
	if radar.Idle, err = s.idle(ctx, achievements); err != nil {
		return nil, err
	}
	radar.Gaps = gaps(unmet)
	return radar, nil
}

// published reads the newest published listings of a kind and counts the rest.
func published[T any](ctx context.Context, docs store.Reader[T]) (all []*T, more int, err error) {
	for after := ""; ; {
		page, err := docs.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "state", Value: string(market.StatePublished)}}, Sort: "published", Desc: true, After: after, Limit: store.MaxLimit,
		})
		if err != nil {
			return nil, 0, err
		}
		room := looked - len(all)
		all = append(all, page.Items[:min(room, len(page.Items))]...)
		more += max(0, len(page.Items)-room)
		if after = page.Next; after == "" {
			return all, more, nil
		}
	}
}

// unmet is a demand that nothing fits, with its words.
type unmet struct {
	market.UnmetDemand
	chain    string
	keywords []string
	words    []string
}

func (s *Service) unmet(ctx context.Context, demands []*market.Demand) ([]unmet, error) {
	var all []unmet
	for _, d := range demands {
		answer, err := s.matches.ForDemand(ctx, market.System, d.ID, 1)
		if s.looked(); gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := s.rest(ctx); err != nil {
			return nil, err
		}
		if len(answer.Matches) > 0 {
			continue
		}
		one := unmet{UnmetDemand: market.UnmetDemand{ID: d.ID, Title: market.Clip(d.Title, clipped), Division: d.Class.Division, Threshold: answer.Threshold}, chain: d.Class.Chain, keywords: d.Keywords}
		if !d.Anonymous {
			one.Who = d.Demander
		}
		if near := answer.Nearest; near != nil && near.Achievement != nil {
			one.Nearest = &market.NearThing{ID: near.Achievement.ID, Title: market.Clip(near.Achievement.Title, clipped), Who: near.Achievement.Holder, Score: near.Score, Lacks: answer.Lacks}
		}
		one.words = s.words(d.Title + "\n" + d.Summary)
		all = append(all, one)
	}
	return all, nil
}

// idle returns the achievements that no demand asks for, by holder.
func (s *Service) idle(ctx context.Context, achievements []*market.Achievement) ([]market.IdleUnit, error) {
	byHolder, kept := map[string][]market.IdleAchievement{}, 0
	for _, a := range achievements {
		answer, err := s.matches.ForAchievement(ctx, market.System, a.ID, 1)
		if s.looked(); gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := s.rest(ctx); err != nil {
			return nil, err
		}
		if len(answer.Matches) > 0 || kept == maxIdle {
			continue
		}
		one := market.IdleAchievement{ID: a.ID, Title: market.Clip(a.Title, clipped), Chain: a.Class.Chain, Division: a.Class.Division}
		if near := answer.Nearest; near != nil && near.Demand != nil {
			one.Nearest = &market.NearThing{ID: near.Demand.ID, Title: market.Clip(near.Demand.Title, clipped), Score: near.Score, Lacks: answer.Lacks}
			if !near.Demand.Anonymous {
				one.Nearest.Who = near.Demand.Demander
			}
		}
		byHolder[a.Holder] = append(byHolder[a.Holder], one)
		kept++
	}
	units := []market.IdleUnit{}
	for holder, list := range byHolder {
		units = append(units, market.IdleUnit{Holder: holder, Achievements: list})
	}
	slices.SortFunc(units, func(a, b market.IdleUnit) int {
		return cmp.Or(cmp.Compare(len(b.Achievements), len(a.Achievements)), cmp.Compare(a.Holder, b.Holder))
	})
	return units, nil
}

// gone reports whether a listing left the market while it was looked at.
func gone(err error) bool { return market.Is(err, market.NotFound) || market.Is(err, market.Denied) }

func (s *Service) looked() { s.report(func(r *market.RadarRun) { r.Done++ }) }

// rest gives way to readers.
func (s *Service) rest(ctx context.Context) error {
	if s.pace == 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(s.pace):
		return nil
	}
}
