package matching

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// VerdictSpec declares the collection of verdicts.
var VerdictSpec = store.Spec{Name: "verdicts", Indexes: []store.Index{
	{"pair", store.FieldChanged},                      // what was said of one match
	{"demand", "refuses"}, {"achievement", "refuses"}, // what one listing is not to be suggested with
	{"user", store.FieldChanged}, // one judge's own
	{"state"},                    // the whole relevance set
}}

// Scorer scores pairs; search.Index does.
type Scorer interface {
	Score(ctx context.Context, pairs []market.Match) ([]market.Match, error)
}

// Books is what verdicts are made from.
type Books struct {
	Verdicts     store.Collection[market.Verdict]
	Demands      store.Reader[market.Demand]
	Achievements store.Reader[market.Achievement]
	Scorer       Scorer
}

// Verdicts is what brokers, both sides and officers say of matches: one
// verdict for each judge and pair, changed and retracted by events, nothing
// overwritten in silence. Safe for concurrent use.
type Verdicts struct {
	books Books
	now   func() time.Time
}

// NewVerdicts returns the verdicts kept in books.
func NewVerdicts(books Books, now func() time.Time) *Verdicts {
	return &Verdicts{books: books, now: now}
}

// Saying is what a judge says of a match.
type Saying struct {
	Judgement market.Judgement
	Reason    string // code of market.VerdictReasons, with JudgedNo only
	Note      string // in words, with market.ReasonOther only
	Version   int64  // of the verdict it changes, else Stale; 0 = whatever is stored
}

// Pair returns the two listings of a match the actor may know of, both as they
// are stored. NotFound when there is no such pair, Denied when one of them is
// not for the actor.
func (s *Verdicts) Pair(ctx context.Context, by market.Actor, pair market.ID) (*market.Demand, *market.Achievement, error) {
	demandID, achievementID, err := market.SplitPair(pair)
	if err != nil {
		return nil, nil, err
	}
	demand, err := s.books.Demands.Get(ctx, demandID)
	if err != nil {
		return nil, nil, err
	}
	achievement, err := s.books.Achievements.Get(ctx, achievementID)
	if err != nil {
		return nil, nil, err
	}
	if err := readable(by, &demand.Listing); err != nil {
		return nil, nil, err
	}
	return demand, achievement, readable(by, &achievement.Listing)
}

// Judge keeps what the actor says of a match; what they said before stays in
// the history. The score and its parts are those of now, worked out here.
// Saying the same of unchanged texts again changes nothing.
func (s *Verdicts) Judge(ctx context.Context, by market.Actor, pair market.ID, saying Saying) (*market.Verdict, error) {
	demand, achievement, err := s.Pair(ctx, by, pair)
	if err != nil {
		return nil, err
	}
	if err := market.Permit(by, market.ActJudge, demand.Owner, achievement.Owner); err != nil {
		return nil, err
	}
	said, err := s.verdict(ctx, by, demand, achievement)
	if err != nil {
		return nil, err
	}
	if saying.Version != 0 && saying.Version != said.Version {
		return nil, market.E(market.Stale, "stale_version", "这条判断已经改过，请核对最新内容后再改。")
	}
	before := *said
	said.Judgement, said.Reason, said.Note = saying.Judgement, saying.Reason, market.Fold(saying.Note)
	if err := said.Check(); err != nil {
		return nil, err
	}
	said.State, said.Refuses = market.VerdictGiven, said.Judgement == market.JudgedNo
	said.DemandDigest, said.AchievementDigest = demand.Digest(), achievement.Digest()
	if same(&before, said) {
		return &before, nil
	}
	if err := s.score(ctx, said, demand, achievement); err != nil {
		return nil, err
	}
	s.record(said, by, market.ActJudge, standing(&before), string(said.Judgement), reasonNote(said))
	return said, s.save(ctx, said)
}

