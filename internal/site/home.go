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
	Doors        []door
	Bars         []web.Bar
	Demands      []web.Item
	Achievements []web.Item
}

// door is one of the ways to go on from the home page.
type door struct {
	Href, Icon string
	Text, Line string
}

// doors is what a reader mostly comes for: to find, to publish, to read figures.
func doors(by market.Actor) []door {
	find := door{"/search?kind=achievement", "bulb", "找成果", "按领域、阶段、合作方式和价格筛选"}
	publish := door{"/demands/new", "speakerphone", "发需求", "写清指标，系统列出能对上的成果和理由"}
	figures := door{"/turnover", "chart-bar", "看数据", "技术合同成交额，每个数都能点开"}
	switch {
	case !by.SignedIn() || market.May(by, market.ActCreateDemand):
	case market.May(by, market.ActCreateAchievement):
		find = door{"/search?kind=demand", "speakerphone", "找需求", "按领域、行业和预算筛选"}
		publish = door{"/achievements/new", "bulb", "发成果", "写清好在哪里，系统列出能对上的需求和理由"}
	default:
		publish = door{"/search?kind=demand", "speakerphone", "找需求", "按领域、行业和预算筛选"}
	}
	return []door{find, publish, figures}
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
	page := homePage{Base: p.base(c, "", "/"), Doors: doors(by), Bars: targetBars(targets)}
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
