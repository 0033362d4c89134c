package account

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Applicant is somebody who waits to be taken in by an organization.
type Applicant struct {
	Member
	Org     market.ID
	OrgName string
}

// OverdueApplicants returns who has asked to join an organization and waits
// for the bureau to step in: those of organizations without a manager, and
// those who asked before a time. The longest first, at most limit. Officers
// and admins may.
func (s *People) OverdueApplicants(ctx context.Context, by market.Actor, before time.Time, limit int) ([]Applicant, error) {
	if !by.Has(market.RoleOfficer) && !by.Has(market.RoleAdmin) {
		return nil, market.Permit(by, market.ActReadMembers)
	}
	links, err := s.links.Find(ctx, store.Query{Equal: []store.Equal{{Field: "state", Value: string(market.MemberApplied)}}, Sort: store.FieldChanged, Limit: limit})
	if err != nil {
		return nil, err
	}
	var list []Applicant
	managed := make(map[market.ID]bool)
	for _, link := range links.Items {
		one, err := s.applicant(ctx, by, link)
		if err != nil {
			return nil, err
		}
		if one == nil {
			continue
		}
		if _, known := managed[link.Org]; !known {
			holders, err := s.holders(ctx, market.RoleManager, link.Org)
			if err != nil {
				return nil, err
			}
			managed[link.Org] = len(holders) > 0
		}
		if !managed[link.Org] || one.Since.Before(before) {
			list = append(list, *one)
		}
	}
	return list, nil
}

// applicant returns who a link speaks of, nil when they do not wait any more.
func (s *People) applicant(ctx context.Context, by market.Actor, link *market.MemberLink) (*Applicant, error) {
	user, err := s.users.Get(ctx, link.User)
	if market.Is(err, market.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if m := user.MemberOf(link.Org); m == nil || m.State != market.MemberApplied {
		return nil, nil
	}
	org, err := s.orgs.Get(ctx, link.Org)
	if err != nil {
		return nil, err
	}
	return &Applicant{Member: *memberFor(by, user, link.Org), Org: org.ID, OrgName: org.Name}, nil
}
