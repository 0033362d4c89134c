package site

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/web"
)

// chartMonths is how many months are drawn and listed one by one.
const chartMonths = 24

// turnoverBlock is one dimension of a cut: a picture and its table.
type turnoverBlock struct {
	ID      string
	Title   string
	Column  string // head of the first column
	Note    string // may be empty
	Chart   web.Chart
	Rows    []turnoverLine
	Sum     turnoverLine
	Exports []web.Crumb
}

// turnoverLine is one figure with the way to its rows.
type turnoverLine struct {
	Name  string
	Href  string
	Count int
	Fen   market.Fen
	Share string // of the cut's sum
	drawn bool   // stands in the picture
}

// turnoverTable is a dimension that the page shows.
type turnoverTable struct {
	by     market.Dimension
	title  string
	list   market.CodeList
	listed bool // every code is listed, also those without contracts
}

var turnoverTables = []turnoverTable{
	{market.ByMonth, "按登记月份", nil, true},
	{market.ByType, "按合同类型", market.ContractTypes, true},
	{market.ByField, "按技术领域", market.Fields, false},
	{market.ByOrigin, "按合同来源", market.Origins, true},
}

// block adds up a cut by one dimension.
func (p turnoverPages) block(ctx context.Context, k cut, t turnoverTable, sum turnoverLine) (turnoverBlock, error) {
	total, err := p.Turnover.Total(ctx, k.query(t.by))
	if err != nil {
		return turnoverBlock{}, err
	}
	block := turnoverBlock{ID: "chart-" + string(t.by), Title: t.title, Column: market.Dimensions.Name(string(t.by)), Sum: sum}
	if t.by == market.ByMonth {
		block.Rows, block.Note = monthLines(k, total, market.MonthOf(p.Now()))
	} else {
		block.Rows = codeLines(k, t, total)
	}
	for i := range block.Rows {
		block.Rows[i].Share = shareOf(block.Rows[i].Fen, sum.Fen)
	}
	block.Sum.Share = shareOf(sum.Fen, sum.Fen)
	block.Chart = turnoverChart(block, t, k)
	query := k.values()
	query.Set("by", string(t.by))
	block.Exports = exportLinks("/turnover/export", query)
	return block, nil
}

func shareOf(part, whole market.Fen) string {
	if whole == 0 {
		return "—"
	}
	return web.Percent(float64(part) / float64(whole))
}

// monthLines lists the last months of a cut one by one, newest first, those
// without contracts too, and all earlier ones in one line.
func monthLines(k cut, total market.Turnover, present market.Month) ([]turnoverLine, string) {
	last := present
	if k.to != "" && k.to < present {
		last = k.to
	}
	first := market.MonthOf(last.Start().AddDate(0, 1-chartMonths, 0))
	if k.from > first {
		first = k.from
	}
	sums, earlier := make(map[market.Month]market.TurnoverRow), turnoverLine{Name: "更早"}
	for _, row := range total.Rows {
		month := market.Month(row.Keys[0])
		if sums[month] = row; month < first {
			earlier.Count += row.Count
			earlier.Fen += row.Fen
		}
	}
	var lines []turnoverLine
	for month := first; month != "" && month <= last; month = month.Next() {
		row := sums[month]
		lines = append(lines, turnoverLine{Name: string(month), Href: k.rows("from", string(month), "to", string(month)), Count: row.Count, Fen: row.Fen, drawn: true})
	}
	slices.Reverse(lines)
	if earlier.Count == 0 {
		return lines, ""
	}
	before := market.MonthOf(first.Start().AddDate(0, -1, 0))
	earlier.Name, earlier.Href = string(before)+" 及更早", k.rows("to", string(before))
	return append(lines, earlier), "图中是最近 " + strconv.Itoa(len(lines)) + " 个月，更早的在表的最后一行。"
}

// codeLines lists the codes of a dimension: in the order of its list when all
// are listed, else by amount.
func codeLines(k cut, t turnoverTable, total market.Turnover) []turnoverLine {
	var lines []turnoverLine
	add := func(code string, row market.TurnoverRow) {
		key := code
		if code == "" {
			key = notStated
		}
		lines = append(lines, turnoverLine{Name: codeName(t.by, code), Href: k.rows(string(t.by), key), Count: row.Count, Fen: row.Fen, drawn: true})
	}
	found := make(map[string]market.TurnoverRow)
	for _, row := range total.Rows {
		found[row.Keys[0]] = row
	}
	for _, code := range t.list {
		if row, ok := found[code.Code]; ok || t.listed {
			add(code.Code, row)
			delete(found, code.Code)
		}
	}
	for _, row := range total.Rows { // not stated, or not in the list any more
		if _, left := found[row.Keys[0]]; left {
			add(row.Keys[0], row)
		}
	}
	if !t.listed {
		slices.SortStableFunc(lines, func(a, b turnoverLine) int { return cmp.Compare(b.Fen, a.Fen) })
	}
	return lines
}

// export answers with one table of a cut as a file.
func (p turnoverPages) export(c *fiber.Ctx) error {
	k, _ := readCut(c)
	i := slices.IndexFunc(turnoverTables, func(t turnoverTable) bool { return string(t.by) == c.Query("by") })
	if i < 0 {
		return market.E(market.NotFound, "no_table", "没有这张统计表，请从成交额页面导出。")
	}
	t := turnoverTables[i]
	total, err := p.Turnover.Total(c.UserContext(), k.query())
	if err != nil {
		return err
	}
	block, err := p.block(c.UserContext(), k, t, turnoverLine{Name: "合计", Count: total.Count, Fen: total.Fen})
	if err != nil {
		return err
	}
	basis := market.Bases.Name(string(k.basis))
	sheet := exchange.Figures{Name: t.title, Columns: []exchange.FigureColumn{
		{Name: block.Column}, {Name: "合同份数", Number: true}, {Name: basis + "（元）", Number: true}, {Name: "占比"},
	}}
	for _, line := range append(block.Rows, block.Sum) {
		sheet.Rows = append(sheet.Rows, []string{line.Name, strconv.Itoa(line.Count), line.Fen.Plain(), line.Share})
	}
	return p.sendFigures(c, basis+"-"+periodOf(k.from, k.to)+"-"+t.title, sheet)
}

// sendFigures answers with a table of figures as a file.
func (s *Site) sendFigures(c *fiber.Ctx, name string, table exchange.Figures) error {
	return s.sendExport(c, s.exportEntry(c), name, func(w io.Writer, format string) (int, error) {
		if format == "csv" {
			return len(table.Rows), table.WriteCSV(w)
		}
		return len(table.Rows), table.WriteXLSX(w)
	})
}
