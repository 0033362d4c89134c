package site

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// contractDecision is what the reader may do with a contract.
type contractDecision struct {
	Review   bool         // an officer decides: shown apart, with the way to the next one
	Register *web.Confirm // the form that registers; nil when that is not possible
	Barred   string       // why it is not, though the reader is an officer; else empty
	Press    []web.Press
	Edit     web.Crumb
	Ask      []web.Confirm
	Next     web.Crumb
}

// contractMoves maps the last part of an address to what it does.
var contractMoves = map[string]market.Action{
	"submit": market.ActSubmitContract, "return": market.ActReturnContract, "register": market.ActRegister,
	"refuse": market.ActRefuse, "cancel": market.ActCancel,
}

// contractMoved says what was done, by action.
var contractMoved = map[market.Action]string{
	market.ActSubmitContract: "已提交登记，由科技局审核；结果会显示在“我的工作”。", market.ActRegister: "已准予登记，从现在起计入成交额。",
	market.ActReturnContract: "已退回补正，理由已告知填报单位。", market.ActRefuse: "已不予登记，理由已告知填报单位。",
	market.ActCancel: "已注销登记，不再计入成交额；记录保留。",
}

// move carries out an action and goes on: back to the contract, or to the next
// one waiting when an officer works through the queue.
func (p contractPages) move(action market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		next := contractHref(id(c))
		if f.text("then") == "next" {
			if next, err = p.nextReview(c, id(c)); err != nil {
				return err
			}
		}
		doc, err := p.carryOut(c, f, action)
		if err != nil {
			return p.unmoved(c, action, f, err)
		}
		return done(c, next, web.Good, "《"+market.Clip(contractTitle(doc), 30)+"》"+contractMoved[action])
	}
}

func (p contractPages) carryOut(c *fiber.Ctx, f *form, action market.Action) (*market.Contract, error) {
	ctx, by, id, version, note := c.UserContext(), actor(c), id(c), f.version(), f.text("note")
	switch action {
	case market.ActSubmitContract:
		return p.Contracts.Submit(ctx, by, id, version)
	case market.ActRegister:
		return p.Contracts.Register(ctx, by, id, version, f.text("number"))
	case market.ActReturnContract:
		return p.Contracts.Return(ctx, by, id, version, note)
	case market.ActRefuse:
		return p.Contracts.Refuse(ctx, by, id, version, note)
	}
	return p.Contracts.Cancel(ctx, by, id, version, note)
}

// unmoved shows the contract as it stands now, with why the action was not
// carried out and what was typed. What cannot be shown is an error.
func (p contractPages) unmoved(c *fiber.Ctx, action market.Action, f *form, err error) error {
	status, known, err := p.declined(c, err)
	if known == nil {
		return err
	}
	doc, shown := p.Contracts.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return err
	}
	refused := refusal{action: action, text: known.Message, note: f.text("note") + f.text("number")}
	for _, one := range known.Fields {
		if one.Field == "note" || one.Field == "number" {
			refused.reason = one.Reason
		}
	}
	return p.page(c, status, doc, refused)
}

// decide works out what the reader may do; it shows what the use case would
// permit and nothing else.
func (p contractPages) decide(c *fiber.Ctx, doc *market.Contract, refused refusal) contractDecision {
	by, href := actor(c), contractHref(doc.ID)
	may := p.Contracts.Actions(by, doc)
	barred := p.Contracts.Barred(by, doc)
	d := contractDecision{Review: doc.State == market.ContractSubmitted && market.May(by, market.ActReviewContracts)}
	version := []web.Hidden{{Name: "version", Value: number(doc.Version)}}
	onward := append(slices.Clone(version), web.Hidden{Name: "then", Value: "next"})
	for _, action := range may {
		switch action {
		case market.ActReviseContract:
			d.Edit = web.Crumb{Href: href + "/edit", Text: "修改"}
		case market.ActSubmitContract:
			d.Press = append(d.Press, web.Press{Text: "提交登记", Icon: "send", Action: href + "/submit", Hidden: version, Primary: true})
		case market.ActRegister:
			d.Register = registerForm(href, onward, refused)
		case market.ActReturnContract:
			d.Ask = append(d.Ask, askContract(web.Confirm{
				Text: "退回补正", Icon: "arrow-left", Action: href + "/return", Button: "退回并看下一份", Hidden: onward,
			}, web.Field{Label: "要补正什么", Hint: "逐条写明，填报单位会看到原话。"}, refused, action))
		case market.ActRefuse:
			d.Ask = append(d.Ask, askContract(web.Confirm{
				Text: "不予登记", Icon: "circle-x", Ask: "不予登记后这份合同就此办结，不能再改再提交。", Action: href + "/refuse",
				Button: "不予登记并看下一份", Tone: web.Bad, Hidden: onward,
			}, web.Field{Label: "不予登记的理由", Hint: "如：不属于技术合同、标的不明确、价款不明确。"}, refused, action))
		case market.ActCancel:
			d.Ask = append(d.Ask, askContract(web.Confirm{
				Text: "注销登记", Icon: "ban", Ask: "合同解除或终止后办理。注销后不再计入成交额，登记编号不能再用，记录和经过都保留。", Action: href + "/cancel",
				Button: "确认注销", Tone: web.Bad, Hidden: version,
			}, web.Field{Label: "注销的理由", Hint: "如：双方于某日协议解除。"}, refused, action))
		}
	}
	if barred != nil {
		d.Barred = sentence(barred)
	}
	if d.Review {
		d.Next = web.Crumb{Href: "/review/next?after=" + string(doc.ID), Text: "先看下一份"}
	}
	return d
}

// registerForm asks for the number under which the office registers.
func registerForm(href string, hidden []web.Hidden, refused refusal) *web.Confirm {
	field := web.Field{
		Name: "number", Label: "登记编号", Type: "text", Required: true, MaxLength: 20, Autocomplete: "off",
		Pattern: "[0-9０-９]{14,16}", InputMode: "numeric", Placeholder: "14 至 16 位数字",
		Hint: "照登记机构编的号填写，用过的编号（包括已注销的）不能再用。",
	}
	if refused.action == market.ActRegister {
		field.Value, field.Error = refused.note, refused.reason
	}
	return &web.Confirm{Action: href + "/register", Button: "准予登记并看下一份", Hidden: hidden, Fields: []web.Field{field}}
}

// askContract completes an action that wants a reason.
func askContract(confirm web.Confirm, note web.Field, refused refusal, action market.Action) web.Confirm {
	note.Name, note.Type, note.Rows, note.Required, note.MaxLength = "note", "textarea", 3, true, market.MaxNote
	note.Form = strings.ReplaceAll(string(action), ".", "-")
	if refused.action == action {
		confirm.Open, note.Value, note.Error = true, refused.note, refused.reason
	}
	confirm.Fields = []web.Field{note}
	return confirm
}
