package site

import (
	"fmt"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// qualityPages shows how good the matches are.
type qualityPages struct{ *Site }

func (p qualityPages) routes() []route {
	return []route{
		{"GET", "/quality", p.show, market.ActPublic},
		{"POST", "/quality/measure", p.measure, market.ActMeasureQuality},
	}
}

// qualityPage is the data of page "quality".
type qualityPage struct {
	Base       web.Base
	Latest     *market.Quality // nil before the first measurement
	Measured   string          // when, and on how much
	Figures    []qualityFigure
	Unjudged   bool // nobody judged anything that counts
	Industries []qualityRow
	Few        int // below how many judgements an industry is not broken out
	Chart      web.Chart
	History    []qualityRow // newest first
	Measure    *web.Press   // for administrators
	Running    bool
}

// qualityFigure is one figure of the latest snapshot.
type qualityFigure struct {
	Name, Value, Range, Basis, What string
}

// qualityRow is the figures of one industry, or of one day.
type qualityRow struct {
	Name, Release              string
	Judgements                 int
	P5, NDCG, Coverage, Judged qualityCell
}

// qualityCell is a figure with its interval.
type qualityCell struct{ Value, Range string }

// show answers with the latest figures and those before.
func (p qualityPages) show(c *fiber.Ctx) error {
	shown, err := p.Judging.Quality.Show(c.UserContext())
	if err != nil {
		return err
	}
	page := qualityPage{Base: p.base(c, "匹配质量", "/quality"), Latest: shown.Latest, Few: market.LeastJudgements, Running: p.Judging.Quality.Running()}
	page.Base.Crumbs = crumbs("匹配质量")
	page.Base.Description = "推荐的匹配有多准：由供需双方、技术经纪人和科技局的判断算出，按行业、按版本公布，附误差范围和计算方法。"
	if market.May(actor(c), market.ActMeasureQuality) {
		page.Measure = &web.Press{Text: "现在重新测算", Icon: "refresh", Action: "/quality/measure"}
	}
	if q := shown.Latest; q != nil {
		page.Measured = fmt.Sprintf("%s 测算，版本 %s。计入 %s 条判断，涉及 %s 对匹配；%s 项已发布需求。",
			q.At.In(market.Shanghai).Format("2006-01-02 15:04"), q.Release, web.Count(int64(q.Verdicts)), web.Count(int64(q.Rates.Judgements)), web.Count(int64(q.Demands)))
		if q.Outdated > 0 {
			page.Measured += fmt.Sprintf("另有 %s 条判断因内容后来改过或已下架，不计入。", web.Count(int64(q.Outdated)))
		}
		page.Figures, page.Unjudged = figuresOf(q), q.Rates.Lists == 0
		for _, one := range q.Industries {
			page.Industries = append(page.Industries, rowOfRates(industryName(one.Industry), "", one.Rates))
		}
	}
	for _, q := range shown.History {
		page.History = append(page.History, rowOfRates(string(q.Day), q.Release, q.Rates))
	}
	page.Chart = qualityChart(shown.History)
	return p.render(c, fiber.StatusOK, "quality", page)
}

func industryName(code string) string {
	if code == "" {
		return "行业未说明"
	}
	return market.Industries.Name(code)
}

// figuresOf is the four figures of a snapshot, with what each is of.
func figuresOf(q *market.Quality) []qualityFigure {
	r := q.Rates
	lists, demands, suggested := strconv.Itoa(r.Lists)+" 份有判断的推荐清单", strconv.Itoa(r.Demands)+" 项需求", strconv.Itoa(r.Suggested)+" 份推荐清单"
	figure := func(name string, e market.Estimate, n int, basis, what string) qualityFigure {
		cell := cellOf(e, n)
		return qualityFigure{name, cell.Value, cell.Range, basis, what}
	}
	return []qualityFigure{
		figure("P@5 准确率", r.P5, r.Lists, lists, "排在前面、有人判断过的至多 5 条里，“合适”占多少"),
		figure("nDCG@10 排序质量", r.NDCG10, r.Graded, strconv.Itoa(r.Graded)+" 项有判断的需求", "前 10 条里合适的是不是排在前面，1 为最好"),
		figure("覆盖率", r.Coverage, r.Demands, demands, "已发布的需求里，至少有一条推荐达到匹配线的占多少"),
		figure("已判断的比例", r.Judged, r.Suggested, suggested, "前 10 条推荐里，有人判断过的占多少；越高，前两个数越可信"),
	}
}

func rowOfRates(name, release string, r market.QualityRates) qualityRow {
	return qualityRow{
		Name: name, Release: release, Judgements: r.Judgements,
		P5: cellOf(r.P5, r.Lists), NDCG: cellOf(r.NDCG10, r.Graded), Coverage: cellOf(r.Coverage, r.Demands), Judged: cellOf(r.Judged, r.Suggested),
	}
}

// cellOf writes a figure measured on n values.
func cellOf(e market.Estimate, n int) qualityCell {
	if n == 0 {
		return qualityCell{Value: "—"}
	}
	return qualityCell{Value: rate(e.Mean), Range: rate(e.Low) + "–" + rate(e.High)}
}

// rate writes a share: "0.83".
func rate(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// measure has today's figures worked out anew.
func (p qualityPages) measure(c *fiber.Ctx) error {
	err := p.Judging.Quality.Measure(c.UserContext(), actor(c))
	switch {
	case market.Is(err, market.Conflict):
		return done(c, "/quality", web.Wait, sentence(err))
	case err != nil:
		return err
	case p.Judging.Quality.Running():
		return done(c, "/quality", web.Wait, "正在测算，过一会儿刷新就能看到新的数。")
	}
	return done(c, "/quality", web.Good, "已重新测算。")
}

// qualityChart draws the history, one point a day and release, oldest left.
func qualityChart(history []*market.Quality) web.Chart {
	names, lines := []string{}, [3][]any{{}, {}, {}}
	for i := len(history) - 1; i >= 0; i-- {
		q := history[i]
		names = append(names, string(q.Day))
		for k, e := range []struct {
			of market.Estimate
			n  int
		}{{q.Rates.P5, q.Rates.Lists}, {q.Rates.NDCG10, q.Rates.Graded}, {q.Rates.Coverage, q.Rates.Demands}} {
			if e.n == 0 {
				lines[k] = append(lines[k], nil)
				continue
			}
			lines[k] = append(lines[k], math.Round(e.of.Mean*1000)/1000)
		}
	}
	series := make([]any, 0, len(lines))
	for k, name := range []string{"P@5", "nDCG@10", "覆盖率"} {
		series = append(series, map[string]any{"type": "line", "name": name, "data": lines[k], "symbolSize": 7, "symbol": []string{"circle", "rect", "triangle"}[k]})
	}
	options := map[string]any{
		"grid": map[string]any{"left": 12, "right": 28, "top": 40, "bottom": 8, "containLabel": true}, "legend": map[string]any{"top": 4},
		"tooltip": map[string]any{"trigger": "axis"}, "xAxis": map[string]any{"type": "category", "data": names},
		"yAxis": map[string]any{"type": "value", "min": 0, "max": 1, "splitNumber": 5}, "series": series,
	}
	return web.Chart{ID: "quality", Label: "匹配质量的变化（每天一点，0 至 1）", Options: options}
}
