package site

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/turnover"
	"jishi/web"
)

// indicatorPages shows the plan's indicators.
type indicatorPages struct{ *Site }

func (p indicatorPages) routes() []route {
	return []route{
		{"GET", "/indicators", p.show, market.ActPublic},
		{"GET", "/indicators/export/:format", p.export, market.ActPublic},
	}
}

// indicatorsPage is the data of page "indicators".
type indicatorsPage struct {
	Base     web.Base
	Year     int // of the platform's own figures
	Rows     []indicatorRow
	Reported int // how many rows have a reported value
	Exports  []web.Crumb
}

// indicatorRow is one row of the plan with what is known about it.
type indicatorRow struct {
	Row    string
	Sub    bool // counted within the row above
	Name   string
	Unit   string
	Base   string
	Goal   string
	Value  string // the latest there is; empty when there is none
	From   string // whose value that is: "2024 年上报", "本平台 2025 年"
	Href   string // the rows it was added from
	Share  float64
	Way    string // how far from base to goal, in words
	Tone   web.Tone
	Source string
}

// Width is the length of the progress bar in drawing units, 0 to 100.
func (r indicatorRow) Width() int { return int(min(max(r.Share, 0), 1) * 100) }

// show answers with the plan's rows in its order.
func (p indicatorPages) show(c *fiber.Ctx) error {
	rows, err := p.Turnover.Indicators(c.UserContext(), turnover.PlanYear)
	if err != nil {
		return err
	}
	page := indicatorsPage{Base: p.base(c, "规划指标", "/indicators"), Year: turnover.PlanYear}
	page.Base.Crumbs = crumbs("规划指标")
	page.Base.Description = "科技创新“十四五”规划的 28 项指标和 5 个子项：2020 年基期、2025 年目标、最新值和进度。"
	for _, one := range rows {
		if len(one.Reported) > 0 {
			page.Reported++
		}
		page.Rows = append(page.Rows, indicatorRowOf(one))
	}
	page.Exports = exportLinks("/indicators/export", nil)
	return p.render(c, fiber.StatusOK, "indicators", page)
}

func indicatorRowOf(one turnover.IndicatorRow) indicatorRow {
	row := indicatorRow{
		Row: one.Row, Sub: strings.Trim(one.Row, "0123456789") != "", Name: one.Name, Unit: one.Unit,
		Base: one.Base, Goal: one.Goal, Source: placeIn(one.Source),
	}
	if value := latestValue(one.Reported); value != nil {
		row.Value, row.From = value.Text, strconv.Itoa(value.Year)+" 年上报"
		row.progress(one.Progress)
	}
	if own := one.Own; own != nil {
		k := cut{basis: market.BasisTotal, from: market.Month(strconv.Itoa(own.Year) + "-01"), to: market.Month(strconv.Itoa(own.Year) + "-12")}
		row.Value, row.Href = own.Text, "/turnover?"+k.values().Encode()
		row.From = "本平台 " + strconv.Itoa(own.Year) + " 年登记的合同成交额，" + web.Count(int64(own.Count)) + " 份"
		row.progress(own.Progress)
	}
	return row
}

// placeIn is a source without its document, which stands above the table.
func placeIn(source string) string {
	if at := strings.Index(source, "专栏"); at > 0 {
		return source[at:]
	}
	return source
}

func latestValue(reported []market.Value) *market.Value {
	var latest *market.Value
	for i := range reported {
		if latest == nil || reported[i].Year >= latest.Year {
			latest = &reported[i]
		}
	}
	return latest
}

// progress says how far a value is on the way from the base to the goal.
func (r *indicatorRow) progress(p *turnover.Progress) {
	if p == nil {
		return
	}
	r.Share = float64(p.BasisPoints) / 10_000
	r.Tone = web.Neutral
	switch {
	case p.Reached:
		r.Way, r.Tone = "已达到目标", web.Good
	case p.Maintain:
		r.Way, r.Tone = "低于应保持的水平", web.Wait
	case p.BasisPoints < 0:
		r.Way, r.Tone = "低于基期", web.Bad
	default:
		r.Way = web.Percent(r.Share)
	}
	if p.Maintain {
		r.Share = 0
	}
}

// export answers with the plan's rows as a file.
func (p indicatorPages) export(c *fiber.Ctx) error {
	rows, err := p.Turnover.Indicators(c.UserContext(), turnover.PlanYear)
	if err != nil {
		return err
	}
	table := exchange.Figures{Name: "规划指标", Columns: []exchange.FigureColumn{
		{Name: "序号"}, {Name: "指标"}, {Name: "单位"}, {Name: "2020 年基期"}, {Name: "2025 年目标"},
		{Name: "最新值"}, {Name: "最新值来源"}, {Name: "进度"}, {Name: "目标来源"},
	}}
	for _, one := range rows {
		r := indicatorRowOf(one)
		table.Rows = append(table.Rows, []string{r.Row, r.Name, r.Unit, r.Base, r.Goal, r.Value, r.From, r.Way, one.Source})
	}
	return p.sendFigures(c, "规划指标-"+string(market.DateOf(p.Now())), table)
}
