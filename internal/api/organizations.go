package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
)

// organizationInput is what a client may write of an organization.
type organizationInput struct {
	Name     string         `json:"name"`
	Code     string         `json:"code"`
	Kind     string         `json:"kind"`
	Category string         `json:"category"`
	Division string         `json:"division"`
	Summary  string         `json:"summary"`
	Contact  market.Contact `json:"contact"`
}

// organization is what a client reads of one.
type organization struct {
	ID        market.ID       `json:"id"`
	Version   int64           `json:"version"`
	Name      string          `json:"name"`
	Code      string          `json:"code"`
	Kind      string          `json:"kind"`
	Category  string          `json:"category"`
	Division  string          `json:"division"`
	Summary   string          `json:"summary"`
	Contact   *market.Contact `json:"contact,omitempty"` // only for readers who may see it
	Verified  bool            `json:"verified"`
	Demo      bool            `json:"demo"`
	ChangedAt time.Time       `json:"changed_at"`
}

func organizationOf(o *market.Organization) organization {
	org := organization{
		ID: o.ID, Version: o.Version, Name: o.Name, Code: o.Code, Kind: o.Kind, Category: o.Category,
		Division: o.Division, Summary: o.Summary, Verified: o.Verified(), Demo: o.Demo, ChangedAt: o.ChangedAt,
	}
	if o.Contact != (market.Contact{}) {
		org.Contact = &o.Contact
	}
	return org
}

// listOrganizations answers a page of the directory: ?kind&cursor&limit.
func (a *API) listOrganizations(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	found, err := a.Accounts.FindOrganizations(c.UserContext(), actor(c), account.OrganizationFilter{
		Kind: c.Query("kind"), After: c.Query("cursor"), Limit: limit,
	})
	if err != nil {
		return err
	}
	items := make([]organization, len(found.Items))
	for i, org := range found.Items {
		items[i] = organizationOf(org)
	}
	return c.JSON(pageOf(items, found.Next))
}

func (a *API) showOrganization(c *fiber.Ctx) error {
	org, err := a.Accounts.Organization(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, org.Meta, organizationOf(org))
}

func (a *API) createOrganization(c *fiber.Ctx) error {
	var in organizationInput
	if err := decode(c, &in); err != nil {
		return err
	}
	org, err := a.Accounts.CreateOrganization(c.UserContext(), actor(c), &market.Organization{
		Name: in.Name, Code: in.Code, Kind: in.Kind, Category: in.Category,
		Division: in.Division, Summary: in.Summary, Contact: in.Contact,
	})
	if err != nil {
		return err
	}
	return created(c, "/organizations", org.Meta, organizationOf(org))
}
