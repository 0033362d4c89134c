package site

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// organizationMoved says what was done, by action.
var organizationMoved = map[market.Action]string{
	market.ActVerifyOrganization: "已核验通过，单位管理员会收到邮件。", market.ActReturnOrganization: "已退回补正，理由已告知单位管理员。",
	market.ActRejectOrganization: "核验不通过，理由已告知单位管理员。", market.ActSuspendOrganization: "已停用。", market.ActRestoreOrganization: "已恢复。",
}

// decide puts on the page what the reader may do and nothing else.
func (page *organizationReviewPage) decide(org *market.Organization, may []market.Action, refused refusal) {
	href := organizationHref(org.ID)
	version := []web.Hidden{{Name: "version", Value: number(org.Version)}}
	onward := version
	if page.Waits {
		onward = append(slices.Clone(version), web.Hidden{Name: "then", Value: "next"})
		page.Next = web.Crumb{Href: "/review/next?after=" + string(org.ID), Text: "先看下一个"}
	}
	for _, action := range may {
		switch action {
		case market.ActVerifyOrganization:
			if len(org.Evidence) == 0 {
				page.Ask = append(page.Ask, web.Confirm{Text: "核验通过", Icon: "check", Action: href + "/verify", Button: "已用其他办法核对，通过", Hidden: onward,
					Ask: "这个单位没有附证明材料。请先用其他办法核对名称、代码和代表人身份，例如查国家企业信用信息公示系统并致电单位。"})
				continue
			}
			page.Verify = &web.Press{Text: "核验通过并看下一个", Icon: "check", Primary: true, Action: href + "/verify", Hidden: onward}
		case market.ActReturnOrganization:
			page.Ask = append(page.Ask, askOrganization(web.Confirm{Text: "退回补正", Icon: "arrow-left", Action: href + "/return", Button: "退回并看下一个", Hidden: onward},
				web.Field{Label: "要补正什么", Hint: "逐条写明，单位管理员会看到原话。"}, refused, action))
		case market.ActRejectOrganization:
			page.Ask = append(page.Ask, askOrganization(web.Confirm{Text: "核验不通过", Icon: "circle-x", Action: href + "/reject", Button: "不通过并看下一个", Tone: web.Bad, Hidden: onward},
				web.Field{Label: "不通过的理由", Hint: "如：代码与名称不符、材料不是本单位的。"}, refused, action))
		case market.ActSuspendOrganization:
			page.Ask = append(page.Ask, askOrganization(web.Confirm{Text: "停用", Icon: "ban", Action: href + "/suspend", Button: "确认停用", Tone: web.Bad, Hidden: version,
				Ask: "停用后该单位不再列入名录，成员不能办理业务，已公开和待审核的成果、需求自动撤回；恢复后由单位重新提交。"},
				web.Field{Label: "停用的理由"}, refused, action))
		case market.ActRestoreOrganization:
			page.Ask = append(page.Ask, askOrganization(web.Confirm{Text: "恢复使用", Icon: "refresh", Action: href + "/restore", Button: "确认恢复", Hidden: version},
				web.Field{Label: "恢复的理由"}, refused, action))
		}
	}
	if page.Waits && len(may) == 0 {
		page.Barred = "自己所在的单位须由另一位经办人办理。"
	}
}

// askOrganization completes an action that wants a reason.
func askOrganization(confirm web.Confirm, note web.Field, refused refusal, action market.Action) web.Confirm {
	note.Name, note.Type, note.Rows, note.Required, note.MaxLength = "note", "textarea", 3, true, market.MaxNote
	note.Form = strings.ReplaceAll(string(action), ".", "-")
	if refused.action == action {
		confirm.Open, note.Value, note.Error = true, refused.note, refused.reason
	}
	confirm.Fields = []web.Field{note}
	return confirm
}

// move carries out a decision and goes on: back to the organization, or to the
// next one waiting.
func (p organizationPages) move(action market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		next := organizationHref(id(c)) + "/review"
		if f.text("then") == "next" {
			if next, err = p.nextReview(c, id(c)); err != nil {
				return err
			}
		}
		org, err := p.Organizations.MoveOrganization(c.UserContext(), actor(c), id(c), f.version(), action, f.text("note"))
		if err != nil {
			return p.unmoved(c, action, f, p.naming(c, err))
		}
		return done(c, next, web.Good, "“"+market.Clip(org.Name, 30)+"”"+organizationMoved[action])
	}
}

// unmoved shows the organization as it stands now, with why the decision was
// not carried out and what was typed.
func (p organizationPages) unmoved(c *fiber.Ctx, action market.Action, f *form, err error) error {
	status, known, err := p.declined(c, err)
	if known == nil {
		return err
	}
	refused := refusal{action: action, text: known.Message, note: f.text("note")}
	for _, one := range known.Fields {
		if one.Field == "note" {
			refused.reason = one.Reason
		}
	}
	return p.reviewPage(c, status, refused)
}

// confirmMark confirms a mark, or takes that back.
func (p organizationPages) confirmMark(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	next := organizationHref(id(c)) + "/review"
	_, err = p.Organizations.ConfirmMark(c.UserContext(), actor(c), id(c), f.version(), f.text("kind"), market.Date(f.text("from")), f.ticked("confirmed"))
	if market.Is(err, market.Stale) {
		return done(c, next, web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, next, web.Good, "资质已更新。")
}
