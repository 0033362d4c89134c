package account

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// CreateOrganization adds an organization. Officers, admins and the System
// may; what they enter counts as checked by the bureau. What the store keeps
// (id, key, history …) is set here, whatever doc says. Files named must be the
// actor's or their organization's. A bureau is made by admins and the System
// only: Invalid at "kind". Conflict when the code
// or, without one, the name is registered already.
func (s *Organizations) CreateOrganization(ctx context.Context, by market.Actor, doc *market.Organization) (*market.Organization, error) {
	if err := market.Permit(by, market.ActManageOrganizations); err != nil {
		return nil, err
	}
	org := *doc
	s.begin(by, &org, "")
	p := market.Problems(fieldsIn(org.Check()))
	if err := s.checkFiles(ctx, &p, by, &market.Organization{Meta: market.Meta{ID: by.Org}}, &org); err != nil {
		return nil, err
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if err := checkNewBureau(by, &org); err != nil {
		return nil, err
	}
	old, err := s.registered(ctx, &org)
	if err != nil {
		return nil, err
	}
	if old != nil {
		return nil, organizationTaken(&org)
	}
	if err := s.insertOrganization(ctx, &org); err != nil {
		return nil, err
	}
	return seen(by, &org), nil
}

// begin sets what a new organization starts with.
func (s *Organizations) begin(by market.Actor, org *market.Organization, note string) {
	org.Meta = market.Meta{ID: s.newID()}
	org.Key = ""
	org.State, org.Submitter, org.Since = market.OrgVerified, "", s.now().UTC().Truncate(time.Millisecond)
	org.Demo = org.Demo && by.User == market.System.User
	org.Name = market.Fold(org.Name)
	org.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActManageOrganizations, "", "", note)}
}

func (s *Organizations) insertOrganization(ctx context.Context, org *market.Organization) error {
	err := s.orgs.Insert(ctx, org)
	if store.IsTaken(err) {
		return organizationTaken(org)
	}
	return err
}

func organizationTaken(org *market.Organization) error {
	field, what := "name", "这个单位名称"
	if org.Code != "" {
		field, what = "code", "这个统一社会信用代码"
	}
	return &market.Error{Kind: market.Conflict, Code: "organization_taken",
		Message: what + "已登记，请先在单位名录中查找。",
		Fields:  []market.FieldError{{Field: field, Reason: "已登记"}}}
}
