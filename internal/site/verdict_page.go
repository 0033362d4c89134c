package site

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/web"
)

// verdictPage is the data of page "verdict".
type verdictPage struct {
	Base     web.Base
	Sides    []web.Term // the two listings
	Refused  []web.Problem
	Box      *web.VerdictBox
	Steps    []web.Step // what the reader said, newest first
	AllTitle string
	All      []verdictRow // what stands, as far as the reader may see it
}

// verdictRow is one verdict in a list.
type verdictRow struct {
	Badge               web.Badge
	Demand, Achievement string // titles
	Href                string
	Side, Reason        string
	Score               int
	At                  time.Time
	Changed             bool
	Undo                *web.Press
}

// show answers with what was said of a match.
func (p verdictPages) show(c *fiber.Ctx) error { return p.page(c, fiber.StatusOK, nil) }

// page answers with the page of a match's verdicts. f is what was refused.
func (p verdictPages) page(c *fiber.Ctx, status int, f *form) error {
	ctx, by, pair := c.UserContext(), actor(c), id(c)
	all, err := p.Judging.Verdicts.OfPair(ctx, by, pair)
	if err != nil {
		return err
	}
	demand, achievement, err := p.Judging.Verdicts.Pair(ctx, by, pair)
	if err != nil {
		return err
	}
	page := verdictPage{Base: p.base(c, "判断匹配", ""), AllTitle: "本单位的判断"}
	page.Base.Path = verdictHref(pair)
	page.Base.Crumbs = crumbs("判断匹配", web.Crumb{Href: "/demands/" + string(demand.ID), Text: market.Clip(demand.Title, 20)})
	page.Sides = []web.Term{
		{Label: "需求", Value: demand.Title, Href: "/demands/" + string(demand.ID)},
		{Label: "成果", Value: achievement.Title, Href: "/achievements/" + string(achievement.ID)},
	}
	if market.May(by, market.ActReadAllVerdicts) {
		page.AllTitle = "各方的判断"
	}
	var mine *market.Verdict
	for _, v := range all {
		if v.ID == market.VerdictID(by.User, by.Org, pair) {
			mine = v
		}
		page.All = append(page.All, rowOf(v))
	}
	page.Box = &web.VerdictBox{Closed: "您可以查看判断，但不参与判断。"}
	if market.May(by, market.ActJudge, demand.Owner, achievement.Owner) {
		page.Box = verdictBox(pair, mine, "", f)
	}
	if f != nil {
		page.Refused = f.summary(page.Box.No.Fields)
	}
	if mine != nil {
		page.Steps = verdictSteps(mine)
	}
	return p.render(c, status, "verdict", page)
}

func rowOf(v *market.Verdict) verdictRow {
	return verdictRow{
		Badge: verdictBadge(v), Href: verdictHref(v.Pair), Side: market.Sides.Name(v.Side), Reason: verdictReason(v), Score: v.Score, At: v.ChangedAt,
	}
}

// verdictSteps is the history of a verdict, newest first.
func verdictSteps(v *market.Verdict) []web.Step {
	list := make([]web.Step, 0, len(v.History))
	for i := len(v.History) - 1; i >= 0; i-- {
		e := v.History[i]
		step := web.Step{At: e.At, Title: market.VerdictStates.Name(e.To), Text: e.Note, Tone: verdictBadges[market.Judgement(e.To)].Tone}
		list = append(list, step)
	}
	return list
}

// judge takes what the reader says and goes back to where they said it.
func (p verdictPages) judge(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	saying := matching.Saying{Judgement: market.Judgement(f.text("judgement"))}
	if saying.Judgement == market.JudgedNo {
		if saying.Reason = f.text("reason"); saying.Reason == market.ReasonOther {
			saying.Note = f.text("note")
		}
	}
	v, err := p.Judging.Verdicts.Judge(c.UserContext(), actor(c), id(c), saying)
	if f.refuse(err) {
		return p.page(c, fiber.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	text := "已记下：" + market.Judgements.Name(string(v.Judgement)) + "。随时可以改判或撤销。"
	if v.Refuses {
		text = "已记下：不合适。这一对不再推荐，除非有一方改了内容；可在“我的判断”中撤销。"
	}
	return done(c, p.back(c, f), web.Good, text)
}

// retract takes the reader's verdict back.
func (p verdictPages) retract(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	_, err = p.Judging.Verdicts.Retract(c.UserContext(), actor(c), id(c))
	var known *market.Error
	if errors.As(err, &known) && known.Code == matching.CodeNoVerdict {
		return done(c, p.back(c, f), web.Wait, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, p.back(c, f), web.Good, "判断已撤销，记录仍保留。")
}

// back is the page of ours that the form names, else that of the verdict.
func (p verdictPages) back(c *fiber.Ctx, f *form) string {
	back := f.text("back")
	for _, page := range []string{"/demands/", "/achievements/", "/matches/", "/account/"} {
		if strings.HasPrefix(back, page) && len(back) < 300 && !strings.ContainsAny(back, "\\\n\t%") {
			return back
		}
	}
	return verdictHref(id(c))
}

const verdictsPerPage = 20

// verdictsPage is the data of page "verdicts".
type verdictsPage struct {
	Base  web.Base
	Tabs  web.Tabs
	Rows  []verdictRow
	Pager web.Pager
}

// own answers with what the reader said of matches.
func (p verdictPages) own(c *fiber.Ctx) error {
	cursor := c.Query("cursor")
	found, next, err := p.Judging.Verdicts.Own(c.UserContext(), actor(c), cursor, verdictsPerPage)
	if err != nil {
		return err
	}
	page := verdictsPage{Base: p.base(c, "我的判断", ""), Tabs: accountTabsOf(c)}
	page.Base.Crumbs = crumbs("我的判断")
	for _, one := range found {
		row := rowOf(one.Verdict)
		row.Demand, row.Achievement, row.Changed = orGone(one.DemandTitle), orGone(one.AchievementTitle), one.Changed
		if one.State == market.VerdictGiven && one.Org == actor(c).Org {
			row.Undo = &web.Press{Text: "撤销", Action: verdictHref(one.Pair) + "/retract", Hidden: []web.Hidden{{Name: "back", Value: "/account/verdicts"}}}
		}
		page.Rows = append(page.Rows, row)
	}
	if cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = "/account/verdicts", "回到第一页"
	}
	if next != "" {
		page.Pager.Older = "/account/verdicts?cursor=" + next
	}
	return p.render(c, fiber.StatusOK, "verdicts", page)
}

func orGone(title string) string {
	if title == "" {
		return "已不公开的内容"
	}
	return title
}