// verdict returns the actor's verdict on a pair as it is stored, a new one
// without state where there is none.
func (s *Verdicts) verdict(ctx context.Context, by market.Actor, d *market.Demand, a *market.Achievement) (*market.Verdict, error) {
	pair := market.PairID(d.ID, a.ID)
	said, err := s.books.Verdicts.Get(ctx, market.VerdictID(by.User, by.Org, pair))
	if !market.Is(err, market.NotFound) {
		if err == nil {
			said.Side = market.SideOf(by, d.Owner, a.Owner)
		}
		return said, err
	}
	return &market.Verdict{
		Meta: market.Meta{ID: market.VerdictID(by.User, by.Org, pair)}, Pair: pair, Demand: d.ID, Achievement: a.ID,
		User: by.User, Org: by.Org, Side: market.SideOf(by, d.Owner, a.Owner), Parts: []market.PartShare{},
	}, nil
}

// same reports whether a judge said already what they say now, of the same texts.
func same(before, now *market.Verdict) bool {
	return before.State == now.State && before.Judgement == now.Judgement && before.Reason == now.Reason && before.Note == now.Note &&
		before.DemandDigest == now.DemandDigest && before.AchievementDigest == now.AchievementDigest
}

// score puts the score of now into a verdict. An index that is away takes only
// that off it: what somebody says is worth keeping without.
func (s *Verdicts) score(ctx context.Context, v *market.Verdict, d *market.Demand, a *market.Achievement) error {
	v.Score, v.Parts = 0, []market.PartShare{}
	scored, err := s.books.Scorer.Score(ctx, []market.Match{{ID: v.Pair, Demand: d, Achievement: a}})
	if market.Is(err, market.Unavailable) {
		return nil
	}
	if err != nil || len(scored) == 0 {
		return err
	}
	v.Score = scored[0].Score
	for _, part := range scored[0].Parts {
		v.Parts = append(v.Parts, market.PartShare{Name: part.Name, Points: part.Points, Max: part.Max})
	}
	return nil
}

// standing is where a verdict stood, for its events: the judgement, or that it
// was retracted; empty for one that is new.
func standing(v *market.Verdict) string {
	if v.State == market.VerdictGiven {
		return string(v.Judgement)
	}
	return string(v.State)
}

// reasonNote writes why, for the history: "价格", or the words given.
func reasonNote(v *market.Verdict) string {
	switch v.Reason {
	case "":
		return ""
	case market.ReasonOther:
		return v.Note
	}
	return market.VerdictReasons.Name(v.Reason)
}

func (s *Verdicts) record(v *market.Verdict, by market.Actor, action market.Action, from, to, note string) {
	v.History = append(slices.Clone(v.History), market.NextEvent(v.History, by, s.now(), action, from, to, note))
}

// save stores a verdict. Who judges the same match twice at once is told so.
func (s *Verdicts) save(ctx context.Context, v *market.Verdict) error {
	if v.Version > 0 {
		return s.books.Verdicts.Update(ctx, v)
	}
	err := s.books.Verdicts.Insert(ctx, v)
	if store.IsTaken(err) {
		return market.E(market.Stale, "stale_version", "您刚刚已经判断过这条匹配，请刷新后再改。")
	}
	return err
}

// Retract takes the actor's verdict on a match back; it stays in the history.
// It is theirs to take back whatever became of the listings. NotFound when they
// have none that stands.
func (s *Verdicts) Retract(ctx context.Context, by market.Actor, pair market.ID) (*market.Verdict, error) {
	said, err := s.books.Verdicts.Get(ctx, market.VerdictID(by.User, by.Org, pair))
	if market.Is(err, market.NotFound) || err == nil && said.State != market.VerdictGiven {
		return nil, s.nothingToRetract(ctx, by, pair)
	}
	if err != nil {
		return nil, err
	}
	s.record(said, by, market.ActRetractVerdict, standing(said), string(market.VerdictRetracted), "")
	said.State, said.Refuses = market.VerdictRetracted, false
	return said, s.books.Verdicts.Update(ctx, said)
}

// nothingToRetract says why there is no verdict to take back, as far as the
// actor may know of the match.
func (s *Verdicts) nothingToRetract(ctx context.Context, by market.Actor, pair market.ID) error {
	demand, achievement, err := s.Pair(ctx, by, pair)
	if err != nil {
		return err
	}
	if err := market.Permit(by, market.ActRetractVerdict, demand.Owner, achievement.Owner); err != nil {
		return err
	}
	return market.E(market.NotFound, CodeNoVerdict, "您对这条匹配没有判断可撤销。")
}

// CodeNoVerdict is the code of taking back what was not said.
const CodeNoVerdict = "no_verdict"
