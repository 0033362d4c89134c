package site

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// decision is what the reader may do with a listing: at most one main action
// at hand, the others beside it. Without any right there is one link.
type decision struct {
	Review bool // an officer decides: shown apart, with the way to the next one
	Press  []web.Press
	Edit   web.Crumb
	Ask    []web.Confirm
	Next   web.Crumb // to the next in the queue, or the main link of a reader
}

// moved says what was done, by action.
var moved = map[market.Action]string{
	market.ActSubmit: "已提交审核，结果会显示在“我的工作”。", market.ActApprove: "已通过并发布。", market.ActReject: "已驳回，理由已告知发布单位。",
	market.ActWithdraw: "已撤回，不再公开。", market.ActRenew: "已续期一年。", market.ActReopen: "已转回草稿，改好后重新提交。",
}

// move carries out an action and goes on: back to the listing, or to the next
// one waiting when an officer works through the queue.
func (p listingPages[T, P]) move(action market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		by, next := actor(c), p.href(id(c))
		if f.text("then") == "next" {
			if next, err = p.nextReview(c, id(c)); err != nil {
				return err
			}
		}
		doc, err := p.book.Move(c.UserContext(), by, id(c), f.version(), action, f.text("note"))
		if err != nil {
			return p.unmoved(c, action, f, err)
		}
		return done(c, next, web.Good, "《"+market.Clip(P(doc).Shared().Title, 30)+"》"+moved[action]+p.lookAgain(c, P(doc).Shared(), P(doc).Head().ID))
	}
}

// unmoved shows the listing as it stands now, with why the action was not
// carried out and the reason that was typed. What cannot be shown is an error.
func (p listingPages[T, P]) unmoved(c *fiber.Ctx, action market.Action, f *form, err error) error {
	status, known, err := p.declined(c, err)
	if known == nil {
		return err
	}
	doc, shown := p.book.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return err
	}
	if action == market.ActSubmit && known.Kind == market.Invalid { // what is missing is filled in there
		gaps := &form{values: p.values(doc), problems: known.Fields}
		return p.answerForm(c, status, gaps, p.editing(doc))
	}
	refused := refusal{action: action, text: known.Message, note: f.text("note"), href: p.other(err)}
	for _, one := range known.Fields {
		if one.Field == "note" {
			refused.reason = one.Reason
		} else {
			refused.text += " " + one.Reason + "。"
		}
	}
	return p.page(c, status, doc, refused)
}

// decide works out the buttons. What shows is what the use case would permit.
func (p listingPages[T, P]) decide(c *fiber.Ctx, doc *T, refused refusal) decision {
	by, shared, href := actor(c), P(doc).Shared(), p.href(P(doc).Head().ID)
	may := p.book.Actions(by, doc)
	d := decision{Review: slices.Contains(may, market.ActApprove)}
	version := []web.Hidden{{Name: "version", Value: number(P(doc).Head().Version)}}
	for _, action := range may {
		address := href + "/" + string(action)
		switch action {
		case market.ActRevise:
			d.Edit = web.Crumb{Href: href + "/edit", Text: "修改"}
		case market.ActApprove:
			d.Press = append(d.Press,
				web.Press{Text: "通过并看下一条", Icon: "check", Action: address, Primary: true, Hidden: append(version, web.Hidden{Name: "then", Value: "next"})},
				web.Press{Text: "通过", Action: address, Hidden: version})
		case market.ActReject, market.ActWithdraw:
			if action == market.ActReject || !d.Review { // an officer who decides has no use for two ways to say no
				d.Ask = append(d.Ask, ask(action, address, version, refused))
			}
		default:
			d.Press = append(d.Press, web.Press{
				Text: market.ActionName(action), Icon: pressIcons[action], Action: address, Hidden: version, Primary: len(d.Press) == 0 && !d.Review,
			})
		}
	}
	switch {
	case d.Review:
		d.Next = web.Crumb{Href: "/review/next?after=" + string(P(doc).Head().ID), Text: "先看下一条"}
	case len(may) == 0 && shared.Public():
		d.Next = web.Crumb{Href: "#contact", Text: "联系对方"}
	}
	return d
}

var pressIcons = map[market.Action]string{market.ActSubmit: "send", market.ActRenew: "refresh", market.ActReopen: "pencil"}

// ask is an action that wants a reason, or a second thought.
func ask(action market.Action, address string, version []web.Hidden, refused refusal) web.Confirm {
	note := web.Field{Name: "note", Label: "撤回原因", Type: "textarea", Rows: 2, MaxLength: market.MaxNote, Hint: "可不填。"}
	confirm := web.Confirm{
		Text: "撤回", Icon: "ban", Ask: "撤回后不再公开，也不再参加匹配；以后可以重新编辑再提交。", Action: address,
		Button: "确认撤回", Tone: web.Bad, Hidden: version,
	}
	if action == market.ActReject {
		note.Label, note.Hint, note.Rows, note.Required = "驳回理由", "写明要改什么，发布单位会看到原话。", 3, true
		confirm.Text, confirm.Icon, confirm.Ask, confirm.Button = "驳回", "circle-x", "", "驳回并看下一条"
		confirm.Hidden = append(confirm.Hidden, web.Hidden{Name: "then", Value: "next"})
	}
	if refused.action == action {
		confirm.Open, note.Value, note.Error = true, refused.note, refused.reason
	}
	confirm.Fields = []web.Field{note}
	return confirm
}

// other is the address of the listing that stands in the way, empty when it
// is none.
func (p listingPages[T, P]) other(err error) string {
	var known *market.Error
	if errors.As(err, &known) && known.Other != "" {
		return p.href(known.Other)
	}
	return ""
}
