package site

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/radar"
	"jishi/web"
)

// radarPages is the bureau's gap radar.
type radarPages struct{ *Site }

func (p radarPages) routes() []route {
	return []route{
		{"GET", "/radar", p.show, market.ActReadRadar},
		{"POST", "/radar/refresh", p.refresh, market.ActRefreshRadar},
		{"GET", "/radar/export/:format", p.export, market.ActReadRadar},
	}
}

// radarPage is the data of page "radar".
type radarPage struct {
	Base    web.Base
	Radar   *market.Radar // nil before the first was computed
	Run     market.RadarRun
	Share   float64
	Here    string // address of the page as it is filtered
	Chain   web.Field
	Place   web.Field
	Unmet   int // demands in the gaps shown
	Idle    int // achievements shown
	Gaps    []gapBox
	Singles []gapRow // demands alone in their topic
	Units   []market.IdleUnit
	Exports []web.Crumb
	Any     bool // a filter is set
}

// gapBox is one gap of several demands.
type gapBox struct {
	market.Gap
	Chain string
	ID    string // of its heading
}

// gapRow is one demand alone in its topic.
type gapRow struct {
	market.UnmetDemand
	Chain string
	Terms []string
}

// Width is the length of the progress bar in drawing units, 0 to 1000.
func (p radarPage) Width() int { return web.Bar{Share: p.Share}.Width() }

// chainName is what an industry chain is called on the radar.
func chainName(code string) string {
	if code == "" || code == radar.Unstated {
		return "未标明产业链"
	}
	return named(market.Chains, code)
}

// show answers with the radar as it was last computed. While a new one is, the
// page asks each second for the part that changes.
func (p radarPages) show(c *fiber.Ctx) error {
	filter := radar.Filter{Chain: c.Query("chain"), Division: c.Query("division")}
	seen, run, err := p.Radar.Show(c.UserContext(), actor(c), filter)
	if err != nil {
		return err
	}
	query := url.Values{}
	for name, value := range map[string]string{"chain": filter.Chain, "division": filter.Division} {
		if value != "" {
			query.Set(name, value)
		}
	}
	page := radarPage{Base: p.base(c, "缺口雷达", ""), Radar: seen, Run: run, Here: "/radar", Any: len(query) > 0,
		Chain: chooser("chain", "产业链", append(options(market.Chains), web.Option{Value: radar.Unstated, Text: chainName("")}), filter.Chain),
		Place: chooser("division", "地区", options(market.Divisions), filter.Division)}
	page.Base.Crumbs = crumbs("缺口雷达")
	if page.Any {
		page.Here += "?" + query.Encode()
	}
	if run.Total > 0 {
		page.Share = float64(run.Done) / float64(run.Total)
	}
	if seen != nil {
		page.fill(seen)
		page.Exports = exportLinks("/radar/export", query)
	}
	return p.render(c, fiber.StatusOK, "radar", page)
}

// chooser is a select of a filter.
func chooser(name, label string, choices []web.Option, chosen string) web.Field {
	for i := range choices {
		choices[i].Selected = choices[i].Value == chosen
	}
	return web.Field{Name: name, Label: label, Type: "select", Placeholder: "全部", Options: choices}
}

// fill parts the gaps of several demands from what stands alone.
func (p *radarPage) fill(seen *market.Radar) {
	for i, gap := range seen.Gaps {
		p.Unmet += len(gap.Demands)
		if len(gap.Demands) == 1 {
			p.Singles = append(p.Singles, gapRow{gap.Demands[0], chainName(gap.Chain), gap.Terms})
			continue
		}
		p.Gaps = append(p.Gaps, gapBox{gap, chainName(gap.Chain), "gap-" + strconv.Itoa(i)})
	}
	p.Units = seen.Idle
	for _, unit := range seen.Idle {
		p.Idle += len(unit.Achievements)
	}
}

// refresh has the radar computed anew.
func (p radarPages) refresh(c *fiber.Ctx) error {
	if _, err := p.Radar.Refresh(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return done(c, "/radar", web.Neutral, "已开始重新测算，可以离开这一页。")
}

// radarColumns is the columns of the exported radar.
var radarColumns = []exchange.FigureColumn{
	{Name: "类别"}, {Name: "产业链"}, {Name: "主题词"}, {Name: "名称"}, {Name: "单位"}, {Name: "地区"}, {Name: "最接近的"}, {Name: "其单位"}, {Name: "得分", Number: true}, {Name: "对上所需得分", Number: true}, {Name: "差在"},
}

// export answers with the radar as a file, a row for each listing.
func (p radarPages) export(c *fiber.Ctx) error {
	seen, _, err := p.Radar.Show(c.UserContext(), actor(c), radar.Filter{Chain: c.Query("chain"), Division: c.Query("division")})
	if err != nil {
		return err
	}
	if seen == nil {
		return market.E(market.Conflict, "no_radar", "还没有测算过，请先在缺口雷达页上测算。")
	}
	table := exchange.Figures{Name: "缺口雷达", Columns: radarColumns, Rows: radarRows(seen)}
	return p.sendExport(c, p.exportEntry(c), "缺口雷达-"+string(market.DateOf(seen.Taken)), func(w io.Writer, format string) (int, error) {
		write := table.WriteXLSX
		if format == "csv" {
			write = table.WriteCSV
		}
		return len(table.Rows), write(w)
	})
}

func radarRows(seen *market.Radar) [][]string {
	rows := [][]string{}
	for _, gap := range seen.Gaps {
		for _, d := range gap.Demands {
			rows = append(rows, append([]string{"没有对上的需求", chainName(gap.Chain), strings.Join(gap.Terms, "、"), d.Title, d.Who, market.DivisionName(d.Division)},
				append(nearCells(d.Nearest), strconv.Itoa(d.Threshold), lacking(d.Nearest))...))
		}
	}
	for _, unit := range seen.Idle {
		for _, a := range unit.Achievements {
			rows = append(rows, append([]string{"没有人问的成果", chainName(a.Chain), "", a.Title, unit.Holder, market.DivisionName(a.Division)}, append(nearCells(a.Nearest), "", lacking(a.Nearest))...))
		}
	}
	return rows
}

// lacking says what keeps the nearest out, nothing when there is none.
func lacking(near *market.NearThing) string {
	if near == nil {
		return ""
	}
	return near.Lacking()
}

func nearCells(near *market.NearThing) []string {
	if near == nil {
		return []string{"", "", ""}
	}
	return []string{near.Title, near.Who, strconv.Itoa(near.Score)}
}
