package main

import (
	"context"

	"jishi/internal/account"
	"jishi/internal/exchange"
	"jishi/internal/market"
)

// bureauName is the organization that brings files in where no other does.
const bureauName = "科技局"

// importer is the System acting for the organization named, else for the
// bureau, which is added when the store has none. A list of organizations
// needs nobody, and in a dry run a bureau that is not there is only imagined.
func (h *house) importer(ctx context.Context, org string, job *market.ImportJob) (market.Actor, error) {
	if org != "" {
		return h.actingFor(ctx, org)
	}
	if job.Kind == exchange.Organizations {
		return market.System, nil
	}
	page, err := h.organizations.FindOrganizations(ctx, market.System, account.OrganizationFilter{Kind: "bureau", Limit: 1})
	if err != nil {
		return market.Actor{}, err
	}
	if len(page.Items) > 0 {
		return systemFor(page.Items[0]), nil
	}
	if job.DryRun {
		return systemFor(&market.Organization{Meta: market.Meta{ID: newID()}, Name: bureauName}), nil
	}
	bureau, err := h.organizations.CreateOrganization(ctx, market.System, &market.Organization{Name: bureauName, Kind: "bureau"})
	if err != nil {
		return market.Actor{}, err
	}
	return systemFor(bureau), nil
}

// actingFor is the System acting for an organization on the platform, named by
// its name or credit code.
func (h *house) actingFor(ctx context.Context, org string) (market.Actor, error) {
	found, err := h.lookUp(ctx, org)
	if err != nil {
		return market.Actor{}, err
	}
	return systemFor(found), nil
}

// lookUp returns the organization of a name or credit code.
func (h *house) lookUp(ctx context.Context, org string) (*market.Organization, error) {
	if code, err := market.ParseCreditCode(org); err == nil {
		return h.organizations.LookUpOrganization(ctx, market.System, code, "")
	}
	return h.organizations.LookUpOrganization(ctx, market.System, "", org)
}

// systemFor is the System acting for an organization.
func systemFor(org *market.Organization) market.Actor {
	by := market.System
	by.Org, by.OrgName = org.ID, org.Name
	return by
}

// sinks is where imported documents go.
func (h *house) sinks() exchange.Sinks {
	return exchange.Sinks{
		Achievements: h.achievements.Put, Demands: h.demands.Put,
		Organizations: h.organizations.PutOrganization, Contracts: h.putContract,
	}
}

// putContract brings in one contract, its parties tied to the organizations
// on the platform that the row names by credit code or name.
func (h *house) putContract(ctx context.Context, by market.Actor, doc *market.Contract, external string, dryRun bool) (market.Outcome, error) {
	if err := h.tieParties(ctx, doc); err != nil {
		return 0, err
	}
	return h.contracts.Put(ctx, by, doc, external, dryRun)
}

func (h *house) tieParties(ctx context.Context, doc *market.Contract) error {
	for _, side := range [][]market.Party{doc.Sellers, doc.Buyers} {
		for i := range side {
			org, err := h.organizations.LookUpOrganization(ctx, market.System, side[i].Code, side[i].Name)
			if market.Is(err, market.NotFound) || market.Is(err, market.Invalid) {
				continue // not on the platform; a bad code is the sink's to report
			}
			if err != nil {
				return err
			}
			side[i].Org = org.ID
		}
	}
	return nil
}
