package site

import (
	"log/slog"
	"strings"

	"jishi/internal/account"
	"jishi/internal/audit"
	"jishi/internal/contract"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/store"
)

// office is a trail of contracts and achievements on the world's store.
func (w *world) office(engine store.Engine) audit.Office {
	w.t.Helper()
	key, err := audit.NewKey([]byte(strings.Repeat("a", 32)))
	must(w.t, err)
	trail, err := audit.New(audit.Stores{
		Lines: open[audit.Line](w.t, engine, audit.LineSpec), Heads: open[audit.Head](w.t, engine, audit.HeadSpec),
		Positions: open[audit.Position](w.t, engine, audit.PositionSpec), Checks: open[audit.Check](w.t, engine, audit.CheckSpec),
	}, audit.Options{Keys: audit.Keys{Now: key}, Now: w.clock, Log: slog.New(slog.DiscardHandler)})
	must(w.t, err)
	_, err = trail.Begin(w.t.Context())
	must(w.t, err)
	w.t.Cleanup(trail.Close)
	contracts, achievements := open[market.Contract](w.t, engine, contract.Spec), open[market.Achievement](w.t, engine, listing.AchievementSpec)
	ofContract := func(c *market.Contract) []market.Event { return c.History }
	ofAchievement := func(a *market.Achievement) []market.Event { return a.History }
	verifier := audit.NewVerifier(trail, []audit.Noun{audit.NewNoun("contract", contracts, ofContract), audit.NewNoun("achievement", achievements, ofAchievement)}, nil, w.newID)
	w.t.Cleanup(verifier.Close)
	return audit.Office{Trail: trail, Verifier: verifier, Names: audit.Names{
		Users: open[market.User](w.t, engine, account.UserSpec), Orgs: open[market.Organization](w.t, engine, account.OrganizationSpec),
	}}
}
