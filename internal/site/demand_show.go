package site

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// fillDemand puts what only demands have on the page.
func fillDemand(page *listingPage, d *market.Demand) {
	page.Need = needOf(d)
	page.Price, page.Exact = budget(d)
	if who := demander(d); who != "" {
		page.Lead = append([]string{who}, page.Lead...)
		page.Partners = append(page.Partners, web.Term{Label: "需求单位", Value: who})
	}
	if d.Anonymous && d.Demander != "" {
		page.Badges = append(page.Badges, web.Badge{Text: "匿名发布", Icon: "lock"})
	}
	least := ""
	if d.MinTRL > 0 {
		least = market.Maturities.Name(strconv.Itoa(d.MinTRL)) + "以上"
	}
	page.Facts = append(page.Facts,
		web.Term{Label: "需求类型", Value: market.DemandKinds.Name(d.DemandKind)},
		web.Term{Label: "合作方式", Value: names(market.Modes, d.Modes)})
	page.Facts = append(page.Facts, classTerms(market.KindDemand, d.Class)...)
	page.Facts = append(page.Facts, stated(
		web.Term{Label: "成熟度要求", Value: least},
		web.Term{Label: "需求截止", Value: string(d.Deadline)},
		web.Term{Label: "权属约定", Value: d.IPTerm},
		web.Term{Label: "来源", Value: d.Source},
	)...)
}

func needOf(d *market.Demand) *need {
	n := &need{Conditions: d.Conditions}
	for _, c := range d.Criteria {
		bound := market.CriterionOps.Name(c.Op) + " " + c.Value + " " + c.Unit
		n.Criteria = append(n.Criteria, web.Term{Label: c.Name, Value: strings.TrimSpace(bound)})
	}
	return n
}

// demandFits puts the achievements that fit a published demand on its page.
func demandFits(s *Site, c *fiber.Ctx, page *listingPage, d *market.Demand) (err error) {
	if page.Entrust, err = s.entrustBox(c, d); err != nil {
		return err
	}
	answer, err := s.Matches.ForDemand(c.UserContext(), actor(c), d.ID, shownMatches)
	if err != nil {
		return err
	}
	fit := func(i int, m market.Match) web.Fit {
		fit := fitOf(i, m, achievementItem(m.Achievement))
		fit.Deal = deal(actor(c), d, m.Achievement)
		return fit
	}
	page.answered(answer, fit)
	return s.judgeFits(c, page.Fits, answer.Matches, d.Owner)
}
