package site

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/web"
)

// proposalPages shows weights learnt from verdicts and switches them.
type proposalPages struct{ *Site }

const proposalHref = "/admin/matching/proposal"

func (p proposalPages) routes() []route {
	return []route{
		{"GET", proposalHref, p.show, market.ActReadWeighting},
		{"POST", proposalHref, p.ask, market.ActSetWeighting},
		{"POST", proposalHref + "/adopt", p.adopt, market.ActSetWeighting},
		{"POST", proposalHref + "/restore", p.restore, market.ActSetWeighting},
	}
}

// proposalPage is the data of page "proposal".
type proposalPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Missing  int // verdicts until weights can be learnt
	Least    int
	Running  bool
	Failure  string
	Ask      *web.Press // nil for who may not, or while too few verdicts are there
	Last     *market.Proposal
	State    web.Badge // of Last: whether it is in force
	Weights  []shiftRow
	Figures  []figureRow
	Switch   *web.Confirm // puts Last in force, or what was before it; nil for who may not
	Verdict  string       // what the figures say
	Worsened bool         // a figure gets worse beyond doubt
	OneSided bool         // more than half of the verdicts are one person's
}

// shiftRow is one part before and after.
type shiftRow struct {
	Name                 string
	Before, After, Shift string
}

// figureRow is one figure before and after.
type figureRow struct {
	Name, What    string
	Before, After qualityCell
	Gain          qualityCell
}

// figureWhat says what each figure of a comparison means.
var figureWhat = map[string]string{
	"log_loss": "给出的可能性与判断差多少，越低越好", "auc": "随便取一对合适的和一对不合适的，合适的得分更高的机会，越高越好", "ndcg10": "同一需求的匹配排得对不对，越高越好",
}

// show answers with the newest proposal.
func (p proposalPages) show(c *fiber.Ctx) error {
	by := actor(c)
	s, err := p.Judging.Proposals.Standing(c.UserContext(), by)
	if err != nil {
		return err
	}
	page := proposalPage{Base: p.base(c, "权重建议", ""), Tabs: adminTabsOf(c), Missing: max(s.Missing, 0), Least: market.LeastVerdicts, Running: s.Running, Failure: s.Failure, Last: s.Last}
	page.Base.Crumbs = crumbs("权重建议", web.Crumb{Href: "/admin/matching", Text: "匹配权重"})
	may := market.May(by, market.ActSetWeighting)
	if may && s.Missing <= 0 && !s.Running {
		page.Ask = &web.Press{Text: "用现有判断测算", Icon: "refresh", Action: proposalHref, Primary: s.Last == nil}
	}
	if s.Last != nil {
		page.fill(s, may)
	}
	return p.render(c, fiber.StatusOK, "proposal", page)
}

// fill puts a proposal on the page.
func (page *proposalPage) fill(s *matching.Standing, may bool) {
	last := s.Last
	before, after := market.Weighting{Parts: last.Before}, market.Weighting{Parts: last.Parts}
	for _, code := range market.PartNames {
		row := shiftRow{Name: code.Name, Before: strconv.Itoa(before.Max(code.Code)), After: strconv.Itoa(after.Max(code.Code))}
		if shift := after.Max(code.Code) - before.Max(code.Code); shift != 0 {
			row.Shift = fmt.Sprintf("%+d", shift)
		}
		page.Weights = append(page.Weights, row)
	}
	better, worse := 0, 0
	for _, f := range last.Figures {
		row := figureRow{Name: market.FigureNames.Name(f.Name), What: figureWhat[f.Name], Before: figureCell(f.Before, "%.3f"), After: figureCell(f.After, "%.3f"), Gain: figureCell(f.Gain, "%+.3f")}
		page.Figures = append(page.Figures, row)
		if f.Gain.Low > 0 {
			better++
		}
		if f.Gain.High < 0 {
			worse++
		}
	}
	page.Worsened, page.OneSided = worse > 0, 2*last.Busiest > last.Verdicts
	switch {
	case worse > 0:
		page.Verdict = "有指标明显变差，不建议采用。"
	case better > 0:
		page.Verdict = fmt.Sprintf("%d 项指标的改进超出了误差范围，没有一项明显变差。", better)
	default:
		page.Verdict = "改进都在误差范围以内，采不采用差别不大。"
	}
	page.offer(s, may, before, after)
}

// offer says whether the proposed weights are in force, and lets who may switch
// to them or back.
func (page *proposalPage) offer(s *matching.Standing, may bool, before, after market.Weighting) {
	last, now := s.Last, s.InForce
	inForce := now.Same(after)
	page.State = web.Badge{Text: "没有采用"}
	if inForce {
		page.State = web.Badge{Text: "正在使用", Tone: web.Good}
	}
	if !inForce && !now.Same(before) {
		page.State = web.Badge{Text: "权重已另行调整，须重新测算", Tone: web.Wait}
		return
	}
	if !may || after.Same(before) {
		return
	}
	hidden := []web.Hidden{{Name: "proposal", Value: string(last.ID)}, {Name: "version", Value: number(now.Version)}}
	page.Switch = &web.Confirm{
		Text: "采用这组权重", Icon: "check", Ask: "采用后所有匹配立即按新权重评分，匹配线不变；随时可以换回。这次调整会记入权重的历史和审计记录。",
		Action: proposalHref + "/adopt", Button: "确认采用", Hidden: hidden,
	}
	if inForce {
		page.Switch = &web.Confirm{
			Text: "换回原来的权重", Icon: "refresh", Ask: "换回后所有匹配立即按采用以前的权重评分。", Action: proposalHref + "/restore", Button: "确认换回", Hidden: hidden,
		}
	}
}

func figureCell(e market.Estimate, format string) qualityCell {
	return qualityCell{Value: fmt.Sprintf(format, e.Mean), Range: fmt.Sprintf(format, e.Low) + " 至 " + fmt.Sprintf(format, e.High)}
}

// ask has a proposal worked out.
func (p proposalPages) ask(c *fiber.Ctx) error {
	err := p.Judging.Proposals.Ask(c.UserContext(), actor(c))
	if market.Is(err, market.Conflict) {
		return done(c, proposalHref, web.Wait, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, proposalHref, web.Good, "已测算；还没有显示结果时，过一会儿刷新。权重没有改变。")
}

func (p proposalPages) adopt(c *fiber.Ctx) error {
	return p.change(c, "已采用新权重，随时可以换回。", p.Judging.Proposals.Adopt)
}

func (p proposalPages) restore(c *fiber.Ctx) error {
	return p.change(c, "已换回原来的权重。", p.Judging.Proposals.Restore)
}

// change puts other weights in force, by what the form names.
func (p proposalPages) change(c *fiber.Ctx, did string, change func(context.Context, market.Actor, market.ID, int64) error) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	err = change(c.UserContext(), actor(c), market.ID(f.text("proposal")), f.version())
	if market.Is(err, market.Stale) || market.Is(err, market.NotFound) && f.text("proposal") == "" {
		return done(c, proposalHref, web.Wait, "权重刚刚有人调整过，请核对后再切换。")
	}
	if market.Is(err, market.Conflict) {
		return done(c, proposalHref, web.Wait, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, proposalHref, web.Good, did)
}
