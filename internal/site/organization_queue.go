package site

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// organizationQueuePage is the data of page "organization_queue".
type organizationQueuePage struct {
	Base  web.Base
	Rows  []waitingOrganization
	Start string
	Pager web.Pager
}

// waitingOrganization is one organization that waits for its check.
type waitingOrganization struct {
	waiting
	OrgKind  string
	Place    string
	Evidence int
}

// queue reads the organizations that wait, for the queue of everything.
func (p organizationPages) queue(ctx context.Context, by market.Actor) ([]waiting, error) {
	if market.Admit(by, market.ActVerifyOrganization) != nil {
		return nil, nil
	}
	found, err := p.Organizations.OrganizationQueue(ctx, by, "", queueLength)
	if err != nil {
		return nil, err
	}
	rows := make([]waiting, len(found.Items))
	for i, org := range found.Items {
		if rows[i], err = p.row(ctx, by, org); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// row is one organization in a queue.
func (p organizationPages) row(ctx context.Context, by market.Actor, org *market.Organization) (waiting, error) {
	may, err := p.Organizations.OrganizationActions(ctx, by, org)
	mine := !slices.Contains(may, market.ActVerifyOrganization)
	row := waiting{ID: org.ID, Kind: "单位", Title: org.Name, Who: org.Name, Href: organizationHref(org.ID) + "/review", Since: org.Since, Mine: mine}
	if by.ActsFor(org.ID) {
		row.Href = "/organization"
	}
	return row, err
}

// waitingList answers with the organizations that wait, longest first.
func (p organizationPages) waitingList(c *fiber.Ctx) error {
	ctx, by, cursor := c.UserContext(), actor(c), c.Query("cursor")
	found, err := p.Organizations.OrganizationQueue(ctx, by, cursor, queueLength)
	if err != nil {
		return err
	}
	page := organizationQueuePage{Base: p.base(c, "待核验单位", "/review"), Pager: nextPage("/review/organizations", cursor, found.Next)}
	page.Base.Crumbs = crumbs("待核验单位", web.Crumb{Href: "/review", Text: "审核"})
	for _, org := range found.Items {
		row, err := p.row(ctx, by, org)
		if err != nil {
			return err
		}
		row.Late = p.Now().Sub(row.Since) > overdueReview
		page.Rows = append(page.Rows, waitingOrganization{row, named(market.OrganizationKinds, org.Kind), market.DivisionName(org.Division), len(org.Evidence)})
		if page.Start == "" && !row.Mine {
			page.Start = row.Href
		}
	}
	return p.render(c, fiber.StatusOK, "organization_queue", page)
}
