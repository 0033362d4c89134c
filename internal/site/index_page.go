package site

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// indexPath is where the search index is looked after.
const indexPath = "/admin/index"

// indexPages shows how the search index is, for those who run the platform.
type indexPages struct{ *Site }

func (p indexPages) routes() []route {
	return []route{
		{"GET", indexPath, p.show, market.ActTendIndex},
		{"POST", indexPath + "/check", p.check, market.ActTendIndex},
		{"POST", indexPath + "/rebuild", p.rebuild, market.ActTendIndex},
	}
}

// indexPage is the data of page "index".
type indexPage struct {
	Base    web.Base
	Tabs    web.Tabs
	Badge   web.Badge
	Text    string
	Terms   []web.Term
	At      time.Time // of the last check
	Verdict string
	Working string // what is under way; empty when nothing is
	Share   int    // of that, in hundredths; -1 when not known
	Check   web.Press
	Rebuild web.Press
}

func (p indexPages) show(c *fiber.Ctx) error {
	h, err := p.Index.Health(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	page := indexPage{Base: p.base(c, "搜索索引", ""), Tabs: adminTabsOf(c), At: h.Checked, Verdict: h.Verdict, Share: -1}
	page.Base.Crumbs = crumbs("搜索索引")
	page.Badge, page.Text = indexState(h)
	page.Terms = []web.Term{
		{Label: "版本", Value: h.Generation},
		{Label: "已编入", Value: web.Count(int64(h.Count)) + " 条"},
		{Label: "校验和", Value: h.Sum},
	}
	if h.Stored > 0 {
		page.Terms = append(page.Terms, web.Term{Label: "应有", Value: web.Count(int64(h.Stored)) + " 条（上次检查时）"})
	}
	switch {
	case h.Rebuilding || h.Filling:
		page.Working = "正在重建，已编入 " + web.Count(int64(h.Done)) + " 条"
		if h.Stored > 0 {
			page.Working += "，共约 " + web.Count(int64(h.Stored)) + " 条"
			page.Share = min(100, h.Done*100/h.Stored)
		}
	case h.Checking:
		page.Working = "正在与数据库逐条核对"
	}
	page.Check = web.Press{Action: indexPath + "/check", Text: "检查", Icon: "shield-check"}
	page.Rebuild = web.Press{Action: indexPath + "/rebuild", Text: "重建", Icon: "refresh"}
	return p.render(c, fiber.StatusOK, "index", page)
}

// indexState says in a word and a sentence how the index is.
func indexState(h market.IndexHealth) (web.Badge, string) {
	switch {
	case h.Damage != "":
		return web.Badge{Text: "有损坏", Tone: web.Bad}, "搜索暂由数据库按最新发布回答，匹配暂停，平台正在自动重建。原因：" + h.Damage
	case h.Filling:
		return web.Badge{Text: "正在装入", Tone: web.Wait}, "索引从空开始装入，装完以前搜索由数据库按最新发布回答，匹配暂停。"
	case !h.Checked.IsZero() && !h.Sound:
		return web.Badge{Text: "有待处理", Tone: web.Wait}, "搜索照常回答，上一次检查或重建没有办成。"
	default:
		return web.Badge{Text: "正常", Tone: web.Good}, "搜索和匹配照常回答。重建在旁边进行，完成后换上，期间照常回答。"
	}
}

func (p indexPages) check(c *fiber.Ctx) error {
	return p.began(c, p.Index.Check(c.UserContext(), actor(c)), "开始检查了，结果稍后显示在这里。")
}

func (p indexPages) rebuild(c *fiber.Ctx) error {
	return p.began(c, p.Index.Rebuild(c.UserContext(), actor(c)), "开始重建了，可以离开这一页，重建会继续。")
}

func (p indexPages) began(c *fiber.Ctx, err error, text string) error {
	if market.Is(err, market.Conflict) {
		return done(c, indexPath, web.Wait, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, indexPath, web.Neutral, text)
}
