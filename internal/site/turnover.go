package site

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/turnover"
	"jishi/web"
)

// turnoverPages shows what registered contracts add up to.
type turnoverPages struct{ *Site }

func (p turnoverPages) routes() []route {
	return []route{
		{"GET", "/turnover", p.show, market.ActPublic},
		{"GET", "/turnover/export/:format", p.export, market.ActPublic},
	}
}

// turnoverPage is the data of page "turnover".
type turnoverPage struct {
	Base    web.Base
	Targets []targetShown
	Fields  []web.Field
	Periods []choice
	Refused []web.Problem
	Basis   string // 合同成交额 …
	Period  string // 累计 …
	Sum     turnoverLine
	Blocks  []turnoverBlock
	Check   string      // where officers have the figures checked; empty for others
	Checked *checkShown // what a check found; nil when none was asked for
	None    bool        // nothing is registered in the period
}

// targetShown is a target with what its source leaves open.
type targetShown struct {
	Bar  web.Bar
	Note string
}

// checkShown is the outcome of comparing figures with the store.
type checkShown struct {
	Tone  web.Tone
	Text  string
	Lines []string // where they differ
}

// cut is which contracts are added up, and which of their amounts.
type cut struct {
	basis    market.Basis
	from, to market.Month
}

// readCut reads a cut from the address; what cannot be read is noted in the form.
func readCut(c *fiber.Ctx) (cut, *form) {
	f := &form{values: url.Values{}}
	for _, key := range []string{"basis", "from", "to"} {
		f.values.Set(key, c.Query(key))
	}
	k := cut{basis: market.Basis(f.text("basis")), from: market.Month(f.text("from")), to: market.Month(f.text("to"))}
	if k.basis == "" {
		k.basis = market.BasisTotal
		f.values.Set("basis", string(k.basis))
	}
	return k, f
}

// query asks for the sums of the cut by one dimension.
func (k cut) query(by ...market.Dimension) market.TurnoverQuery {
	return market.TurnoverQuery{From: k.from, To: k.to, Basis: k.basis, By: by}
}

// values is the cut as the keys of an address.
func (k cut) values() url.Values {
	v := url.Values{"basis": {string(k.basis)}}
	if k.from != "" {
		v.Set("from", string(k.from))
	}
	if k.to != "" {
		v.Set("to", string(k.to))
	}
	return v
}

// rows is the address of the contracts behind a figure of the cut.
func (k cut) rows(pairs ...string) string {
	v := k.values()
	v.Set("tab", tabRegister)
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return "/contracts?" + v.Encode()
}

// show answers with the targets and one cut of the turnover.
func (p turnoverPages) show(c *fiber.Ctx) error {
	k, f := readCut(c)
	page := turnoverPage{Base: p.base(c, "成交额", "/turnover"), Basis: market.Bases.Name(string(k.basis)), Period: periodOf(k.from, k.to)}
	page.Base.Crumbs = crumbs("成交额")
	page.Base.Description = "已登记技术合同的成交额、技术交易额和到账额，按月份、类型、领域和来源统计，每个数都能点开看是哪些合同。"
	targets, err := p.Targets.Targets(c.UserContext())
	if err != nil {
		return err
	}
	page.Targets = targetsShown(targets)
	err = p.fill(c.UserContext(), &page, k)
	var known *market.Error
	status := fiber.StatusOK
	if errors.As(err, &known) && f.refuse(err) {
		status, page.Blocks = fiber.StatusUnprocessableEntity, nil
	} else if err != nil {
		return err
	}
	page.Fields, page.Periods = cutFields(f), p.periods(k)
	page.Refused = f.summary(page.Fields)
	if market.May(actor(c), market.ActReviewContracts) && status == fiber.StatusOK {
		if err := p.check(c, &page, k); err != nil {
			return err
		}
	}
	return p.render(c, status, "turnover", page)
}

