package account

import (
	"context"
	"math"

	"jishi/internal/market"
	"jishi/internal/store"
)

// PublicBroker is what everybody may know of a broker who agreed to be shown.
type PublicBroker struct {
	User    market.ID
	Name    string
	Orgs    []market.Place
	Level   string // code of market.BrokerLevels
	Number  string // of the certificate
	Issuer  string
	Until   market.Date // last day the certificate holds; empty = without end
	Expired bool
}

// PublicBrokers returns the brokers whose certificate the bureau confirmed and
// who agreed to be shown, by name, at most limit; those of one organization
// or, with "", of all. Everybody may ask. Organizations the bureau has not
// checked are left out, and so is who is in no other.
func (s *People) PublicBrokers(ctx context.Context, org market.ID, limit int) ([]PublicBroker, error) {
	found := s.brokers.public(org)
	if len(found) > limit {
		found = found[:limit]
	}
	var ids []market.ID
	for _, one := range found {
		ids = append(ids, one.orgs...)
	}
	names, err := s.verifiedNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	today := market.DateOf(s.now())
	var all []PublicBroker
	for _, one := range found {
		c := one.certificate
		public := PublicBroker{User: one.user, Name: one.name, Level: c.Level, Number: c.Number, Issuer: c.Issuer, Until: c.Until, Expired: !c.Holds(today)}
		for _, id := range one.orgs {
			if name := names[id]; name != "" {
				public.Orgs = append(public.Orgs, market.Place{Org: id, Name: name})
			}
		}
		if len(public.Orgs) > 0 {
			all = append(all, public)
		}
	}
	return all, nil
}

// BrokerPlace returns for which organization a broker of the public directory
// works: their first. NotFound when nobody of that id is in the directory or
// their certificate holds no more.
func (s *People) BrokerPlace(ctx context.Context, user market.ID) (market.Place, error) {
	all, err := s.PublicBrokers(ctx, "", math.MaxInt)
	if err != nil {
		return market.Place{}, err
	}
	for _, one := range all {
		if one.User == user && !one.Expired {
			return one.Orgs[0], nil
		}
	}
	return market.Place{}, market.E(market.NotFound, "not_found", "名录中没有这位技术经纪人，或证书已过有效期。")
}

// verifiedNames returns the names of those organizations that were checked.
func (s *People) verifiedNames(ctx context.Context, ids []market.ID) (map[market.ID]string, error) {
	names := make(map[market.ID]string)
	for len(ids) > 0 {
		n := min(len(ids), store.MaxLimit)
		orgs, err := s.orgs.GetMany(ctx, ids[:n])
		if err != nil {
			return nil, err
		}
		for _, org := range orgs {
			if org.Verified() {
				names[org.ID] = org.Name
			}
		}
		ids = ids[n:]
	}
	return names, nil
}
