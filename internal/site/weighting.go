package site

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

const weightingPath = "/admin/matching"

// weightingPage is the data of page "matching": how matches are weighed.
type weightingPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Rows     []weightRow
	Sum      int
	Edit     bool
	Version  int64
	Note     web.Field
	Problems []web.Problem
	Reset    *web.Confirm // nil when the weighting is the shipped one already
	Steps    []web.Step
}

// weightRow is one part: what it can give now and as shipped.
type weightRow struct {
	Name    string
	What    string // what it looks at
	Max     int
	Shipped int
	Field   web.Field
}

// partTexts says what each part looks at.
var partTexts = map[string]string{
	"text": "双方文字中越少见的共同用语，分量越重", "requirements": "需求写明的数值要求与成果写明的数值逐项比较", "field": "技术领域是否相同", "industry": "国民经济行业是否相同",
	"maturity": "成果达到的技术成熟度与需求要求的级别", "price": "成果报价与需求预算", "mode": "是否有双方都接受的合作方式", "rights": "成果的知识产权是否在有效期内", "region": "双方所在地远近", "freshness": "双方发布的时间",
}

// weighting answers with the weighting in force.
func (p matchPages) weighting(c *fiber.Ctx) error {
	return p.weightingPage(c, fiber.StatusOK, nil, "")
}

// weightingPage answers with the weighting; f is what was typed and refused,
// nil for nothing, and refused says which of the two forms it was.
func (p matchPages) weightingPage(c *fiber.Ctx, status int, f *form, refused string) error {
	by := actor(c)
	w, err := p.Judging.Weightings.Get(c.UserContext(), by)
	if err != nil {
		return err
	}
	if err := p.name(c, w.History); err != nil {
		return err
	}
	page := weightingPage{Base: p.base(c, "匹配权重", ""), Tabs: adminTabsOf(c), Sum: w.Sum(), Edit: market.May(by, market.ActSetWeighting), Version: w.Version, Steps: userSteps(w.History)}
	page.Base.Crumbs = crumbs("匹配权重")
	page.Note = web.Field{Name: "note", Label: "调整理由", Type: "textarea", Rows: 2, Required: true, MaxLength: market.MaxNote, Hint: "与改动一起写入经过和审计记录。"}
	shipped := market.DefaultWeighting()
	var fields []web.Field
	for _, code := range market.PartNames {
		row := weightRow{Name: code.Name, What: partTexts[code.Code], Max: w.Max(code.Code), Shipped: shipped.Max(code.Code)}
		row.Field = web.Field{Name: code.Code, Label: code.Name, Type: "number", InputMode: "numeric", Value: strconv.Itoa(row.Max), Required: true}
		if f != nil && refused == "change" {
			row.Field = f.fill(row.Field)
		}
		fields = append(fields, row.Field)
		page.Rows = append(page.Rows, row)
	}
	if f != nil && refused == "change" {
		page.Note = f.fill(page.Note)
		page.Problems = f.summary(append(fields, page.Note))
		page.Version = f.version()
	}
	if !w.Same(shipped) && page.Edit {
		page.Reset = resetConfirm(w.Version, f, refused == "reset")
	}
	return p.render(c, status, "matching", page)
}

func resetConfirm(version int64, f *form, refused bool) *web.Confirm {
	field := web.Field{Name: "note", Form: "reset", Label: "恢复理由", Required: true, MaxLength: market.MaxNote}
	if refused {
		field = f.fill(field)
	}
	return &web.Confirm{
		Text: "恢复默认权重", Icon: "refresh", Ask: "各项满分回到随软件提供的数值，立即用于所有匹配。", Button: "确认恢复", Action: weightingPath + "/reset", Open: refused,
		Hidden: []web.Hidden{{Name: "version", Value: number(version)}}, Fields: []web.Field{field},
	}
}

// setWeighting changes the weighting.
func (p matchPages) setWeighting(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	var parts []market.Weight
	for _, code := range market.PartNames {
		if f.text(code.Code) == "" {
			f.problems.Add(code.Code, "请填 0 至 100 的整数")
		}
		parts = append(parts, market.Weight{Part: code.Code, Max: f.whole(code.Code)})
	}
	return p.change(c, f, parts, "change", "匹配权重已更新，立即生效。")
}

// resetWeighting puts the shipped weighting in force again.
func (p matchPages) resetWeighting(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	return p.change(c, f, market.DefaultWeights, "reset", "已恢复默认权重。")
}

func (p matchPages) change(c *fiber.Ctx, f *form, parts []market.Weight, which, said string) error {
	if len(f.problems) > 0 {
		return p.weightingPage(c, fiber.StatusUnprocessableEntity, f, which)
	}
	_, err := p.Judging.Weightings.Change(c.UserContext(), actor(c), parts, f.version(), f.text("note"))
	switch {
	case f.refuse(err):
		return p.weightingPage(c, fiber.StatusUnprocessableEntity, f, which)
	case market.Is(err, market.Stale), market.Is(err, market.Conflict):
		return done(c, weightingPath, web.Bad, sentence(err))
	case err != nil:
		return err
	}
	return done(c, weightingPath, web.Good, said)
}