// fill puts the figures of a cut on the page.
func (p turnoverPages) fill(ctx context.Context, page *turnoverPage, k cut) error {
	total, err := p.Turnover.Total(ctx, k.query())
	if err != nil {
		return err
	}
	page.Sum = turnoverLine{Name: "合计", Count: total.Count, Fen: total.Fen, Href: k.rows()}
	if page.None = total.Count == 0; page.None {
		return nil
	}
	for _, source := range turnoverTables {
		block, err := p.block(ctx, k, source, page.Sum)
		if err != nil {
			return err
		}
		page.Blocks = append(page.Blocks, block)
	}
	return nil
}

// cutFields is the form that chooses a cut.
func cutFields(f *form) []web.Field {
	fields := []web.Field{
		{Name: "basis", Label: "统计口径", Type: "select", Options: options(market.Bases)},
		{Name: "from", Label: "登记月份自", Type: "month", Placeholder: "不限"},
		{Name: "to", Label: "登记月份至", Type: "month", Placeholder: "不限"},
	}
	for i := range fields {
		fields[i] = f.fill(fields[i])
	}
	return fields
}

// periods is the periods most asked for, one click away.
func (p turnoverPages) periods(k cut) []choice {
	now := p.Now().In(market.Shanghai)
	list := []choice{{Text: "累计", Href: "/turnover?" + cut{basis: k.basis}.values().Encode(), Current: k.from == "" && k.to == ""}}
	for year := now.Year(); year > now.Year()-3; year-- {
		one := cut{basis: k.basis, from: market.Month(strconv.Itoa(year) + "-01"), to: market.Month(strconv.Itoa(year) + "-12")}
		list = append(list, choice{Text: strconv.Itoa(year) + " 年", Href: "/turnover?" + one.values().Encode(), Current: one == k})
	}
	return list
}

// targetsShown sets what was reached against each target, on its own basis
// and over its own period.
func targetsShown(targets []market.TargetProgress) []targetShown {
	list := make([]targetShown, len(targets))
	for i, bar := range targetBars(targets) {
		t := targets[i]
		k := cut{basis: t.Basis, from: t.From, to: t.To}
		bar.Href = k.rows()
		bar.Text = "口径：" + market.Bases.Name(string(t.Basis)) + "。期间：" + t.Period + "。计入 " + web.Count(int64(t.Count)) + " 份登记在册的合同，"
		if left := t.Amount - t.Achieved; left > 0 {
			bar.Text += "还差 " + web.Yi(int64(left)) + "。"
		} else {
			bar.Text += "已达到目标。"
		}
		list[i] = targetShown{Bar: bar, Note: t.Note}
	}
	return list
}

// check compares the figures with the store when an officer asks for it.
func (p turnoverPages) check(c *fiber.Ctx, page *turnoverPage, k cut) error {
	v := k.values()
	v.Set("check", "yes")
	page.Check = "/turnover?" + v.Encode() + "#check"
	if c.Query("check") == "" {
		return nil
	}
	report, err := p.Turnover.Check(c.UserContext())
	if err != nil {
		return err
	}
	page.Checked = checkOf(report)
	return nil
}

// checkOf says what a check found.
func checkOf(report turnover.Report) *checkShown {
	at := report.At.In(market.Shanghai).Format("2006-01-02 15:04:05")
	counted := at + " 逐份重算了数据库中 " + web.Count(int64(report.Contracts)) + " 份登记在册的合同，"
	shown := &checkShown{Tone: web.Good, Text: counted + "按 8 个维度、3 个口径与统计数逐项比对，全部相等。"}
	if report.Equal() {
		return shown
	}
	shown.Tone, shown.Text = web.Bad, counted+"有 "+web.Count(int64(len(report.Differences)))+" 项与统计数不等，请联系管理员。"
	if report.Moving {
		shown.Tone, shown.Text = web.Wait, counted+"核对期间一直有合同在变化，未能得出结论，请稍后再核对。"
	}
	for _, d := range report.Differences {
		shown.Lines = append(shown.Lines, market.Dimensions.Name(string(d.Dimension))+"“"+codeName(d.Dimension, d.Key)+"”的"+market.Bases.Name(string(d.Basis))+
			"：统计 "+d.Cube.Yuan()+"（"+strconv.Itoa(d.CubeCount)+" 份），数据库 "+d.Store.Yuan()+"（"+strconv.Itoa(d.StoreCount)+" 份）")
	}
	return shown
}
