package site

import (
	"errors"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/audit"
	"jishi/internal/market"
	"jishi/web"
)

// auditPerPage is how many entries stand on one page.
const auditPerPage = 50

// auditPages is the trail of who did what, for officers.
type auditPages struct{ *Site }

func (p auditPages) routes() []route {
	return []route{
		{"GET", "/audit", p.list, market.ActReadAudit},
		{"GET", "/audit/export/:format", p.export, market.ActExportAudit},
		{"POST", "/audit/verify", p.verify, market.ActVerifyAudit},
	}
}

// auditHref leads to the line of one document in the trail.
func auditHref(kind string, id market.ID) string {
	return "/audit?" + url.Values{"kind": {kind}, "subject": {string(id)}}.Encode()
}

// auditLink is that for readers who may go there, else empty.
func auditLink(c *fiber.Ctx, kind string, id market.ID) web.Crumb {
	if !market.May(actor(c), market.ActReadAudit) {
		return web.Crumb{}
	}
	return web.Crumb{Href: auditHref(kind, id), Text: "审计记录"}
}

// auditPage is the data of page "audit".
type auditPage struct {
	Base    web.Base
	Tabs    web.Tabs
	Check   auditCheck
	Chips   []chip
	Filter  []web.Field
	Refused string
	Words   string
	Rows    []auditRow
	Partial string // how far the search got that stopped at its bound; empty when it did not
	Empty   web.Empty
	Pager   web.Pager
	Export  []web.Crumb
}

// auditRow is one entry.
type auditRow struct {
	Seq     int64
	Wiped   bool
	At      time.Time
	Who     string
	WhoHref string // what else they did
	Org     string
	Action  string
	Result  web.Badge
	Detail  string
	Kind    string
	Subject web.Crumb // the document; without Href where it has no page
	Line    string    // all entries of the document
	Change  string    // 待核验 → 已核验
	Address string
	Request string
}

// list answers with a page of the trail.
func (p auditPages) list(c *fiber.Ctx) error {
	ctx, f := c.UserContext(), readAuditFilter(c)
	page := auditPage{Base: p.base(c, "审计记录", ""), Tabs: adminTabsOf(c)}
	page.Base.Crumbs = crumbs("审计记录")
	if err := f.resolve(ctx, p.Audit.Names); err != nil {
		return err
	}
	found, err := p.Audit.Trail.Find(ctx, actor(c), f.filter)
	refused := &form{}
	status := fiber.StatusOK
	var known *market.Error
	if errors.As(err, &known) && known.Code != "bad_cursor" && refused.refuse(err) {
		status, page.Refused = fiber.StatusUnprocessableEntity, reasons(known)
	} else if err != nil {
		return err
	}
	named, err := p.Audit.Names.Of(ctx, found.Rows)
	if err != nil {
		return err
	}
	for _, row := range found.Rows {
		page.Rows = append(page.Rows, auditRowOf(row, named))
	}
	if page.Check, err = p.check(c); err != nil {
		return err
	}
	page.Filter, page.Chips, page.Words = f.fields(refused), f.chips(named), f.words()
	page.fill(c, f, found)
	return p.render(c, status, "audit", page)
}

// fill puts on the page what leads on from it.
func (page *auditPage) fill(c *fiber.Ctx, f auditFilter, found audit.Page) {
	if c.Query("cursor") != "" {
		page.Pager.Newer, page.Pager.NewerText = f.href(), "回到最新"
	}
	if found.Next != "" {
		page.Pager.Older = f.href("cursor", found.Next)
	}
	if !found.Until.IsZero() {
		page.Partial = "在最多的一项条件下已翻查 " + web.Count(int64(found.Looked)) + " 条，查到 " +
			found.Until.In(market.Shanghai).Format("2006-01-02 15:04") + " 为止，更早的还没有查。"
		page.Pager.OlderText = "接着往前查"
	}
	page.Empty = web.Empty{Icon: "history", Title: "没有这样的记录", Text: "去掉一些条件再看。", Action: web.Crumb{Href: "/audit", Text: "看全部记录"}}
	if len(f.values) == 0 {
		page.Empty = web.Empty{Icon: "history", Title: "还没有记录", Text: "登录、办理、查看联系方式和导出都会记在这里。"}
	}
	if len(page.Rows) > 0 && market.May(actor(c), market.ActExportAudit) {
		page.Export = exportLinks("/audit/export", f.values)
	}
}

// auditRowOf says an entry in words.
func auditRowOf(r audit.Row, named audit.Named) auditRow {
	row := auditRow{
		Seq: r.Seq, Wiped: r.Wiped, At: r.At, Action: market.ActionName(r.Action), Result: resultBadge(r.Result), Detail: r.Detail,
		Kind: market.SubjectKinds.Name(r.Kind), Address: r.Address, Request: r.Request,
		Who: whoName(named.Users, r.User), Org: named.Orgs[r.Org], Change: changeOf(r.Entry),
	}
	if r.User != "" {
		row.WhoHref = "/audit?" + url.Values{"user": {string(r.User)}}.Encode()
	}
	if r.Subject != "" {
		row.Line = auditHref(r.Kind, r.Subject)
		row.Subject = web.Crumb{Text: market.Clip(string(r.Subject), 18), Href: subjectHref(r.Kind, r.Subject)}
	}
	return row
}

// whoName is who did something: a visitor, a name, or the id of somebody who
// has no name any more.
func whoName(names map[market.ID]string, id market.ID) string {
	switch name := names[id]; {
	case id == "":
		return "访客"
	case name == "":
		return market.Clip(string(id), 18)
	default:
		return name
	}
}

// subjectHref is the page of a document, "" for kinds without pages.
func subjectHref(kind string, id market.ID) string {
	switch kind {
	case "achievement":
		return "/achievements/" + url.PathEscape(string(id))
	case "demand":
		return "/demands/" + url.PathEscape(string(id))
	case "contract":
		return contractHref(id)
	case "organization":
		return organizationHref(id)
	case "import":
		return importHref(id)
	}
	return ""
}

// changeOf is what changed: "待核验 → 已核验".
func changeOf(e market.Entry) string {
	from, to := market.StateName(e.Kind, e.From), market.StateName(e.Kind, e.To)
	switch {
	case from == "" || from == to:
		return to
	case to == "":
		return from
	default:
		return from + " → " + to
	}
}

// results is what entries end in that come up most.
var results = market.CodeList{
	{Code: market.ResultOK, Name: "成功"}, {Code: "not_allowed", Name: "没有权限"}, {Code: "not_verified", Name: "单位未核验"},
	{Code: "wrong_password", Name: "密码不对"}, {Code: "wrong_code", Name: "验证码不对"}, {Code: "locked", Name: "已锁定"}, {Code: "user_disabled", Name: "账号已停用"},
	{Code: "too_many_attempts", Name: "次数太多"}, {Code: "no_recovery", Name: "没有可找回的账号"}, {Code: "reuse", Name: "凭据被重复使用"}, {Code: "broken", Name: "审计链不完整"},
}

func resultBadge(code string) web.Badge {
	switch {
	case code == "":
		return web.Badge{}
	case code == market.ResultOK:
		return web.Badge{Text: "成功", Tone: web.Good}
	case results.Has(code):
		return web.Badge{Text: results.Name(code), Tone: web.Bad}
	default:
		return web.Badge{Text: code, Tone: web.Bad}
	}
}
