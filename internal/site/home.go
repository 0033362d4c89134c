package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// newestOnHome is how many listings of each kind stand on the home page.
const newestOnHome = 6

// homePages is the way in.
type homePages struct{ *Site }

// homePage is the data of page "home".
type homePage struct {
	Base         web.Base
	Bars         []web.Bar
	Demands      []web.Item
	Achievements []web.Item
}

// show answers with the home page.
func (p homePages) show(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), actor(c)
	targets, err := p.Targets.Targets(ctx)
	if err != nil {
		return err
	}
	demands, err := p.Demands.Newest(ctx, by, "", newestOnHome)
	if err != nil {
		return err
	}
	achievements, err := p.Achievements.Newest(ctx, by, "", newestOnHome)
	if err != nil {
		return err
	}
	page := homePage{Base: p.base(c, "", "/"), Bars: targetBars(targets)}
	page.Base.HideSearch = true
	page.Base.Description = "科技成果与技术需求的发布、检索、匹配和技术合同登记。"
	for _, d := range demands.Items {
		page.Demands = append(page.Demands, demandItem(d))
	}
	for _, a := range achievements.Items {
		page.Achievements = append(page.Achievements, achievementItem(a))
	}
	return p.render(c, fiber.StatusOK, "home", page)
}

// targetBars draws how far targets are reached, each on its own basis and
// period, leading to the rows that were added.
func targetBars(targets []market.TargetProgress) []web.Bar {
	bars := make([]web.Bar, len(targets))
	for i, t := range targets {
		bar := web.MoneyBar(t.Name, t.Achieved, t.Amount)
		bar.Text = market.Bases.Name(string(t.Basis)) + "，" + t.Period + "，计入 " + web.Count(int64(t.Count)) + " 份已登记合同。"
		bar.Source, bar.Href = t.Source, "/turnover?"+turnoverOf(t).Encode()
		if t.Achieved >= t.Amount {
			bar.Tone = web.Good
		}
		bars[i] = bar
	}
	return bars
}

// turnoverOf is the cut of the turnover page that holds a target's figure.
func turnoverOf(t market.TargetProgress) url.Values {
	cut := url.Values{"basis": {string(t.Basis)}}
	if t.From != "" {
		cut.Set("from", string(t.From))
	}
	if t.To != "" {
		cut.Set("to", string(t.To))
	}
	return cut
}
