package matching

import (
	"log/slog"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// proposing is a court that learns from its verdicts.
type proposing struct {
	*court
	proposals  *Proposals
	weightings *Weightings
}

func openProposing(t *testing.T) *proposing {
	t.Helper()
	c := openCourt(t)
	engine, err := sqlite.Open(t.TempDir()+"/proposals.db", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	docs, err := store.Open[market.Proposal](t.Context(), engine, ProposalSpec)
	if err != nil {
		t.Fatal(err)
	}
	weightings, err := store.Open[market.Weighting](t.Context(), engine, WeightingSpec)
	if err != nil {
		t.Fatal(err)
	}
	p := &proposing{court: c, weightings: NewWeightings(weightings, time.Now)}
	ids := 0
	p.proposals = NewProposals(docs, ProposalParts{Verdicts: c.verdicts, Weightings: p.weightings, Log: slog.New(slog.DiscardHandler)}, time.Now, func() market.ID {
		ids++
		return market.ID("p" + string(rune('0'+ids)))
	})
	t.Cleanup(func() { p.proposals.Wait(t.Context()) })
	return p
}

// said stores verdicts as if people had given them.
func (p *proposing) said(t *testing.T, verdicts []*market.Verdict) {
	t.Helper()
	for i, v := range verdicts {
		v.Meta = market.Meta{ID: market.VerdictID("u", "o", market.ID(string(v.Demand)+"."+string(rune('a'+i%26))+string(rune('a'+i/26))))}
		v.Achievement = "a"
		if err := p.docs.Insert(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
}

func (p *proposing) standing(t *testing.T) *Standing {
	t.Helper()
	p.proposals.Wait(t.Context())
	s, err := p.proposals.Standing(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProposalIsOnlyProposed(t *testing.T) {
	p := openProposing(t)
	if s := p.standing(t); s.Missing != market.LeastVerdicts || s.Last != nil || s.Failure != "" {
		t.Errorf("standing at first: %+v", s)
	}
	p.said(t, simulated(1, 199, hiddenWeights(), 6))
	if err := p.proposals.Ask(t.Context(), admin); !market.Is(err, market.Conflict) {
		t.Errorf("Ask with 199 = %v, want Conflict", err)
	}
	if s := p.standing(t); s.Missing != 1 || s.Last != nil || s.Failure == "" {
		t.Errorf("standing with 199: %+v", s)
	}
	p.said(t, simulated(9, 300, hiddenWeights(), 6)[200:])
	if err := p.proposals.Ask(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	s := p.standing(t)
	if s.Missing != 0 || s.Failure != "" || s.Last == nil || s.Last.Verdicts != 299 || s.Last.By != admin.User || len(s.Last.Figures) != 3 {
		t.Fatalf("standing: %+v", s)
	}
	w, err := p.weightings.Get(t.Context(), admin)
	if err != nil || w.Version != 0 {
		t.Fatalf("weighting in force %+v, %v: a proposal changed it", w, err)
	}
	if err := p.proposals.Adopt(t.Context(), office, s.Last.ID, 0); !market.Is(err, market.Denied) {
		t.Errorf("an officer switches: %v", err)
	}
	if err := p.proposals.Adopt(t.Context(), admin, s.Last.ID, 7); !market.Is(err, market.Stale) {
		t.Errorf("over another version: %v", err)
	}
	if err := p.proposals.Adopt(t.Context(), admin, s.Last.ID, 0); err != nil {
		t.Fatal(err)
	}
	if w = p.standing(t).InForce; !w.Same(market.Weighting{Parts: s.Last.Parts}) {
		t.Errorf("in force %s", w.Short())
	}
	if err := p.proposals.Restore(t.Context(), admin, s.Last.ID, w.Version); err != nil {
		t.Fatal(err)
	}
	if w = p.standing(t).InForce; !w.Same(market.DefaultWeighting()) || len(w.History) != 2 {
		t.Errorf("switched back: %+v", w)
	}
}

func TestWhoMayPropose(t *testing.T) {
	p := openProposing(t)
	for _, by := range []market.Actor{{}, agent, asker, office} {
		if err := p.proposals.Ask(t.Context(), by); !market.Is(err, market.Denied) && !market.Is(err, market.Unauthenticated) {
			t.Errorf("Ask by %v = %v", by.Roles, err)
		}
	}
	if _, err := p.proposals.Standing(t.Context(), agent); !market.Is(err, market.Denied) {
		t.Errorf("Standing for a broker = %v, want Denied", err)
	}
	if _, err := p.proposals.Standing(t.Context(), office); err != nil {
		t.Errorf("Standing for an officer = %v", err)
	}
}
