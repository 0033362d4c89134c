package account

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// OrganizationFilter says which organizations to list.
type OrganizationFilter struct {
	Kind  string // code of OrganizationKinds; empty = all
	After string // cursor of the page before; empty = first page
	Limit int    // 1–market.MaxPageSize; 0 = 20
}

// FindOrganizations returns a page of the directory in order of name, without
// contacts and histories. Who may manage organizations sees all of them,
// others those the bureau has checked.
func (s *Organizations) FindOrganizations(ctx context.Context, by market.Actor, f OrganizationFilter) (store.Page[market.Organization], error) {
	var p market.Problems
	if f.Limit == 0 {
		f.Limit = 20
	}
	p.Check(f.Limit > 0 && f.Limit <= market.MaxPageSize, "limit", "应在 1 与 100 之间")
	p.Check(f.Kind == "" || market.OrganizationKinds.Has(f.Kind), "kind", "没有这种单位类型")
	if err := p.Err(); err != nil {
		return store.Page[market.Organization]{}, err
	}
	q := store.Query{Sort: "name", After: f.After, Limit: f.Limit}
	if !market.May(by, market.ActManageOrganizations) {
		q.Equal = append(q.Equal, store.Equal{Field: "state", Value: string(market.OrgVerified)})
	}
	if f.Kind != "" {
		q.Equal = append(q.Equal, store.Equal{Field: "kind", Value: f.Kind})
	}
	page, err := s.orgs.Find(ctx, q)
	if err != nil {
		return store.Page[market.Organization]{}, err
	}
	for _, org := range page.Items {
		org.Contact, org.History = market.Contact{}, nil
	}
	return page, nil
}
