package matching

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// mostVerdicts bounds the verdicts of one answer about a pair.
const mostVerdicts = 200

// OfPair returns the verdicts that stand on a match, newest first: all for
// officers and administrators, those of their own organization for others.
func (s *Verdicts) OfPair(ctx context.Context, by market.Actor, pair market.ID) ([]*market.Verdict, error) {
	demand, achievement, err := s.Pair(ctx, by, pair)
	if err != nil {
		return nil, err
	}
	if err := market.Permit(by, market.ActReadVerdicts, demand.Owner, achievement.Owner); err != nil {
		return nil, err
	}
	page, err := s.books.Verdicts.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "pair", Value: string(pair)}}, Sort: store.FieldChanged, Desc: true, Limit: mostVerdicts,
	})
	if err != nil {
		return nil, err
	}
	all := market.May(by, market.ActReadAllVerdicts)
	return slices.DeleteFunc(page.Items, func(v *market.Verdict) bool {
		return v.State != market.VerdictGiven || !all && !by.ActsFor(v.Org)
	}), nil
}

// Mine returns the actor's own standing verdicts on those of pairs they have
// judged for the organization they act for, by pair: what the buttons beside
// each match show. It is one look into the store.
func (s *Verdicts) Mine(ctx context.Context, by market.Actor, pairs []market.ID) (map[market.ID]*market.Verdict, error) {
	mine := make(map[market.ID]*market.Verdict)
	if !by.SignedIn() || len(pairs) == 0 {
		return mine, nil
	}
	keys := make([]market.ID, len(pairs))
	for i, pair := range pairs {
		keys[i] = market.VerdictID(by.User, by.Org, pair)
	}
	found, err := s.books.Verdicts.GetMany(ctx, keys)
	for _, v := range found {
		if v.State == market.VerdictGiven {
			mine[v.Pair] = v
		}
	}
	return mine, err
}

// Judgement is one of a judge's verdicts with the titles of its two listings,
// empty where the judge may not know of them any more.
type Judgement struct {
	*market.Verdict
	DemandTitle, AchievementTitle string
	Changed                       bool // a text changed since: the verdict is history, the pair may come again
}

// Own returns the actor's own verdicts, retracted ones too, last changed
// first, and the cursor of the next page.
func (s *Verdicts) Own(ctx context.Context, by market.Actor, after string, limit int) ([]Judgement, string, error) {
	if err := market.Permit(by, market.ActSelf); err != nil {
		return nil, "", err
	}
	page, err := s.books.Verdicts.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(by.User)}}, Sort: store.FieldChanged, Desc: true, After: after, Limit: limit,
	})
	if err != nil {
		return nil, "", err
	}
	demands, achievements, err := s.listings(ctx, page.Items)
	if err != nil {
		return nil, "", err
	}
	own := make([]Judgement, len(page.Items))
	for i, v := range page.Items {
		own[i] = Judgement{Verdict: v}
		d, a := demands[v.Demand], achievements[v.Achievement]
		if d != nil && readable(by, &d.Listing) == nil {
			own[i].DemandTitle = d.Title
		}
		if a != nil && readable(by, &a.Listing) == nil {
			own[i].AchievementTitle = a.Title
		}
		own[i].Changed = v.State == market.VerdictGiven && d != nil && a != nil && !v.Counts(d, a)
	}
	return own, page.Next, nil
}

// listings returns the listings of verdicts, at most store.MaxLimit, by id.
func (s *Verdicts) listings(ctx context.Context, verdicts []*market.Verdict) (map[market.ID]*market.Demand, map[market.ID]*market.Achievement, error) {
	var demandIDs, achievementIDs []market.ID
	for _, v := range verdicts {
		demandIDs, achievementIDs = append(demandIDs, v.Demand), append(achievementIDs, v.Achievement)
	}
	demands, err := s.books.Demands.GetMany(ctx, unique(demandIDs))
	if err != nil {
		return nil, nil, err
	}
	achievements, err := s.books.Achievements.GetMany(ctx, unique(achievementIDs))
	if err != nil {
		return nil, nil, err
	}
	demandOf, achievementOf := make(map[market.ID]*market.Demand), make(map[market.ID]*market.Achievement)
	for _, d := range demands {
		demandOf[d.ID] = d
	}
	for _, a := range achievements {
		achievementOf[a.ID] = a
	}
	return demandOf, achievementOf, nil
}

func unique(ids []market.ID) []market.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}
