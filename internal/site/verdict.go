package site

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/quality"
	"jishi/web"
)

// Judging is what people say of matches, and what follows from it.
type Judging struct {
	Verdicts   *matching.Verdicts
	Weightings *matching.Weightings
	Proposals  *matching.Proposals
	Quality    *quality.Service
}

// verdictPages is where matches are judged.
type verdictPages struct{ *Site }

func (p verdictPages) routes() []route {
	return []route{
		{"GET", "/matches/:id/verdict", p.show, market.ActReadVerdicts},
		{"POST", "/matches/:id/verdict", p.judge, market.ActJudge},
		{"POST", "/matches/:id/verdict/retract", p.retract, market.ActRetractVerdict},
		{"GET", "/account/verdicts", p.own, market.ActSelf},
	}
}

func verdictHref(pair market.ID) string {
	return "/matches/" + url.PathEscape(string(pair)) + "/verdict"
}

// verdictBadges is how each judgement is shown.
var verdictBadges = map[market.Judgement]web.Badge{
	market.JudgedFits: {Text: "合适", Icon: "circle-check", Tone: web.Good},
	market.JudgedNear: {Text: "接近", Tone: web.Wait},
	market.JudgedNo:   {Text: "不合适", Icon: "circle-x", Tone: web.Bad},
}

func verdictBadge(v *market.Verdict) web.Badge {
	if v.State != market.VerdictGiven {
		return web.Badge{Text: "已撤销"}
	}
	return verdictBadges[v.Judgement]
}

// verdictReason writes why: "价格", or the words given.
func verdictReason(v *market.Verdict) string {
	switch {
	case v.Reason == "":
		return ""
	case v.Reason == market.ReasonOther:
		return v.Note
	}
	return market.VerdictReasons.Name(v.Reason)
}

// verdictBox is the buttons beside a match. said is the reader's own verdict
// on it, nil when none stands; back is where to go on from them; f is what was
// typed and refused, nil for nothing.
func verdictBox(pair market.ID, said *market.Verdict, back string, f *form) *web.VerdictBox {
	href := verdictHref(pair)
	hidden := func(judgement market.Judgement) []web.Hidden {
		return []web.Hidden{{Name: "judgement", Value: string(judgement)}, {Name: "back", Value: back}}
	}
	box := &web.VerdictBox{No: noConfirm(pair, hidden(market.JudgedNo), f), Page: web.Crumb{Href: href, Text: "判断记录"}}
	for _, judgement := range []market.Judgement{market.JudgedFits, market.JudgedNear} {
		if said == nil || said.Judgement != judgement {
			box.Say = append(box.Say, web.Press{Text: verdictBadges[judgement].Text, Icon: verdictBadges[judgement].Icon, Action: href, Hidden: hidden(judgement)})
		}
	}
	if said != nil {
		badge := verdictBadge(said)
		if why := verdictReason(said); why != "" {
			badge.Text += "（" + market.Clip(why, 20) + "）"
		}
		box.Said = &badge
		box.Undo = &web.Press{Text: "撤销", Icon: "refresh", Action: href + "/retract", Hidden: []web.Hidden{{Name: "back", Value: back}}}
		if said.Judgement == market.JudgedNo {
			box.No.Text = "改原因"
		}
	}
	return box
}

// noConfirm is the judgement that needs a reason.
func noConfirm(pair market.ID, hidden []web.Hidden, f *form) web.Confirm {
	fields := []web.Field{
		{Name: "reason", Label: "为什么不合适", Type: "select", Required: true, Placeholder: "请选择", Options: options(market.VerdictReasons)},
		{Name: "note", Label: "补充说明", Type: "textarea", Rows: 2, MaxLength: market.MaxNote, Hint: "选“其他”时必填。"},
	}
	for i := range fields {
		fields[i].Form = strings.ReplaceAll(string(pair), ".", "-")
		if f != nil {
			fields[i] = f.fill(fields[i])
		}
	}
	return web.Confirm{
		Text: "不合适", Icon: "circle-x", Ask: "判为不合适以后，这一对不再推荐，除非有一方改了内容。", Action: verdictHref(pair),
		Button: "判为不合适", Hidden: hidden, Fields: fields, Open: f != nil,
	}
}

// judgeFits puts the buttons on the cards of a page, the i-th card being that
// of the i-th match. All that the reader said is one look into the store.
func (s *Site) judgeFits(c *fiber.Ctx, fits []web.Fit, matches []market.Match, own market.ID) error {
	by := actor(c)
	var pairs []market.ID
	for _, m := range matches {
		pairs = append(pairs, m.ID)
	}
	if !by.SignedIn() || market.Admit(by, market.ActJudge) != nil {
		return nil
	}
	mine, err := s.Judging.Verdicts.Mine(c.UserContext(), by, pairs)
	if err != nil {
		return err
	}
	for i, m := range matches[:min(len(fits), len(matches))] {
		if market.May(by, market.ActJudge, append(owners(m), own)...) {
			fits[i].Verdict = verdictBox(m.ID, mine[m.ID], c.Path()+"#"+fits[i].ID, nil)
		}
	}
	return nil
}

// owners is the organizations of a match as far as the reader is shown them.
func owners(m market.Match) []market.ID {
	var list []market.ID
	if m.Demand != nil {
		list = append(list, m.Demand.Owner)
	}
	if m.Achievement != nil {
		list = append(list, m.Achievement.Owner)
	}
	return list
}
