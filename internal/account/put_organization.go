package account

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// PutOrganization brings in one imported organization. The same credit code,
// or without one the same name, is the same organization: it is created once,
// updated when something differs, left alone when not, so an import may be
// repeated. An organization entered without a code gets it from a row of the
// same name. One that waits for the bureau's check goes on waiting: a list of
// organizations decides about none. externalID names the row in its own source and decides nothing
// here. With dryRun nothing is written and the outcome is what would happen.
// Officers and the System may; but no row makes an organization on record a
// bureau or a bureau something else, and officers bring in no new bureau:
// Invalid at "kind".
func (s *Organizations) PutOrganization(ctx context.Context, by market.Actor, doc *market.Organization, externalID string, dryRun bool) (market.Outcome, error) {
	if err := market.Permit(by, market.ActImport); err != nil {
		return 0, err
	}
	if err := market.Permit(by, market.ActManageOrganizations); err != nil {
		return 0, err
	}
	note := "导入"
	if externalID != "" {
		note += "，外部编号 " + market.Clip(market.Fold(externalID), 100)
	}
	org := *doc
	s.begin(by, &org, note)
	if err := org.Check(); err != nil {
		return 0, err
	}
	old, err := s.registered(ctx, &org)
	if err != nil {
		return 0, err
	}
	if old == nil {
		if err := checkNewBureau(by, &org); err != nil {
			return 0, err
		}
		if dryRun {
			return market.Created, nil
		}
		return market.Created, s.insertOrganization(ctx, &org)
	}
	return s.replaceOrganization(ctx, by, old, &org, dryRun)
}

// replaceOrganization updates old with what the row org says, unless nothing
// differs. What the row leaves empty stays: a list of names must not wipe
// codes and contacts.
func (s *Organizations) replaceOrganization(ctx context.Context, by market.Actor, old, org *market.Organization, dryRun bool) (market.Outcome, error) {
	now := *old
	now.Name = org.Name
	fill(&now.Code, org.Code)
	fill(&now.Kind, org.Kind)
	fill(&now.Category, org.Category)
	fill(&now.Division, org.Division)
	fill(&now.Summary, org.Summary)
	fill(&now.Contact.Name, org.Contact.Name)
	fill(&now.Contact.Phone, org.Contact.Phone)
	fill(&now.Contact.Email, org.Contact.Email)
	if err := checkBureauStays(old.Kind, now.Kind); err != nil {
		return 0, err
	}
	if sameOrganization(&now, old) {
		return market.Unchanged, nil
	}
	if dryRun {
		return market.Updated, nil
	}
	note := org.History[0].Note
	now.History = append(now.History, market.NextEvent(now.History, by, s.now(), market.ActManageOrganizations, "", "", note))
	return market.Updated, s.orgs.Update(ctx, &now)
}

func fill(field *string, value string) {
	if value != "" {
		*field = value
	}
}

// sameOrganization compares what an import can write.
func sameOrganization(a, b *market.Organization) bool {
	return a.Name == b.Name && a.Code == b.Code && a.Kind == b.Kind &&
		a.Category == b.Category && a.Division == b.Division && a.Summary == b.Summary && a.Contact == b.Contact
}

// registered returns the organization on record that org is, nil when there is
// none: the one with its key, the one that got its code later, or the one of
// its name that has no code yet.
func (s *Organizations) registered(ctx context.Context, org *market.Organization) (*market.Organization, error) {
	byKey, err := s.organizationBy(ctx, "key", org.Key)
	if err != nil || byKey != nil || org.Code == "" {
		return byKey, err
	}
	byCode, err := s.organizationBy(ctx, "code", org.Code)
	if err != nil || byCode != nil {
		return byCode, err
	}
	byName, err := s.organizationBy(ctx, "key", nameKey(org.Name))
	if err != nil || byName == nil || byName.Code != "" {
		return nil, err
	}
	return byName, nil
}

func (s *Organizations) organizationBy(ctx context.Context, field, value string) (*market.Organization, error) {
	page, err := s.orgs.Find(ctx, store.Query{Equal: []store.Equal{{Field: field, Value: value}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// nameKey is the key of an organization that was entered without a code.
func nameKey(name string) string { return "name/" + market.NormalTitle(name) }
