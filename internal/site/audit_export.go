package site

import (
	"io"
	"iter"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/audit"
	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/web"
)

// auditTable is the columns of the exported trail.
var auditTable = exchange.Figures{Name: "审计记录", Columns: []exchange.FigureColumn{
	{Name: "编号", Number: true}, {Name: "时间"}, {Name: "用户"}, {Name: "用户编号"}, {Name: "单位"}, {Name: "操作"}, {Name: "操作代码"}, {Name: "结果"},
	{Name: "对象类别"}, {Name: "对象编号"}, {Name: "变化前"}, {Name: "变化后"}, {Name: "说明"}, {Name: "来源地址"}, {Name: "请求编号"}, {Name: "校验值"},
}}

// export answers with what is filtered as a file.
func (p auditPages) export(c *fiber.Ctx) error {
	ctx, f := c.UserContext(), readAuditFilter(c)
	if err := f.resolve(ctx, p.Audit.Names); err != nil {
		return err
	}
	rows, err := p.Audit.Trail.Each(ctx, actor(c), f.filter)
	if err != nil {
		return err
	}
	exported := market.NewEntry(ctx, actor(c), p.Now(), market.ActExportAudit, "audit", "")
	return p.sendExport(c, exported, "审计记录-"+string(market.DateOf(p.Now())), func(w io.Writer, format string) (int, error) {
		n, write := 0, auditTable.StreamXLSX
		if format == "csv" {
			write = auditTable.StreamCSV
		}
		err := write(w, counted(p.cells(c, rows), &n))
		return n, err
	})
}

// cells writes rows as those of auditTable, names looked up as they come.
func (p auditPages) cells(c *fiber.Ctx, rows iter.Seq2[audit.Row, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		batch := make([]audit.Row, 0, 1000)
		named, err := p.Audit.Names.Of(c.UserContext(), nil)
		flush := func() bool {
			if err = p.Audit.Names.Add(c.UserContext(), named, batch); err != nil {
				return yield(nil, err)
			}
			for _, r := range batch {
				if !yield(auditCells(r, named), nil) {
					return false
				}
			}
			batch = batch[:0]
			return true
		}
		for row, failed := range rows {
			if failed != nil {
				yield(nil, failed)
				return
			}
			if batch = append(batch, row); len(batch) == cap(batch) && (!flush() || err != nil) {
				return
			}
		}
		flush()
	}
}

func auditCells(r audit.Row, named audit.Named) []string {
	at := r.At.In(market.Shanghai).Format("2006-01-02 15:04:05.000")
	if r.Wiped {
		return []string{strconv.FormatInt(r.Seq, 10), at, "", "", "", "", "", "", "", "", "", "", "内容到期清除", "", "", r.Hash}
	}
	return []string{
		strconv.FormatInt(r.Seq, 10), at, whoName(named.Users, r.User), string(r.User), named.Orgs[r.Org], market.ActionName(r.Action), string(r.Action), r.Result,
		market.SubjectKinds.Name(r.Kind), string(r.Subject), market.StateName(r.Kind, r.From), market.StateName(r.Kind, r.To), r.Detail, r.Address, r.Request, r.Hash,
	}
}

// exportedFrom is what an entry says of an exported file: its name, its rows
// and the address that chose them.
func exportedFrom(name string, rows int, asked string) string {
	if plain, err := url.QueryUnescape(asked); err == nil {
		asked = plain
	}
	return name + "，" + web.Count(int64(rows)) + " 行；" + market.Clip(asked, 300)
}
