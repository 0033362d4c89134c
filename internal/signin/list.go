package signin

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Seen is one open session as its user sees it.
type Seen struct {
	ID      market.ID
	Started time.Time
	Used    time.Time // to within a few minutes
	Address string    // IP address it was used from last
	Agent   string    // what the client called itself
	Org     market.ID // whom it acts for
	OrgName string
	Current bool // the one the actor acts under
}

// List returns the actor's open sessions, the one begun last first.
func (s *Sessions) List(ctx context.Context, by market.Actor) ([]Seen, error) {
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return nil, err
	}
	all, err := s.recent(ctx, by.User)
	if err != nil {
		return nil, err
	}
	var open []Seen
	for _, one := range all {
		if !one.EndedAt.IsZero() || one.FactorDue || s.over(standing{one, user}) != "" {
			continue
		}
		seen := Seen{
			ID: one.ID, Started: one.CreatedAt, Used: one.UsedAt, Address: one.Address, Agent: one.Agent,
			Org: one.Org, Current: one.ID == by.Session,
		}
		if seen.Current {
			seen.Used = s.now().UTC()
		}
		open = append(open, seen)
	}
	return open, s.nameOrganizations(ctx, open)
}

// recent returns the sessions of a user that may be open, newest first; older
// ones have passed their absolute limit.
func (s *Sessions) recent(ctx context.Context, user market.ID) ([]*market.Session, error) {
	page, err := s.sessions.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "user", Value: string(user)}}, Sort: store.FieldCreated, Desc: true,
		Range: &store.Range{From: s.now().Add(-s.limits.Absolute)}, Limit: store.MaxLimit,
	})
	return page.Items, err
}

// nameOrganizations puts in the names of those the sessions act for.
func (s *Sessions) nameOrganizations(ctx context.Context, open []Seen) error {
	ids := make([]market.ID, len(open))
	for i, one := range open {
		ids[i] = one.Org
	}
	orgs, err := s.orgs.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	for i := range open {
		for _, org := range orgs {
			if org.ID == open[i].Org {
				open[i].OrgName = org.Name
			}
		}
	}
	return nil
}
