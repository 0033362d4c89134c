package site

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// matchPages is the card of one match on a page of its own.
type matchPages struct{ *Site }

func (p matchPages) routes() []route {
	return []route{
		{"GET", "/matches/:id", p.show, market.ActReadDraft},
		{"GET", weightingPath, p.weighting, market.ActReadWeighting},
		{"POST", weightingPath, p.setWeighting, market.ActSetWeighting},
		{"POST", weightingPath + "/reset", p.resetWeighting, market.ActSetWeighting},
	}
}

func matchHref(pair market.ID) string { return "/matches/" + url.PathEscape(string(pair)) }

// matchPage is the data of page "match".
type matchPage struct {
	Base   web.Base
	Demand web.Item
	Offer  web.Item
	Fit    web.Fit
	At     time.Time
}

// show answers with one pair, whatever its score.
func (p matchPages) show(c *fiber.Ctx) error {
	m, err := p.Matches.Match(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	page := matchPage{
		Base: p.base(c, "匹配对照："+market.Clip(m.Demand.Title, 30), ""), At: p.Now(),
		Demand: demandItem(m.Demand), Offer: achievementItem(m.Achievement), Fit: fitOf(0, *m, web.Item{}),
	}
	page.Base.Crumbs = crumbs("匹配对照", web.Crumb{Href: "/demands/" + url.PathEscape(string(m.Demand.ID)), Text: market.Clip(m.Demand.Title, 24)})
	fits := []web.Fit{page.Fit}
	if err := p.judgeFits(c, fits, []market.Match{*m}, ""); err != nil {
		return err
	}
	page.Fit = fits[0]
	return p.render(c, fiber.StatusOK, "match", page)
}
