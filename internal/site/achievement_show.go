package site

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// fillAchievement puts what only achievements have on the page.
func fillAchievement(page *listingPage, a *market.Achievement) {
	page.Offer = offerOf(a)
	page.Price, page.Exact = price(a.Price)
	if a.Holder != "" {
		page.Lead = append([]string{a.Holder}, page.Lead...)
		page.Partners = append(page.Partners, web.Term{Label: "第一完成单位", Value: a.Holder, Note: a.HolderCode})
	}
	for _, name := range a.Partners {
		page.Partners = append(page.Partners, web.Term{Label: "合作单位", Value: name})
	}
	page.Facts = append(page.Facts, web.Term{Label: "合作方式", Value: names(market.Modes, a.Modes)})
	page.Facts = append(page.Facts, classTerms(market.KindAchievement, a.Class)...)
	page.Facts = append(page.Facts, stated(
		web.Term{Label: "成果类别", Value: market.Categories.Name(a.Category)},
		web.Term{Label: "体现形式", Value: market.Forms.Name(a.Form)},
		web.Term{Label: "成果水平", Value: market.Levels.Name(a.Level)},
		web.Term{Label: "成果登记号", Value: a.Registered},
		web.Term{Label: "来源", Value: a.Source},
	)...)
}

func offerOf(a *market.Achievement) *offer {
	o := &offer{Benefit: a.Benefit, TRL: a.Maturity.TRL, Evidence: a.Maturity.Evidence, Maturity: market.Stages.Name(a.Maturity.Stage)}
	if o.TRL > 0 {
		o.Maturity += "，" + market.Maturities.Name(strconv.Itoa(o.TRL))
	}
	for _, r := range a.Rights {
		o.Rights = append(o.Rights, rightRow{
			Kind: market.IPKinds.Name(r.Kind), Number: r.Number, State: market.IPStates.Name(r.State), Expiry: r.Expiry,
		})
	}
	return o
}

// stated leaves out the terms that have no value.
func stated(terms ...web.Term) []web.Term {
	var kept []web.Term
	for _, t := range terms {
		if t.Value != "" {
			kept = append(kept, t)
		}
	}
	return kept
}

// achievementFits puts the demands that a published achievement fits on its page.
func achievementFits(s *Site, c *fiber.Ctx, page *listingPage, a *market.Achievement) error {
	answer, err := s.Matches.ForAchievement(c.UserContext(), actor(c), a.ID, shownMatches)
	if err != nil {
		return err
	}
	fit := func(i int, m market.Match) web.Fit {
		fit := fitOf(i, m, demandItem(m.Demand))
		fit.Deal = deal(actor(c), m.Demand, a)
		return fit
	}
	page.answered(answer, fit)
	return s.judgeFits(c, page.Fits, answer.Matches, a.Owner)
}
