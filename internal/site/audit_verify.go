package site

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/audit"
	"jishi/internal/market"
	"jishi/web"
)

// auditCheck is how the trail was last found, and how far the verification is
// that runs.
type auditCheck struct {
	Badge   web.Badge
	Text    string
	At      time.Time // when the last ended; zero before the first
	By      string
	Running string // how far it is; empty while none runs
	May     bool
}

// check says how the trail was last found.
func (p auditPages) check(c *fiber.Ctx) (auditCheck, error) {
	running, last, err := p.Audit.Verifier.Latest(c.UserContext(), actor(c))
	if err != nil {
		return auditCheck{}, err
	}
	shown := auditCheck{
		Badge: web.Badge{Text: "还没有核对过", Tone: web.Wait}, Text: "核对会重算整条记录链，并与各单据的历史逐条比对。",
		May: market.May(actor(c), market.ActVerifyAudit),
	}
	if running != nil {
		shown.Running = "正在核对，已到第 " + web.Count(running.Done) + " 条"
		if running.Total > 0 {
			shown.Running += "，共 " + web.Count(running.Total) + " 条"
		}
	}
	if last == nil {
		return shown, nil
	}
	named, err := p.Audit.Names.Of(c.UserContext(), []audit.Row{{Entry: market.Entry{User: last.By}}})
	shown.At, shown.By = last.Finished, whoName(named.Users, last.By)
	shown.Badge, shown.Text = foundAs(last)
	return shown, err
}

// foundAs says what a verification found.
func foundAs(last *audit.Check) (web.Badge, string) {
	counted := "核对了 " + web.Count(last.Report.Lines) + " 条记录"
	switch {
	case last.Whole():
		return web.Badge{Text: "完整", Tone: web.Good}, counted + "，与单据历史比对 " + web.Count(last.Report.Events) + " 步，两边一致。"
	case last.Report.Broken != nil:
		return web.Badge{Text: "不完整", Tone: web.Bad}, "第一处问题：" + last.Report.Broken.String() + "。请保留现场，通知平台管理员，不要再改动数据库。"
	default:
		return web.Badge{Text: "没有做完", Tone: web.Wait}, last.Failure
	}
}

// verify begins to verify and leads back to the trail.
func (p auditPages) verify(c *fiber.Ctx) error {
	err := p.Audit.Verifier.Start(c.UserContext(), actor(c))
	if market.Is(err, market.Conflict) {
		return done(c, "/audit", web.Wait, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, "/audit", web.Neutral, "开始核对了。可以离开这一页，核对会继续。")
}
