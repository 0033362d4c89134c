package site

import (
	"log/slog"

	"jishi/internal/account"
	"jishi/internal/alert"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/search/analysis"
)

// alerts is what people are told by, over the world's store.
func (w *world) alerts(engine store.Engine, achievements store.Reader[market.Achievement], demands store.Reader[market.Demand]) *alert.Service {
	t := w.t
	return alert.New(alert.Stores{
		Searches: open[market.SavedSearch](t, engine, alert.SearchSpec), Notices: open[market.Notice](t, engine, alert.NoticeSpec),
		Settings: open[market.AlertSetting](t, engine, alert.SettingSpec), Digests: open[alert.Digest](t, engine, alert.DigestSpec),
		Positions: open[alert.Position](t, engine, alert.PositionSpec), Tickets: open[market.Ticket](t, engine, account.TicketSpec),
		Users: open[market.User](t, engine, account.UserSpec), Links: open[market.MemberLink](t, engine, account.MemberLinkSpec),
		Orgs: open[market.Organization](t, engine, account.OrganizationSpec), Achievements: achievements, Demands: demands,
	}, alert.Parts{Mail: &w.mails, Read: ReadQuery, Terms: func(text string) (terms []string) {
		for _, term := range analysis.Terms(text) {
			terms = append(terms, term.Text)
		}
		return terms
	}, Log: slog.New(slog.DiscardHandler)}, w.clock, w.newID)
}
