package site

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// organizationReviewPage is the data of page "organization_review".
type organizationReviewPage struct {
	Base       web.Base
	Name       string
	Badges     []web.Badge
	Lead       []string
	Since      time.Time
	Waits      bool
	Barred     string // why the reader may not decide; empty when they may
	Verify     *web.Press
	Ask        []web.Confirm
	Next       web.Crumb
	Public     string
	Summary    string
	Facts      []web.Term
	Who        []web.Term // the representative
	Marks      []web.MarkRow
	Files      []web.FileRow
	Applicants []*account.Member
	Managed    bool // it has a manager, who decides about applicants
	People     string
	History    []web.Step
}

// review answers with an organization as the officer sees it who decides.
func (p organizationPages) review(c *fiber.Ctx) error {
	return p.reviewPage(c, fiber.StatusOK, refusal{})
}

func (p organizationPages) reviewPage(c *fiber.Ctx, status int, refused refusal) error {
	ctx, by := c.UserContext(), actor(c)
	if err := market.Permit(by, market.ActVerifyOrganization, id(c)); err != nil {
		return err
	}
	org, err := p.Organizations.Organization(ctx, by, id(c))
	if err != nil {
		return err
	}
	page := organizationReviewPage{
		Base: p.base(c, org.Name, "/review"), Name: org.Name, Badges: []web.Badge{{Text: org.State.Name(), Tone: organizationTones[org.State]}},
		Lead:  worded(named(market.OrganizationKinds, org.Kind), market.DivisionName(org.Division)),
		Since: org.Since, Waits: org.State == market.OrgPending, Summary: org.Summary, Facts: organizationFacts(org),
		People: organizationHref(org.ID) + "/members",
	}
	page.Base.Path = organizationHref(org.ID) + "/review"
	page.Base.Crumbs = crumbs(org.Name, web.Crumb{Href: "/review", Text: "审核"}, web.Crumb{Href: "/review/organizations", Text: "待核验单位"})
	if refused.text != "" {
		page.Base.Flash = &web.Flash{Kind: web.Bad, Text: refused.text}
	}
	if org.Verified() {
		page.Public = organizationHref(org.ID)
	}
	if org.Demo {
		page.Badges = append(page.Badges, demoBadge)
	}
	may, err := p.Organizations.OrganizationActions(ctx, by, org)
	if err != nil {
		return err
	}
	page.decide(org, may, refused)
	if err := p.fillReview(c, &page, org, len(may) > 0); err != nil {
		return err
	}
	return p.render(c, status, "organization_review", page)
}

// fillReview puts on the page what the decision is made by.
func (p organizationPages) fillReview(c *fiber.Ctx, page *organizationReviewPage, org *market.Organization, decides bool) (err error) {
	ctx, by := c.UserContext(), actor(c)
	if page.Files, err = p.fileRows(c, org); err != nil {
		return err
	}
	page.Marks = markRows(org, market.DateOf(p.Now()))
	for i, m := range org.Marks {
		if decides {
			page.Marks[i].Decide = markPress(org, m)
		}
	}
	who, err := p.Organizations.RepresentativeOf(ctx, by, org)
	if err != nil {
		return err
	}
	page.Who = representativeTerms(who)
	if page.Applicants, err = p.People.Applicants(ctx, by, org.ID); err != nil {
		return err
	}
	if page.Managed, err = p.Organizations.Managed(ctx, by, org.ID); err != nil {
		return err
	}
	page.History, err = p.organizationSteps(c, org.History)
	return err
}

func representativeTerms(who *account.Representative) []web.Term {
	if who == nil {
		return nil
	}
	address := web.Term{Label: "登录邮箱", Value: market.MaskEmail(who.Login), Note: "邮箱尚未确认"}
	if who.Confirmed {
		address.Note = "邮箱已确认"
	}
	return stated(web.Term{Label: "姓名", Value: who.Name}, address, web.Term{Label: "电话", Value: market.MaskPhone(who.Phone)})
}

// markPress confirms a mark, or takes that back.
func markPress(org *market.Organization, m market.Mark) *web.Press {
	press := &web.Press{Text: "确认", Icon: "check", Action: organizationHref(org.ID) + "/marks", Hidden: []web.Hidden{
		{Name: "version", Value: number(org.Version)}, {Name: "kind", Value: m.Kind}, {Name: "from", Value: string(m.From)},
	}}
	if m.Confirmed {
		press.Text, press.Icon = "撤销确认", "x"
		return press
	}
	press.Hidden = append(press.Hidden, web.Hidden{Name: "confirmed", Value: "yes"})
	return press
}
