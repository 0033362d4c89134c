package site

import (
	"io"
	"math"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/web"
)

// shownRowProblems is how many row problems stand on an import's page; the
// report has all.
const shownRowProblems = 100

// importPages brings files in and tells how that goes.
type importPages struct{ *Site }

func (p importPages) routes() []route {
	return []route{
		{"GET", "/imports", p.begin, market.ActImport},
		{"GET", "/imports/new", p.start, market.ActImport},
		{"GET", "/imports/template/:kind", p.template, market.ActPublic},
		{"POST", "/imports", p.add, market.ActImport},
		{"GET", "/imports/:id", p.show, market.ActReadImport},
		{"GET", "/imports/:id/report/:format", p.report, market.ActReadImport},
		{"POST", "/imports/:id/cancel", p.cancel, market.ActReadImport},
	}
}

// begin leads to the form, for whoever loads the address of a refused upload again.
func (p importPages) begin(c *fiber.Ctx) error {
	return c.Redirect("/imports/new", fiber.StatusSeeOther)
}

func importHref(id market.ID) string { return "/imports/" + url.PathEscape(string(id)) }

// importPage is the data of page "import".
type importPage struct {
	Base    web.Base
	Job     *market.ImportJob
	Kind    string // 科技成果 …
	Href    string
	Running bool
	Badge   web.Badge
	Share   float64   // of the rows looked at; below 0 when their number is not known
	Next    web.Crumb // what to do now
	Other   web.Crumb // what may be done instead; may be empty
	Advice  string
	Counts  []importCount
	Rows    []market.RowProblem
	More    int // row problems that are not shown
	Twins   []market.RowTwin
	Exports []web.Crumb
}

// importCount is one of the counts of an import.
type importCount struct {
	Label string
	N     int
	Tone  web.Tone
}

// Width is the length of the progress bar in drawing units, 0 to 1000.
func (p importPage) Width() int { return web.Bar{Share: p.Share}.Width() }

// show answers with how an import stands. While it runs the page asks again
// each second for the part that changes.
func (p importPages) show(c *fiber.Ctx) error {
	job, err := p.Imports.Job(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	kind := market.ImportKinds.Name(job.Kind)
	page := importPage{
		Base: p.base(c, "导入"+kind, ""), Job: job, Kind: kind, Href: importHref(job.ID), Running: job.State == market.ImportRunning,
		Badge: importBadge(job), Share: importShare(job), Counts: importCounts(job), Rows: job.Problems,
	}
	page.Base.Crumbs = crumbs("导入"+kind, web.Crumb{Href: "/imports/new?kind=" + job.Kind, Text: "批量导入"})
	if len(page.Rows) > shownRowProblems {
		page.More, page.Rows = len(page.Rows)-shownRowProblems, page.Rows[:shownRowProblems]
	}
	page.Twins = job.Twins[:min(len(job.Twins), shownRowProblems)]
	if !page.Running {
		page.Next, page.Other, page.Advice = importNext(job)
		if len(job.Problems) > 0 || len(job.Notes) > 0 || len(job.Twins) > 0 {
			page.Exports = []web.Crumb{{Href: page.Href + "/report/xlsx", Text: "下载逐行报告 .xlsx"}, {Href: page.Href + "/report/csv", Text: ".csv"}}
		}
	}
	return p.render(c, fiber.StatusOK, "import", page)
}

func importBadge(job *market.ImportJob) web.Badge {
	switch {
	case job.State == market.ImportRunning && job.DryRun:
		return web.Badge{Text: "正在检查", Tone: web.Wait}
	case job.State == market.ImportRunning:
		return web.Badge{Text: "正在导入", Tone: web.Wait}
	case job.State == market.ImportFailed:
		return web.Badge{Text: "没有做完", Tone: web.Bad}
	case job.DryRun:
		return web.Badge{Text: "检查完了，没有写入", Tone: web.Neutral, Icon: "eye"}
	}
	return web.Badge{Text: "导入完了", Tone: web.Good}
}

func importShare(job *market.ImportJob) float64 {
	switch {
	case job.State == market.ImportDone:
		return 1
	case job.Total == 0:
		return math.NaN()
	}
	return float64(job.Done) / float64(job.Total)
}

func importCounts(job *market.ImportJob) []importCount {
	will := ""
	if job.DryRun {
		will = "将"
	}
	bad := web.Neutral
	if job.Failed > 0 {
		bad = web.Bad
	}
	counts := []importCount{
		{"看过的行", job.Done, web.Neutral}, {will + "新增", job.Created, web.Good}, {will + "更新", job.Updated, web.Neutral},
		{"没有变化", job.Unchanged, web.Neutral}, {"有问题", job.Failed, bad},
	}
	if job.Doubled > 0 {
		counts = append(counts, importCount{"可能重复", job.Doubled, web.Wait})
	}
	return counts
}

// importLists is where one sees what was brought in.
var importLists = map[string]web.Crumb{
	exchange.Achievements:  {Href: "/desk/achievements", Text: "看导入的成果"},
	exchange.Demands:       {Href: "/desk/demands", Text: "看导入的需求"},
	exchange.Contracts:     {Href: "/contracts?tab=mine", Text: "看导入的合同"},
	exchange.Organizations: {Href: "/organizations", Text: "看单位名录"},
}

// importNext says what to do once an import has ended, and what else one may do.
func importNext(job *market.ImportJob) (next, other web.Crumb, advice string) {
	again := web.Crumb{Href: "/imports/new?kind=" + job.Kind, Text: "改好后再检查一次"}
	forReal := web.Crumb{Href: "/imports/new?kind=" + job.Kind + "&write=yes", Text: "去正式导入"}
	good := job.Created + job.Updated + job.Unchanged
	switch {
	case job.State == market.ImportFailed:
		return web.Crumb{Href: again.Href, Text: "重新选择文件"}, other, "文件没有读完。"
	case job.DryRun && good == 0:
		return again, other, "没有一行可以导入。请按下面的逐行问题改好文件，再检查一次。"
	case job.DryRun && job.Failed > 0:
		advice = strconv.Itoa(good) + " 行可以导入，" + strconv.Itoa(job.Failed) + " 行有问题。可以改好再检查，也可以先正式导入好的那些，有问题的以后再补：带外部编号的行重复导入不会重复写入。"
		return again, forReal, advice
	case job.DryRun:
		return forReal, other, "每一行都可以导入。平台不保留检查过的文件，正式导入时请再选一次同一个文件。"
	case job.Failed > 0:
		return again, other, "好的行已经写入。请把有问题的行改好再导入一次，已写入的不会重复。"
	}
	return importLists[job.Kind], other, "每一行都已处理。"
}

// report answers with what was wrong, row by row, as a file.
func (p importPages) report(c *fiber.Ctx) error {
	job, err := p.Imports.Job(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return sendFile(c, "导入报告-"+market.ImportKinds.Name(job.Kind), func(w io.Writer, format string) error {
		if format == "csv" {
			return exchange.WriteReport(w, job)
		}
		return exchange.WriteReportXLSX(w, job)
	})
}

// template answers with the workbook to fill in.
func (p importPages) template(c *fiber.Ctx) error {
	kind := c.Params("kind")
	file, err := exchange.Template(kind)
	if err != nil {
		return err
	}
	return sendWorkbook(c, market.ImportKinds.Name(kind)+"导入模板", file)
}

// cancel stops an import; what went in stays in.
func (p importPages) cancel(c *fiber.Ctx) error {
	err := p.Imports.Cancel(c.UserContext(), actor(c), id(c))
	if market.Is(err, market.NotFound) { // it ended by itself, or is no import: the page says which
		return done(c, importHref(id(c)), web.Neutral, "这次导入已经结束，没有什么可停的。")
	}
	if err != nil {
		return err
	}
	return done(c, importHref(id(c)), web.Neutral, "已停下，停下之前写入的保留。")
}
